//! Settings from the environment: every key has a variable, and a blank one counts as not set.

#![expect(clippy::disallowed_methods, reason = "the environment is read here")]

use crate::settings::keys::{App, Given, Layer, OnError, Origin};

/// The environment of the process.
pub(super) struct Variables;

/// The variable of a key.
pub(super) fn name(key: &str) -> String {
    format!("TOPICGATE_{}", key.to_uppercase())
}

/// What the variable of a key says.
pub(super) fn value(key: &str) -> Option<String> {
    // What is not UTF-8 is no value of any key, and is to be complained about like one that is.
    let text = std::env::var_os(name(key))?.to_string_lossy().into_owned();
    (!text.trim().is_empty()).then_some(text)
}

impl Layer for Variables {
    fn one(&mut self, key: &'static str) -> Option<Given> {
        value(key).map(given)
    }

    fn many(&mut self, key: &'static str) -> Vec<Given> {
        let text = value(key);
        text.iter().flat_map(|text| text.split(',')).map(str::to_owned).map(given).collect()
    }

    fn on_error(&mut self, key: &'static str) -> Option<OnError> {
        self.one(key).map(OnError::Word)
    }

    /// Several apps stand in the settings file.
    fn apps(&mut self, _: &'static str) -> Vec<App> {
        Vec::new()
    }
}

fn given(text: String) -> Given {
    Given { text, origin: Origin::Variable }
}
