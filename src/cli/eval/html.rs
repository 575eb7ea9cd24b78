//! A decision as one page to send to somebody: no scripts, nothing that is fetched, everything from the request escaped.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::{
    cli::eval::{
        decided::Decided,
        text::{Line, lines},
    },
    engine::{Decision, Mode, Rule, explain::Outcome, message},
    facts::{Command, Facts},
    text::visible,
};

const STYLE: &str = include_str!("page.css");

/// Nothing but the style of the page itself, should escaping ever fail.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// More rules than these are folded away.
const MOST_OPEN: usize = 12;

/// The page; `written` is the text of the rule that decided.
pub(super) fn page(decided: &Decided<'_>, written: Option<&str>) -> String {
    let heading = heading(decided);
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (heading) ": " (visible(&decided.views.facts().name)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 class=(decided.verdict.decision.name()) { (heading) }
                (outcome(decided))
                h2 { "The request" }
                dl { (name(decided)) (request(decided.views.facts())) }
                h2 { "The rule that decided" }
                @match decided.rule() {
                    Some(rule) => (rule_that_decided(decided, rule, written)),
                    None => p { "None: no enforced rule applies, so it is allowed." },
                }
                (others(decided))
                footer {
                    "Decided as of " (decided.views.facts().at) " by the rules of revision "
                    code { (decided.snapshot.revision) } ", with topicgate " (env!("CARGO_PKG_VERSION")) "."
                }
            }
        }
    };
    page.into_string()
}

fn heading(decided: &Decided<'_>) -> &'static str {
    match (&decided.verdict.decision, decided.views.facts().command) {
        (Decision::Allow, Command::CreateTopic) => "The topic may be created",
        (Decision::Allow, Command::CreateGroup) => "The group may be created",
        (Decision::Deny { .. }, Command::CreateTopic) => "The topic is refused",
        (Decision::Deny { .. }, Command::CreateGroup) => "The group is refused",
    }
}

/// What the user is told, and could do.
fn outcome(decided: &Decided<'_>) -> Markup {
    html! {
        @if let Decision::Deny { code, message } = &decided.verdict.decision {
            p { "The app is answered with code " code { (code) } @if message.is_empty() { ", without a text." } @else { " and:" } }
            @if !message.is_empty() { blockquote dir="auto" { (visible(message)) } }
        }
        @if let Some(advice) = &decided.nearest { p.advice { strong { "Another name: " } (spoken(&advice.sentence())) "." } }
    }
}

/// The name as it was sent, with what was found in it, and as it was read.
fn name(decided: &Decided<'_>) -> Markup {
    let name = &decided.views.facts().name;
    let found =
        decided.rule().filter(|rule| rule.when.tests_name()).map(|rule| message::matched_bytes(rule, decided.views));
    let found = found.unwrap_or_default();
    let part = |range: Option<&str>| visible(range.unwrap_or_default());
    html! {
        dt { "name" }
        dd { span.name dir="auto" {
            (part(name.get(..found.start)))
            @if !found.is_empty() { mark { (part(name.get(found.clone()))) } }
            (part(name.get(found.end..)))
        } }
        @for (how, view) in decided.readings() { dt { (how) } dd { span.name dir="auto" { (view) } } }
    }
}

fn request(facts: &Facts<'_>) -> Markup {
    let text = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map(visible);
    let rows = [
        ("operator", Some(visible(&facts.operator))),
        ("owner", text(&facts.owner)),
        ("type", text(&facts.group_type)),
        ("platform", text(&facts.platform)),
        ("client_ip", facts.client_ip.map(|address| address.to_string())),
        ("app", facts.app.map(|app| app.to_string())),
    ];
    html! {
        @for (field, value) in rows { @if let Some(value) = value { dt { (field) } dd { bdi { (value) } } } }
    }
}

fn rule_that_decided(decided: &Decided<'_>, rule: &Rule, written: Option<&str>) -> Markup {
    html! {
        p {
            strong { (rule.id) } " (" (visible(&rule.file)) ":" (rule.line) ")"
            @if let Some(description) = &rule.description { br; (visible(description)) }
            @if let Some(counted) = decided.counters.counted(rule) { br; (spoken(&counted.sentence())) }
        }
        @if let Some(written) = written { pre { (written.lines().map(visible).collect::<Vec<String>>().join("\n")) } }
    }
}

/// The rules before it, and why they did not decide.
fn others(decided: &Decided<'_>) -> Markup {
    let others: Vec<(&Rule, &Outcome)> = decided.others().collect();
    if others.is_empty() {
        return html! {};
    }
    let rules = html! {
        ol {
            @for (rule, outcome) in &others {
                li {
                    strong { (rule.id) } @if rule.mode == Mode::Shadow { " on trial" }
                    @for Line { depth, line, text } in lines(decided, rule, outcome) {
                        div style={ "margin-left:" (depth) "rem" } { (spoken(&text)) small { " " (visible(&rule.file)) ":" (line) } }
                    }
                }
            }
        }
    };
    html! {
        h2 { (decided.others_are()) }
        @if others.len() > MOST_OPEN { details { summary { (others.len()) " rules" } (rules) } } @else { (rules) }
    }
}

/// A sentence in which what stands between backticks is code.
fn spoken(sentence: &str) -> Markup {
    html! {
        @for (index, piece) in sentence.split('`').enumerate() {
            @if index % 2 == 1 { code { (piece) } } @else { (piece) }
        }
    }
}
