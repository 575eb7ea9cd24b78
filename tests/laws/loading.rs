//! What holds of every load, whatever the bytes are. The fuzz target `load` asserts the same.

use topicgate::{
    diagnostic::{Label, Severity, github, json, render},
    engine::{self, Counts, Decision, Plan, Snapshot, Views, explain, message},
    facts::{Command, Facts},
    rules::{self, Input, ListFault, ListFile, Loaded, RuleFile},
};

/// Separates the files of a set in one run of bytes: two rule files first, list files after.
pub const SEPARATOR: u8 = 0x1e;

/// The set that some bytes stand for.
pub fn input(bytes: &[u8]) -> Input {
    let mut parts = bytes.split(|byte| *byte == SEPARATOR);
    let mut input = Input { content: "content".to_owned(), ..Input::default() };
    for (path, bytes) in ["a.yaml", "b.yaml"].into_iter().zip(parts.by_ref()) {
        input.files.push(RuleFile { path: path.to_owned(), relative: path.to_owned(), bytes: Ok(bytes.to_vec()) });
    }
    for (index, file) in input.files.iter().enumerate() {
        for name in rules::lists_named(file) {
            let fault = || ListFault { message: "the list file does not exist".to_owned(), help: None };
            let list = parts.next().map(|bytes| {
                input.list_files.push(ListFile::new(&name, bytes.to_vec()));
                input.list_files.len() - 1
            });
            input.lists.entry((index, name)).or_insert_with(|| list.ok_or_else(fault));
        }
    }
    input
}

/// Loads some bytes twice and asserts everything that must hold.
pub fn check(bytes: &[u8]) -> Loaded {
    let loaded = rules::load(input(bytes), jiff::Timestamp::UNIX_EPOCH);
    let said = render::text(&loaded.report, render::Style::Plain);
    assert_eq!(
        said,
        render::text(&rules::load(input(bytes), jiff::Timestamp::UNIX_EPOCH).report, render::Style::Plain)
    );
    render::text(&loaded.report, render::Style::Colour);
    assert_eq!(loaded.snapshot.is_some(), !loaded.report.has_errors());
    let kept = loaded.report.findings.len();
    assert!(
        [Severity::Error, Severity::Warning, Severity::Note].map(|it| loaded.report.count(it)).iter().sum::<usize>()
            >= kept
    );
    for finding in &loaded.report.findings {
        assert!(!finding.message.is_empty() && !finding.message.ends_with('.'), "{}", finding.message);
        check_label(&finding.place);
        finding.related.iter().for_each(check_label);
    }
    let json = serde_json::to_string(&json::findings(&loaded.report)).unwrap();
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read["findings"].as_array().map(Vec::len), Some(kept));
    assert_eq!(github::text(&loaded.report).lines().count(), kept);
    if let Some(snapshot) = &loaded.snapshot {
        assert!(!snapshot.rules.is_empty() || snapshot.counts.disabled > 0);
        let typed = Facts::topic("leckie", "加微信 vx: ｃｏｉｎ_888", jiff::Timestamp::UNIX_EPOCH);
        check_decision(snapshot, &typed);
        check_decision(snapshot, &Facts { command: Command::CreateGroup, owner: Some("Leckie".into()), ..typed });
        check_decision(snapshot, &Facts::topic("", "", jiff::Timestamp::UNIX_EPOCH));
    }
    loaded
}

fn check_label(label: &Label) {
    assert!(label.excerpt.is_char_boundary(label.marked.start), "{label:?}");
    assert!(label.excerpt.is_char_boundary(label.marked.end), "{label:?}");
    assert!(label.marked.start <= label.marked.end && label.marked.end <= label.excerpt.len(), "{label:?}");
    assert!(label.start.line >= 1 && label.start.column >= 1, "{label:?}");
    assert!((label.start.line, label.start.column) <= (label.end.line, label.end.column), "{label:?}");
    assert!(!label.excerpt.contains('\n'), "{label:?}");
}

/// Decides a request and asserts everything that must hold; the deciding rule and the answer.
pub fn check_decision(snapshot: &Snapshot, facts: &Facts<'_>) -> engine::Verdict {
    let views = Views::of(facts);
    let plan = engine::evaluate(snapshot, &views);
    check_settled(
        snapshot,
        facts,
        &engine::settle(snapshot, &views, &plan, &Counts::after(snapshot, facts, &plan, |_| u64::MAX)),
        &plan,
    );
    let verdict = engine::settle(snapshot, &views, &plan, &Counts::default());
    check_settled(snapshot, facts, &verdict, &plan);
    for index in &plan.applies {
        let matched = message::matched(&snapshot.rules[*index], &views);
        assert!(facts.name.contains(matched), "`{matched}` is not typed in `{}`", facts.name);
    }
    let considered = explain::explain(snapshot, &views);
    let applied = considered.iter().filter(|it| matches!(it.outcome, explain::Outcome::Applies)).map(|it| it.rule);
    assert_eq!(applied.collect::<Vec<_>>(), plan.applies.to_vec());
    verdict
}

/// What holds of every verdict, whatever was counted.
fn check_settled(snapshot: &Snapshot, facts: &Facts<'_>, verdict: &engine::Verdict, plan: &Plan) {
    if let Decision::Deny { code, message } = &verdict.decision {
        assert!(*code == 1 || (10100..=10200).contains(code));
        assert!(message.len() <= 512, "{message}");
    }
    assert!(verdict.rule.iter().chain(&verdict.shadow).all(|rule| plan.applies.contains(rule)));
    let counted = plan.counted(snapshot, facts).map(|counted| counted.index);
    let quotas = plan.applies.iter().copied().filter(|index| snapshot.rules[*index].quota.is_some());
    assert_eq!(counted.collect::<Vec<_>>(), quotas.collect::<Vec<_>>());
}
