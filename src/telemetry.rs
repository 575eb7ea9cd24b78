//! What the service says about itself: logs here, metrics in the files below.

pub mod decisions;
pub mod latency;
pub mod metrics;
pub mod throttle;

use std::{
    any::Any,
    io::{IsTerminal, stderr},
    panic,
};

use tracing::error;
use tracing_subscriber::{
    EnvFilter, fmt,
    util::{SubscriberInitExt, TryInitError},
};

use crate::text;

/// What is logged unless `RUST_LOG` says otherwise.
const FILTER: &str = "info,actix_server=warn";

/// Starts logging to standard error: text on a terminal, JSON otherwise. `RUST_LOG` chooses what; without it, `info`.
///
/// # Errors
/// When logging was started before.
pub fn log_to_stderr() -> Result<(), TryInitError> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(FILTER));
    let lines = fmt().with_env_filter(filter).with_writer(stderr);
    if stderr().is_terminal() {
        lines.with_target(false).finish().try_init()?;
    } else {
        lines.json().flatten_event(true).finish().try_init()?;
    }
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!(place, error = %text::clean(words(panic.payload())), "panicked");
    }));
    Ok(())
}

fn words(payload: &dyn Any) -> &str {
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or_default()
}
