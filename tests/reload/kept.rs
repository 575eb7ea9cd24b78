//! What is kept on disk: it comes back as it was, or not at all.

use std::fs;

use jiff::Timestamp;
use topicgate::{
    live::{Options, Watching},
    rules::{self, Input},
    source::{self, kept::Store},
};

use crate::scene::{BAD, Disk, Scene, options, rule};

/// A set with what makes one: several files, lists of the same name, a byte order mark, names that lead elsewhere.
fn set(disk: &Disk) -> Input {
    let list = |id: &str| {
        let when = format!("{{ name: {{ in: {{ list: {id} }} }} }}");
        format!("lists: {{ {id}: {{ file: words.txt }} }}\n{}", rule(id).replace("always", &when))
    };
    disk.put("rules/a.yaml", &format!("\u{feff}{}", list("one")));
    disk.put("rules/words.txt", "first\n");
    disk.put("rules/below/9-b.yaml", &list("two"));
    disk.put("rules/below/10-c.yaml", &rule("three"));
    disk.put("rules/below/words.txt", "second\n");
    disk.put("other/manifest.json.yaml", &rule("four"));
    let paths = [disk.path("rules/../rules"), disk.path("other")];
    source::read(&paths, &source::Options::default())
}

fn store(disk: &Disk, limits: &source::Options) -> Store {
    Store::open(&disk.path("data"), limits).unwrap()
}

/// A set in the words that must be the same.
fn words(input: &Input) -> String {
    format!("{:?} {:?} {:?} {:?} {}", input.files, input.list_files, input.lists, input.problems, input.content)
}

#[test]
fn a_set_comes_back_as_it_was() {
    let disk = Disk::empty();
    let (input, store) = (set(&disk), store(&disk, &source::Options::default()));
    assert!(store.read().unwrap().is_none());
    let before = rules::load(input.clone(), Timestamp::UNIX_EPOCH).snapshot.unwrap();
    let now = Timestamp::now();
    store.write(&input, &before.revision, now).unwrap();
    let kept = store.read().unwrap().unwrap();
    assert_eq!((words(&kept.input), kept.stored), (words(&input), now));
    let after = rules::load(kept.input, Timestamp::UNIX_EPOCH).snapshot.unwrap();
    assert_eq!((&after.revision, &after.content, &after.counts), (&before.revision, &before.content, &before.counts));
}

#[test]
fn damage_is_noticed_wherever_it_is() {
    let disk = Disk::empty();
    let (input, store) = (set(&disk), store(&disk, &source::Options::default()));
    store.write(&input, "", Timestamp::now()).unwrap();
    let (path, whole, words_before) = (store.path(), fs::read(store.path()).unwrap(), words(&input));
    let mut noticed = 0;
    let mut is_whole_or_refused = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        match store.read() {
            Ok(kept) => assert_eq!(words(&kept.unwrap().input), words_before),
            Err(_) => noticed += 1,
        }
    };
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        is_whole_or_refused(&bytes);
    }
    (0..whole.len()).step_by(100).for_each(|end| is_whole_or_refused(&whole[..end]));
    // The rest is padding.
    assert!(noticed * 3 > whole.len(), "{noticed} of {}", whole.len());
}

#[test]
fn what_is_larger_than_its_limits_is_not_read() {
    let disk = Disk::empty();
    let wide = store(&disk, &source::Options::default());
    wide.write(&set(&disk), "", Timestamp::now()).unwrap();
    let file = fs::File::options().write(true).open(wide.path()).unwrap();
    file.set_len(1 << 40).unwrap();
    assert!(wide.read().unwrap_err().to_string().contains("too large"));
}

#[test]
fn a_first_load_that_fails_starts_with_what_was_kept_and_follows_the_files() {
    let disk = Disk::new();
    let kept = Options { data: Some(store(&disk, &source::Options::default())), ..options(Watching::Events) };
    let scene = Scene::start(disk, kept);
    scene.wait("it is kept", |live| {
        live.status().kept.clone().unwrap().content.as_ref() == Some(&live.current().content)
    });
    let Scene { live, handle, disk } = scene;
    drop((live, handle));
    disk.put("rules/a.yaml", BAD);
    let kept = Options { data: Some(store(&disk, &source::Options::default())), ..options(Watching::Events) };
    let scene = Scene::start(disk, kept);
    assert!(scene.live.status().stale.is_some() && !scene.live.status().last.succeeded);
    assert_eq!(scene.ids(), ["old"]);
    scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
    assert!(scene.live.status().stale.is_none());
}
