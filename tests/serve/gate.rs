//! The running service: started on free ports with a directory of its own, and stopped when the test ends.

use std::{
    fs::{self, Permissions},
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, ExitStatus, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use crate::client::{Answer, Client};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// The signals that tests send.
const SIGNALS: [(&str, Signal); 10] = [
    ("TERM", Signal::TERM),
    ("INT", Signal::INT),
    ("KILL", Signal::KILL),
    ("HUP", Signal::HUP),
    ("USR1", Signal::USR1),
    ("USR2", Signal::USR2),
    ("PIPE", Signal::PIPE),
    ("ALRM", Signal::ALARM),
    ("WINCH", Signal::WINCH),
    ("CHLD", Signal::CHILD),
];

/// The target of Tencent's documented request.
pub const TOPIC: &str = "/?SdkAppid=1400000000&CallbackCommand=Group.CallbackBeforeCreateTopic&contenttype=json\
                         &ClientIP=127.0.0.1&OptPlatform=Android";

/// The reply that lets an action go on.
pub const ALLOWED: &str = r#"{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}"#;

/// The reply of the rule in [`RULES`].
pub const REFUSED: &str = r#"{"ActionStatus":"OK","ErrorInfo":"This name is reserved.","ErrorCode":10101}"#;

/// One rule that refuses the name `Official`.
pub const RULES: &str = "
codes: { 10101: reserved-name }
rules:
  - id: reserved-names
    action: deny
    code: 10101
    message: This name is reserved.
    when: { name: { is: official } }
";

/// The documented body, with another name.
pub fn topic(name: &str) -> Vec<u8> {
    let start =
        r#"{"CallbackCommand":"Group.CallbackBeforeCreateTopic","Operator_Account":"leckie","Type":"Community","#;
    format!(r#"{start}"Name":{}}}"#, Value::from(name)).into_bytes()
}

/// What to start the service with.
pub struct Setup {
    directory: TempDir,
    /// The command, ready to run.
    pub command: Command,
    reader: Reader,
}

/// How long the log is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    UntilTheEnd,
    UntilItListens,
    ClosesWhenItListens,
}

/// A running service.
pub struct Gate {
    directory: TempDir,
    command: Command,
    process: Child,
    log: Arc<Log>,
    /// The address of the webhook.
    pub webhook: SocketAddr,
    /// The address of the admin side.
    pub admin: SocketAddr,
}

#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    grown: Condvar,
    /// Keeps the pipe open when it is not read any more.
    unread: Mutex<Option<BufReader<ChildStderr>>>,
}

impl Setup {
    /// The rules of [`RULES`] and no settings: the documented app, unsigned.
    pub fn new() -> Setup {
        let directory = TempDir::new().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
        command.current_dir(directory.path()).arg("serve").env_remove("RUST_LOG").env("NO_COLOR", "1");
        command.args(["--workers", "1"]).env("TOPICGATE_LISTEN", "127.0.0.1:0").env("TOPICGATE_ADMIN", "127.0.0.1:0");
        command.stderr(Stdio::piped()).stdout(Stdio::null());
        Setup { directory, command, reader: Reader::UntilTheEnd }.file("rules/rules.yaml", RULES)
    }

    /// With a settings file.
    pub fn settings(yaml: &str) -> Setup {
        Setup::new().file("topicgate.yaml", yaml).flags(&["--config", "topicgate.yaml"])
    }

    /// With a file.
    pub fn file(self, name: &str, text: &str) -> Setup {
        let path = self.directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// With a file that only its owner may read.
    pub fn private(self, name: &str) -> Setup {
        fs::set_permissions(self.directory.path().join(name), Permissions::from_mode(0o600)).unwrap();
        self
    }

    /// With a link.
    pub fn link(self, target: &str, name: &str) -> Setup {
        symlink(target, self.directory.path().join(name)).unwrap();
        self
    }

    /// With the rules that this repository ships, and no others.
    pub fn shipped_rules(self) -> Setup {
        self.rules_by(|directory| {
            let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
            assert!(Command::new("cp").args(["-r", shipped]).arg(directory).status().unwrap().success());
        })
    }

    /// With what is written into its directory, and no other rules.
    pub fn rules_by(self, write: impl FnOnce(&Path)) -> Setup {
        fs::remove_dir_all(self.directory.path().join("rules")).unwrap();
        write(self.directory.path());
        self
    }

    /// With a log that nobody reads once the service listens.
    pub fn unread_log(self) -> Setup {
        Setup { reader: Reader::UntilItListens, ..self }
    }

    /// With a log whose reader is gone once the service listens.
    pub fn closed_log(self) -> Setup {
        Setup { reader: Reader::ClosesWhenItListens, ..self }
    }

    /// With at most so many open files.
    pub fn descriptors(self, most: u32) -> Setup {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!(r#"ulimit -n {most} && exec "$0" "$@""#)).arg(self.command.get_program());
        command.args(self.command.get_args()).current_dir(self.directory.path());
        command.stderr(Stdio::piped()).stdout(Stdio::null());
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        Setup { command, ..self }
    }

    /// At another address than a free port of loopback.
    pub fn listen(self, address: &str) -> Setup {
        self.variable("TOPICGATE_LISTEN", address)
    }

    /// With the admin side at another address than a free port of loopback.
    pub fn admin(self, address: &str) -> Setup {
        self.variable("TOPICGATE_ADMIN", address)
    }

    /// With flags.
    pub fn flags(mut self, flags: &[&str]) -> Setup {
        self.command.args(flags);
        self
    }

    /// With an environment variable.
    pub fn variable(mut self, name: &str, value: &str) -> Setup {
        self.command.env(name, value);
        self
    }

    /// Starts the service and waits until it listens.
    pub fn start(mut self) -> Gate {
        let mut process = self.command.spawn().unwrap();
        let log = Log::follow(process.stderr.take().unwrap(), self.reader);
        let (webhook, admin) = log.addresses();
        Gate { directory: self.directory, command: self.command, process, webhook, admin, log }
    }

    /// Starts the service, with a log of its own.
    pub fn spawn(mut self, log: Stdio) -> (TempDir, Child) {
        let process = self.command.stderr(log).stdout(Stdio::null()).spawn().unwrap();
        (self.directory, process)
    }

    /// Runs a service that is to end by itself: how, and what it said.
    pub fn run(mut self) -> (Option<i32>, String) {
        let output = self.command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), said.replace(&format!("{}/", self.directory.path().display()), ""))
    }
}

impl Gate {
    /// The service for the documented app, unsigned.
    pub fn start() -> Gate {
        Setup::new().flags(&["--app", "1400000000"]).start()
    }

    /// Kills the service, and starts it again at the same address.
    pub fn restart(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.command.env("TOPICGATE_LISTEN", self.webhook.to_string());
        self.process = self.command.spawn().unwrap();
        self.log = Log::follow(self.process.stderr.take().unwrap(), Reader::UntilTheEnd);
        (self.webhook, self.admin) = self.log.addresses();
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Posts to the webhook on a connection of its own.
    pub fn post(&self, target: &str, body: &[u8]) -> Answer {
        let mut client = self.client();
        client.post(target, body);
        client.answer()
    }

    /// What the service says to the creation of a topic.
    pub fn ask(&self, name: &str) -> String {
        self.post(TOPIC, &topic(name)).body
    }

    /// A connection to the webhook.
    pub fn client(&self) -> Client {
        Client::connect(self.webhook)
    }

    /// Asks the admin side.
    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, "Host: localhost")
    }

    /// Asks the admin side with these headers, a line for each.
    pub fn get_with(&self, path: &str, headers: &str) -> Answer {
        let mut client = Client::connect(self.admin);
        client.send(format!("GET {path} HTTP/1.1\r\n{headers}\r\n\r\n").as_bytes());
        client.answer()
    }

    /// The status.
    pub fn status(&self) -> Value {
        serde_json::from_str(&self.get("/-/status").body).unwrap()
    }

    /// The value of a metric, with its labels.
    pub fn metric(&self, name: &str) -> Option<String> {
        let metrics = self.get("/metrics").body;
        metrics.lines().find_map(|line| line.strip_prefix(&format!("{name} ")).map(str::to_owned))
    }

    /// Writes a file in the directory of the service.
    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// The path of a file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let (_, signal) = SIGNALS.into_iter().find(|(known, _)| *known == name).unwrap();
        let process = Pid::from_raw(self.id().cast_signed()).unwrap();
        kill_process(process, signal).unwrap();
    }

    /// Waits until something holds.
    pub fn wait(&self, what: &str, mut holds: impl FnMut(&Gate) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(start.elapsed() < PATIENCE, "waited in vain for {what}; the log:\n{}", self.log());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until a number of attempts to load rules have ended.
    pub fn wait_for_attempts(&self, count: u64) {
        self.wait("an attempt to load", |gate| gate.status()["attempts"].as_u64().unwrap() >= count);
    }

    /// Waits until the log has a line with a text.
    pub fn wait_for_log(&self, text: &str) -> String {
        self.log.wait(|line| line.contains(text))
    }

    /// Everything logged until now.
    pub fn log(&self) -> String {
        self.log.lines.lock().unwrap().join("\n")
    }

    /// Waits until the service has ended.
    pub fn ended(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "the service does not end; the log:\n{}", self.log());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        _ = self.process.kill();
        _ = self.process.wait();
    }
}

impl Log {
    fn follow(stderr: ChildStderr, reader: Reader) -> Arc<Log> {
        let log = Arc::new(Log::default());
        let writer = Arc::clone(&log);
        thread::spawn(move || {
            let mut stderr = BufReader::new(stderr);
            for line in stderr.by_ref().lines() {
                let line = line.unwrap();
                let listens = line.contains("listening");
                writer.lines.lock().unwrap().push(line);
                writer.grown.notify_all();
                if listens && reader != Reader::UntilTheEnd {
                    let kept = Some(stderr).filter(|_| reader == Reader::UntilItListens);
                    *writer.unread.lock().unwrap() = kept;
                    return;
                }
            }
        });
        log
    }

    /// Waits until it listens: the addresses of the webhook and of the admin side.
    fn addresses(&self) -> (SocketAddr, SocketAddr) {
        let line = self.wait(|line| line.contains("listening"));
        let fields: Value = serde_json::from_str(&line).unwrap();
        let address = |key: &str| fields[key].as_str().unwrap().parse().unwrap();
        (address("webhook"), address("admin"))
    }

    fn wait(&self, found: impl Fn(&str) -> bool) -> String {
        let lines = self.lines.lock().unwrap();
        let missing = |lines: &mut Vec<String>| !lines.iter().any(|line| found(line));
        let (lines, waited) = self.grown.wait_timeout_while(lines, PATIENCE, missing).unwrap();
        assert!(!waited.timed_out(), "the line is not logged:\n{}", lines.join("\n"));
        lines.iter().find(|line| found(line)).unwrap().clone()
    }
}
