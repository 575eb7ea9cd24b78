//! How the service is told what to do: flags, environment and one YAML file become [`Settings`], or everything that is
//! wrong with them. Secrets stay outside: settings name token files and variables, never tokens.

#![expect(clippy::disallowed_methods, reason = "the settings file is read here")]

pub mod certificates;
mod file;
pub mod keys;
pub mod reach;
mod small_file;
pub mod tokens;
mod validate;
pub mod value;
mod variables;

use std::{
    io::Read,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use ipnet::IpNet;

use crate::{
    diagnostic::{Code, Diagnostic, FileId, Place, Report, Sink, Sources},
    settings::{keys::Keys, variables::Variables},
};

pub use certificates::Tls;
pub use value::{LogRefusals, Watch};

/// What the command line and the environment say.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub struct Flags {
    /// A YAML file with settings; flags and variables win over it
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE"))]
    pub config: Option<PathBuf>,

    /// The settings themselves.
    #[cfg_attr(feature = "cli", command(flatten))]
    pub keys: Keys,
}

/// Validated settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Rule files and directories, in order.
    pub rules: Vec<PathBuf>,
    /// Where the webhook listens.
    pub listen: SocketAddr,
    /// Where the admin side listens.
    pub admin: SocketAddr,
    /// Where the tokens of the admin side come from.
    pub admin_tokens: Vec<tokens::admin::Source>,
    /// Whether metrics are for everyone who reaches the admin side.
    pub metrics_public: bool,
    /// What encrypts the webhook.
    pub tls: Option<Tls>,
    /// What encrypts the admin side.
    pub admin_tls: Option<Tls>,
    /// Every path of the webhook, `/` included.
    pub paths: Vec<String>,
    /// The apps, at least one.
    pub apps: Vec<App>,
    /// How far the time of a signature may be from now.
    pub signature_window: Duration,
    /// Who may call the webhook; empty for everyone.
    pub allow_from: Vec<IpNet>,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The answer to what cannot be decided.
    pub on_error: OnError,
    /// Which refusals are logged.
    pub log_refusals: LogRefusals,
    /// Threads that answer.
    pub workers: usize,
    /// How long to go on answering after the signal to end.
    pub drain: Duration,
    /// How changes of rules are noticed.
    pub watch: Watch,
    /// How often to look for changes.
    pub poll: Duration,
    /// What may be read besides rule files.
    pub source: Source,
    /// Where the last good rules are kept.
    pub data: Option<PathBuf>,
    /// Keys that the rules with a quota count, all together.
    pub max_quota_keys: usize,
    /// What a client may take.
    pub limits: Limits,
}

/// Which list files may be read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Directories besides the rule directories in which they may lie.
    pub list_roots: Vec<PathBuf>,
    /// Bytes of all of them together.
    pub max_list_bytes: u64,
}

/// One app.
#[derive(Clone, Debug)]
pub struct App {
    /// Its SdkAppid.
    pub id: u64,
    /// Where its tokens come from; none for an app whose requests are not signed.
    pub tokens: Vec<tokens::Source>,
}

/// What to answer when a request cannot be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnError {
    /// A status of failure: Chat lets the action through.
    Allow,
    /// A refusal.
    Deny {
        /// 1, or 10100 to 10200.
        code: u32,
        /// The text of the reply.
        message: String,
    },
}

/// What a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections in all.
    pub connections: usize,
    /// Connections from one address.
    pub connections_per_peer: usize,
    /// How long an idle connection stays open.
    pub keep_alive: Duration,
    /// How long a head may take.
    pub head: Duration,
    /// How long a body may take.
    pub body: Duration,
    /// The largest body, in bytes.
    pub body_bytes: usize,
}

/// The outcome of reading settings.
#[derive(Debug)]
pub struct Loaded {
    /// The settings, unless they have errors.
    pub settings: Option<Settings>,
    /// Every finding, sorted by place.
    pub report: Report,
    /// Whether a mistake is in a flag or a variable, or the settings file cannot be read.
    pub is_misused: bool,
}

impl Flags {
    /// These, and what the environment says where they say nothing.
    #[must_use]
    pub fn or_variables(self) -> Flags {
        let config = self.config.or_else(|| variables::value("config").map(PathBuf::from));
        Flags { config, keys: self.keys.over(Keys::of(&mut Variables)) }
    }
}

impl Settings {
    /// Whether nobody can be let in to the admin side beyond loopback: it has no token, and clients have no certificates.
    pub fn admin_is_closed(&self) -> bool {
        let knows_clients = self.admin_tls.as_ref().is_some_and(|tls| tls.clients.is_some());
        !self.admin.ip().is_loopback() && self.admin_tokens.is_empty() && !knows_clients
    }

    /// Reads everything: the settings file if one is named, and every token file and variable.
    pub fn load(flags: Flags) -> Loaded {
        let (mut sources, mut sink) = (Sources::default(), Sink::default());
        let file = flags.config.as_deref().and_then(|path| read(path, &mut sources, &mut sink));
        let below = match file {
            Some(file) => file::parse(file, sources.text(file), &mut sink),
            None => (!sink.has_errors()).then(Keys::default),
        };
        if let Some(file) = file.filter(|_| sink.has_errors()) {
            file::hide_secrets(file, &mut sources, &sink);
        }
        variables::unknown(&mut sources, &mut sink);
        // A file that cannot be parsed says nothing about what is missing.
        let settings = below.map(|below| validate::settings(&flags.keys.over(below), file, &mut sources, &mut sink));
        let settings = settings.filter(|_| !sink.has_errors());
        let is_misused = settings.is_none() && sink.kept().any(|finding| Some(finding.place.file) != file);
        Loaded { settings, report: Report::new(&sources, sink), is_misused }
    }
}

fn read(path: &Path, sources: &mut Sources, sink: &mut Sink) -> Option<FileId> {
    let text = std::fs::File::open(path).and_then(|file| {
        let mut text = String::new();
        file.take(file::MAX_BYTES + 1).read_to_string(&mut text).map(|_| text)
    });
    let name = path.to_string_lossy();
    let problem = match text {
        Err(error) => format!("the settings file cannot be read: {error}"),
        Ok(text) if text.len() as u64 > file::MAX_BYTES => "the settings file is larger than 1 MiB".to_owned(),
        Ok(text) => return Some(sources.add(name, text)),
    };
    let file = sources.add(name, "");
    sink.push(Diagnostic::new(Code::InvalidSettings, Place::whole(file), problem));
    None
}
