//! What a request asks for: query and body, read leniently, because an odd character must not be a way around the rules.

mod body;
mod command;
mod malformed;
mod query;

use std::borrow::Cow;

use jiff::Timestamp;

use crate::facts::{Command, Facts};

pub use body::Body;
pub use malformed::Malformed;
pub use query::{App, MAX_PARAMETERS, Query};

/// The longest name that is decided, in bytes.
pub const MAX_NAME_BYTES: usize = 4096;

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
    if let Some(conflict) = &query.conflict {
        return Err(conflict.clone());
    }
    let in_query = query.command.as_deref();
    let body = match (Body::parse(body), in_query) {
        (Ok(body), _) => body,
        (Err(_), Some(name)) if command::decided(name).is_none() => {
            return Ok(Asked::NotEvaluated(command::label(name)));
        }
        (Err(malformed), _) => return Err(malformed),
    };
    let in_body = body.command.as_deref();
    let name = in_query.or(in_body).ok_or(Malformed::NoCommand)?;
    if in_body.is_some_and(|other| other != name) {
        return Err(Malformed::TwoCommands);
    }
    let Some(command) = command::decided(name) else { return Ok(Asked::NotEvaluated(command::label(name))) };
    if query.app == App::Absent && body.is_empty {
        return Ok(Asked::Verification);
    }
    facts(query, body, command, at).map(Asked::Decide)
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
    })
}
