//! Every way of changing the files, once by events alone and once by polling alone.

use std::{fs, io::Write as _, sync::Arc};

use topicgate::live::Live;

use crate::scene::{BAD, Disk, both, rule};

#[test]
fn a_file_written_in_place() {
    both(Disk::new, |scene| {
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("newer")), &["newer"]);
    });
}

#[test]
fn a_file_renamed_over() {
    both(Disk::new, |scene| {
        for id in ["new", "newer"] {
            scene.becomes(
                |disk| {
                    disk.put("rules/.a.yaml.tmp", &rule(id));
                    disk.rename("rules/.a.yaml.tmp", "rules/a.yaml");
                },
                &[id],
            );
        }
    });
}

#[test]
fn a_file_saved_by_an_editor_with_backup() {
    both(Disk::new, |scene| {
        for id in ["new", "newer"] {
            scene.becomes(
                |disk| {
                    disk.put("rules/.a.yaml.swp", "swap");
                    disk.put("rules/4913", "");
                    fs::remove_file(disk.path("rules/4913")).unwrap();
                    disk.rename("rules/a.yaml", "rules/a.yaml~");
                    disk.put("rules/a.yaml", &rule(id));
                    fs::remove_file(disk.path("rules/a.yaml~")).unwrap();
                    fs::remove_file(disk.path("rules/.a.yaml.swp")).unwrap();
                },
                &[id],
            );
        }
    });
}

#[test]
fn a_file_deleted_and_created_again() {
    both(Disk::new, |scene| {
        scene.fails(|disk| fs::remove_file(disk.path("rules/a.yaml")).unwrap());
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
    });
}

#[test]
fn a_directory_deleted_and_created_again() {
    both(Disk::new, |scene| {
        scene.fails(|disk| fs::remove_dir_all(disk.path("rules")).unwrap());
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("newer")), &["newer"]);
    });
}

#[test]
fn a_directory_replaced() {
    both(Disk::new, |scene| {
        scene.becomes(
            |disk| {
                disk.put("next/a.yaml", &rule("new"));
                disk.rename("rules", "previous");
                disk.rename("next", "rules");
            },
            &["new"],
        );
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("newer")), &["newer"]);
    });
}

#[test]
fn a_directory_moved_away_and_back() {
    both(Disk::new, |scene| {
        scene.fails(|disk| disk.rename("rules", "away"));
        scene.disk.rename("away", "rules");
        scene.wait("it is back", |live| live.status().last.succeeded);
        assert_eq!(scene.live.status().generation, 1, "the same rules are not a new set");
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
    });
}

#[test]
fn a_kubernetes_volume_updated() {
    let disk = || {
        let disk = Disk::empty();
        fs::create_dir(disk.path("rules")).unwrap();
        disk.publish("..2026_1", &rule("old"));
        disk.link("rules/a.yaml", "..data/a.yaml");
        disk
    };
    both(disk, |scene| {
        scene.becomes(
            |disk| {
                disk.publish("..2026_2", &rule("new"));
                fs::remove_dir_all(disk.path("rules/..2026_1")).unwrap();
            },
            &["new"],
        );
        scene.becomes(|disk| disk.publish("..2026_3", &rule("newer")), &["newer"]);
    });
}

#[test]
fn a_file_added_and_removed() {
    both(Disk::new, |scene| {
        scene.becomes(|disk| disk.put("rules/b.yaml", &rule("more")), &["old", "more"]);
        scene.becomes(|disk| fs::remove_file(disk.path("rules/a.yaml")).unwrap(), &["more"]);
    });
}

#[test]
fn a_file_added_in_a_new_directory() {
    both(Disk::new, |scene| {
        scene.becomes(|disk| disk.put("rules/b/c/d.yaml", &rule("more")), &["old", "more"]);
        scene.becomes(|disk| disk.put("rules/b/c/d.yaml", &rule("other")), &["old", "other"]);
        scene.becomes(|disk| fs::remove_dir_all(disk.path("rules/b")).unwrap(), &["old"]);
    });
}

#[test]
fn a_list_file_changed_alone() {
    let disk = || {
        let disk = Disk::empty();
        let lists = "lists:\n  banned: { file: lists/banned.txt }\n";
        let when = "{ operator: { in: { list: banned } } }";
        let rules = format!("{lists}{}", rule("old").replace("always", when));
        disk.put("rules/a.yaml", &rules);
        disk.put("rules/lists/banned.txt", "anna\n");
        disk
    };
    both(disk, |scene| {
        let entries = |live: &Live| live.current().counts.lists.iter().map(|(_, entries)| *entries).sum::<usize>();
        assert_eq!(entries(&scene.live), 1);
        scene.becomes(|disk| disk.put("rules/lists/banned.txt", "anna\nbert\n"), &["old"]);
        assert_eq!(entries(&scene.live), 2);
        scene.fails(|disk| fs::remove_file(disk.path("rules/lists/banned.txt")).unwrap());
        scene.becomes(|disk| disk.put("rules/lists/banned.txt", "anna\nbert\ncarl\n"), &["old"]);
        assert_eq!(entries(&scene.live), 3);
    });
}

#[test]
fn a_file_changed_under_an_old_time() {
    both(Disk::new, |scene| {
        scene.becomes(
            |disk| {
                let path = disk.path("rules/a.yaml");
                let modified = fs::metadata(&path).unwrap().modified().unwrap();
                let mut file = fs::File::create(path).unwrap();
                file.write_all(rule("new").as_bytes()).unwrap();
                file.set_modified(modified).unwrap();
            },
            &["new"],
        );
    });
}

#[test]
fn bad_rules_and_then_good_ones() {
    both(Disk::new, |scene| {
        scene.fails(|disk| disk.put("rules/a.yaml", BAD));
        let failure = scene.live.status().last_failure.clone().unwrap();
        assert!(failure.report.has_errors());
        assert!(failure.problem.ends_with("in the rule files"), "{}", failure.problem);
        scene.becomes(|disk| disk.put("rules/a.yaml", &rule("new")), &["new"]);
        assert!(scene.live.status().last.succeeded);
        assert!(scene.live.status().last_failure.is_some(), "it is kept");
    });
}

#[test]
fn the_same_content_written_again_is_no_new_set() {
    both(Disk::new, |scene| {
        let before = scene.live.status();
        scene.disk.put("rules/.a.yaml.tmp", &rule("old"));
        scene.disk.rename("rules/.a.yaml.tmp", "rules/a.yaml");
        scene.wait("it was read", |live| !Arc::ptr_eq(&live.status(), &before));
        let status = scene.live.status();
        assert_eq!((status.generation, status.attempts), (1, 1));
        scene.becomes(|disk| disk.put("rules/b.yaml", &rule("more")), &["old", "more"]);
        let status = scene.live.status();
        assert_eq!((status.generation, status.attempts), (2, 2));
    });
}

#[test]
fn a_link_to_a_directory_switched() {
    let disk = || {
        let disk = Disk::empty();
        disk.put("v1/a.yaml", &rule("old"));
        disk.put("v2/a.yaml", &rule("new"));
        disk.link("rules", "v1");
        disk
    };
    both(disk, |scene| {
        scene.becomes(|disk| disk.switch("rules", "v2"), &["new"]);
        scene.becomes(|disk| disk.put("v2/a.yaml", &rule("newer")), &["newer"]);
        scene.becomes(|disk| disk.switch("rules", "v1"), &["old"]);
    });
}
