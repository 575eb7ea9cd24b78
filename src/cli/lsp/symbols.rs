//! The outline of a file.

use gen_lsp_types as lsp;

use crate::{
    cli::lsp::position::Lines,
    rules::{Named, outline},
};

/// What a text declares: lists, codes, rules with their exceptions, tests; nothing of one that is no YAML.
pub(super) fn of(text: &str) -> Vec<lsp::DocumentSymbol> {
    let Some(outline) = outline(text) else { return Vec::new() };
    let lines = Lines::of(text);
    let kinds = [
        (&outline.codes, lsp::SymbolKind::Constant),
        (&outline.lists, lsp::SymbolKind::Array),
        (&outline.rules, lsp::SymbolKind::Function),
        (&outline.guarantees, lsp::SymbolKind::Interface),
        (&outline.tests, lsp::SymbolKind::Event),
    ];
    kinds
        .into_iter()
        .flat_map(|(all, kind)| all.iter().map(move |named| (named, kind)))
        .map(|(named, kind)| symbol(named, kind, &lines))
        .collect()
}

fn symbol(named: &Named, kind: lsp::SymbolKind, lines: &Lines<'_>) -> lsp::DocumentSymbol {
    let below = named.below.iter().map(|named| symbol(named, lsp::SymbolKind::Method, lines));
    lsp::DocumentSymbol {
        // A client refuses an empty one.
        name: if named.name.trim().is_empty() { "?".to_owned() } else { named.name.clone() },
        detail: Some(named.detail.clone()).filter(|detail| !detail.is_empty()),
        kind,
        tags: None,
        #[expect(deprecated, reason = "every field has to be given")]
        deprecated: None,
        range: lines.span(&named.extent),
        selection_range: lines.span(&named.at),
        children: Some(below.collect::<Vec<_>>()).filter(|below| !below.is_empty()),
    }
}
