//! What a person sees of the log, on a terminal of its own.

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{BufRead, BufReader},
    os::unix::ffi::OsStrExt,
    process::Stdio,
};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::gate::Setup;

/// The line that says where the service listens, as a terminal gets it.
fn seen(setup: Setup) -> String {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap();
    let path = OsStr::from_bytes(name.as_bytes());
    let terminal = OpenOptions::new().read(true).write(true).open(path).unwrap();
    let (_directory, mut process) = setup.spawn(Stdio::from(terminal));
    let mut lines = BufReader::new(File::from(ours)).lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("listening"));
    process.kill().unwrap();
    process.wait().unwrap();
    line.unwrap()
}

fn setup() -> Setup {
    Setup::new().flags(&["--app", "1400000000"])
}

#[test]
fn a_terminal_gets_text() {
    let line = seen(setup());
    assert!(line.contains("INFO listening webhook=127.0.0.1:"), "{line}");
    assert!(!line.contains('\u{1b}'), "{line}");
}

#[test]
fn a_terminal_gets_colours_unless_they_are_not_wanted() {
    let line = seen(setup().variable("NO_COLOR", ""));
    assert!(line.contains("\u{1b}[32m INFO\u{1b}[0m"), "{line:?}");
}
