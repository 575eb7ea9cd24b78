//! File descriptors: clients must not take those that rules, tokens and the admin side need.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tracing::warn;

use crate::{server::admin, settings::Limits};

/// What everything but connections to the webhook may take.
const KEPT: u64 = admin::MAX_CONNECTIONS as u64 + 128;

/// Connections over a limit have one for the moment until they are closed.
const MOMENTARY: u64 = 1024;

/// Allows this process as many as the limits want, and lowers the limit of connections where the system allows fewer.
pub(super) fn within(limits: Limits) -> Limits {
    let needed = u64::try_from(limits.connections).unwrap_or(u64::MAX).saturating_add(KEPT);
    let allowed = raise(needed.saturating_add(MOMENTARY));
    if allowed >= needed {
        return limits;
    }
    let connections = usize::try_from(allowed.saturating_sub(KEPT)).unwrap_or(usize::MAX).max(1);
    warn!(descriptors = allowed, needed, connections, "max_connections lowered: too few file descriptors are allowed");
    Limits { connections, ..limits }
}

/// How many this process may have, after it asked for so many.
fn raise(wanted: u64) -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let (current, most) = (limit.current.unwrap_or(u64::MAX), limit.maximum.unwrap_or(u64::MAX));
    let raised = current.max(wanted.min(most));
    if raised > current && setrlimit(Resource::Nofile, Rlimit { current: Some(raised), ..limit }).is_err() {
        return current;
    }
    raised
}
