//! Lists and codes that are declared and that no rule uses.

use std::collections::HashSet;

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    matchers::Lists,
    rules::ast::RuleSet,
};

/// Pushes a note for each; a disabled rule uses what it names.
pub(super) fn findings(set: &RuleSet<'_>, lists: &Lists<'_>, sink: &mut Sink) {
    for (name, list) in lists.declared.iter().filter(|(name, _)| !lists.used.contains(*name)) {
        let found = Diagnostic::new(Code::UnusedList, list.place, format!("nothing uses the list `{name}`"));
        sink.push(found.help(format!("use it, such as in `operator: {{ in: {{ list: {name} }} }}`, or remove it")));
    }
    let used: HashSet<u32> = set.rules.iter().filter_map(|rule| rule.code).map(|code| code.value).collect();
    for (code, name) in set.codes.iter().filter(|(code, _)| !used.contains(&code.value)) {
        let message = format!("no rule uses the code {} (`{name}`)", code.value);
        let help = "remove it, unless clients still have to know it";
        sink.push(Diagnostic::new(Code::UnusedCode, code.place, message).help(help));
    }
}
