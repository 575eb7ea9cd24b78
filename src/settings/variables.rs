//! Settings from the environment: every key has a variable, and a blank one counts as not set.

#![expect(clippy::disallowed_methods, reason = "the environment is read here")]

use crate::{
    diagnostic::{Code, Diagnostic, Place, Sink, Sources, did_you_mean},
    settings::keys::{App, Given, Keys, Layer, OnError, Origin},
};

/// What every variable of a setting begins with.
const PREFIX: &str = "TOPICGATE_";

/// The environment of the process.
pub(super) struct Variables;

/// The variable of a key.
pub(super) fn name(key: &str) -> String {
    format!("{PREFIX}{}", key.to_uppercase())
}

/// What the variable of a key says.
pub(super) fn value(key: &str) -> Option<String> {
    // What is not UTF-8 is no value of any key, and is to be complained about like one that is.
    let text = std::env::var_os(name(key))?.to_string_lossy().into_owned();
    (!text.trim().is_empty()).then_some(text)
}

/// Complains about each variable that is called like a setting and is none: a misspelt one has no effect.
pub(super) fn unknown(sources: &mut Sources, sink: &mut Sink) {
    let mut keys = Names(vec!["config"]);
    Keys::of(&mut keys);
    let variables = std::env::vars_os().map(|(variable, _)| variable.to_string_lossy().into_owned());
    let mut variables: Vec<String> = variables.filter(|variable| variable.starts_with(PREFIX)).collect();
    variables.sort();
    for variable in variables {
        let key = variable.trim_start_matches(PREFIX).to_lowercase();
        if keys.0.contains(&key.as_str()) || is_of_cluster(&variable) {
            continue;
        }
        let help = match did_you_mean(&key, keys.0.iter().copied()) {
            Some(near) => format!("did you mean `{}`?", name(near)),
            None => "`topicgate serve --help` has all".to_owned(),
        };
        let place = Place::whole(sources.add(variable.as_str(), ""));
        sink.push(Diagnostic::new(Code::UnknownVariable, place, format!("`{variable}` is no setting")).help(help));
    }
}

/// Kubernetes sets such variables for a service that is called topicgate, or begins like that.
fn is_of_cluster(name: &str) -> bool {
    name.contains("_SERVICE_") || name.contains("_PORT")
}

/// Collects the keys that are asked for.
struct Names(Vec<&'static str>);

impl Layer for Names {
    fn one(&mut self, key: &'static str) -> Option<Given> {
        self.0.push(key);
        None
    }

    fn below(&mut self, key: &'static str, _: [&'static str; 2]) -> Option<Given> {
        self.one(key)
    }

    fn many(&mut self, key: &'static str) -> Vec<Given> {
        self.0.push(key);
        Vec::new()
    }

    fn on_error(&mut self, key: &'static str) -> Option<OnError> {
        self.0.push(key);
        None
    }

    /// They have no variable.
    fn apps(&mut self, _: &'static str) -> Vec<App> {
        Vec::new()
    }
}

impl Layer for Variables {
    fn one(&mut self, key: &'static str) -> Option<Given> {
        value(key).map(given)
    }

    fn below(&mut self, key: &'static str, _: [&'static str; 2]) -> Option<Given> {
        self.one(key)
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
