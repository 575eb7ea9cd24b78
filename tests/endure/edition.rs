//! Rule sets whose every answer tells which files made it.

use std::fmt::Write as _;

use crate::{
    disk::Disk,
    gate::{ALLOWED, topic},
};

/// The file that declares the code and holds the test that every edition must pass.
pub const CODES: &str = "10-codes.yaml";
/// The file with the rule.
pub const RULE: &str = "20-edition.yaml";
/// The file with the word that the rule looks for.
pub const LIST: &str = "lists/words.txt";

/// How many numbers there are for each part, from zero on.
pub const NUMBERS: u32 = 40;

/// A rule set of three files, each with a number. A refusal shows all three: the code, its message, and the word found.
///
/// A rule with the code of another edition is an error. A list of another edition is none, and is seen in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edition {
    pub code: u32,
    pub rule: u32,
    pub list: u32,
}

impl Edition {
    /// All files have the same number.
    pub const fn of(number: u32) -> Edition {
        Edition { code: number, rule: number, list: number }
    }

    /// Writes all of it, file by file.
    pub fn lay(self, disk: &Disk, directory: &str) {
        disk.put(&format!("{directory}/{CODES}"), &self.codes());
        disk.put(&format!("{directory}/{RULE}"), &self.rule());
        disk.put(&format!("{directory}/{LIST}"), &self.words());
    }

    /// The text of [`CODES`]: without its rule, no edition passes the test.
    pub fn codes(self) -> String {
        let test = format!("request: {{ operator: leckie, name: {} }}, expect: {{ decision: deny }}", words());
        format!("codes: {{ {}: edition }}\ntests:\n  - {{ name: an edition decides, {test} }}\n", 10100 + self.code)
    }

    /// The text of [`RULE`].
    pub fn rule(self) -> String {
        format!("lists: {{ words: {{ file: {LIST}, min: 1 }} }}\nrules:\n{}", self.rule_named("edition"))
    }

    /// The rule under another id.
    pub fn rule_named(self, id: &str) -> String {
        let (code, rule) = (10100 + self.code, self.rule);
        let what = format!("  - id: {id}\n    action: deny\n    code: {code}\n    message: rule {rule}, {{match}}\n");
        format!("{what}    when: {{ name: {{ contains: {{ list: words }} }} }}\n")
    }

    /// The text of [`LIST`].
    pub fn words(self) -> String {
        format!("word-{:02}\n", self.list)
    }

    /// What clients are answered, in the order of [`probes`].
    pub fn answers(self) -> Vec<String> {
        let Edition { code, rule, list } = self;
        let refused = refusal(10100 + code, &format!("rule {rule}, word-{list:02}"));
        vec![refused, ALLOWED.to_owned()]
    }
}

/// What clients ask: a name that every edition refuses, and one that none refuses.
pub fn probes() -> Vec<Vec<u8>> {
    vec![topic(&words()), topic("Leisure")]
}

/// A reply that refuses.
pub fn refusal(code: u32, message: &str) -> String {
    format!(r#"{{"ActionStatus":"OK","ErrorInfo":"{message}","ErrorCode":{code}}}"#)
}

/// The words of all editions.
fn words() -> String {
    (0..NUMBERS).fold(String::new(), |mut words, number| {
        write!(words, " word-{number:02}").unwrap();
        words
    })
}
