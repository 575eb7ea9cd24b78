//! Writes a policy: `cargo run --release --example policies -- S|M|L|views|100000 DIRECTORY [--requests FILE]`.
//!
//! The file gets the bodies of a thousand requests, one a line.

#![expect(clippy::print_stderr, reason = "it says how it is called")]
#![expect(clippy::disallowed_methods, reason = "it writes files")]

use std::{env, fs, io, path::Path, process::ExitCode};

use policy::{Policy, Request};
use serde_json::json;

/// The requests of a file.
const REQUESTS: usize = 1000;

#[expect(dead_code, clippy::disallowed_methods, reason = "it serves the benches, which write less and ask more")]
mod policy;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (which, directory, requests) = match arguments.as_slice() {
        [which, directory] => (*which, *directory, None),
        [which, directory, "--requests", file] => (*which, *directory, Some(*file)),
        _ => return refuse("a policy and a directory are needed"),
    };
    let policy = match (which, which.parse()) {
        ("S", _) => Policy::small(),
        ("M", _) => Policy::medium(),
        ("L", _) => Policy::large(),
        ("views", _) => Policy::large_views(),
        (_, Ok(count)) => Policy::patterns(count),
        _ => return refuse(&format!("there is no policy `{which}`")),
    };
    match write(&policy, directory, requests) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&format!("`{directory}` cannot be written: {error}")),
    }
}

fn write(policy: &Policy, directory: &str, requests: Option<&str>) -> io::Result<()> {
    policy.write(Path::new(directory))?;
    let Some(file) = requests else { return Ok(()) };
    let bodies: String = policy.requests(REQUESTS).iter().map(body).collect();
    fs::write(file, bodies)
}

fn body(request: &Request) -> String {
    let Request { operator, name } = request;
    let command = "Group.CallbackBeforeCreateTopic";
    let body = json!({ "CallbackCommand": command, "Operator_Account": operator, "Type": "Community", "Name": name });
    format!("{body}\n")
}

fn refuse(what: &str) -> ExitCode {
    eprintln!("{what}; call it as: policies S|M|L|views|NUMBER DIRECTORY [--requests FILE]");
    ExitCode::FAILURE
}
