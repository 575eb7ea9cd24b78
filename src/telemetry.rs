//! What the service says about itself: logs here, metrics in the files below.

pub mod certificates;
pub mod decisions;
pub mod exposition;
pub mod latency;
pub mod metrics;
#[cfg(target_os = "linux")]
mod process;
pub mod quotas;
pub mod sample;
pub mod throttle;
pub mod trace_context;
#[cfg(feature = "otel")]
pub mod traces;

use std::{
    any::Any,
    io::{IsTerminal, stderr},
    panic,
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};

use tracing::{error, warn};
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::{
    EnvFilter, fmt,
    util::{SubscriberInitExt, TryInitError},
};

use crate::text;

/// What is logged unless `RUST_LOG` says otherwise. A line for each malformed head would let any scanner flood the log.
const FILTER: &str = "info,actix_server=warn,actix_http=off,opentelemetry_sdk=off,opentelemetry-otlp=off";

/// How many lines may wait to be written.
const WAITING_LINES: usize = 16_384;

/// How long the end waits for whoever reads the log.
const LAST_LINES: Duration = Duration::from_millis(300);

/// Counts the lines that could not wait any longer.
static LOST: OnceLock<ErrorCounter> = OnceLock::new();

/// Log lines that wait to be written; dropping it waits for them.
#[derive(Debug)]
pub struct Lines(Option<WorkerGuard>);

/// Starts logging to standard error: text on a terminal, JSON otherwise. `RUST_LOG` adds to what is logged without it.
///
/// A thread of its own writes, so that a request never waits for whoever reads the log. Where that one is too slow, lines
/// are lost and counted. Dropping what is returned writes what still waits, for 300 ms at most.
///
/// # Errors
/// When logging was started before.
pub fn log_to_stderr() -> Result<Lines, TryInitError> {
    let (writer, guard) = NonBlockingBuilder::default().buffered_lines_limit(WAITING_LINES).finish(stderr());
    LOST.get_or_init(|| writer.error_counter());
    let wanted = wanted();
    let filter = EnvFilter::try_new(&wanted);
    let invalid = filter.as_ref().err().map(ToString::to_string);
    let filter = filter.unwrap_or_else(|_| EnvFilter::new(FILTER));
    let lines = fmt().with_env_filter(filter).with_writer(writer);
    if stderr().is_terminal() {
        lines.with_target(false).finish().try_init()?;
    } else {
        lines.json().flatten_event(true).finish().try_init()?;
    }
    if let Some(error) = invalid {
        warn!(error, "`RUST_LOG` cannot be read, and is ignored");
    }
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        error!(place, error = %text::clean(words(panic.payload())), "panicked");
    }));
    Ok(Lines(Some(guard)))
}

impl Drop for Lines {
    fn drop(&mut self) {
        let (guard, (done, written)) = (self.0.take(), mpsc::channel());
        // Its own patience is over a second.
        let waiting = thread::Builder::new().spawn(move || {
            drop(guard);
            done.send(())
        });
        // Where there is no thread, nothing waits any more.
        _ = waiting.map(|_| written.recv_timeout(LAST_LINES));
    }
}

/// The filter with what `RUST_LOG` says; where both name a target, the later one counts.
#[expect(clippy::disallowed_methods, reason = "the environment says what to log")]
fn wanted() -> String {
    let own = std::env::var_os(EnvFilter::DEFAULT_ENV).map(|own| own.to_string_lossy().into_owned());
    own.filter(|own| !own.trim().is_empty()).map_or_else(|| FILTER.to_owned(), |own| format!("{FILTER},{own}"))
}

/// How many log lines were lost, because nobody read them in time.
pub fn lost_lines() -> usize {
    LOST.get().map_or(0, ErrorCounter::dropped_lines)
}

fn words(payload: &dyn Any) -> &str {
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    owned.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or_default()
}
