//! What a request asks for: query and body, read leniently, because an odd character must not be a way around the rules.

mod body;
mod command;
mod malformed;
mod query;

use std::borrow::Cow;

use jiff::Timestamp;

use crate::facts::{Command, Facts, Rollout};

pub use crate::facts::MAX_NAME_BYTES;
pub use body::Body;
pub use command::LABELS;
pub use malformed::Malformed;
pub use query::{App, MAX_PARAMETERS, Query};

/// What an authenticated request asks for.
#[derive(Debug)]
pub enum Asked<'a> {
    /// To be decided by the rules.
    Decide(Facts<'a>),
    /// Nothing: the console checks that the service answers.
    Verification,
    /// A command that has no rules, by its label: a documented name, or `other`.
    NotEvaluated(&'static str),
}

/// Reads an authenticated request, at the time at which it is decided.
///
/// # Errors
/// Why the request cannot be decided.
pub fn read<'a>(query: &'a Query<'a>, body: &'a [u8], at: Timestamp) -> Result<Asked<'a>, Malformed> {
    let body = match query.conflict.clone().map_or_else(|| Body::parse(body), Err) {
        Ok(body) => body,
        Err(malformed) => return not_evaluated(query).map(Asked::NotEvaluated).ok_or(malformed),
    };
    let (in_query, in_body) = (query.command.as_deref(), body.command.as_deref());
    let name = in_query.or(in_body).ok_or(Malformed::NoCommand)?;
    let other = in_body.filter(|other| *other != name);
    let decided = [Some(name), other].map(|name| name.and_then(command::decided));
    let command = match (other, decided) {
        (_, [None, None]) => return Ok(Asked::NotEvaluated(command::label(name))),
        (None, [Some(command), _]) => command,
        _ => return Err(Malformed::TwoCommands),
    };
    if query.app == App::Absent && body.is_empty {
        return Ok(Asked::Verification);
    }
    facts(query, body, command, at).map(Asked::Decide)
}

/// The label of the command that a query names, if it has no rules: the answer is then known without a body.
pub fn not_evaluated(query: &Query<'_>) -> Option<&'static str> {
    query.command.as_deref().filter(|name| command::decided(name).is_none()).map(command::label)
}

fn facts<'a>(query: &'a Query<'a>, body: Body<'a>, command: Command, at: Timestamp) -> Result<Facts<'a>, Malformed> {
    let App::Number(app) = query.app else { return Err(Malformed::NoApp) };
    let operator = body.operator.ok_or(Malformed::NoOperator)?;
    let name = body.name.ok_or(Malformed::NoName)?;
    if name.len() > MAX_NAME_BYTES {
        return Err(Malformed::LongName);
    }
    Ok(Facts {
        command,
        operator,
        owner: body.owner,
        name,
        group_type: body.group_type,
        platform: query.platform.as_deref().map(Cow::Borrowed),
        client_ip: query.client_ip,
        app: Some(app),
        at,
        rollout: Rollout::ByOperator,
    })
}
