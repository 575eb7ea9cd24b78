//! A change of the rules every second, good or bad, in ever other ways.

use std::{
    thread,
    time::{Duration, Instant},
};

use crate::{disk::Disk, edition::Edition, scene::Scene};

const EVERY: Duration = Duration::from_secs(1);
/// So many that a set that is not released shows in the memory.
const IDS: usize = 100_000;

/// The first edition, and a list of some size.
pub fn lay(disk: &Disk) {
    Edition::of(0).lay(disk, "rules");
    lay_list(disk, "rules");
}

fn lay_list(disk: &Disk, directory: &str) {
    let rule = "  - id: banned\n    action: deny\n    when: { operator: { in: { list: banned } } }\n";
    let list = "lists: { banned: { file: lists/banned.txt } }\n";
    disk.put(&format!("{directory}/30-banned.yaml"), &format!("{list}rules:\n{rule}"));
    let ids: String = (0..IDS).map(|number| format!("user-{number:015}\n")).collect();
    disk.put(&format!("{directory}/lists/banned.txt"), &ids);
}

/// Changes the rules until the time is over, each time after the change before was seen.
pub fn play(scene: &Scene<'_>, end: Instant) {
    let mut edition = Edition::of(0);
    for turn in 1.. {
        let next = Instant::now() + EVERY;
        change(scene, &mut edition, turn);
        if next > end {
            return;
        }
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}

/// One change; after each sixth turn all files are of one number.
fn change(scene: &Scene<'_>, edition: &mut Edition, turn: u32) {
    let number = turn % crate::edition::NUMBERS;
    let before = *edition;
    match turn % 6 {
        1 | 3 => *edition = Edition { rule: turn, ..before },
        4 | 5 => *edition = Edition { list: number, ..before },
        0 => *edition = Edition::of(number),
        _ => return scene.fails(|disk| disk.put("rules/20-edition.yaml", "rules: [{ id: Bad }]\n")),
    }
    scene.becomes(edition.answers(), |disk| match turn % 6 {
        1 => disk.replace("rules/20-edition.yaml", &edition.rule()),
        3 => disk.put("rules/20-edition.yaml", &edition.rule()),
        4 => disk.put("rules/lists/words.txt", &edition.words()),
        5 => disk.replace("rules/lists/words.txt", &edition.words()),
        _ => replace_all(disk, *edition),
    });
}

fn replace_all(disk: &Disk, edition: Edition) {
    edition.lay(disk, "next-rules");
    lay_list(disk, "next-rules");
    disk.rename("rules", "before");
    disk.rename("next-rules", "rules");
    disk.remove_all("before");
}
