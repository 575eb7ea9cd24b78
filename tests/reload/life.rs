//! What the thread that reloads does besides: waits, gives up, survives, tells, releases and ends.

use std::{
    fs,
    io::Write as _,
    iter,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use topicgate::{
    live::{Cause, Live, News, Options, Watching},
    rules::{self, Input, Loaded},
};

use crate::scene::{DEADLINE, Disk, LOOK, Scene, options, rule};

#[test]
fn a_file_that_is_still_being_written_is_not_read() {
    let (heard, hears) = mpsc::channel();
    let listener = Box::new(move |_: &Live, news| heard.send((Instant::now(), news)).unwrap());
    let poll = Duration::from_millis(20);
    let scene = Scene::start(Disk::new(), Options { listener, poll, ..options(Watching::Events) });
    scene.becomes(
        |disk| {
            let text = format!("{}  - id: more\n    action: deny\n    when: always\n", rule("whole"));
            let (half, rest) = text.split_at(rule("whole").len());
            let mut file = fs::File::create(disk.path("rules/a.yaml")).unwrap();
            file.write_all(half.as_bytes()).unwrap();
            // The thread that reloads had the time to read, and did not.
            let slow = Instant::now() + Duration::from_millis(700);
            while hears.recv_timeout(DEADLINE).unwrap().0 < slow {}
            file.write_all(rest.as_bytes()).unwrap();
        },
        &["whole", "more"],
    );
    assert_eq!(scene.live.status().attempts, 2, "nothing was tried in between");
}

#[test]
fn rules_that_keep_changing_fail_and_settle_later() {
    let scene = Scene::start(Disk::new(), options(Watching::Events));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for turn in 0.. {
                scene.disk.put("rules/.next", &rule(&format!("turn-{turn}")));
                scene.disk.rename("rules/.next", "rules/a.yaml");
                if done.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        scene.wait("they keep changing", |live| {
            live.status().last_failure.as_ref().is_some_and(|failure| failure.problem == "rules keep changing")
        });
        done.store(true, Ordering::Relaxed);
    });
    scene.becomes(|disk| disk.put("rules/a.yaml", &rule("calm")), &["calm"]);
}

#[test]
fn a_forced_reload_of_the_same_content_is_an_attempt_and_no_new_set() {
    let scene = Scene::start(Disk::new(), options(Watching::Events));
    scene.handle.reload();
    scene.wait("it was tried", |live| live.status().attempts == 2);
    let status = scene.live.status();
    assert_eq!((status.generation, status.last.succeeded, status.last.cause), (1, true, Cause::Forced));
}

#[test]
fn a_listener_hears_of_attempts_and_ticks() {
    let (heard, hears) = mpsc::channel();
    let listener = Box::new(move |live: &Live, news| heard.send((news, live.status().attempts)).unwrap());
    let scene = Scene::start(Disk::new(), Options { listener, ..options(Watching::Events) });
    scene.handle.reload();
    assert_eq!(hears.recv_timeout(DEADLINE).unwrap(), (News::Tick, 1));
    let news = iter::from_fn(|| hears.recv_timeout(DEADLINE).ok()).find(|(news, _)| *news != News::Tick);
    assert_eq!(news, Some((News::Attempted, 2)));
}

#[test]
fn a_panic_while_loading_leaves_the_rules_and_the_thread_alive() {
    fn load(input: Input) -> Loaded {
        let panics = input.files.iter().flat_map(|file| &file.bytes).any(|bytes| bytes.starts_with(b"# panic"));
        assert!(!panics, "on purpose");
        rules::load(input, jiff::Timestamp::UNIX_EPOCH)
    }
    let scene = Scene::start(Disk::new(), Options { load, ..options(Watching::Events) });
    scene.fails(|disk| disk.put("rules/a.yaml", &format!("# panic\n{}", rule("new"))));
    let failure = scene.live.status().last_failure.clone().unwrap();
    assert_eq!(failure.problem, "a defect of this program stopped loading: on purpose");
    scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
}

#[test]
fn a_first_load_that_fails_is_an_error() {
    let disk = Disk::empty();
    let failure = Live::start(vec![disk.path("rules")], Options::default()).unwrap_err();
    assert!(failure.files.report.has_errors() && failure.kept.is_none());
    assert_eq!(failure.files.problem, "1 error in the rule files");
}

#[test]
fn an_old_snapshot_is_released_when_the_last_request_is_done_with_it() {
    let scene = Scene::start(Disk::new(), options(Watching::Poll));
    let request = scene.live.current();
    let old = Arc::downgrade(&request);
    scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
    assert_eq!(request.rules[0].id, "old");
    drop(request);
    scene.wait("it is released", |_| old.strong_count() == 0);
}

#[test]
fn dropping_the_handle_ends_the_thread() {
    let Scene { live, handle, disk } = Scene::start(Disk::new(), options(Watching::Events));
    drop(handle);
    let deadline = Instant::now() + DEADLINE;
    while Arc::strong_count(&live) > 1 {
        assert!(Instant::now() < deadline, "the thread still runs");
        thread::sleep(LOOK);
    }
    drop(disk);
}
