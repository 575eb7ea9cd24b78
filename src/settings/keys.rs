//! Every setting as it was written: the one list that flags, environment and file share.
//!
//! Values stay text until `validate` has all of them, so that every mistake is found in one run and
//! reported in the same words wherever it was made.

use std::{convert::Infallible, ops::Range, str::FromStr};

use serde::{Deserialize, Deserializer};
use serde_yaml::Spanned;

use crate::settings::file;

/// A value as it was written, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The text.
    pub text: String,
    /// Its bytes in the settings file; `None` for a flag or a variable.
    pub in_file: Option<Range<usize>>,
}

/// The settings of the service. Each has a flag, an environment variable and a key in the settings file, all of the same
/// name; a flag wins over the variable, and both win over the file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub struct Keys {
    /// Rule files and directories, in the order in which they decide [default: rules]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_RULES", value_name = "PATH", value_delimiter = ','))]
    pub rules: Vec<Given>,

    /// Where Chat reaches the webhook [default: 127.0.0.1:8080]
    ///
    /// Beyond loopback every app needs a token, unless `--allow-unsigned` is given. Port 0 takes a free port, which the log
    /// line `listening` names.
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_LISTEN", value_name = "ADDRESS:PORT"))]
    pub listen: Option<Given>,

    /// Where operators reach health, metrics and status [default: 127.0.0.1:9090]
    ///
    /// It has no authentication of its own: keep it on loopback or in a private network.
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_ADMIN", value_name = "ADDRESS:PORT"))]
    pub admin: Option<Given>,

    /// Webhook paths besides `/`, such as `/chat/callback`
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_PATHS", value_name = "PATH", value_delimiter = ','))]
    pub paths: Vec<Given>,

    /// The SdkAppid of your app, such as 1400000000; several apps stand in the settings file
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_APP", value_name = "SDKAPPID"))]
    pub app: Option<Given>,

    /// A file with the token of the app
    ///
    /// One token a line, 1 to 128 characters; with several, each is accepted, so that a token can be rotated. The file is
    /// read again when it changes.
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_TOKEN_FILE", value_name = "FILE"))]
    pub token_file: Option<Given>,

    /// An environment variable with the token of the app, such as CHAT_TOKEN
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_TOKEN_ENV", value_name = "NAME"))]
    pub token_env: Option<Given>,

    /// Several apps, each with its own tokens.
    #[cfg_attr(feature = "cli", arg(skip))]
    pub apps: Vec<App>,

    /// How far the time of a signature may be from now [default: 60s]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_SIGNATURE_WINDOW", value_name = "DURATION"))]
    pub signature_window: Option<Given>,

    /// Listen beyond loopback although an app has no token
    #[cfg_attr(
        feature = "cli",
        arg(
            long,
            env = "TOPICGATE_ALLOW_UNSIGNED",
            value_name = "true|false",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        )
    )]
    pub allow_unsigned: Option<Given>,

    /// Networks that may call the webhook, such as 203.0.113.0/24 [default: all]
    #[cfg_attr(
        feature = "cli",
        arg(long, env = "TOPICGATE_ALLOW_FROM", value_name = "NETWORK", value_delimiter = ',')
    )]
    pub allow_from: Vec<Given>,

    /// Networks of proxies whose `X-Forwarded-For` is believed [default: none]
    #[cfg_attr(
        feature = "cli",
        arg(long, env = "TOPICGATE_TRUSTED_PROXIES", value_name = "NETWORK", value_delimiter = ',')
    )]
    pub trusted_proxies: Vec<Given>,

    /// The answer when a request cannot be decided: allow or deny [default: allow]
    ///
    /// The settings file can also say which code and text to refuse with:
    /// `on_error: { deny: { code: 10199, message: Please try again. } }`.
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_ON_ERROR", value_name = "allow|deny"))]
    pub on_error: Option<OnError>,

    /// Threads that answer [default: one for each core]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_WORKERS", value_name = "COUNT"))]
    pub workers: Option<Given>,

    /// How long to go on answering after SIGTERM [default: 5s]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_DRAIN", value_name = "DURATION"))]
    pub drain: Option<Given>,

    /// How changes of rules are noticed: by events, or by looking only [default: auto]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_WATCH", value_name = "auto|poll"))]
    pub watch: Option<Given>,

    /// How often to look for changes where events do not tell [default: 2s]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_POLL", value_name = "DURATION"))]
    pub poll: Option<Given>,

    /// Directories besides the rule directories in which list files may lie [default: none]
    #[cfg_attr(
        feature = "cli",
        arg(long, env = "TOPICGATE_LIST_ROOTS", value_name = "DIRECTORY", value_delimiter = ',')
    )]
    pub list_roots: Vec<Given>,

    /// Bytes of all list files together [default: 512MiB]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_MAX_LIST_BYTES", value_name = "BYTES"))]
    pub max_list_bytes: Option<Given>,

    /// Connections to the webhook in all [default: 10000]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_MAX_CONNECTIONS", value_name = "COUNT"))]
    pub max_connections: Option<Given>,

    /// Connections to the webhook from one address or IPv6 network; trusted proxies are not limited [default: 1000]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_MAX_CONNECTIONS_PER_PEER", value_name = "COUNT"))]
    pub max_connections_per_peer: Option<Given>,

    /// How long an idle connection stays open; Chat reuses its connections [default: 90s]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_KEEP_ALIVE", value_name = "DURATION"))]
    pub keep_alive: Option<Given>,

    /// How long the head of a request may take [default: 5s]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_HEAD_TIMEOUT", value_name = "DURATION"))]
    pub head_timeout: Option<Given>,

    /// How long the body of a request may take; Chat itself waits 2 seconds for the whole exchange [default: 2s]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_BODY_TIMEOUT", value_name = "DURATION"))]
    pub body_timeout: Option<Given>,

    /// The largest body of a request [default: 64KiB]
    #[cfg_attr(feature = "cli", arg(long, env = "TOPICGATE_MAX_BODY_BYTES", value_name = "BYTES"))]
    pub max_body_bytes: Option<Given>,
}

/// An app in the settings file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// Its SdkAppid.
    pub id: Given,
    /// Files with tokens.
    #[serde(default)]
    pub token_files: Vec<Given>,
    /// Environment variables with tokens.
    #[serde(default)]
    pub token_envs: Vec<Given>,
}

/// The answer to what cannot be decided.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// Let the failure show, so that Chat lets the action through.
    Allow,
    /// Refuse.
    Deny(Option<Refusal>),
}

/// What to refuse with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Refusal {
    /// 1, or 10100 to 10200.
    pub code: Option<Given>,
    /// The text of the reply.
    pub message: Option<Given>,
}

impl Keys {
    /// These, and from `below` what these leave open.
    #[must_use]
    pub fn over(self, below: Keys) -> Keys {
        let list = |above: Vec<Given>, below: Vec<Given>| if above.is_empty() { below } else { above };
        Keys {
            rules: list(self.rules, below.rules),
            listen: self.listen.or(below.listen),
            admin: self.admin.or(below.admin),
            paths: list(self.paths, below.paths),
            app: self.app.or(below.app),
            token_file: self.token_file.or(below.token_file),
            token_env: self.token_env.or(below.token_env),
            apps: below.apps,
            signature_window: self.signature_window.or(below.signature_window),
            allow_unsigned: self.allow_unsigned.or(below.allow_unsigned),
            allow_from: list(self.allow_from, below.allow_from),
            trusted_proxies: list(self.trusted_proxies, below.trusted_proxies),
            on_error: self.on_error.or(below.on_error),
            workers: self.workers.or(below.workers),
            drain: self.drain.or(below.drain),
            watch: self.watch.or(below.watch),
            poll: self.poll.or(below.poll),
            list_roots: list(self.list_roots, below.list_roots),
            max_list_bytes: self.max_list_bytes.or(below.max_list_bytes),
            max_connections: self.max_connections.or(below.max_connections),
            max_connections_per_peer: self.max_connections_per_peer.or(below.max_connections_per_peer),
            keep_alive: self.keep_alive.or(below.keep_alive),
            head_timeout: self.head_timeout.or(below.head_timeout),
            body_timeout: self.body_timeout.or(below.body_timeout),
            max_body_bytes: self.max_body_bytes.or(below.max_body_bytes),
        }
    }
}

impl FromStr for Given {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Given, Infallible> {
        Ok(Given { text: text.to_owned(), in_file: None })
    }
}

impl FromStr for OnError {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<OnError, &'static str> {
        match word {
            "allow" => Ok(OnError::Allow),
            "deny" => Ok(OnError::Deny(None)),
            _ => Err("it is `allow` or `deny`"),
        }
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Given, D::Error> {
        let spanned = Spanned::<String>::deserialize(deserializer)?;
        Ok(Given { text: spanned.value, in_file: Some(file::bytes(spanned.referenced)) })
    }
}
