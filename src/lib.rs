//! Decides by YAML rules whether a topic may be created in a Tencent Cloud Chat community.
//!
//! The modules stand in dependency order: each imports only what stands above it. `docs/architecture.md` has the map
//! and the two flows.

pub mod diagnostic;
pub mod yaml;
pub mod text;
pub mod facts;
pub mod engine;
pub mod matchers;
pub mod analysis;
pub mod rules;
pub mod webhook;
#[cfg(feature = "server")]
pub mod settings;
#[cfg(feature = "server")]
pub mod telemetry;
pub mod source;
#[cfg(feature = "watch")]
pub mod live;
#[cfg(feature = "server")]
pub mod quota;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "cli")]
pub mod cli;
