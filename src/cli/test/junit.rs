//! Results as a JUnit report, which GitLab, Jenkins and others show. Whatever makes the command fail is red in it.

use std::io::Write;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::{
    cli::{
        percent::Percent,
        test::{Problem, Run, missing, text},
    },
    diagnostic::{
        Finding, Severity, Sources,
        render::{self, Style},
    },
    engine::Coverage,
    rules::{Check, Outcome},
};

pub(super) fn print(run: &Run, out: &mut impl Write) -> anyhow::Result<()> {
    let of = |check: Check| {
        let outcomes = run.loaded.outcomes.iter().filter(move |outcome| outcome.check == check);
        outcomes.map(|outcome| case(outcome, &run.loaded.sources)).collect()
    };
    let mut report = Report::new("topicgate");
    for (name, cases) in [("examples", of(Check::Example)), ("tests", of(Check::Test)), ("set", whole_set(run))] {
        let cases: Vec<TestCase> = cases;
        if !cases.is_empty() {
            let mut suite = TestSuite::new(name);
            suite.add_test_cases(cases);
            report.add_test_suite(suite);
        }
    }
    report.serialize(&mut *out)?;
    Ok(())
}

fn case(outcome: &Outcome, sources: &Sources) -> TestCase {
    let status = match &outcome.finding {
        Some(finding) if outcome.failed() => {
            let text = text::explained(outcome, sources);
            bad(NonSuccessKind::Failure, &finding.message, finding.code.word(), &text)
        }
        _ => TestCaseStatus::success(),
    };
    placed(&outcome.title, sources.path(outcome.place.file), sources.line(outcome.place), status)
}

/// What is wrong with the set as a whole, and whether enough of it was seen.
fn whole_set(run: &Run) -> Vec<TestCase> {
    let mut cases = Vec::new();
    match run.problem() {
        Some(Problem::NotRun | Problem::NoFiles) => {
            let findings = run.loaded.report.findings.iter();
            cases.extend(findings.filter(|it| it.code.severity() == Severity::Error).map(error));
        }
        Some(problem @ Problem::Nothing) => {
            let status = bad(NonSuccessKind::Error, &problem.to_string(), "nothing-to-test", "");
            cases.push(TestCase::new("there is something to test", status));
        }
        _ => {}
    }
    cases.extend(run.min_coverage.zip(run.coverage.as_ref()).map(|(percent, seen)| enough(seen, percent)));
    cases
}

fn enough(coverage: &Coverage, percent: Percent) -> TestCase {
    let status = if percent.is_reached(coverage.share()) {
        TestCaseStatus::success()
    } else {
        let lines: Vec<String> = missing::all(coverage).map(missing::line).collect();
        bad(NonSuccessKind::Failure, &missing::total(coverage), "coverage", &lines.join("\n"))
    };
    TestCase::new(format!("the coverage is at least {percent}"), status)
}

fn error(finding: &Finding) -> TestCase {
    let text = render::one(finding, Style::Plain);
    let status = bad(NonSuccessKind::Error, &finding.message, finding.code.word(), &text);
    let (path, line) = (finding.place.path.as_str(), finding.place.start.line);
    placed(&format!("{path}:{line}"), path, line, status)
}

fn bad(kind: NonSuccessKind, message: &str, code: &str, text: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(allowed(message)).set_type(code).set_description(allowed(text));
    status
}

fn placed(name: &str, path: &str, line: usize, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(allowed(name), status);
    case.set_classname(allowed(path));
    case.extra.insert("file".into(), allowed(path).into());
    case.extra.insert("line".into(), line.to_string().into());
    case
}

/// A text that XML may hold, of which nothing is dropped without a trace.
fn allowed(text: &str) -> String {
    let refused =
        |character: char| character.is_control() && character != '\n' || matches!(character, '\u{fffe}' | '\u{ffff}');
    text.replace(refused, "\u{fffd}")
}
