//! `topicgate fmt`: the same meaning, every comment, and one layout.

#![expect(clippy::disallowed_methods, reason = "it reads the rule files of this repository")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use topicgate::{diagnostic::Code, rules, source, yaml::format::Unformatted};

use crate::pages;

/// Every rule file of this repository, right or wrong.
pub fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for directory in ["rules", "docs", "deploy/kubernetes", "tests/cmd", "tests/fuzz", "tests/settings"] {
        gather(&Path::new(env!("CARGO_MANIFEST_DIR")).join(directory), &mut found);
    }
    found
}

fn gather(directory: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(directory).into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            gather(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.push(path);
        }
    }
}

#[track_caller]
fn lays_out(text: &str, expected: &str) {
    let formatted = rules::format(text).unwrap();
    assert_eq!(formatted, expected);
    assert_eq!(rules::format(&formatted).unwrap(), formatted, "twice");
}

#[test]
fn keys_come_in_one_order_with_their_comments() {
    lays_out(
        "rules:\n# about the rule\n- when: always   # each\n  # why\n  action: deny\n\n\n  id: one\n    # deeper\n# end\n",
        "rules:\n  # about the rule\n  - id: one\n      # deeper\n    # why\n    action: deny\n    when: always   # each\n# end\n",
    );
}

#[test]
fn sections_come_in_one_order() {
    lays_out(
        "# yaml-language-server: $schema=x\n# mine\nrules:\n- {when: always,  id: a, action: deny}\nx-own: 1\nversion: 1\n",
        "# yaml-language-server: $schema=x\n\nversion: 1\n\n# mine\nrules:\n  - { id: a, action: deny, when: always }\n\nx-own: 1\n",
    );
}

#[test]
fn conditions_keep_their_order() {
    let text = "rules:\n  - id: a\n    when:\n      type: { is: Work }\n      name: { length: { max: 3, min: 2 }, contains: [b, a] }\n";
    lays_out(text, text);
}

#[test]
fn texts_are_in_single_quotes_where_that_says_the_same() {
    lays_out(
        "lists:\n  a: [\"b\", 'it''s', \"it's\", \"a\\u200b\", 'say \"it''s\"', plain]\n",
        "lists:\n  a: ['b', \"it's\", \"it's\", \"a\\u200b\", 'say \"it''s\"', plain]\n",
    );
}

#[test]
fn longer_values_move_as_they_are() {
    lays_out(
        "rules:\n- id: a\n  message: |\n    one\n      two\n\n    three\n  description: >-\n     folded\n     text\n  tags: [a,   # first\n    b]\n",
        "rules:\n  - id: a\n    description: >-\n       folded\n       text\n    tags: [a,   # first\n      b]\n    message: |\n      one\n        two\n\n      three\n",
    );
}

#[test]
fn a_comment_between_a_dash_and_its_item_goes_above() {
    lays_out(
        "rules:\n- # one\n  # two\n  id: a\n  tags:\n  - # three\n    x\n  - # four\n    - y\n",
        "rules:\n  # one\n  # two\n  - id: a\n    tags:\n      # three\n      - x\n      # four\n      - - y\n",
    );
}

#[test]
fn a_comment_between_a_key_and_its_value_stays() {
    lays_out("lists:\n   a: # one\n     # two\n     [x,  y]\n", "lists:\n  a: # one\n    # two\n    [x, y]\n");
    lays_out("x-a: # one\n    |\n  two\n", "x-a: # one\n  |\n  two\n");
}

#[test]
fn an_item_may_be_a_text_on_lines_of_its_own() {
    lays_out(
        "lists:\n  a:\n  - |-\n    x1\n  - >-  # why\n\n    x2\n     - x3\n  - |-\n  - >\n  # not x4\n  - x5\n",
        "lists:\n  a:\n    - |-\n      x1\n    - >-  # why\n\n      x2\n       - x3\n    - |-\n    - >\n    # not x4\n    - x5\n",
    );
}

#[test]
fn a_comment_behind_such_a_text_does_not_become_part_of_it() {
    lays_out("x-a: |\n  b\n# c\n     # d\nx-e: 1\n", "x-a: |\n  b\n# c\n# d\nx-e: 1\n");
    lays_out("x-a:\n- >\n  b\n # c\n- d\n", "x-a:\n  - >\n    b\n  # c\n  - d\n");
}

#[test]
fn a_value_may_be_left_out() {
    lays_out("x-a:\nrules:\n- {id: a, x-b: {c}, x-d: }\n", "rules:\n  - { id: a, x-b: { c: }, x-d: }\n\nx-a:\n");
    lays_out("x-a:\n-\n- # why\n- b:\n", "x-a:\n  -\n  - # why\n  - b:\n");
}

#[test]
fn a_value_below_its_key_may_have_lines_further_left() {
    lays_out("x-a:\n     b\n   c\nx-d:\n      'e\n  f'\n", "x-a:\n  b\n  c\nx-d:\n  'e\n  f'\n");
}

#[test]
fn the_end_of_a_document_stays() {
    lays_out("---\nx-a: {b: c}\n# d\n\n\n... # e\n# f\n", "---\nx-a: { b: c }\n# d\n... # e\n# f\n");
}

#[test]
fn line_ends_of_one_kind_stay() {
    lays_out("rules:\r\n- id: a\r\n", "rules:\r\n  - id: a\r\n");
    lays_out("rules:\r\n- id: a\n", "rules:\n  - id: a\n");
}

#[test]
fn what_cannot_be_moved_safely_is_left() {
    for (text, line, wanted) in [
        ("# a\n{ rules: [] }\n", 2, "without braces"),
        ("x-a: 1\n? rules\n: []\n", 2, "without `? `"),
        ("x-a: 1\nrules:\n- id: a\n  action: deny\n  description: |+\n    b\n\n", 6, "write `|` or `|-`"),
        ("x-a: |+\n  b\n\n\nx-b: 1\n", 2, "write `|` or `|-`"),
        ("# a\n- b\n", 2, "has no keys"),
    ] {
        let Err(unformatted) = rules::format(text) else { panic!("{text}") };
        assert_eq!(unformatted.line(text), Some(line), "{text}");
        assert!(matches!(unformatted, Unformatted::Unsafe(_, what) if what.contains(wanted)), "{text}");
    }
    for text in ["", "rules: [\n", "a: 1\na: 2\n", "a: &x 1\n"] {
        assert!(matches!(rules::format(text), Err(Unformatted::Faulty(_))), "{text}");
    }
}

#[test]
fn every_rule_file_here_is_laid_out_or_cannot_be_read() {
    let files = files();
    assert!(files.len() > 50, "{}", files.len());
    for path in files {
        // Some files are wrong on purpose.
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if let Err(Unformatted::Unsafe(at, what)) = rules::format(&text) {
            panic!("{}: {at:?}: {what}", path.display());
        }
    }
    for (code, text) in examples() {
        if let Err(Unformatted::Unsafe(at, what)) = rules::format(&text) {
            panic!("{}: {at:?}: {what}\n{text}", code.word());
        }
    }
}

/// Every rule file of the pages of `explain`.
pub fn examples() -> Vec<(Code, String)> {
    let files = |code: &Code| ["Wrong", "Right"].map(|heading| (*code, pages::example(*code, heading)));
    let files =
        Code::ALL.iter().flat_map(files).flat_map(|(code, files)| files.into_iter().map(move |file| (code, file)));
    files.filter(|(_, (name, _))| name.ends_with(".yaml")).map(|(code, (_, text))| (code, text)).collect()
}

#[test]
fn a_set_means_the_same_before_and_after() {
    let mut seen = 0;
    for path in files() {
        let Some(folder) = path.parent() else { continue };
        let input = source::read(&[folder.to_owned()], &source::Options::default());
        let mut formatted = input.clone();
        for file in &mut formatted.files {
            let text = file.bytes.as_ref().ok().and_then(|bytes| str::from_utf8(bytes).ok()).map(rules::format);
            if let Some(Ok(text)) = text {
                file.bytes = Ok(text.into_bytes());
            }
        }
        let revision = |input| rules::load(input, crate::now()).snapshot.map(|snapshot| snapshot.revision);
        let before = revision(input);
        seen += usize::from(before.is_some());
        assert_eq!(before, revision(formatted), "{}", folder.display());
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn the_rules_to_copy_are_laid_out() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seen = 0;
    for path in
        files().iter().filter(|path| ["rules", "docs/cookbook"].iter().any(|at| path.starts_with(root.join(at))))
    {
        let text = fs::read_to_string(path).unwrap();
        assert_eq!(rules::format(&text).unwrap(), text, "run `topicgate fmt {}`", path.display());
        seen += 1;
    }
    assert!(seen > 20, "{seen}");
}
