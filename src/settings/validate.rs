//! From settings as they were written to settings that cannot be wrong; every mistake is a finding.

mod tls;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
    thread::available_parallelism,
    time::Duration,
};

use crate::{
    diagnostic::{Code, Diagnostic, FileId, Place, Sink, Sources},
    engine::message::MAX_MESSAGE_BYTES,
    facts::PLAIN_REFUSAL,
    settings::{
        App, Limits, LogRefusals, OnError, Settings, Source, Watch, certificates,
        keys::{self, Given, Keys, Origin},
        tokens,
        value::{self, Fault},
        variables,
    },
};

const WEBHOOK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
const ADMIN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 9090);
const MILLISECOND: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
/// Lists keep the places of their entries in 32 bits, and up to two bytes for each entry besides its text.
const MOST_LIST_BYTES: u64 = 2 << 30;

/// Validates; what is wrong has its default in the result, so that the next mistake is found too.
pub fn settings(keys: &Keys, file: Option<FileId>, sources: &mut Sources, sink: &mut Sink) -> Settings {
    let is_whole = !sink.has_errors();
    let mut draft = Draft { file, is_whole, sources, sink, has_unusable_tokens: false };
    let cores = available_parallelism().map_or(1, usize::from);
    let settings = Settings {
        rules: draft.list("rules", &keys.rules, &[PathBuf::from("rules")], value::file),
        listen: draft.value("listen", keys.listen.as_ref(), WEBHOOK, value::socket),
        admin: draft.value("admin", keys.admin.as_ref(), ADMIN, value::socket),
        admin_tokens: admin_tokens(&mut draft, keys),
        metrics_public: draft.value("metrics_public", keys.metrics_public.as_ref(), false, value::switch),
        tls: tls::webhook(&mut draft, keys),
        admin_tls: tls::admin(&mut draft, keys),
        paths: paths(&mut draft, keys),
        apps: apps(&mut draft, keys),
        signature_window: draft.duration(
            "signature_window",
            keys.signature_window.as_ref(),
            60 * SECOND,
            SECOND..=HOUR,
        ),
        allow_from: draft.list("allow_from", &keys.allow_from, &[], value::network),
        trusted_proxies: draft.list("trusted_proxies", &keys.trusted_proxies, &[], value::network),
        on_error: on_error(&mut draft, keys.on_error.as_ref()),
        log_refusals: draft.value(
            "log_refusals",
            keys.log_refusals.as_ref(),
            LogRefusals::Sampled,
            value::log_refusals,
        ),
        workers: draft.count("workers", keys.workers.as_ref(), cores, 1..=1024),
        drain: draft.duration("drain", keys.drain.as_ref(), 5 * SECOND, Duration::ZERO..=HOUR),
        watch: draft.value("watch", keys.watch.as_ref(), Watch::Auto, value::watch),
        poll: draft.duration("poll", keys.poll.as_ref(), 2 * SECOND, 100 * MILLISECOND..=HOUR),
        source: Source {
            list_roots: draft.list("list_roots", &keys.list_roots, &[], value::directory),
            max_list_bytes: draft.bytes("max_list_bytes", keys.max_list_bytes.as_ref(), 512 << 20, 1..=MOST_LIST_BYTES),
        },
        data: draft.value("data", keys.data.as_ref(), None, |text| value::own_directory(text).map(Some)),
        max_quota_keys: draft.count("quota_max_keys", keys.quota_max_keys.as_ref(), 100_000, 1..=10_000_000),
        limits: limits(&mut draft, keys),
    };
    listeners(&mut draft, keys, &settings);
    settings
}

/// Where the admin side listens, whatever else is wrong.
pub(super) fn admin_address(keys: &Keys, file: Option<FileId>, sources: &mut Sources, sink: &mut Sink) -> SocketAddr {
    let mut draft = Draft { file, is_whole: true, sources, sink, has_unusable_tokens: false };
    draft.value("admin", keys.admin.as_ref(), ADMIN, value::socket)
}

fn limits(draft: &mut Draft<'_>, keys: &Keys) -> Limits {
    let most = 1..=1_000_000;
    let times = 100 * MILLISECOND..=HOUR;
    let body_bytes = draft.bytes("max_body_bytes", keys.max_body_bytes.as_ref(), 64 << 10, 1 << 10..=1 << 20);
    let per_peer = keys.max_connections_per_peer.as_ref();
    Limits {
        connections: draft.count("max_connections", keys.max_connections.as_ref(), 10_000, most.clone()),
        connections_per_peer: draft.count("max_connections_per_peer", per_peer, 1_000, most),
        // The web server's clock for it goes in steps of half a second.
        keep_alive: draft.duration("keep_alive", keys.keep_alive.as_ref(), 90 * SECOND, SECOND..=HOUR),
        head: draft.duration("head_timeout", keys.head_timeout.as_ref(), 5 * SECOND, times.clone()),
        body: draft.duration("body_timeout", keys.body_timeout.as_ref(), 2 * SECOND, times),
        body_bytes: usize::try_from(body_bytes).unwrap_or(usize::MAX),
    }
}

fn paths(draft: &mut Draft<'_>, keys: &Keys) -> Vec<String> {
    let mut paths = draft.list("paths", &keys.paths, &[], value::webhook_path);
    if !paths.iter().any(|path| path == "/") {
        paths.push("/".to_owned());
    }
    paths
}

fn on_error(draft: &mut Draft<'_>, given: Option<&keys::OnError>) -> OnError {
    let refusal = match given {
        None => return OnError::Allow,
        Some(keys::OnError::Word(word)) => {
            return draft.value("on_error", Some(word), OnError::Allow, value::on_error);
        }
        Some(keys::OnError::Deny(refusal)) => refusal,
    };
    let code = draft.value("on_error", refusal.code.as_ref(), PLAIN_REFUSAL, value::code);
    let message = draft.value("on_error", refusal.message.as_ref(), String::new(), |text| {
        let help = format!("it has at most {MAX_MESSAGE_BYTES} bytes");
        let fits = text.len() <= MAX_MESSAGE_BYTES;
        fits.then(|| text.to_owned()).ok_or(Fault { message: "the text is too long".to_owned(), help: Some(help) })
    });
    OnError::Deny { code, message }
}

fn apps(draft: &mut Draft<'_>, keys: &Keys) -> Vec<App> {
    let short = [("app", &keys.app), ("token_file", &keys.token_file), ("token_env", &keys.token_env)];
    let short = short.iter().find_map(|(key, given)| Some((*key, given.as_ref()?)));
    match (short, keys.apps.is_empty()) {
        (None, true) if draft.is_whole => draft.no_app(),
        (Some((key, given)), false) => {
            let problem = format!("`{key}` names one app, but `apps` of the settings file names others");
            let place = draft.place(key, given);
            draft.push(Diagnostic::new(Code::InvalidSettings, place, problem).help("put all apps under `apps`"));
        }
        (Some((key, given)), true) if keys.app.is_none() => {
            let place = draft.place(key, given);
            let problem = "a token is given, but no app that it belongs to";
            draft.push(Diagnostic::new(Code::InvalidSettings, place, problem).help("name the app with `app`"));
        }
        _ => {}
    }
    let single = keys.app.as_ref().map(|id| {
        let (files, variables) = (keys.token_file.as_slice(), keys.token_env.as_slice());
        app(draft, ["app", "token_file", "token_env"], id, files, variables)
    });
    let several = keys.apps.iter();
    let several = several.map(|entry| {
        app(draft, ["apps", "token_files", "token_envs"], &entry.id, &entry.token_files, &entry.token_envs)
    });
    let several: Vec<_> = several.collect();
    let ids: Vec<&Given> = keys.apps.iter().map(|entry| &entry.id).collect();
    draft.distinct("apps", &ids);
    single.into_iter().chain(several).collect()
}

fn app(draft: &mut Draft<'_>, names: [&str; 3], id: &Given, files: &[Given], variables: &[Given]) -> App {
    let [id_key, file_key, variable_key] = names;
    let id = draft.value(id_key, Some(id), 0, value::app);
    let mut tokens = Vec::new();
    for (key, given) in
        files.iter().map(|given| (file_key, given)).chain(variables.iter().map(|given| (variable_key, given)))
    {
        tokens.extend(draft.source(key, given));
    }
    draft.distinct(file_key, &files.iter().collect::<Vec<_>>());
    draft.distinct(variable_key, &variables.iter().collect::<Vec<_>>());
    App { id, tokens }
}

fn admin_tokens(draft: &mut Draft<'_>, keys: &Keys) -> Vec<tokens::admin::Source> {
    let given = [("admin_token_file", &keys.admin_token_file), ("admin_token_env", &keys.admin_token_env)];
    given.iter().filter_map(|(key, given)| draft.admin_source(key, given.as_ref()?)).collect()
}

/// What listeners may not be, given everything else.
fn listeners(draft: &mut Draft<'_>, keys: &Keys, settings: &Settings) {
    let (listen, admin) = (settings.listen, settings.admin);
    if clash(listen, admin) {
        let (key, given) = if keys.admin.is_some() { ("admin", &keys.admin) } else { ("listen", &keys.listen) };
        let problem = format!("the webhook and the admin side both want port {}", listen.port());
        let place = draft.place_of(key, given.as_ref());
        draft.push(Diagnostic::new(Code::InvalidSettings, place, problem).help("give each its own port"));
    }
    let unsigned = draft.value("allow_unsigned", keys.allow_unsigned.as_ref(), false, value::switch);
    let signed = settings.apps.iter().all(|app| !app.tokens.is_empty());
    // A mistake in a token would be reported a second time, as if there were none.
    let believed = draft.is_whole && !draft.has_unusable_tokens;
    if believed && !signed && !unsigned && !listen.ip().is_loopback() {
        let place = draft.place_of("listen", keys.listen.as_ref());
        let problem = "requests without a signature could come from anywhere";
        let help = "give each app a token (`--token-file`), or say `--allow-unsigned` if something in front of it decides who may call";
        draft.push(Diagnostic::new(Code::InvalidSettings, place, problem).help(help));
    }
    if believed && settings.admin_is_closed() && !settings.metrics_public {
        let place = draft.place_of("admin", keys.admin.as_ref());
        let problem = "without a token, only `/healthz` and `/readyz` are answered beyond loopback";
        let help = "to read metrics and status there, give it a token (`--admin-token-file`); `--metrics-public` gives metrics to everyone";
        draft.push(Diagnostic::new(Code::ClosedAdmin, place, problem).help(help));
    }
}

fn clash(one: SocketAddr, other: SocketAddr) -> bool {
    let covers = one.ip() == other.ip() || one.ip().is_unspecified() || other.ip().is_unspecified();
    covers && one.port() == other.port() && one.port() != 0
}

/// Settings on their way, with the places of what was written.
struct Draft<'a> {
    file: Option<FileId>,
    /// Whether every key of the file was understood: else a key that seems to be missing may be misspelt.
    is_whole: bool,
    sources: &'a mut Sources,
    sink: &'a mut Sink,
    has_unusable_tokens: bool,
}

impl Draft<'_> {
    fn value<T>(
        &mut self,
        key: &str,
        given: Option<&Given>,
        default: T,
        parse: impl Fn(&str) -> Result<T, Fault>,
    ) -> T {
        let Some(given) = given else { return default };
        parse(&given.text).unwrap_or_else(|fault| {
            self.complain(Code::InvalidSettings, key, given, fault);
            default
        })
    }

    fn list<T: Clone>(
        &mut self,
        key: &str,
        given: &[Given],
        default: &[T],
        parse: impl Fn(&str) -> Result<T, Fault>,
    ) -> Vec<T> {
        if given.is_empty() {
            return default.to_vec();
        }
        self.distinct(key, &given.iter().collect::<Vec<_>>());
        given.iter().filter_map(|one| self.value(key, Some(one), None, |text| parse(text).map(Some))).collect()
    }

    fn count(&mut self, key: &str, given: Option<&Given>, default: usize, within: RangeInclusive<usize>) -> usize {
        self.value(key, given, default, value::count(within))
    }

    fn bytes(&mut self, key: &str, given: Option<&Given>, default: u64, within: RangeInclusive<u64>) -> u64 {
        self.value(key, given, default, value::bytes(within))
    }

    fn duration(
        &mut self,
        key: &str,
        given: Option<&Given>,
        default: Duration,
        within: RangeInclusive<Duration>,
    ) -> Duration {
        self.value(key, given, default, value::duration(within))
    }

    fn source(&mut self, key: &str, given: &Given) -> Option<tokens::Source> {
        let source = token_source(key, given)?;
        self.is_usable(key, given, source.check()).then_some(source)
    }

    fn admin_source(&mut self, key: &str, given: &Given) -> Option<tokens::admin::Source> {
        let source = tokens::admin::Source(token_source(key, given)?);
        self.is_usable(key, given, source.check()).then_some(source)
    }

    fn is_usable(&mut self, key: &str, given: &Given, checked: Result<(), Fault>) -> bool {
        let Err(fault) = checked else { return true };
        self.has_unusable_tokens = true;
        self.complain(Code::UnusableToken, key, given, fault);
        false
    }

    /// Complains about what is given twice.
    fn distinct(&mut self, key: &str, given: &[&Given]) {
        for (index, again) in given.iter().enumerate() {
            if given.iter().take(index).any(|earlier| earlier.text == again.text) {
                let shown = if may_be_token(key, again) { "..." } else { &again.text };
                let message = format!("`{shown}` is given twice");
                self.complain(Code::InvalidSettings, key, again, Fault { message, help: None });
            }
        }
    }

    fn no_app(&mut self) {
        let place = self.file.map_or_else(|| Place::whole(self.sources.add("--app", "")), Place::whole);
        let problem = "no app is configured, so every request would be turned away";
        let help = "name the SdkAppid of your app: `--app 1400000000`, or `app: 1400000000` in the settings file";
        self.push(Diagnostic::new(Code::InvalidSettings, place, problem).help(help));
    }

    fn complain(&mut self, code: Code, key: &str, given: &Given, fault: Fault) {
        let place = self.place(key, given);
        self.push(Diagnostic::new(code, place, fault.message).help_if(fault.help));
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    /// Where a setting was given; its default stands nowhere, which is shown as its flag.
    fn place_of(&mut self, key: &str, given: Option<&Given>) -> Place {
        match given {
            Some(given) => self.place(key, given),
            None => Place::whole(self.sources.add(flag(key), "")),
        }
    }

    fn place(&mut self, key: &str, given: &Given) -> Place {
        let place = match (&given.origin, self.file) {
            (Origin::File(range), Some(file)) => Place::new(file, range.clone()),
            (Origin::Variable, _) => Place::whole(self.sources.add(variables::name(key), "")),
            _ => Place::whole(self.sources.add(flag(key), "")),
        };
        if may_be_token(key, given) || certificates::is_key_itself(&given.text) {
            self.sources.hide(place);
        }
        place
    }
}

/// What a key that names tokens names.
fn token_source(key: &str, given: &Given) -> Option<tokens::Source> {
    match key {
        "token_file" | "token_files" | "admin_token_file" => Some(tokens::Source::File(PathBuf::from(&given.text))),
        "token_env" | "token_envs" | "admin_token_env" => Some(tokens::Source::Variable(given.text.clone())),
        _ => None,
    }
}

fn may_be_token(key: &str, given: &Given) -> bool {
    token_source(key, given).is_some_and(|source| source.may_be_token())
}

/// The flag of a key.
fn flag(key: &str) -> String {
    format!("--{}", key.replace('_', "-"))
}
