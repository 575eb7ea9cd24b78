//! The answers to requests, and what the server says that it can do.

use gen_lsp_types as lsp;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    cli::lsp::{
        complete, findings, hover, keys, names,
        position::{self, Lines},
        session::Session,
        symbols, tree,
        wire::Fault,
    },
    diagnostic::Sources,
    rules,
    yaml::format::Unformatted,
};

/// What the server can do.
pub(super) fn capabilities() -> Value {
    let capabilities = lsp::ServerCapabilities {
        position_encoding: Some(lsp::PositionEncodingKind::UTF16),
        text_document_sync: Some(lsp::TextDocumentSync::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::Full),
            save: Some(lsp::Save::Bool(true)),
            ..lsp::TextDocumentSyncOptions::default()
        })),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: Some([" ", "{", "[", ":", "/"].map(str::to_owned).to_vec()),
            ..lsp::CompletionOptions::default()
        }),
        hover_provider: Some(true.into()),
        definition_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        document_formatting_provider: Some(true.into()),
        code_action_provider: Some(lsp::CodeActionProvider::CodeActionOptions(lsp::CodeActionOptions {
            code_action_kinds: Some(vec![lsp::CodeActionKind::QuickFix]),
            ..lsp::CodeActionOptions::default()
        })),
        ..lsp::ServerCapabilities::default()
    };
    json!({ "capabilities": capabilities, "serverInfo": { "name": "topicgate", "version": env!("CARGO_PKG_VERSION") } })
}

/// Asks the client to tell of rule and list files that others change.
pub(super) fn watch() -> Value {
    let watchers = json!([{ "globPattern": "**/*.{yaml,yml,txt}" }]);
    let registration = json!({ "id": "watch", "method": "workspace/didChangeWatchedFiles",
        "registerOptions": { "watchers": watchers } });
    json!({ "jsonrpc": "2.0", "id": "watch", "method": "client/registerCapability",
        "params": { "registrations": [registration] } })
}

/// The answer to a request.
pub(super) fn answer(session: &Session, id: &Value, method: &str, params: Value) -> Result<Value, Fault> {
    match method {
        "textDocument/hover" => with(id, params, |params| hover(session, params)),
        "textDocument/completion" => with(id, params, |params| completion(session, params)),
        "textDocument/definition" => with(id, params, |params| definition(session, params)),
        "textDocument/documentSymbol" => with(id, params, |params: lsp::DocumentSymbolParams| {
            session.rule_file(&params.text_document.uri).map(|document| symbols::of(&document.text))
        }),
        "textDocument/formatting" => formatting(session, id, params),
        "textDocument/codeAction" => with(id, params, |params: lsp::CodeActionParams| {
            let document = session.rule_file(&params.text_document.uri)?;
            Some(findings::fixes(params.range, document, session.checked(document)?, &session.documents))
        }),
        _ => Err(Fault::new(id, Fault::NO_METHOD, format!("there is no method `{method}`"))),
    }
}

/// Reads the parameters and writes the result; nothing to say is null.
fn with<P: DeserializeOwned, R: Serialize>(
    id: &Value,
    params: Value,
    answer: impl FnOnce(P) -> Option<R>,
) -> Result<Value, Fault> {
    let params = serde_json::from_value(params);
    let params = params.map_err(|error| Fault::new(id, Fault::INVALID_PARAMS, error.to_string()))?;
    serde_json::to_value(answer(params)).map_err(|error| Fault::new(id, Fault::FAILED, error.to_string()))
}

/// The whole text as `topicgate fmt` lays it out; an error where it leaves the file as it is.
fn formatting(session: &Session, id: &Value, params: Value) -> Result<Value, Fault> {
    let mut refused = None;
    let edits = with(id, params, |params: lsp::DocumentFormattingParams| {
        let text = &session.rule_file(&params.text_document.uri)?.text;
        let formatted = rules::format(text).map_err(|unformatted| refused = Some(reason(text, &unformatted))).ok()?;
        let range = Lines::of(text).span(&(0..text.len()));
        let is_same = formatted == **text;
        Some(if is_same { Vec::new() } else { vec![lsp::TextEdit { range, new_text: formatted }] })
    });
    refused.map_or(edits, |message| Err(Fault::new(id, Fault::FAILED, message)))
}

/// Why a text is left as it is.
fn reason(text: &str, unformatted: &Unformatted) -> String {
    let line = unformatted.line(text).map(|line| format!("line {line}: ")).unwrap_or_default();
    let what = match unformatted {
        Unformatted::Faulty(_) => "it cannot be read",
        Unformatted::Unsafe(_, what) => what,
    };
    format!("the file is left as it is: {line}{what}")
}

fn hover(session: &Session, params: lsp::HoverParams) -> Option<lsp::Hover> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let document = session.rule_file(&text_document.uri)?;
    let lines = Lines::of(&document.text);
    let word = tree::word(&document.text, lines.offset(position))?;
    let value = hover::of(&word, session.checked(document))?;
    Some(lsp::Hover {
        contents: lsp::Contents::MarkupContent(lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }),
        range: Some(lines.span(&word.place.range())),
    })
}

fn completion(session: &Session, params: lsp::CompletionParams) -> Option<lsp::CompletionList> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let document = session.rule_file(&text_document.uri)?;
    let text = &document.text;
    Some(complete::at(text, Lines::of(text).offset(position), session.checked(document)))
}

fn definition(session: &Session, params: lsp::DefinitionParams) -> Option<lsp::Location> {
    let lsp::TextDocumentPositionParams { text_document, position } = params.text_document_position_params;
    let document = session.rule_file(&text_document.uri)?;
    let word = tree::word(&document.text, Lines::of(&document.text).offset(position))?;
    let path: Vec<&str> = word.path.iter().map(String::as_str).collect();
    let checked = session.checked(document)?;
    let (path, range) = names::declared(checked, &keys::at(&path)?, &word.text)?;
    let open = session.documents.at(path);
    let uri = open.map_or_else(|| position::uri(path.as_ref()), |open| open.uri.clone());
    let sources: &Sources = &checked.loaded.sources;
    let text = open.map_or_else(|| sources.text_of(path), |open| &open.text);
    Some(lsp::Location { uri, range: Lines::of(text).span(&range) })
}
