//! What the text of one setting means.

use std::{net::SocketAddr, ops::RangeInclusive, path::PathBuf, time::Duration};

use ipnet::IpNet;

use crate::{
    facts::{self, OWN_CODES, PLAIN_REFUSAL},
    settings::OnError,
};

/// Why a text is not a value of its setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// How changes of rules are noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watch {
    /// By events where there are any, and by looking.
    Auto,
    /// By looking.
    Poll,
}

impl Watch {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Watch::Auto => "auto",
            Watch::Poll => "poll",
        }
    }
}

/// Which refusals are logged, and which of what shadow rules would have decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogRefusals {
    /// A few a second.
    Sampled,
    /// Each.
    All,
    /// None.
    Off,
}

impl LogRefusals {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            LogRefusals::Sampled => "sampled",
            LogRefusals::All => "all",
            LogRefusals::Off => "off",
        }
    }
}

/// An address with a port.
pub fn socket(text: &str) -> Result<SocketAddr, Fault> {
    text.parse().map_err(|_| fault(text, "an address with a port", "write it like `127.0.0.1:8080` or `[::1]:8080`"))
}

/// A network, or one address.
pub fn network(text: &str) -> Result<IpNet, Fault> {
    facts::network(text).map_err(|fault| Fault { message: fault.message, help: Some(fault.help) })
}

/// A path of the webhook. Chat does not take `?`, `$`, `&` and `!` in the configured address.
pub fn webhook_path(text: &str) -> Result<String, Fault> {
    let allowed = |character: char| character.is_ascii_graphic() && !"?$&!#\"<>\\^`{|}".contains(character);
    if text.starts_with('/') && text.chars().all(allowed) {
        return Ok(text.to_owned());
    }
    Err(fault(text, "a path that Chat can call", "write it like `/chat/callback`, without `?`, `$`, `&` or `!`"))
}

/// A path in the file system.
pub fn file(text: &str) -> Result<PathBuf, Fault> {
    if text.is_empty() {
        return Err(Fault { message: "the path is empty".to_owned(), help: None });
    }
    Ok(PathBuf::from(text))
}

/// A directory that is there.
pub fn directory(text: &str) -> Result<PathBuf, Fault> {
    let path = file(text)?;
    if path.is_dir() { Ok(path) } else { Err(fault(text, "a directory", "create it, or remove it from the list")) }
}

/// A directory that may still be missing.
pub fn own_directory(text: &str) -> Result<PathBuf, Fault> {
    let path = file(text)?;
    let other = path.exists() && !path.is_dir();
    if other { Err(fault(text, "a directory", "name a directory, or a path that does not exist")) } else { Ok(path) }
}

/// An SdkAppid.
pub fn app(text: &str) -> Result<u64, Fault> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let id = text.parse().ok().filter(|id| digits && *id > 0);
    id.ok_or_else(|| fault(text, "an SdkAppid", "it is the number that the Chat console shows, such as `1400000000`"))
}

/// `true` or `false`.
pub fn switch(text: &str) -> Result<bool, Fault> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(fault(text, "a switch", "it is `true` or `false`")),
    }
}

/// `allow` or `deny`; a refusal of its own stands in the settings file.
pub fn on_error(text: &str) -> Result<OnError, Fault> {
    match text {
        "allow" => Ok(OnError::Allow),
        "deny" => Ok(OnError::Deny { code: PLAIN_REFUSAL, message: String::new() }),
        _ => Err(fault(
            text,
            "an answer",
            "it is `allow`, `deny`, or in the settings file `{ deny: { code: 10199, message: ... } }`",
        )),
    }
}

/// `auto` or `poll`.
pub fn watch(text: &str) -> Result<Watch, Fault> {
    let found = [Watch::Auto, Watch::Poll].into_iter().find(|watch| watch.name() == text);
    found.ok_or_else(|| fault(text, "a way of watching", "it is `auto` or `poll`"))
}

/// `sampled`, `all` or `off`.
pub fn log_refusals(text: &str) -> Result<LogRefusals, Fault> {
    let all = [LogRefusals::Sampled, LogRefusals::All, LogRefusals::Off];
    let found = all.into_iter().find(|logged| logged.name() == text);
    found.ok_or_else(|| fault(text, "a choice of lines", "it is `sampled`, `all` or `off`"))
}

/// A whole number within limits.
pub fn count(within: RangeInclusive<usize>) -> impl Fn(&str) -> Result<usize, Fault> {
    move |text| {
        let help = || format!("it is a whole number from {} to {}", within.start(), within.end());
        let number = text.parse().ok().filter(|number| within.contains(number));
        number.ok_or_else(|| fault(text, "a number that this setting takes", help()))
    }
}

/// A number of bytes within limits, such as `65536`, `64KiB` or `1MiB`.
pub fn bytes(within: RangeInclusive<u64>) -> impl Fn(&str) -> Result<u64, Fault> {
    move |text| {
        let help = || {
            format!("it is a number of bytes from {} to {}, such as `64KiB` or `1MiB`", within.start(), within.end())
        };
        let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("", 1)];
        let size = units
            .iter()
            .find_map(|(unit, size)| text.strip_suffix(unit)?.trim_end().parse::<u64>().ok()?.checked_mul(*size));
        size.filter(|size| within.contains(size)).ok_or_else(|| fault(text, "a size that this setting takes", help()))
    }
}

/// A duration within limits, such as `500ms`, `60s`, `5m` or `2h`.
pub fn duration(within: RangeInclusive<Duration>) -> impl Fn(&str) -> Result<Duration, Fault> {
    move |text| {
        let help = || {
            let (least, most) = (within.start().as_secs_f64(), within.end().as_secs_f64());
            format!("it is a duration from {least}s to {most}s, such as `500ms`, `60s` or `5m`")
        };
        let units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];
        let millis =
            units.iter().find_map(|(unit, millis)| text.strip_suffix(unit)?.parse::<u64>().ok()?.checked_mul(*millis));
        let duration = millis.map(Duration::from_millis).filter(|duration| within.contains(duration));
        duration.ok_or_else(|| fault(text, "a duration that this setting takes", help()))
    }
}

/// The code of a refusal.
pub fn code(text: &str) -> Result<u32, Fault> {
    let code = text.parse().ok().filter(|code| *code == PLAIN_REFUSAL || OWN_CODES.contains(code));
    let help = format!("it is {PLAIN_REFUSAL}, or a number from {} to {}", OWN_CODES.start(), OWN_CODES.end());
    code.ok_or_else(|| fault(text, "a code that Chat passes on", help))
}

fn fault(text: &str, what: &str, help: impl Into<String>) -> Fault {
    Fault { message: format!("`{text}` is not {what}"), help: Some(help.into()) }
}
