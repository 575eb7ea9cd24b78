//! The words that Chat documents for a field: any other is a warning, because Chat may add some.

use crate::{
    diagnostic::{Code, Diagnostic, Place, Sink, did_you_mean},
    facts::Field,
    matchers::{Context, literals},
    text::{
        self,
        keyword::{self, GROUP_TYPES, PLATFORMS},
    },
    yaml::{Node, Value, read::listed},
};

struct Vocabulary {
    code: Code,
    what: &'static str,
    documented: &'static [&'static str],
    has: fn(&str) -> bool,
}

const PLATFORM: Vocabulary = Vocabulary {
    code: Code::UnknownPlatform,
    what: "platform",
    documented: &PLATFORMS,
    has: |word| keyword::is_known_platform(&keyword::platform(word)),
};

const GROUP_TYPE: Vocabulary = Vocabulary {
    code: Code::UnknownGroupType,
    what: "group type",
    documented: &GROUP_TYPES,
    has: |word| keyword::is_known_group_type(&keyword::group_type(word)),
};

/// Marks a list whose entries were checked for a field.
struct Checked;

/// Warns of each word of a test, or of a list the first time that the field is tested for it.
pub(super) fn check(context: &mut Context<'_, '_>, argument: &Node, sink: &mut Sink) {
    let vocabulary = match context.field {
        Field::Platform => PLATFORM,
        Field::Type => GROUP_TYPE,
        _ => return,
    };
    match &argument.value {
        Value::Mapping(_) => {
            let Some((name, _)) = literals::list_name(context, argument, sink) else { return };
            context.lists.made(&name, context.field, |list| {
                list.entries.iter().for_each(|(word, place)| vocabulary.word(word, place, sink));
                Some(Checked)
            });
        }
        Value::Sequence(items) => items.iter().for_each(|item| vocabulary.node(item, sink)),
        _ => vocabulary.node(argument, sink),
    }
}

impl Vocabulary {
    fn node(&self, node: &Node, sink: &mut Sink) {
        if let Some(scalar) = node.scalar() {
            self.word(&scalar.text, node.place, sink);
        }
    }

    fn word(&self, word: &str, place: Place, sink: &mut Sink) {
        if (self.has)(word) {
            return;
        }
        let message = format!("Chat documents no {} `{}`", self.what, text::visible(word));
        let found = Diagnostic::new(self.code, place, message);
        let help = format!("the documented ones are {}", listed(self.documented));
        sink.push(found.help(help).meant_if(did_you_mean(word, self.documented.iter().copied())));
    }
}
