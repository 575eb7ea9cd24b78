//! Every setting as it was written: the one list that flags, environment and file share.
//!
//! Values stay text until `validate` has all of them, so that every mistake is found in one run and
//! reported in the same words wherever it was made.

use std::{convert::Infallible, ops::Range, str::FromStr};

/// A value as it was written, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The text.
    pub text: String,
    /// Where it was written.
    pub origin: Origin,
}

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Behind a flag.
    Flag,
    /// In an environment variable.
    Variable,
    /// In these bytes of the settings file.
    File(Range<usize>),
}

/// The settings of the service. Each has a flag, an environment variable and a key in the settings file, all of the same
/// name; a flag wins over the variable, and both win over the file.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub struct Keys {
    /// Rule files and directories, separated by commas, in the order in which they decide [default: rules]
    #[cfg_attr(feature = "cli", arg(long, value_name = "PATH", value_delimiter = ','))]
    pub rules: Vec<Given>,

    /// Where Chat reaches the webhook [default: 127.0.0.1:8080]
    ///
    /// Beyond loopback every app needs a token, unless `--allow-unsigned` is given. Port 0 takes a free port, which the log
    /// line `listening` names.
    #[cfg_attr(feature = "cli", arg(long, value_name = "ADDRESS:PORT"))]
    pub listen: Option<Given>,

    /// Where operators reach health, metrics and status [default: 127.0.0.1:9090]
    ///
    /// On loopback it asks for no token. On another address it answers only `/healthz` and `/readyz` without one.
    #[cfg_attr(feature = "cli", arg(long, value_name = "ADDRESS:PORT"))]
    pub admin: Option<Given>,

    /// A file with a token of the admin side, for addresses beyond loopback
    ///
    /// One token a line, at least 16 characters, such as `openssl rand -hex 32` prints; with several, each is accepted. The
    /// file is read again when it changes. It is sent as `Authorization: Bearer TOKEN`.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE"))]
    pub admin_token_file: Option<Given>,

    /// An environment variable with a token of the admin side, such as ADMIN_TOKEN
    #[cfg_attr(feature = "cli", arg(long, value_name = "NAME"))]
    pub admin_token_env: Option<Given>,

    /// Answer `/metrics` without a token
    #[cfg_attr(
        feature = "cli",
        arg(
            long,
            value_name = "true|false",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        )
    )]
    pub metrics_public: Option<Given>,
    /// A PEM file with the certificate of the webhook, which turns on TLS there
    ///
    /// The certificates that lead to its authority follow it. It is read again when it changes, together with its key.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE"))]
    pub tls_cert: Option<Given>,

    /// A PEM file with the private key of that certificate
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE"))]
    pub tls_key: Option<Given>,

    /// A PEM file with the certificate of the admin side, which turns on TLS there
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE"))]
    pub admin_tls_cert: Option<Given>,

    /// A PEM file with the private key of that certificate
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE"))]
    pub admin_tls_key: Option<Given>,

    /// A PEM file with the authorities that sign the certificates of the admin side's clients
    ///
    /// A client may come without a certificate. One that shows another authority's is turned away.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE"))]
    pub admin_client_ca: Option<Given>,

    /// Webhook paths besides `/`, such as `/chat/callback`, separated by commas
    #[cfg_attr(feature = "cli", arg(long, value_name = "PATH", value_delimiter = ','))]
    pub paths: Vec<Given>,

    /// The SdkAppid of your app, such as 1400000000; several apps stand in the settings file
    #[cfg_attr(feature = "cli", arg(long, value_name = "SDKAPPID"))]
    pub app: Option<Given>,

    /// A file with the token of the app
    ///
    /// One token a line, 1 to 128 characters; a line that begins with `# ` is a comment. With several, each is accepted, so
    /// that a token can be rotated. The file is read again when it changes.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FILE"))]
    pub token_file: Option<Given>,

    /// An environment variable with the token of the app, such as CHAT_TOKEN
    #[cfg_attr(feature = "cli", arg(long, value_name = "NAME"))]
    pub token_env: Option<Given>,

    /// Several apps, each with its own tokens.
    #[cfg_attr(feature = "cli", arg(skip))]
    pub apps: Vec<App>,

    /// How far the time of a signature may be from now [default: 60s]
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION"))]
    pub signature_window: Option<Given>,

    /// Listen beyond loopback although an app has no token
    #[cfg_attr(
        feature = "cli",
        arg(
            long,
            value_name = "true|false",
            num_args = 0..=1,
            require_equals = true,
            default_missing_value = "true"
        )
    )]
    pub allow_unsigned: Option<Given>,

    /// Networks that may call the webhook, such as 203.0.113.0/24, separated by commas [default: all]
    #[cfg_attr(feature = "cli", arg(long, value_name = "NETWORK", value_delimiter = ','))]
    pub allow_from: Vec<Given>,

    /// Networks of proxies whose `X-Forwarded-For` is believed, separated by commas [default: none]
    #[cfg_attr(feature = "cli", arg(long, value_name = "NETWORK", value_delimiter = ','))]
    pub trusted_proxies: Vec<Given>,

    /// The answer when a request cannot be decided: allow or deny [default: allow]
    ///
    /// The settings file can also say which code and text to refuse with:
    /// `on_error: { deny: { code: 10199, message: Please try again. } }`.
    #[cfg_attr(feature = "cli", arg(long, value_name = "allow|deny"))]
    pub on_error: Option<OnError>,

    /// Which refusals are logged: a few a second, all or none; metrics count each [default: sampled]
    ///
    /// It holds for what shadow rules would have decided, too. `sampled` is at most 10 of each a second; a line says in
    /// `skipped` how many were left out before it.
    #[cfg_attr(feature = "cli", arg(long, value_name = "sampled|all|off"))]
    pub log_refusals: Option<Given>,

    /// Threads that answer [default: one for each core]
    #[cfg_attr(feature = "cli", arg(long, value_name = "COUNT"))]
    pub workers: Option<Given>,

    /// How long to go on answering after SIGTERM [default: 5s]
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION"))]
    pub drain: Option<Given>,

    /// How changes of rules are noticed: by events, or by looking only [default: auto]
    #[cfg_attr(feature = "cli", arg(long, value_name = "auto|poll"))]
    pub watch: Option<Given>,

    /// How often to look for changes where events do not tell [default: 2s]
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION"))]
    pub poll: Option<Given>,

    /// Directories besides the rule directories in which list files may lie, separated by commas [default: none]
    #[cfg_attr(feature = "cli", arg(long, value_name = "DIRECTORY", value_delimiter = ','))]
    pub list_roots: Vec<Given>,

    /// Bytes of all list files together [default: 512MiB]
    #[cfg_attr(feature = "cli", arg(long, value_name = "BYTES"))]
    pub max_list_bytes: Option<Given>,

    /// A directory in which the last good rules are kept, to start from when the files cannot be loaded [default: none]
    ///
    /// Its last name is created if it is missing. Give each service a directory of its own.
    #[cfg_attr(feature = "cli", arg(long, value_name = "DIRECTORY"))]
    pub data: Option<Given>,

    /// Keys that rules with a quota count, all rules together [default: 100000]
    ///
    /// Each takes memory; where there are more, those that expire next start anew. In the settings file:
    /// `quota: { max_keys: 100000 }`.
    #[cfg_attr(feature = "cli", arg(long, value_name = "COUNT"))]
    pub quota_max_keys: Option<Given>,

    /// Connections to the webhook in all [default: 10000]
    #[cfg_attr(feature = "cli", arg(long, value_name = "COUNT"))]
    pub max_connections: Option<Given>,

    /// Connections to the webhook from one address or IPv6 network; trusted proxies are not limited [default: 1000]
    #[cfg_attr(feature = "cli", arg(long, value_name = "COUNT"))]
    pub max_connections_per_peer: Option<Given>,

    /// How long an idle connection stays open; Chat reuses its connections [default: 90s]
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION"))]
    pub keep_alive: Option<Given>,

    /// How long the head of a request may take [default: 5s]
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION"))]
    pub head_timeout: Option<Given>,

    /// How long the body of a request may take; Chat itself waits 2 seconds for the whole exchange [default: 2s]
    #[cfg_attr(feature = "cli", arg(long, value_name = "DURATION"))]
    pub body_timeout: Option<Given>,

    /// The largest body of a request [default: 64KiB]
    #[cfg_attr(feature = "cli", arg(long, value_name = "BYTES"))]
    pub max_body_bytes: Option<Given>,
}

/// An app in the settings file.
#[derive(Clone, Debug)]
pub struct App {
    /// Its SdkAppid.
    pub id: Given,
    /// Files with tokens.
    pub token_files: Vec<Given>,
    /// Environment variables with tokens.
    pub token_envs: Vec<Given>,
}

/// The answer to what cannot be decided.
#[derive(Clone, Debug)]
pub enum OnError {
    /// `allow`, so that the failure shows and Chat lets the action through, or `deny`.
    Word(Given),
    /// A refusal.
    Deny(Refusal),
}

/// What to refuse with.
#[derive(Clone, Debug, Default)]
pub struct Refusal {
    /// 1, or 10100 to 10200.
    pub code: Option<Given>,
    /// The text of the reply.
    pub message: Option<Given>,
}

/// Something that holds settings by their names.
pub trait Layer {
    /// The value of a key.
    fn one(&mut self, key: &'static str) -> Option<Given>;
    /// The value of a key that stands below another one in a file.
    fn below(&mut self, key: &'static str, path: [&'static str; 2]) -> Option<Given>;
    /// The values of a key.
    fn many(&mut self, key: &'static str) -> Vec<Given>;
    /// The answer to what cannot be decided.
    fn on_error(&mut self, key: &'static str) -> Option<OnError>;
    /// The apps.
    fn apps(&mut self, key: &'static str) -> Vec<App>;
}

impl Keys {
    /// Everything that a layer holds.
    pub fn of(layer: &mut impl Layer) -> Keys {
        Keys {
            rules: layer.many("rules"),
            listen: layer.one("listen"),
            admin: layer.one("admin"),
            admin_token_file: layer.one("admin_token_file"),
            admin_token_env: layer.one("admin_token_env"),
            metrics_public: layer.one("metrics_public"),
            tls_cert: layer.one("tls_cert"),
            tls_key: layer.one("tls_key"),
            admin_tls_cert: layer.one("admin_tls_cert"),
            admin_tls_key: layer.one("admin_tls_key"),
            admin_client_ca: layer.one("admin_client_ca"),
            paths: layer.many("paths"),
            app: layer.one("app"),
            token_file: layer.one("token_file"),
            token_env: layer.one("token_env"),
            apps: layer.apps("apps"),
            signature_window: layer.one("signature_window"),
            allow_unsigned: layer.one("allow_unsigned"),
            allow_from: layer.many("allow_from"),
            trusted_proxies: layer.many("trusted_proxies"),
            on_error: layer.on_error("on_error"),
            log_refusals: layer.one("log_refusals"),
            workers: layer.one("workers"),
            drain: layer.one("drain"),
            watch: layer.one("watch"),
            poll: layer.one("poll"),
            list_roots: layer.many("list_roots"),
            max_list_bytes: layer.one("max_list_bytes"),
            data: layer.one("data"),
            quota_max_keys: layer.below("quota_max_keys", ["quota", "max_keys"]),
            max_connections: layer.one("max_connections"),
            max_connections_per_peer: layer.one("max_connections_per_peer"),
            keep_alive: layer.one("keep_alive"),
            head_timeout: layer.one("head_timeout"),
            body_timeout: layer.one("body_timeout"),
            max_body_bytes: layer.one("max_body_bytes"),
        }
    }

    /// These, and from `below` what these leave open.
    #[must_use]
    pub fn over(self, below: Keys) -> Keys {
        let list = |above: Vec<Given>, below: Vec<Given>| if above.is_empty() { below } else { above };
        Keys {
            rules: list(self.rules, below.rules),
            listen: self.listen.or(below.listen),
            admin: self.admin.or(below.admin),
            admin_token_file: self.admin_token_file.or(below.admin_token_file),
            admin_token_env: self.admin_token_env.or(below.admin_token_env),
            metrics_public: self.metrics_public.or(below.metrics_public),
            tls_cert: self.tls_cert.or(below.tls_cert),
            tls_key: self.tls_key.or(below.tls_key),
            admin_tls_cert: self.admin_tls_cert.or(below.admin_tls_cert),
            admin_tls_key: self.admin_tls_key.or(below.admin_tls_key),
            admin_client_ca: self.admin_client_ca.or(below.admin_client_ca),
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
            log_refusals: self.log_refusals.or(below.log_refusals),
            workers: self.workers.or(below.workers),
            drain: self.drain.or(below.drain),
            watch: self.watch.or(below.watch),
            poll: self.poll.or(below.poll),
            list_roots: list(self.list_roots, below.list_roots),
            max_list_bytes: self.max_list_bytes.or(below.max_list_bytes),
            data: self.data.or(below.data),
            quota_max_keys: self.quota_max_keys.or(below.quota_max_keys),
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
        Ok(Given { text: text.to_owned(), origin: Origin::Flag })
    }
}

impl FromStr for OnError {
    type Err = Infallible;

    fn from_str(word: &str) -> Result<OnError, Infallible> {
        word.parse().map(OnError::Word)
    }
}
