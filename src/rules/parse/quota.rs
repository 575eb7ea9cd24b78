//! The `quota` of a rule: how often something may happen before the rule applies.

use std::{ops::RangeInclusive, time::Duration};

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    engine::quota::{Per, Quota},
    rules::{
        grammar,
        parse::{keyword, time},
    },
    yaml::{Node, read::whole_number},
};

/// Each key takes the memory of so many times.
const LIMITS: RangeInclusive<u32> = 1..=1000;

/// A counter is kept for so long after the latest request.
const WINDOWS: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(30 * 86_400);

pub(super) fn parse(node: &Node, sink: &mut Sink) -> Option<Quota> {
    let fields = grammar::QUOTA.fields(node, sink)?;
    let limit = fields.require("limit", sink).and_then(|node| limit(node, sink));
    let per = fields
        .require("per", sink)
        .and_then(|node| keyword(node, "`per`", &Per::ALL.map(|per| (per.name(), per)), sink));
    let within = fields.require("within", sink).and_then(|node| time::duration(node, "`within`", WINDOWS, sink));
    Some(Quota { limit: limit?, per: per?, within: u64::try_from(within?.as_millis()).ok()? })
}

fn limit(node: &Node, sink: &mut Sink) -> Option<u32> {
    let word = node.word("`limit`", sink)?;
    let read = whole_number(word);
    let limit = read.clone().ok().filter(|limit| LIMITS.contains(limit));
    if limit.is_none() {
        let help = match read {
            Ok(0) => "remove `quota`: without one the rule applies from the first request on".to_owned(),
            Err(Some(help)) => help,
            _ => format!("it takes a whole number from {} to {}", LIMITS.start(), LIMITS.end()),
        };
        let found = Diagnostic::new(Code::InvalidValue, node.place, format!("`limit` cannot be `{word}`"));
        sink.push(found.help(help));
    }
    limit
}
