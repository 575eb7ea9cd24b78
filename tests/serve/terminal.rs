//! What a person sees of the log, on a terminal of its own, and how much of it.

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, read_to_string},
    net::{TcpListener, TcpStream},
    os::unix::ffi::OsStrExt,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::{
    client::Client,
    gate::{REFUSED, Setup, TOPIC, topic},
};

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

#[test]
fn a_log_of_warnings_has_no_refusals() {
    // Such a log does not say where the service listens.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let setup = setup().listen(&address.to_string()).variable("RUST_LOG", "warn");
    let (_directory, mut process) = setup.spawn(Stdio::piped());
    while process.try_wait().unwrap().is_none() && TcpStream::connect(address).is_err() {
        thread::sleep(Duration::from_millis(5));
    }
    let answer = |target: &str, body: &[u8]| {
        let mut client = Client::connect(address);
        client.post(target, body);
        client.answer().body
    };
    assert_eq!(answer(TOPIC, &topic("Official")), REFUSED);
    answer("/nowhere", b"");
    Command::new("kill").arg(process.id().to_string()).status().unwrap();
    let log = read_to_string(process.stderr.take().unwrap()).unwrap();
    process.wait().unwrap();
    assert!(log.contains("WARN") && !log.contains("refused"), "{log}");
}
