//! The last good rules, kept in a data directory: what a start with bad rules makes of them.

use std::{
    fs::{self, File},
    io::Write,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use topicgate::source::{self, Options};

use crate::gate::{ALLOWED, Gate, REFUSED, RULES, Setup};

const BROKEN: &str = "rules:\n  - id: reserved-names\n    acton: deny\n";

/// A data directory that outlives the services.
struct Data(TempDir);

impl Data {
    fn new() -> Data {
        Data(TempDir::new().unwrap())
    }

    fn directory(&self) -> PathBuf {
        self.0.path().join("data")
    }

    fn file(&self) -> PathBuf {
        self.directory().join("last-good.tar")
    }

    /// A service that keeps its rules here.
    fn setup(&self) -> Setup {
        Setup::new().flags(&["--app", "1400000000", "--data", self.directory().to_str().unwrap()])
    }

    /// After a service that stored the rules of [`RULES`].
    fn stored() -> Data {
        let data = Data::new();
        let gate = data.setup().start();
        keeps_what_decides(&gate);
        data
    }

    fn broken(&self) -> Setup {
        self.setup().file("rules/rules.yaml", BROKEN)
    }

    fn unpack(&self, to: &Path) {
        let tar = Command::new("tar").arg("-xf").arg(self.file()).arg("-C").arg(to).status().unwrap();
        assert!(tar.success());
    }
}

fn keeps_what_decides(gate: &Gate) {
    gate.wait("the rules to be stored", |gate| {
        let status = gate.status();
        status["data"]["content"] == status["content"] && status["data"]["problem"].is_null()
    });
}

fn force(gate: &Gate) {
    let attempts = gate.status()["attempts"].as_u64().unwrap();
    gate.signal("HUP");
    gate.wait_for_attempts(attempts + 1);
}

/// What must be the same in both: which rules decide, however often they did.
fn identity(status: &Value) -> Value {
    let mut status = status.clone();
    for rule in status["rules"].as_array_mut().unwrap() {
        rule.as_object_mut().unwrap().remove("matches");
    }
    ["content", "revision", "rules", "counts"].iter().map(|key| status[key].clone()).collect()
}

#[test]
fn bad_rules_start_with_the_last_good_ones() {
    let data = Data::new();
    let before = data.setup().start();
    keeps_what_decides(&before);
    let (before, stored) = (before.status(), before.status()["data"]["stored"].clone());

    let gate = data.broken().start();
    assert_eq!(gate.ask("Official"), REFUSED);
    assert_eq!(gate.get("/readyz").status, 200);
    let status = gate.status();
    assert_eq!(identity(&status), identity(&before));
    assert_eq!((&status["stale"], &status["stale_since"]), (&true.into(), &stored));
    assert_eq!((&status["generation"], &status["last_attempt"]["succeeded"]), (&1.into(), &false.into()));
    let findings = status["last_failure"]["report"]["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["code"] == "unknown-key"), "{status}");
    assert_eq!(gate.metric("topicgate_rules_stale").unwrap(), "1");
    assert_eq!(gate.metric("topicgate_last_reload_successful").unwrap(), "0");
    let line: Value = serde_json::from_str(&gate.wait_for_log("the last good ones decide")).unwrap();
    assert_eq!((&line["level"], &line["revision"]), (&"ERROR".into(), &status["revision"]));
    gate.wait_for_log("did you mean `action`?");
}

#[test]
fn a_stale_start_ends_when_the_files_load() {
    let gate = Data::stored().broken().start();
    gate.write("rules/rules.yaml", &RULES.replace("official", "news"));
    gate.wait("the new rule", |gate| gate.ask("News") == REFUSED);
    let status = gate.status();
    assert_eq!(
        (&status["stale"], &status["stale_since"], &status["generation"]),
        (&false.into(), &Value::Null, &2.into())
    );
    gate.wait("the metric", |gate| gate.metric("topicgate_rules_stale").unwrap() == "0");
    gate.wait_for_log("the rules of the files decide again");
}

#[test]
fn the_same_rules_in_the_files_end_a_stale_start_too() {
    let data = Data::stored();
    let gate = data.broken().start();
    let stale = gate.status();
    gate.write("rules/rules.yaml", RULES);
    gate.wait("the files to decide", |gate| gate.status()["stale"] == false);
    assert_eq!(identity(&gate.status()), identity(&stale));
    keeps_what_decides(&gate);
}

#[test]
fn a_failed_reload_keeps_a_stale_start_stale() {
    let data = Data::stored();
    let gate = data.broken().start();
    force(&gate);
    assert_eq!(gate.status()["stale"], true);
    fs::remove_dir_all(gate.path("rules")).unwrap();
    force(&gate);
    assert_eq!((&gate.status()["stale"], gate.ask("Official").as_str()), (&true.into(), REFUSED));
}

#[test]
fn bad_rules_do_not_start_where_none_are_stored() {
    let data = Data::new();
    let (code, said) = data.broken().run();
    assert_eq!(code, Some(1));
    assert!(said.contains("unknown-key") && !said.contains("stored"), "{said}");
    assert!(!data.file().exists());
}

#[test]
fn lists_are_kept_with_the_rules() {
    let rules = "\
lists:\n  staff: { file: lists/staff.txt }\n  same: { file: ./lists/staff.txt }\n  banned: { file: banned.txt }
rules:\n  - id: staff\n    action: allow\n    when: { operator: { in: { list: staff } } }
  - id: banned\n    action: deny\n    when: { any: [ { operator: { in: { list: banned } } }, { name: { in: { list: same } } } ] }\n";
    let more = "\
lists:\n  more: { file: lists/staff.txt }\nrules:\n  - id: more\n    action: deny\n    when: { owner: { in: { list: more } } }
    commands: [create_group]\n";
    let banned: String = (0..200_000).map(|number| format!("account-{number}\n")).collect();
    let data = Data::new();
    let write = |setup: Setup| {
        let setup = setup.file("rules/rules.yaml", &format!("\u{feff}{rules}")).file("rules/below/more.yaml", more);
        let setup = setup.file("rules/lists/staff.txt", "boss\n").file("rules/banned.txt", &banned);
        setup.file("rules/below/lists/staff.txt", "\u{feff}leckie\n")
    };
    let gate = write(data.setup()).start();
    keeps_what_decides(&gate);
    let stale = write(data.setup()).file("rules/banned.txt", "").start();
    assert_eq!(stale.status()["stale"], true);
    assert_eq!(identity(&stale.status()), identity(&gate.status()));
}

#[test]
fn what_is_stored_can_be_unpacked_and_checked_by_anybody() {
    let data = Data::stored();
    assert_eq!(fs::metadata(data.file()).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(data.directory()).unwrap().permissions().mode() & 0o777, 0o700);
    let to = TempDir::new().unwrap();
    data.unpack(to.path());
    assert_eq!(fs::read_to_string(to.path().join("rules/rules.yaml")).unwrap(), RULES);
    let check = Command::new("sha256sum").args(["--check", "--quiet", "SHA256SUMS"]).current_dir(to.path()).status();
    assert!(check.unwrap().success());
    let manifest: Value = serde_json::from_slice(&fs::read(to.path().join("manifest.json")).unwrap()).unwrap();
    assert_eq!((&manifest["format"], &manifest["version"]), (&1.into(), &env!("CARGO_PKG_VERSION").into()));
}

#[test]
fn what_is_stored_already_is_not_written_again() {
    let data = Data::stored();
    let before = fs::metadata(data.file()).unwrap().ino();
    let gate = data.setup().start();
    keeps_what_decides(&gate);
    force(&gate);
    // The next one is stored after everything before it.
    assert_eq!(fs::metadata(data.file()).unwrap().ino(), before);
    gate.write("rules/rules.yaml", &RULES.replace("official", "news"));
    gate.wait_for_attempts(3);
    keeps_what_decides(&gate);
    assert_ne!(fs::metadata(data.file()).unwrap().ino(), before);
}

/// What a service with bad rules says of what is stored, which is of no use.
fn said_of(data: &Data) -> String {
    let (code, said) = data.broken().run();
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("unknown-key") && said.contains("the rules cannot be loaded: "), "{said}");
    let line =
        said.lines().find(|line| line.starts_with("error: the stored rules cannot be used either: ")).expect(&said);
    line.rsplit_once("last-good.tar`").expect(line).1.to_owned()
}

#[test]
fn damaged_rules_do_not_start() {
    let data = Data::stored();
    let whole = fs::read(data.file()).unwrap();
    let rule = whole.windows(8).position(|window| window == b"official").unwrap();
    let flipped = [&whole[..rule], b"0fficial", &whole[rule + 8..]].concat();
    for (bytes, problem) in [
        (&flipped[..], " is damaged: its files are not those of its checksums"),
        (&whole[..whole.len() / 2], " is damaged: "),
        (&whole[..512], " is damaged: "),
        (b"", " is damaged: unexpected end of file"),
        (b"garbage", " is damaged: "),
        (&[b'x'; 4096], " is damaged: "),
    ] {
        fs::write(data.file(), bytes).unwrap();
        let said = said_of(&data);
        assert!(said.starts_with(problem), "{said}");
    }
    fs::remove_file(data.file()).unwrap();
    fs::create_dir(data.file()).unwrap();
    assert_eq!(said_of(&data), " cannot be used: it is a directory, not a regular file");
}

/// Packs anew what is stored, with its own checksums.
fn repack(data: &Data, change: impl Fn(&str, String) -> String) {
    let to = TempDir::new().unwrap();
    data.unpack(to.path());
    let (mut archive, mut sums) = (tar::Builder::new(File::create(data.file()).unwrap()), String::new());
    let mut add = |name: &str, text: &str| {
        fs::write(to.path().join(name), text).unwrap();
        archive.append_path_with_name(to.path().join(name), name).unwrap();
    };
    for name in ["manifest.json", "rules/rules.yaml"] {
        let text = change(name, fs::read_to_string(to.path().join(name)).unwrap());
        let digest: String = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        sums += &format!("{digest}  {name}\n");
        add(name, &text);
    }
    add("SHA256SUMS", &sums);
    archive.into_inner().unwrap().flush().unwrap();
}

/// How the rules are named whose one file has this text.
fn content(text: &str) -> String {
    let directory = TempDir::new().unwrap();
    fs::write(directory.path().join("rules.yaml"), text).unwrap();
    source::fingerprint(&[directory.path().to_owned()], &Options::default()).content
}

#[test]
fn edited_rules_with_new_checksums_are_not_those_that_were_stored() {
    let data = Data::stored();
    repack(&data, |_, text| text.replace("official", "news"));
    assert_eq!(said_of(&data), " is damaged: its files are not those of its `content`");
    let gate = data.setup().start();
    keeps_what_decides(&gate);
    assert_eq!(data.broken().start().ask("Official"), REFUSED);
}

#[test]
fn what_is_lost_or_damaged_while_it_runs_is_stored_again() {
    let data = Data::new();
    let gate = data.setup().start();
    keeps_what_decides(&gate);
    let whole = fs::metadata(data.file()).unwrap().len();
    let is_whole = |_: &Gate| fs::metadata(data.file()).is_ok_and(|found| found.len() == whole);
    fs::remove_file(data.file()).unwrap();
    gate.wait("the file to be there again", is_whole);
    keeps_what_decides(&gate);
    fs::write(data.file(), "garbage").unwrap();
    force(&gate);
    gate.wait("the file to be whole again", is_whole);
    assert_eq!(data.broken().start().ask("Official"), REFUSED);
}

#[test]
fn a_set_of_another_version_that_this_one_cannot_read_or_load_does_not_start() {
    let data = Data::stored();
    repack(&data, |_, text| text.replace(r#""format": 1"#, r#""format": 2"#));
    assert_eq!(said_of(&data), " has the format 2, and this version reads 1");
    let data = Data::stored();
    let changed = RULES.replace("when:", "whence:");
    let (before, after) = (content(RULES), content(&changed));
    repack(&data, |_, text| text.replace(RULES, &changed).replace(&before, &after));
    let said = said_of(&data);
    assert!(said.starts_with(": ") && said.ends_with(" in the rule files"), "{said}");
    let data = Data::stored();
    repack(&data, |name, text| if name == "manifest.json" { "{}".to_owned() } else { text });
    assert!(said_of(&data).starts_with(" is damaged: manifest.json: missing field"));
}

#[test]
fn damaged_rules_are_replaced_by_good_ones() {
    let data = Data::stored();
    fs::write(data.file(), "garbage").unwrap();
    let gate = data.setup().start();
    keeps_what_decides(&gate);
    gate.wait_for_log("stored rules replaced");
    assert_eq!(data.broken().start().ask("Official"), REFUSED);
}

#[test]
fn a_data_directory_that_cannot_be_one_is_a_mistake() {
    let data = Data::new();
    fs::write(data.directory(), "").unwrap();
    let (code, said) = data.setup().run();
    assert_eq!(code, Some(2));
    assert!(said.contains("is not a directory"), "{said}");
    let (code, said) = Setup::new().flags(&["--app", "1400000000", "--data", "nowhere/data"]).run();
    assert_eq!(code, Some(1));
    assert!(said.contains("cannot keep rules in `nowhere/data`: ") && said.contains("`--data` takes"), "{said}");
}

#[test]
fn a_disk_that_does_not_take_them_changes_no_answer_and_is_shown_until_it_does() {
    let data = Data::stored();
    let gate = data.setup().start();
    keeps_what_decides(&gate);
    fs::rename(data.directory(), data.0.path().join("gone")).unwrap();
    fs::write(data.directory(), "a file where the directory was").unwrap();
    for (turn, name) in ["one", "two"].iter().enumerate() {
        gate.write("rules/rules.yaml", &RULES.replace("official", name));
        gate.wait("the new rule", |gate| gate.ask(name) == REFUSED);
        gate.wait_for_attempts(turn as u64 + 2);
        gate.wait("the metric", |gate| gate.metric("topicgate_data_unwritable").unwrap() == "1");
    }
    force(&gate);
    let status = gate.status();
    assert!(!status["data"]["problem"].as_str().unwrap().is_empty());
    assert_ne!(status["data"]["content"], status["content"]);
    fs::remove_file(data.directory()).unwrap();
    force(&gate);
    keeps_what_decides(&gate);
    gate.wait("the metric", |gate| gate.metric("topicgate_data_unwritable").unwrap() == "0");
    gate.wait_for_log("rules can be stored again");
    assert_eq!(gate.log().matches("rules not stored").count(), 1, "{}", gate.log());
    assert_eq!(data.broken().start().ask("two"), REFUSED);
}

#[test]
fn a_killed_service_leaves_a_whole_set_and_nothing_else() {
    let data = Data::stored();
    let padding = "# padding\n".repeat(20_000);
    for turn in 0..8 {
        let mut gate = data.setup().start();
        for edit in 0..=turn {
            gate.write("rules/next", &format!("{}{padding}", RULES.replace("official", &format!("name-{edit}"))));
            fs::rename(gate.path("rules/next"), gate.path("rules/rules.yaml")).unwrap();
            gate.wait("the edit", |gate| gate.ask(&format!("name-{edit}")) == REFUSED);
        }
        gate.signal("KILL");
        gate.ended();
        let stale = data.broken().start();
        assert_eq!(stale.status()["stale"], true);
        let names = (0..=turn).map(|edit| format!("name-{edit}")).chain(["official".to_owned()]);
        assert_eq!(names.filter(|name| stale.ask(name) == REFUSED).count(), 1, "one of the sets, and not a mixture");
        assert_eq!(fs::read_dir(data.directory()).unwrap().count(), 1, "what was left over is gone");
    }
}

#[test]
fn two_services_can_share_a_directory() {
    let data = Data::new();
    let gates = [data.setup().start(), data.setup().start()];
    for turn in 0..10 {
        for (gate, letter) in gates.iter().zip(["a", "b"]) {
            gate.write("rules/rules.yaml", &RULES.replace("official", &format!("{letter}-{turn}")));
        }
        let decides = |(gate, letter): (&Gate, &str)| gate.ask(&format!("{letter}-{turn}")) == REFUSED;
        gates[0].wait("both", |_| gates.iter().zip(["a", "b"]).all(decides));
    }
    let contents = gates.each_ref().map(|gate| gate.status()["content"].clone());
    let holds_one = |gate: &Gate| contents.contains(&gate.status()["data"]["content"]);
    gates[0].wait("one of the sets to be stored", |_| gates.iter().all(holds_one));
    let stale = data.broken().start();
    assert_eq!(["a-9", "b-9"].iter().filter(|name| stale.ask(name) == REFUSED).count(), 1);
    assert_eq!(stale.ask("official"), ALLOWED);
}
