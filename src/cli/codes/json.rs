//! The codes for programs.

use std::io::Write;

use serde::Serialize;

use super::Entry;

#[derive(Serialize)]
struct Json<'a> {
    codes: Vec<Code<'a>>,
}

#[derive(Serialize)]
struct Code<'a> {
    code: u32,
    name: Option<&'a str>,
    messages: &'a [String],
    rules: &'a [String],
}

impl<'a> Code<'a> {
    fn of(entry: &'a Entry) -> Code<'a> {
        let registered = &entry.registered;
        let name = registered.name.as_deref();
        Code { code: entry.number, name, messages: &registered.messages, rules: &registered.rules }
    }
}

pub(super) fn print(entries: &[Entry], out: &mut impl Write) -> anyhow::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Json { codes: entries.iter().map(Code::of).collect() })?;
    Ok(writeln!(out)?)
}
