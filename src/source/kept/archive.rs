//! A rule set as one tar file: a manifest, the files under the names that operators know, and a checksum of each.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Read, Write},
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tar::{Archive, Builder, Header};

use crate::{
    diagnostic::Code,
    rules::{Input, ListFile, Problem, RuleFile},
    source::content::Content,
};

/// What this version writes and reads.
const FORMAT: u64 = 1;
const MANIFEST: &str = "manifest.json";
/// What `sha256sum --check` reads; the last member.
const SUMS: &str = "SHA256SUMS";

/// A set that was kept.
#[derive(Debug)]
pub struct Kept {
    /// The set.
    pub input: Input,
    /// When it was stored.
    pub stored: Timestamp,
}

/// Why an archive is not a set.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// It is no archive, or ends too early.
    #[error("is damaged: {0}")]
    Broken(#[from] io::Error),
    /// A member is not what was stored.
    #[error("is damaged: its files are not those of its checksums")]
    Changed,
    /// The members are not those that the manifest names by their content.
    #[error("is damaged: its files are not those of its `content`")]
    OtherContent,
    /// The manifest does not describe the members.
    #[error("is damaged: {MANIFEST}: {0}")]
    Manifest(String),
    /// Another version of this program wrote it.
    #[error("has the format {0}, and this version reads {FORMAT}")]
    Format(u64),
}

#[derive(Deserialize)]
struct AnyManifest {
    format: u64,
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    format: u64,
    version: String,
    stored: String,
    content: String,
    revision: String,
    rule_files: Vec<Named>,
    list_files: Vec<String>,
    problems: Vec<Noted>,
}

/// A rule file, and which list file each name in it means.
#[derive(Serialize, Deserialize)]
struct Named {
    path: String,
    relative: String,
    lists: BTreeMap<String, usize>,
}

/// What was wrong and did not keep the set from loading.
#[derive(Serialize, Deserialize)]
struct Noted {
    code: String,
    path: String,
    message: String,
    help: Option<String>,
}

/// Writes a set that loaded.
///
/// # Errors
/// When it cannot be written, or a file of the set could not be read.
pub(super) fn pack(input: &Input, revision: &str, stored: Timestamp, to: impl Write) -> io::Result<()> {
    let modified = u64::try_from(stored.as_second()).unwrap_or_default();
    let names = BTreeSet::from([SUMS.to_owned()]);
    let mut packing = Packing { builder: Builder::new(to), modified, names, sums: String::new() };
    packing.add(MANIFEST, &serde_json::to_vec_pretty(&manifest(input, revision, stored)?)?)?;
    for file in &input.files {
        packing.add(&file.path, file.bytes.as_ref().map_err(|reason| io::Error::other(reason.as_str()))?)?;
    }
    for list in &input.list_files {
        packing.add(&list.path, list.bytes())?;
    }
    packing.finish()
}

fn manifest(input: &Input, revision: &str, stored: Timestamp) -> io::Result<Manifest> {
    let mut rule_files: Vec<Named> = input.files.iter().map(named).collect();
    for ((file, name), list) in &input.lists {
        let list = list.as_ref().map_err(|fault| io::Error::other(fault.message.as_str()))?;
        rule_files.get_mut(*file).map(|file| file.lists.insert(name.clone(), *list));
    }
    Ok(Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        stored: stored.to_string(),
        content: input.content.clone(),
        revision: revision.to_owned(),
        rule_files,
        list_files: input.list_files.iter().map(|list| list.path.clone()).collect(),
        problems: input.problems.iter().map(noted).collect(),
    })
}

fn named(file: &RuleFile) -> Named {
    Named { path: file.path.clone(), relative: file.relative.clone(), lists: BTreeMap::new() }
}

fn noted(problem: &Problem) -> Noted {
    let Problem { code, path, message, help } = problem.clone();
    Noted { code: code.word().to_owned(), path, message, help }
}

struct Packing<W: Write> {
    builder: Builder<W>,
    modified: u64,
    names: BTreeSet<String>,
    sums: String,
}

impl<W: Write> Packing<W> {
    fn add(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let name = self.name(path);
        self.sums += &sum(bytes, &name);
        self.append(&name, bytes)
    }

    /// A path that leads nowhere but below the directory that somebody unpacks into, and that no other member has.
    fn name(&mut self, path: &str) -> String {
        let steps: Vec<&str> = path.split('/').filter(|step| !matches!(*step, "" | "." | "..")).collect();
        let mut name = steps.join("/").replace(char::is_control, "_");
        while !self.names.insert(name.clone()) {
            name.push('~');
        }
        name
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_mode(0o600);
        header.set_mtime(self.modified);
        header.set_size(bytes.len() as u64);
        self.builder.append_data(&mut header, name, bytes)
    }

    fn finish(mut self) -> io::Result<()> {
        let sums = std::mem::take(&mut self.sums);
        self.append(SUMS, sums.as_bytes())?;
        self.builder.into_inner()?.flush()
    }
}

/// A line of `sha256sum`.
fn sum(bytes: &[u8], name: &str) -> String {
    let digest: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digest}  {name}\n")
}

/// Reads what [`Store::write`](super::Store::write) wrote, holding no more than the bytes that `from` gives.
///
/// # Errors
/// When it is anything else.
pub fn unpack(from: impl Read) -> Result<Kept, Damage> {
    let mut members = members(from)?.into_iter();
    let manifest = members.next().ok_or(Damage::Changed)?;
    let broken = |error: serde_json::Error| Damage::Manifest(error.to_string());
    let AnyManifest { format } = serde_json::from_slice(&manifest).map_err(broken)?;
    if format != FORMAT {
        return Err(Damage::Format(format));
    }
    let manifest: Manifest = serde_json::from_slice(&manifest).map_err(broken)?;
    let stored = manifest.stored.parse().map_err(|error: jiff::Error| Damage::Manifest(error.to_string()))?;
    let input = input(manifest, members)?;
    if Content::of(&input) == input.content { Ok(Kept { input, stored }) } else { Err(Damage::OtherContent) }
}

/// The bytes of every member but the last, which has their checksums.
fn members(from: impl Read) -> Result<Vec<Vec<u8>>, Damage> {
    let (mut members, mut sums) = (Vec::new(), String::new());
    for entry in Archive::new(from).entries()? {
        let mut entry = entry?;
        // Of the other types one is a sparse file, whose bytes are not in the archive: it could be of any size.
        if !entry.header().entry_type().is_file() {
            return Err(Damage::Changed);
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        if name == SUMS {
            return if bytes == sums.as_bytes() { Ok(members) } else { Err(Damage::Changed) };
        }
        sums += &sum(&bytes, &name);
        members.push(bytes);
    }
    Err(io::Error::from(io::ErrorKind::UnexpectedEof).into())
}

fn input(manifest: Manifest, mut members: impl Iterator<Item = Vec<u8>>) -> Result<Input, Damage> {
    let mut input = Input { content: manifest.content, ..Input::default() };
    let mut next = |path: &str| members.next().ok_or_else(|| Damage::Manifest(format!("`{path}` is missing")));
    for (index, Named { path, relative, lists }) in manifest.rule_files.into_iter().enumerate() {
        input.files.push(RuleFile { bytes: Ok(next(&path)?), path, relative });
        for (name, list) in lists {
            if list >= manifest.list_files.len() {
                return Err(Damage::Manifest(format!("there is no list file {list}")));
            }
            input.lists.insert((index, name), Ok(list));
        }
    }
    for path in manifest.list_files {
        input.list_files.push(ListFile::new(path.clone(), next(&path)?));
    }
    input.problems = manifest.problems.into_iter().map(problem).collect::<Result<_, _>>()?;
    Ok(input)
}

fn problem(noted: Noted) -> Result<Problem, Damage> {
    let Noted { code, path, message, help } = noted;
    let code = Code::named(&code).ok_or_else(|| Damage::Manifest(format!("there is no finding `{code}`")))?;
    Ok(Problem { code, path, message, help })
}
