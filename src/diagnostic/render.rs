//! Findings for people: rustc's layout, with the right columns for Chinese.

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet, renderer::DecorStyle};

use crate::diagnostic::{Finding, Label, Report, Severity};

/// Whether the text may carry colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Only text.
    Plain,
    /// With ANSI colours, for a terminal.
    Colour,
}

/// Every finding of a report, each followed by an empty line; empty when there is none.
pub fn text(report: &Report, style: Style) -> String {
    let mut text: String = report.findings.iter().map(|finding| one(finding, style) + "\n\n").collect();
    for severity in [Severity::Error, Severity::Warning, Severity::Note] {
        let hidden = report.hidden(severity);
        if hidden > 0 {
            text += &format!("... and {hidden} more of severity {}\n\n", severity.name());
        }
    }
    text
}

/// One finding, without a line end.
pub fn one(finding: &Finding, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    let level = match finding.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(harmless(&finding.message)).id(finding.code.word());
    let mut group = show(&finding.place, AnnotationKind::Primary, Group::with_title(title));
    for label in &finding.related {
        group = show(label, AnnotationKind::Context, group);
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(harmless(help)));
    }
    // The renderer takes the sting out of excerpts, but for this range.
    renderer
        .decor_style(DecorStyle::Ascii)
        .render(&[group])
        .replace(|character| ('\u{80}'..='\u{9f}').contains(&character), "\u{fffd}")
}

/// A text that does nothing to a terminal, whatever was in a file or its name.
pub(super) fn harmless(text: &str) -> String {
    text.replace(|character: char| character.is_control() && character != '\n', "\u{fffd}")
}

fn show<'a>(label: &'a Label, kind: AnnotationKind, group: Group<'a>) -> Group<'a> {
    if label.excerpt.is_empty() && label.start.line == 1 {
        // The file as a whole, or one of which there is no text to show.
        return group.element(Origin::path(harmless(&label.path)));
    }
    let text = (!label.text.is_empty()).then_some(label.text.as_str());
    let annotation = kind.span(label.marked.clone()).label(text);
    let snippet = Snippet::source(label.excerpt.as_str()).line_start(label.start.line).annotation(annotation);
    let before = label.excerpt.get(..label.marked.start).unwrap_or_default();
    if label.start.column == 1 + before.chars().count() {
        return group.element(snippet.path(harmless(&label.path)));
    }
    // The renderer sees a part of a long line and would count the column from where that part begins.
    let origin = Origin::path(harmless(&label.path)).line(label.start.line).char_column(label.start.column);
    group.element(origin).element(snippet)
}
