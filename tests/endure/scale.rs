//! The same with many files, with a long list, and with a directory that is written to without pause.

use std::{
    iter::repeat_n,
    sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    thread,
};

use crate::{
    disk::Disk,
    edition::{CODES, Edition, NUMBERS, RULE, probes, refusal},
    gate::{ALLOWED, topic},
    ledger::Answers,
    many::{BANNED, FILES, IDS, lay_long_list, lay_many},
    scene::{EVENTS, POLL, Scene, start, under_load},
};

/// Those of the many files that clients ask for.
const ASKED: [usize; 3] = [3, 500, 999];

fn many_questions() -> Vec<Vec<u8>> {
    probes().into_iter().chain(ASKED.map(|file| topic(&format!("file {file}")))).collect()
}

/// What is answered by an edition and by many files of a number.
fn many_answers(edition: Edition, number: u32) -> Answers {
    let one = refusal(10199, &format!("file of {number}"));
    edition.answers().into_iter().chain(repeat_n(one, ASKED.len())).collect()
}

fn many(watch: &str, lay: impl FnOnce(&Disk), play: impl FnOnce(&Scene<'_>)) {
    let gate = start(watch, lay);
    assert_eq!(gate.status()["counts"]["files"], FILES);
    under_load(&gate, &many_questions(), many_answers(Edition::of(1), 1), play);
}

fn one_edited_and_all_replaced(scene: &Scene<'_>) {
    let edited = Edition { rule: 2, ..Edition::of(1) };
    scene.becomes(many_answers(edited, 1), |disk| disk.put("rules/20-edition.yaml", &edited.rule()));
    scene.becomes(many_answers(Edition::of(3), 3), |disk| {
        lay_many(disk, "next", 3);
        disk.rename("rules", "before");
        disk.rename("next", "rules");
    });
}

#[test]
fn a_thousand_files_followed_by_events() {
    many(EVENTS, |disk| lay_many(disk, "rules", 1), one_edited_and_all_replaced);
}

#[test]
fn a_thousand_files_followed_by_polling() {
    many(POLL, |disk| lay_many(disk, "rules", 1), one_edited_and_all_replaced);
}

fn lay_volume(disk: &Disk) {
    lay_many(disk, "rules/..2026_1", 1);
    disk.link("rules/..data", "..2026_1");
    for name in [CODES, RULE, "30-codes.yaml", "lists"] {
        disk.link(&format!("rules/{name}"), &format!("..data/{name}"));
    }
    // A volume links files, not directories.
    for file in 3..FILES {
        disk.link(&format!("rules/many-{file}.yaml"), &format!("..data/many/{file}.yaml"));
    }
}

fn volume_updated(scene: &Scene<'_>) {
    scene.becomes(many_answers(Edition::of(2), 2), |disk| {
        lay_many(disk, "rules/..2026_2", 2);
        disk.switch("rules/..data", "..2026_2");
        disk.remove_all("rules/..2026_1");
    });
}

#[test]
fn a_kubernetes_volume_of_a_thousand_files_followed_by_events() {
    many(EVENTS, lay_volume, volume_updated);
}

#[test]
fn a_kubernetes_volume_of_a_thousand_files_followed_by_polling() {
    many(POLL, lay_volume, volume_updated);
}

/// Asks for two operators that will be added, one that is there from the start, and one that never is.
fn long_list(watch: &str) {
    let gate = start(watch, lay_long_list);
    assert_eq!(gate.status()["counts"]["lists"][0]["entries"], IDS);
    let questions = ["first", "second", "user-000000000999999", "nobody"].map(creation_by).to_vec();
    let refused = refusal(1, "");
    let answers = |banned: [bool; 2]| -> Answers {
        let added = banned.map(|banned| if banned { refused.clone() } else { ALLOWED.to_owned() });
        added.into_iter().chain([refused.clone(), ALLOWED.to_owned()]).collect()
    };
    under_load(&gate, &questions, answers([false, false]), |scene| {
        scene.becomes(answers([true, false]), |disk| disk.append(BANNED, "first"));
        let longer = format!("{}second\n", scene.disk.text(BANNED));
        scene.becomes(answers([true, true]), |disk| disk.replace(BANNED, &longer));
    });
}

fn creation_by(operator: &str) -> Vec<u8> {
    String::from_utf8(topic("x")).unwrap().replace("leckie", operator).into_bytes()
}

#[test]
fn a_list_of_a_million_ids_followed_by_events() {
    long_list(EVENTS);
}

#[test]
fn a_list_of_a_million_ids_followed_by_polling() {
    long_list(POLL);
}

/// Plays while another thread changes the files without pause, turn by turn.
fn without_pause(scene: &Scene<'_>, turn: impl Fn(u32) + Sync, play: impl FnOnce()) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let stops = Stops(&done);
        scope.spawn(|| {
            for number in 2.. {
                turn(number);
                if done.load(Relaxed) || scene.ledger.is_closed() {
                    break;
                }
            }
        });
        play();
        drop(stops);
    });
}

/// Stops what goes on without pause, also when a play fails: the scope would wait for it.
struct Stops<'a>(&'a AtomicBool);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

fn keeps_changing(scene: &Scene<'_>) {
    scene.wait("the files to keep changing", |scene| {
        scene.gate.status()["last_failure"]["problem"] == "rules keep changing"
    });
    let line = scene.gate.wait_for_log("rules keep changing");
    assert!(line.contains("reload failed"), "{line}");
}

/// What is written is never valid, so that not even a chance pause makes it live.
#[test]
fn the_last_good_rules_decide_while_a_directory_is_written_to_without_pause() {
    for watch in [EVENTS, POLL] {
        let gate = start(watch, |disk| Edition::of(1).lay(disk, "rules"));
        under_load(&gate, &probes(), Edition::of(1).answers(), |scene| {
            let write = |turn| scene.disk.replace("rules/20-edition.yaml", &format!("rule: {turn}\n"));
            without_pause(scene, write, || keeps_changing(scene));
            assert_eq!(scene.number("generation"), 1);
            let good = Edition { rule: 2, ..Edition::of(1) };
            scene.becomes(good.answers(), |disk| disk.put("rules/20-edition.yaml", &good.rule()));
        });
    }
}

/// An attempt reads while the link leads to one edition after the other; what it read of several is never live.
#[test]
fn a_link_switched_without_pause_never_makes_a_mixture_live() {
    for watch in [EVENTS, POLL] {
        let gate = start(watch, |disk| {
            Edition::of(1).lay(disk, "set-1");
            disk.link("rules", "set-1");
        });
        under_load(&gate, &probes(), Edition::of(1).answers(), |scene| {
            let latest = AtomicU32::new(1);
            let switch = |turn| {
                latest.store(turn % NUMBERS, Relaxed);
                let edition = Edition::of(turn % NUMBERS);
                scene.ledger.allow(edition.answers());
                edition.lay(&scene.disk, &format!("set-{turn}"));
                scene.disk.switch("rules", &format!("set-{turn}"));
                scene.disk.remove_all(&format!("set-{}", turn - 1));
            };
            without_pause(scene, switch, || keeps_changing(scene));
            scene.becomes_live(&Edition::of(latest.into_inner()).answers());
        });
    }
}
