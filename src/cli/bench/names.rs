//! The requests that are decided: names of a file or built in, and what the examples and tests of the set ask.

#![expect(clippy::disallowed_methods, reason = "the file with names is read here")]

use std::{
    fs::File,
    io::{self, Read},
    net::{IpAddr, Ipv4Addr},
    path::Path,
};

use anyhow::{Context, anyhow, bail};
use jiff::Timestamp;

use crate::{facts::Facts, webhook::request::MAX_NAME_BYTES};

/// The largest file with names, in bytes.
const MOST_BYTES: u64 = 16 << 20;

/// The most names of a file.
const MOST_NAMES: usize = 100_000;

/// Names that harm nobody, one a line: ASCII, Han and other scripts, mixed, long ones, and some that need every view.
const BUILT_IN: &str = include_str!("harmless.txt");

/// Whoever creates what nobody is said to create: in no list, as most people are.
const OPERATOR: &str = "bench-member";

/// An address of documentation.
const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));

/// What is decided.
pub(super) struct Requests {
    /// All of them, mixed: names of one kind in a row would be decided faster than they are in life.
    pub(super) all: Vec<Facts<'static>>,
    /// How many names are of the file; `None` without one.
    pub(super) given: Option<usize>,
    /// How many are built in.
    pub(super) built_in: usize,
    /// How many the examples and tests of the set ask.
    pub(super) own: usize,
}

impl Requests {
    /// Those of the file or the built-in ones, and those of the set.
    pub(super) fn of(given: Option<Vec<String>>, own: Vec<Facts<'static>>, at: Timestamp) -> Requests {
        let own_count = own.len();
        let (given, built_in, names) = match given {
            Some(names) => (Some(names.len()), 0, names),
            None => {
                let names: Vec<String> = BUILT_IN.lines().map(str::to_owned).collect();
                (None, names.len(), names)
            }
        };
        let names = names.into_iter().map(|name| asked(name, at));
        let mut all: Vec<Facts<'static>> = names.chain(own.into_iter().map(|facts| completed(facts, at))).collect();
        mix(&mut all);
        Requests { all, given, built_in, own: own_count }
    }
}

/// The creation of a topic, as Chat asks about it.
fn asked(name: String, at: Timestamp) -> Facts<'static> {
    Facts {
        group_type: Some("Community".into()),
        platform: Some("Android".into()),
        client_ip: Some(ADDRESS),
        app: Some(1_400_000_000),
        ..Facts::topic(OPERATOR, name, at)
    }
}

/// An example may be a name alone, and tests seldom say a time.
fn completed(facts: Facts<'static>, at: Timestamp) -> Facts<'static> {
    if facts.operator.is_empty() {
        return asked(facts.name.into_owned(), at);
    }
    if facts.at == Timestamp::UNIX_EPOCH { Facts { at, ..facts } } else { facts }
}

/// The same order at every run.
fn mix(requests: &mut [Facts<'static>]) {
    let mut seed: usize = 1;
    for last in (1..requests.len()).rev() {
        // Knuth's generator; its upper bits are good enough for a shuffle.
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        requests.swap(last, (seed >> 33) % (last + 1));
    }
}

/// The names of a file, one a line; blank lines are none.
pub(super) fn read(path: &Path) -> anyhow::Result<Vec<String>> {
    let shown = path.display();
    let bytes = bytes(path).with_context(|| format!("cannot read `{shown}`"))?;
    if bytes.len() as u64 > MOST_BYTES {
        bail!("`{shown}` is larger than 16 MiB: take some of its names");
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
        anyhow!(
            "line {} of `{shown}` is not UTF-8: save the file as UTF-8",
            before.filter(|byte| **byte == b'\n').count() + 1
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let names: Vec<(usize, &str)> = (1..).zip(text.lines()).filter(|(_, name)| !name.trim().is_empty()).collect();
    if names.is_empty() {
        bail!("`{shown}` has no name: write one a line");
    }
    if names.len() > MOST_NAMES {
        bail!("`{shown}` has {} names: at most {MOST_NAMES} are measured", names.len());
    }
    let long = names.iter().find(|(_, name)| name.len() > MAX_NAME_BYTES);
    if let Some((line, name)) = long {
        bail!(
            "line {line} of `{shown}` has {} bytes: the service decides names of at most {MAX_NAME_BYTES}",
            name.len()
        );
    }
    Ok(names.into_iter().map(|(_, name)| name.to_owned()).collect())
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match path.to_str() {
        Some("-") => io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes)?,
        _ if path.is_dir() => return Err(io::Error::other("it is a directory: name a file with one name a line")),
        _ => File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?,
    };
    Ok(bytes)
}
