//! `topicgate test --watch` runs again after each change, and outlives files that do not load.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use tempfile::TempDir;

/// Longer than anything here takes, so that a failure is one.
const PATIENCE: Duration = Duration::from_secs(30);

/// A command that goes on, and the lines that it prints.
struct Watching {
    process: Child,
    lines: Receiver<String>,
    directory: TempDir,
}

impl Watching {
    fn start(files: &[(&str, &str)]) -> Watching {
        let directory = tempfile::tempdir().unwrap();
        files.iter().for_each(|(name, text)| write(directory.path(), name, text));
        let mut command = Command::new(env!("CARGO_BIN_EXE_topicgate"));
        command.args(["test", "--watch", "rules"]).current_dir(directory.path()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let out = BufReader::new(process.stdout.take().unwrap());
        let (tell, lines) = mpsc::channel();
        thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| tell.send(line)));
        Watching { process, lines, directory }
    }

    /// What the next run prints.
    fn run(&self) -> String {
        let mut text = String::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{error}, after:\n{text}"));
            if line.starts_with("waiting for changes") {
                return text;
            }
            text += &(line + "\n");
        }
    }

    fn change(&self, name: &str, text: &str) -> String {
        write(self.directory.path(), name, text);
        self.run()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// As an editor does: a new file under the old name.
fn write(directory: &Path, name: &str, text: &str) {
    let path = directory.join("rules").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(directory.join("new"), text).unwrap();
    fs::rename(directory.join("new"), path).unwrap();
}

const RULES: &str = "
lists: { words: { file: lists/words.txt } }
rules:
  - id: words
    action: deny
    when: { name: { contains: { list: words } } }
    examples: { match: [casino], no_match: [poker] }
";

#[test]
fn a_change_of_a_rule_or_a_list_runs_the_tests_again() {
    let watching = Watching::start(&[("10.yaml", RULES), ("lists/words.txt", "casino\n")]);
    assert!(watching.run().contains("2 passed; 0 failed"));
    let listed = watching.change("lists/words.txt", "casino\npoker\n");
    assert!(listed.contains("1 passed; 1 failed"), "{listed}");
    let changed = watching.change("10.yaml", &RULES.replace("no_match: [poker]", "no_match: [chess, go]"));
    assert!(changed.contains("3 passed; 0 failed"), "{changed}");
}

#[test]
fn files_that_do_not_load_are_waited_out() {
    let mut watching = Watching::start(&[("10.yaml", "rules: [")]);
    assert!(watching.run().contains("invalid-yaml"));
    let unread = watching.change("10.yaml", RULES);
    assert!(unread.contains("unreadable-list"), "{unread}");
    let mended = watching.change("lists/words.txt", "casino\n");
    assert!(mended.contains("2 passed; 0 failed"), "{mended}");
    let broken = watching.change("10.yaml", "rules: {}");
    assert!(broken.contains("no test was run"), "{broken}");
    let mended = watching.change("10.yaml", RULES);
    assert!(mended.contains("2 passed; 0 failed"), "{mended}");
    assert!(watching.process.try_wait().unwrap().is_none());
}

#[test]
fn a_directory_that_is_not_there_yet_is_waited_for() {
    let watching = Watching::start(&[]);
    assert!(watching.run().contains("it does not exist"));
    let text = RULES.replace("{ list: words }", "casino").replace("lists:", "codes: {} #");
    let mut said = watching.change("10.yaml", &text);
    // The directory may have been seen before its file.
    if said.contains("no-rule-files") {
        said = watching.run();
    }
    assert!(said.contains("2 passed; 0 failed"), "{said}");
}
