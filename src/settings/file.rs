//! The settings file: the same YAML as rule files, and every value with its place.

use crate::{
    diagnostic::{Code, Diagnostic, FileId, Place, Sink, Sources},
    settings::keys::{App, Given, Keys, Layer, OnError, Origin, Refusal},
    yaml::{self, Key, Node, Value, read::unknown_key},
};

/// The largest settings file, in bytes.
pub const MAX_BYTES: u64 = 1024 * 1024;

/// Reads the text of a settings file; `None` after a finding that leaves nothing to go on with.
pub fn parse(file: FileId, text: &str, sink: &mut Sink) -> Option<Keys> {
    let mut findings = Sink::default();
    let root = yaml::parse(file, text, &mut findings);
    let is_empty = |finding: &Diagnostic| finding.code == Code::EmptyFile;
    if findings.kept().any(is_empty) {
        return Some(Keys::default());
    }
    for finding in findings.into_kept() {
        let help = help(finding.code).map(str::to_owned);
        sink.push(finding.help_if(help));
    }
    Mapping::read(&root?, "the settings file", sink, Keys::of)
}

/// What to do, where it is something else than in a rule file.
fn help(code: Code) -> Option<&'static str> {
    match code {
        Code::AnchorOrAlias => Some("write the value where it is used"),
        Code::DuplicateKey => Some("keep one of the two"),
        Code::SecondDocument => Some("a settings file is one document"),
        _ => None,
    }
}

/// Hides private keys, and what follows on its line a key that is about tokens or that is none: whoever writes a secret
/// into the settings by mistake is not to find it in a log.
pub(super) fn hide_secrets(file: FileId, sources: &mut Sources, sink: &Sink) {
    let text = sources.text(file).to_ascii_lowercase();
    if let Some(begin) = text.find("-----begin") {
        let end = text.rfind("-----").map_or(text.len(), |mark| mark + "-----".len());
        sources.hide(Place::new(file, begin..end));
    }
    let tokens = text.match_indices("token").map(|(start, word)| start + word.len());
    let unknown = sink.kept().filter(|finding| finding.code == Code::UnknownKey && finding.place.file == file);
    for after in tokens.chain(unknown.map(|finding| finding.place.end as usize)) {
        let rest = text.get(after..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let value = rest.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
        let value = value.trim_start_matches(|mark: char| mark.is_whitespace() || "\"':=[".contains(mark));
        sources.hide(Place::new(file, after + rest.len() - value.len()..after + rest.len()));
    }
}

/// A mapping of the file. What is asked for is what it may have.
struct Mapping<'a, 's> {
    what: &'s str,
    place: Place,
    entries: &'a [(Key, Node)],
    asked: Vec<&'static str>,
    sink: &'s mut Sink,
}

impl<'a, 's> Mapping<'a, 's> {
    fn read<T>(
        node: &'a Node,
        what: &'s str,
        sink: &'s mut Sink,
        read: impl FnOnce(&mut Mapping<'a, 's>) -> T,
    ) -> Option<T> {
        let entries = node.mapping(what, sink)?;
        let mut mapping = Mapping { what, place: node.place, entries, asked: Vec::new(), sink };
        let read = read(&mut mapping);
        let Mapping { asked, sink, .. } = mapping;
        for (key, _) in entries.iter().filter(|(key, _)| !asked.contains(&key.text.as_str())) {
            let finding = unknown_key(key, what, &asked);
            let is_token = key.text.starts_with("token");
            sink.push(finding.help_if(is_token.then(|| {
                "tokens stay out of the settings: name their file in `token_file`, or in `token_files` of an app"
                    .to_owned()
            })));
        }
        Some(read)
    }

    fn node(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        self.entries.iter().find(|(written, _)| written.text == key).map(|(_, node)| node)
    }

    /// The value of a key that must be there.
    fn required(&mut self, key: &'static str) -> Option<&'a Node> {
        let node = self.node(key);
        if node.is_none() {
            let finding = Diagnostic::new(Code::MissingKey, self.place, format!("{} has no `{key}`", self.what));
            self.sink.push(finding.help(format!("add `{key}:`")));
        }
        node
    }

    /// The items of a list, or the only one.
    fn items(&mut self, key: &'static str) -> &'a [Node] {
        let Some(node) = self.node(key) else { return &[] };
        let Value::Sequence(items) = &node.value else { return std::slice::from_ref(node) };
        if items.is_empty() {
            let finding = Diagnostic::new(Code::EmptyValue, node.place, format!("`{key}` is an empty list"));
            self.sink.push(finding.help("leave the key out to get its default"));
        }
        items
    }
}

impl Layer for Mapping<'_, '_> {
    fn one(&mut self, key: &'static str) -> Option<Given> {
        given(self.node(key)?, key, self.sink)
    }

    fn below(&mut self, _: &'static str, [outer, key]: [&'static str; 2]) -> Option<Given> {
        let node = self.node(outer)?;
        Mapping::read(node, &format!("`{outer}`"), self.sink, |mapping| mapping.one(key))?
    }

    fn many(&mut self, key: &'static str) -> Vec<Given> {
        self.items(key).iter().filter_map(|node| given(node, key, self.sink)).collect()
    }

    fn on_error(&mut self, key: &'static str) -> Option<OnError> {
        let node = self.node(key)?;
        if !matches!(node.value, Value::Mapping(_)) {
            return given(node, key, self.sink).map(OnError::Word);
        }
        let deny = Mapping::read(node, "`on_error`", self.sink, |mapping| mapping.required("deny"))??;
        let refusal = Mapping::read(deny, "`deny`", self.sink, |mapping| Refusal {
            code: mapping.one("code"),
            message: mapping.one("message"),
        });
        refusal.map(OnError::Deny)
    }

    fn apps(&mut self, key: &'static str) -> Vec<App> {
        let apps = self.items(key);
        apps.iter().filter_map(|node| app(node, self.sink)).collect()
    }
}

fn app(node: &Node, sink: &mut Sink) -> Option<App> {
    Mapping::read(node, "an app", sink, |mapping| {
        let id = mapping.required("id").and_then(|id| given(id, "id", mapping.sink));
        let (token_files, token_envs) = (mapping.many("token_files"), mapping.many("token_envs"));
        Some(App { id: id?, token_files, token_envs })
    })?
}

fn given(node: &Node, key: &str, sink: &mut Sink) -> Option<Given> {
    let text = node.word(&format!("`{key}`"), sink)?.to_owned();
    let place = node.place;
    Some(Given { text, origin: Origin::File(place.start as usize..place.end as usize) })
}
