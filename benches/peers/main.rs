//! The same policies and requests through topicgate and through what people would use instead, in one table.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml
//! cargo run --release --manifest-path benches/peers/Cargo.toml -- --policy S --engine cedar
//! ```
//!
//! The policies are those of `benches/policies`. Each engine has its own file in `engine`, which says how the policy is put to
//! it; what has to be known to read the table is printed under it. Before anything is measured, the answers of each engine are
//! compared with topicgate's: allowed, or refused with the same code. A difference is printed, and ends the run. An engine that
//! would take minutes is asked fewer of the requests, and the table says how many.
//!
//! Rounds go from engine to engine, so that what disturbs the machine disturbs them all. All of it runs in one thread, in about
//! five minutes and 5 GB of memory.

use std::process::ExitCode;

use engine::{Failure, PEERS, Peer};
use policy::Policy;

mod engine;
mod measure;
#[expect(dead_code, reason = "it serves the benches of topicgate as well")]
#[path = "../policies/policy.rs"]
mod policy;
mod table;

/// What makes each policy, by its name.
const POLICIES: [(&str, fn() -> Policy); 3] = [("S", Policy::small), ("M", Policy::medium), ("L", Policy::large)];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let (policies, peers) = chosen()?;
    table::head();
    for policy in policies {
        let policy = policy();
        for row in measure::all(&policy, &peers)? {
            table::row(policy.name, &row);
        }
    }
    table::notes(measure::folding(&Policy::small()));
    Ok(())
}

/// The policies and engines that the arguments name; topicgate is always among them, as the one to compare with.
fn chosen() -> Result<(Vec<fn() -> Policy>, Vec<&'static Peer>), Failure> {
    let (mut policies, mut peers) = (POLICIES.to_vec(), PEERS.iter().collect::<Vec<_>>());
    let mut arguments = std::env::args().skip(1);
    while let Some(option) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("`{option}` needs a value"))?;
        match option.as_str() {
            "--policy" => policies.retain(|(name, _)| *name == value),
            "--engine" => peers.retain(|peer| peer.name == value || peer.name == PEERS[0].name),
            _ => return Err(format!("there is no `{option}`; there are `--policy` and `--engine`").into()),
        }
        if policies.is_empty() || !peers.iter().any(|peer| option != "--engine" || peer.name == value) {
            return Err(format!("`{option}` knows no `{value}`").into());
        }
    }
    Ok((policies.into_iter().map(|(_, policy)| policy).collect(), peers))
}
