//! Writes a policy: `cargo run --release --example policies -- S|M|L|views|100000 DIRECTORY`.

#![expect(clippy::print_stderr, reason = "it says how it is called")]

use std::{env, path::Path, process::ExitCode};

use policy::Policy;

#[expect(dead_code, clippy::disallowed_methods, reason = "it serves the benches, which write less and ask more")]
mod policy;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [which, directory] = arguments.as_slice() else { return refuse("two arguments are needed") };
    let policy = match (which.as_str(), which.parse()) {
        ("S", _) => Policy::small(),
        ("M", _) => Policy::medium(),
        ("L", _) => Policy::large(),
        ("views", _) => Policy::large_views(),
        (_, Ok(count)) => Policy::patterns(count),
        _ => return refuse(&format!("there is no policy `{which}`")),
    };
    match policy.write(Path::new(directory)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&format!("`{directory}` cannot be written: {error}")),
    }
}

fn refuse(what: &str) -> ExitCode {
    eprintln!("{what}; call it as: policies S|M|L|views|NUMBER DIRECTORY");
    ExitCode::FAILURE
}
