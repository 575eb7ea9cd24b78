//! What a file may hold, as data: the reader, the formatter and the JSON Schema are all made from it.

use crate::{
    diagnostic::Sink,
    yaml::{Extra, Fields, Node},
};

/// A mapping with a closed set of keys.
#[derive(Debug)]
pub struct Shape {
    /// What findings call it, such as "a rule".
    pub what: &'static str,
    /// Its keys, in the order in which they are best read.
    pub keys: &'static [Entry],
    /// Whether keys that begin with `x-` are the user's own.
    pub extra: Extra,
    /// Whether it may be without any key.
    pub least: Least,
}

/// A key of a mapping.
#[derive(Debug)]
pub struct Entry {
    /// The key.
    pub name: &'static str,
    /// Whether it must be there.
    pub need: Need,
    /// What stands behind it.
    pub takes: Takes,
    /// What it is for, in one sentence.
    pub summary: &'static str,
}

/// Whether a key must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must.
    Required,
    /// It may be left out.
    Optional,
}

/// Whether a collection may be empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Least {
    /// It may.
    None,
    /// It needs something in it.
    One,
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub enum Takes {
    /// Anything.
    Anything,
    /// A text of the user's own.
    Text,
    /// A word with these characters, as a regular expression.
    Word(&'static str),
    /// One of these words.
    OneOf(fn() -> Vec<&'static str>),
    /// A whole number, at least and at most.
    Number(u64, u64),
    /// `true` or `false`.
    Flag,
    /// A list of such values.
    Items(&'static Takes, Least),
    /// A mapping with these keys.
    Mapping(&'static Shape),
    /// A mapping from words with these characters to such values.
    Map(&'static str, &'static Takes, Least),
    /// One of these.
    Either(&'static [Takes]),
    /// What another part of the language describes, under this name.
    Named(&'static str),
}

impl Shape {
    /// Reads a mapping, with a finding for each key that it does not have.
    pub fn fields<'t>(&'static self, node: &'t Node, sink: &mut Sink) -> Option<Fields<'t>> {
        let known: Vec<&str> = self.keys.iter().map(|entry| entry.name).collect();
        Fields::of(node, self.what, &known, self.extra, sink)
    }

    /// What is known of a key.
    pub fn entry(&self, key: &str) -> Option<&'static Entry> {
        self.keys.iter().find(|entry| entry.name == key)
    }
}

impl Entry {
    /// A key that must be there.
    pub const fn required(name: &'static str, takes: Takes, summary: &'static str) -> Entry {
        Entry { name, need: Need::Required, takes, summary }
    }

    /// A key that may be left out.
    pub const fn optional(name: &'static str, takes: Takes, summary: &'static str) -> Entry {
        Entry { name, need: Need::Optional, takes, summary }
    }
}
