//! Every way of changing the files, by events alone and by polling alone.

use std::{fs, io::Write as _, process::Command, thread, time::Duration};

use crate::{
    disk::Disk,
    edition::{CODES, Edition, RULE},
    loading::loading,
    scene::{Scene, both},
};

const FIRST: Edition = Edition::of(1);

fn first(disk: &Disk) {
    FIRST.lay(disk, "rules");
}

/// The first edition, with another number in the file of the rule.
fn rule(number: u32) -> Edition {
    Edition { rule: number, ..FIRST }
}

/// The first edition, with another number in the list.
fn list(number: u32) -> Edition {
    Edition { list: number, ..FIRST }
}

#[test]
fn a_file_written_in_place() {
    both(first, |scene| {
        for number in [2, 3] {
            scene.becomes(rule(number).answers(), |disk| disk.put("rules/20-edition.yaml", &rule(number).rule()));
        }
    });
}

#[test]
fn a_file_truncated_and_written_slowly() {
    both(first, |scene| {
        let attempts = scene.number("attempts");
        scene.becomes(rule(2).answers(), |disk| {
            let text = rule(2).rule();
            let mut file = disk.create("rules/20-edition.yaml");
            // Twelve times longer than files must be quiet.
            for line in text.lines() {
                thread::sleep(Duration::from_millis(75));
                writeln!(file, "{line}").unwrap();
            }
        });
        if scene.gate.status()["watch"] == "auto" {
            assert_eq!(scene.number("attempts"), attempts + 1, "nothing is tried while it is open");
        }
    });
}

#[test]
fn a_file_renamed_over() {
    both(first, |scene| {
        for number in [2, 3] {
            scene.becomes(rule(number).answers(), |disk| disk.replace("rules/20-edition.yaml", &rule(number).rule()));
        }
    });
}

#[test]
fn a_file_saved_by_an_editor_with_backup() {
    both(first, |scene| {
        for number in [2, 3] {
            scene.becomes(rule(number).answers(), |disk| {
                disk.put("rules/.20-edition.yaml.swp", "swap");
                disk.put("rules/4913", "");
                disk.remove("rules/4913");
                disk.rename("rules/20-edition.yaml", "rules/20-edition.yaml~");
                disk.put("rules/20-edition.yaml", &rule(number).rule());
                disk.remove("rules/20-edition.yaml~");
                disk.remove("rules/.20-edition.yaml.swp");
            });
        }
        if Command::new("vim").arg("--version").output().is_ok() {
            scene.becomes(rule(4).answers(), |disk| {
                let edit = ["-c", "set backup", "-c", "%s/rule 3/rule 4/", "-c", "wq", "20-edition.yaml"];
                let vim =
                    Command::new("vim").args(["-es", "-u", "NONE"]).args(edit).current_dir(disk.path("rules")).status();
                assert!(vim.unwrap().success());
            });
        }
    });
}

#[test]
fn a_file_deleted_and_created_again() {
    both(first, |scene| {
        scene.fails(|disk| disk.remove("rules/20-edition.yaml"));
        scene.becomes(rule(2).answers(), |disk| disk.put("rules/20-edition.yaml", &rule(2).rule()));
    });
}

#[test]
fn a_directory_deleted_and_created_again() {
    both(first, |scene| {
        scene.fails(|disk| disk.remove_all("rules"));
        scene.becomes(Edition::of(2).answers(), |disk| Edition::of(2).lay(disk, "rules"));
    });
}

#[test]
fn a_directory_replaced() {
    both(first, |scene| {
        for number in [2, 3] {
            scene.becomes(Edition::of(number).answers(), |disk| {
                Edition::of(number).lay(disk, "next");
                disk.rename("rules", &format!("before-{number}"));
                disk.rename("next", "rules");
            });
        }
    });
}

#[test]
fn a_directory_moved_away_and_back() {
    both(first, |scene| {
        scene.fails(|disk| disk.rename("rules", "away"));
        scene.disk.rename("away", "rules");
        scene.wait("the rules to be back", |scene| scene.gate.status()["last_attempt"]["succeeded"] == true);
        assert_eq!(scene.number("generation"), 1, "the same rules are not a new set");
        scene.becomes(rule(2).answers(), |disk| disk.put("rules/20-edition.yaml", &rule(2).rule()));
    });
}

#[test]
fn a_kubernetes_volume_updated() {
    let lay = |disk: &Disk| {
        FIRST.lay(disk, "rules/..2026_1");
        disk.link("rules/..data", "..2026_1");
        for name in [CODES, RULE, "lists"] {
            disk.link(&format!("rules/{name}"), &format!("..data/{name}"));
        }
    };
    both(lay, |scene| {
        for number in [2, 3] {
            scene.becomes(Edition::of(number).answers(), |disk| {
                Edition::of(number).lay(disk, &format!("rules/..2026_{number}"));
                disk.switch("rules/..data", &format!("..2026_{number}"));
                disk.remove_all(&format!("rules/..2026_{}", number - 1));
            });
        }
    });
}

#[test]
fn a_file_added_and_removed() {
    both(first, |scene| {
        for path in ["rules/15-more.yaml", "rules/15/more/more.yaml"] {
            let more = format!("rules:\n{}", rule(2).rule_named("more"));
            scene.becomes(rule(2).answers(), |disk| disk.put(path, &more));
            scene.becomes(FIRST.answers(), |disk| disk.remove(path));
        }
    });
}

#[test]
fn a_list_file_changed_alone() {
    both(first, |scene| {
        scene.becomes(list(2).answers(), |disk| disk.put("rules/lists/words.txt", &list(2).words()));
        scene.becomes(list(3).answers(), |disk| disk.replace("rules/lists/words.txt", &list(3).words()));
        scene.fails(|disk| disk.remove("rules/lists/words.txt"));
        scene.becomes(list(4).answers(), |disk| disk.put("rules/lists/words.txt", &list(4).words()));
    });
}

#[test]
fn a_file_changed_under_an_old_time() {
    both(first, |scene| {
        scene.becomes(rule(2).answers(), |disk| {
            let modified = fs::metadata(disk.path("rules/20-edition.yaml")).unwrap().modified().unwrap();
            let mut file = disk.create("rules/20-edition.yaml");
            file.write_all(rule(2).rule().as_bytes()).unwrap();
            file.set_modified(modified).unwrap();
        });
    });
}

#[test]
fn bad_rules_and_then_good_ones() {
    both(first, |scene| {
        scene.fails(|disk| disk.put("rules/20-edition.yaml", "rule: []\n"));
        scene.fails(|disk| disk.put("rules/20-edition.yaml", "rules: [\n"));
        scene.becomes(rule(2).answers(), |disk| disk.put("rules/20-edition.yaml", &rule(2).rule()));
        assert!(scene.gate.status()["last_failure"].is_object(), "it is kept");
    });
}

#[test]
fn files_that_belong_together_written_one_after_the_other() {
    both(first, |scene| {
        let next = Edition { list: 1, ..Edition::of(2) };
        scene.fails(|disk| disk.put("rules/10-codes.yaml", &next.codes()));
        scene.becomes(next.answers(), |disk| disk.put("rules/20-edition.yaml", &next.rule()));
        scene.becomes(Edition::of(2).answers(), |disk| disk.put("rules/lists/words.txt", &Edition::of(2).words()));
    });
}

#[test]
fn a_link_to_a_directory_switched() {
    let lay = |disk: &Disk| {
        FIRST.lay(disk, "first");
        Edition::of(2).lay(disk, "second");
        disk.link("rules", "first");
    };
    both(lay, |scene| {
        scene.becomes(Edition::of(2).answers(), |disk| disk.switch("rules", "second"));
        let third = Edition { rule: 3, ..Edition::of(2) };
        scene.becomes(third.answers(), |disk| disk.put("second/20-edition.yaml", &third.rule()));
        scene.becomes(FIRST.answers(), |disk| disk.switch("rules", "first"));
    });
}

#[test]
fn the_same_content_written_again_is_no_new_set() {
    both(first, |scene| {
        scene.disk.put("rules/20-edition.yaml", &FIRST.rule());
        scene.gate.wait_for_log("rules unchanged");
        assert_eq!((scene.number("generation"), scene.number("attempts")), (1, 1));
        scene.becomes(rule(2).answers(), |disk| disk.put("rules/20-edition.yaml", &rule(2).rule()));
        assert_eq!(scene.number("attempts"), 2);
    });
}

#[test]
fn two_edits_during_one_load() {
    both(slow, |scene| {
        // On a busy machine a load can be over before the edits are made.
        let caught = (0..5).any(|_| edited_twice_while_it_loads(scene));
        assert!(caught, "every load was over too early for this test");
    });
}

fn edited_twice_while_it_loads(scene: &Scene<'_>) -> bool {
    let (before, worked) = (scene.number("generation"), loading(scene.gate));
    scene.ledger.allow(rule(2).answers());
    scene.disk.replace("rules/20-edition.yaml", &rule(2).rule());
    scene.wait("the load", |scene| loading(scene.gate) > worked + 2);
    for number in [3, 4] {
        scene.ledger.allow(rule(number).answers());
        scene.disk.replace("rules/20-edition.yaml", &rule(number).rule());
    }
    let still_loads = scene.number("generation") == before;
    scene.becomes_live(&rule(4).answers());
    still_loads
}

/// The first edition, with a list beside it that keeps the thread that loads busy.
fn slow(disk: &Disk) {
    first(disk);
    let ids: String = (0..300_000).map(|number| format!("user-{number}\n")).collect();
    disk.put("rules/lists/ids.txt", &ids);
    let when = "when: { operator: { in: { list: ids } } }";
    let rule = format!("rules:\n  - id: ids\n    action: deny\n    {when}\n");
    disk.put("rules/30-ids.yaml", &format!("lists: {{ ids: {{ file: lists/ids.txt }} }}\n{rule}"));
}
