//! Findings as the protocol's diagnostics, in the words of `check`, and the changes that mend them.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use gen_lsp_types as lsp;

use crate::{
    cli::lsp::{
        checking::Checked,
        documents::{Document, Documents},
        position::{self, Lines},
    },
    diagnostic::{FileId, Finding, Label, Place, Severity, Sources},
};

/// What the name of the tool is among others that find something.
const SOURCE: &str = "topicgate";

/// The diagnostics of every file that has some, and of every open file of the set.
pub(super) fn published(
    checked: &Checked,
    documents: &Documents,
    docs: Option<&str>,
) -> BTreeMap<String, lsp::PublishDiagnosticsParams> {
    let mut files: BTreeMap<String, lsp::PublishDiagnosticsParams> = BTreeMap::new();
    let mut spans = Spans::of(checked);
    for finding in &checked.loaded.report.findings {
        let path = &finding.place.path;
        let (uri, version) = named(path, documents);
        let params = files.entry(path.clone()).or_insert_with(|| lsp::PublishDiagnosticsParams {
            uri,
            version,
            diagnostics: Vec::new(),
        });
        params.diagnostics.push(diagnostic(finding, &mut spans, documents, docs));
    }
    files.into_values().map(|params| (params.uri.to_string(), params)).collect()
}

/// The URI of a file as the client knows it, and the version of its text.
fn named(path: &str, documents: &Documents) -> (lsp::Uri, Option<i32>) {
    let open = documents.at(path);
    open.map_or_else(|| (position::uri(Path::new(path)), None), |open| (open.uri.clone(), Some(open.version)))
}

fn diagnostic(finding: &Finding, spans: &mut Spans<'_>, documents: &Documents, docs: Option<&str>) -> lsp::Diagnostic {
    let word = finding.code.word();
    let related = finding.related.iter().map(|label| lsp::DiagnosticRelatedInformation {
        location: lsp::Location { uri: named(&label.path, documents).0, range: spans.label(label) },
        message: label.text.clone(),
    });
    let related: Vec<_> = related.collect();
    let href = docs.map(|docs| lsp::CodeDescription { href: lsp::Uri::from(format!("{docs}#{word}")) });
    lsp::Diagnostic {
        range: spans.label(&finding.place),
        severity: Some(severity(finding.code.severity())),
        code: Some(lsp::Code::String(word.to_owned())),
        code_description: href,
        source: Some(SOURCE.to_owned()),
        message: lsp::Message::String(message(finding)),
        related_information: Some(related).filter(|related| !related.is_empty()),
        ..lsp::Diagnostic::default()
    }
}

/// The message, what stands under the caret, and what to do.
fn message(finding: &Finding) -> String {
    let label = Some(&finding.place.text).filter(|label| !label.is_empty()).map(|label| format!("\n{label}"));
    let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}"));
    [Some(finding.message.clone()), label, help].into_iter().flatten().collect()
}

fn severity(severity: Severity) -> lsp::DiagnosticSeverity {
    match severity {
        Severity::Error => lsp::DiagnosticSeverity::Error,
        Severity::Warning => lsp::DiagnosticSeverity::Warning,
        Severity::Note => lsp::DiagnosticSeverity::Information,
    }
}

/// Places of the texts that were checked; the lines of each text are found once.
struct Spans<'c> {
    sources: &'c Sources,
    lines: BTreeMap<FileId, Lines<'c>>,
}

impl<'c> Spans<'c> {
    fn of(checked: &'c Checked) -> Spans<'c> {
        Spans { sources: &checked.loaded.sources, lines: BTreeMap::new() }
    }

    fn label(&mut self, label: &Label) -> lsp::Range {
        self.place(label.place)
    }

    fn place(&mut self, place: Place) -> lsp::Range {
        let lines = self.lines.entry(place.file).or_insert_with(|| Lines::of(self.sources.text(place.file)));
        lines.span(&place.range())
    }
}

/// The changes that mend what was found in a range of an open text; none where the text has changed since.
pub(super) fn fixes(
    range: lsp::Range,
    document: &Document,
    checked: &Checked,
    documents: &Documents,
) -> Vec<lsp::CodeAction> {
    if checked.unsaved.get(&document.path) != Some(&document.text) {
        return Vec::new();
    }
    let mut spans = Spans::of(checked);
    let mut actions = Vec::new();
    for finding in checked.loaded.report.findings.iter().filter(|finding| finding.fix.is_some()) {
        let span = spans.label(&finding.place);
        let touches = span.start <= range.end && range.start <= span.end;
        if touches && documents.at(&finding.place.path).is_some_and(|found| found.uri == document.uri) {
            actions.extend(action(finding, &document.uri, &mut spans, documents));
        }
    }
    actions
}

fn action(finding: &Finding, uri: &lsp::Uri, spans: &mut Spans<'_>, documents: &Documents) -> Option<lsp::CodeAction> {
    let fix = finding.fix.as_ref()?;
    let edit = lsp::TextEdit { range: spans.place(fix.place), new_text: fix.text.clone() };
    let changes = HashMap::from([(uri.clone(), vec![edit])]);
    Some(lsp::CodeAction {
        title: format!("replace it with `{}`", fix.text),
        kind: Some(lsp::CodeActionKind::QuickFix),
        diagnostics: Some(vec![diagnostic(finding, spans, documents, None)]),
        is_preferred: Some(true),
        edit: Some(lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() }),
        ..lsp::CodeAction::default()
    })
}
