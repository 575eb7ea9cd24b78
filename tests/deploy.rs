//! deploy/: it names settings, versions and pages that exist, and its copies are what they were made from.
//!
//! `UPDATE_DOCS=1 cargo test --test deploy` writes the copies.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "it reads and writes the files of deploy/")]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

use clap::{Args, Command};
use serde_json::Value;
use topicgate::{
    diagnostic::render::{self, Style},
    rules,
    settings::Flags,
    source,
};

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below a directory, links left out.
fn files(directory: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).unwrap().map(|entry| entry.unwrap()) {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && entry.file_name() != "secrets" {
            found.extend(files(&entry.path()));
        } else if kind.is_file() {
            found.push((entry.path(), fs::read_to_string(entry.path()).unwrap()));
        }
    }
    found
}

/// The keys of all settings, from the definitions that `--help` is made of, and `apps`.
fn settings() -> BTreeSet<String> {
    let command = Flags::augment_args(Command::new("serve"));
    let keys = command.get_arguments().filter_map(|argument| argument.get_long()).map(|flag| flag.replace('-', "_"));
    keys.chain(["apps".to_owned()]).collect()
}

#[test]
fn every_variable_is_that_of_a_setting() {
    let known = settings();
    let mut seen = BTreeSet::new();
    for (path, text) in files(&at("deploy")) {
        let words = text.split(|letter: char| !letter.is_ascii_uppercase() && letter != '_');
        for word in words.filter_map(|word| word.strip_prefix("TOPICGATE_")).filter(|word| !word.is_empty()) {
            assert!(known.contains(&word.to_lowercase()), "{}: no setting is called TOPICGATE_{word}", path.display());
            seen.insert(word.to_owned());
        }
    }
    assert!(seen.contains("APP") && seen.contains("MAX_CONNECTIONS"), "{seen:?}");
}

/// Its flags are arguments, which a settings file replaces with others; a variable would win over that file.
#[test]
fn the_image_sets_no_variable_and_its_flags_are_settings() {
    let image = read("deploy/Dockerfile");
    assert!(!image.contains("TOPICGATE_"), "deploy/Dockerfile sets a variable");
    let command = image.lines().find_map(|line| line.strip_prefix("CMD ")).unwrap();
    let arguments: Vec<String> = serde_json::from_str(command).unwrap();
    let flags: Vec<&str> = arguments.iter().filter_map(|argument| argument.strip_prefix("--")).collect();
    assert_eq!(flags, ["rules", "listen"]);
    assert!(flags.iter().all(|flag| settings().contains(*flag)));
}

/// What a connection can be made to take, as docs/operations.md says, and what is left for rules, tokens and the admin side.
const CONNECTION_BYTES: u64 = 160_000;
const OTHER_BYTES: u64 = 128 << 20;

#[test]
fn the_connections_that_there_may_be_fit_into_the_memory_that_there_is() {
    let page = read("docs/operations.md");
    assert!(page.contains("takes up to 160 KB") && page.contains("Connections to the webhook in all [default: 10000]"));
    for (connections_in, memory_in, key) in [
        ("deploy/compose.yaml", "deploy/compose.yaml", "mem_limit: "),
        ("deploy/kubernetes/base/topicgate.yaml", "deploy/kubernetes/base/deployment.yaml", "limits: { memory: "),
        ("deploy/kubernetes/example/topicgate.yaml", "deploy/kubernetes/base/deployment.yaml", "limits: { memory: "),
        ("deploy/helm/topicgate/values.yaml", "deploy/helm/topicgate/values.yaml", "limits: { memory: "),
        ("deploy/topicgate.yaml", "deploy/topicgate.service", "MemoryMax="),
    ] {
        let stated = number_after(&read(connections_in).to_lowercase(), "max_connections: ");
        let connections = stated.map_or(10_000, |(count, _)| count);
        let (amount, unit) = number_after(&read(memory_in), key).unwrap();
        let memory = amount << if unit.eq_ignore_ascii_case(&'g') { 30 } else { 20 };
        let needed = connections * CONNECTION_BYTES + OTHER_BYTES;
        assert!(needed < memory, "{connections_in}: {connections} connections need {needed} of {memory} bytes");
    }
}

/// The number behind a key, and the letter behind the number.
fn number_after(text: &str, key: &str) -> Option<(u64, char)> {
    let (_, rest) = text.split_once(key)?;
    let (number, rest) = rest.split_at(rest.find(|letter: char| !letter.is_ascii_digit())?);
    Some((number.parse().unwrap(), rest.chars().next()?))
}

#[test]
fn every_key_of_a_settings_file_is_one() {
    let known = settings();
    for path in
        ["deploy/topicgate.yaml", "deploy/kubernetes/base/topicgate.yaml", "deploy/kubernetes/example/topicgate.yaml"]
    {
        let text = read(path);
        let keys = text.lines().filter(|line| line.starts_with(|letter: char| letter.is_ascii_lowercase()));
        let keys: Vec<&str> = keys.map(|line| line.split_once(':').unwrap().0).collect();
        assert!(keys.contains(&"rules") && keys.contains(&"apps"), "{path}: {keys:?}");
        for key in keys {
            assert!(known.contains(key), "{path}: no setting is called {key}");
        }
    }
}

#[test]
fn every_flag_of_the_service_is_one() {
    let unit = read("deploy/topicgate.service");
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    let flags: Vec<&str> = start.split(' ').filter_map(|word| word.strip_prefix("--")).collect();
    assert!(!flags.is_empty());
    for flag in flags {
        assert!(settings().contains(flag), "no flag is called --{flag}");
    }
}

#[test]
fn the_rules_for_kubernetes_load_without_a_finding() {
    for path in ["deploy/kubernetes/base/rules", "deploy/kubernetes/example/rules"] {
        let loaded = rules::load(source::read(&[at(path)], &source::Options::default()), jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(render::text(&loaded.report, Style::Plain), "", "{path}");
        assert!(loaded.outcomes.iter().all(|outcome| outcome.differences.is_empty()), "{path}");
    }
}

/// What Kubernetes mounts by `subPath` never changes.
#[test]
fn nothing_is_mounted_by_sub_path() {
    for (path, text) in files(&at("deploy")) {
        assert!(!text.contains("subPath:") && !text.contains("subPathExpr:"), "{}", path.display());
    }
}

#[test]
fn every_alert_has_a_section_and_a_runbook_that_leads_to_it() {
    let page = read("docs/operations.md");
    let rules = read("deploy/prometheus/rules.yaml");
    let alerts: Vec<&str> = rules.split("- alert: ").skip(1).collect();
    assert!(alerts.len() >= 15, "{}", alerts.len());
    for alert in &alerts {
        let name = alert.lines().next().unwrap();
        assert!(page.contains(&format!("\n### {name}\n")), "docs/operations.md does not explain {name}");
        let runbook = format!("runbook: docs/operations.md#{}\n", name.to_lowercase());
        assert!(alert.contains(&runbook), "{name} has no `{runbook}`");
    }
    let sections = page.lines().filter_map(|line| line.strip_prefix("### Topicgate"));
    assert_eq!(sections.count(), alerts.len(), "docs/operations.md explains an alert that does not exist");
}

#[test]
fn every_metric_of_an_alert_or_a_panel_is_explained() {
    let page = read("docs/operations.md");
    for path in ["deploy/prometheus/rules.yaml", "deploy/grafana/topicgate.json"] {
        let text = read(path);
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != ':');
        let metrics: BTreeSet<&str> = words.filter(|word| word.starts_with("topicgate_")).collect();
        assert!(metrics.len() >= 10, "{path}: {metrics:?}");
        for metric in metrics {
            let family = metric.trim_end_matches("_bucket").trim_end_matches("_count");
            let explained = ["`", "{"].iter().any(|end| page.contains(&format!("`{family}{end}")));
            assert!(explained, "{path}: docs/operations.md does not explain {metric}");
        }
    }
}

#[test]
fn every_alert_has_a_test_in_which_it_fires() {
    let tests = read("deploy/prometheus/tests.yaml") + &read("deploy/prometheus/tests-of-days.yaml");
    for alert in read("deploy/prometheus/rules.yaml").split("- alert: ").skip(1) {
        let name = alert.lines().next().unwrap();
        assert!(tests.contains(&format!("alertname=\"{name}\"")), "no test of deploy/prometheus lets {name} fire");
    }
}

/// Kustomize takes no file from outside its directory.
#[test]
fn the_prometheus_rule_for_kubernetes_is_that_for_prometheus() {
    let path = "deploy/kubernetes/monitoring/prometheusrule.yaml";
    let rules = read("deploy/prometheus/rules.yaml");
    let indented = rules.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") });
    let made = "# Made from deploy/prometheus/rules.yaml by: UPDATE_DOCS=1 cargo test --test deploy\n\
                apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: topicgate\n  \
                labels: { app.kubernetes.io/name: topicgate }\nspec:\n"
        .to_owned()
        + &indented.collect::<String>();
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(at(path), made).unwrap();
    } else {
        assert!(read(path) == made, "{path} is out of date: run `UPDATE_DOCS=1 cargo test --test deploy`");
    }
}

#[test]
fn the_versions_are_that_of_the_package() {
    let version = env!("CARGO_PKG_VERSION");
    for (path, line) in [
        ("deploy/helm/topicgate/Chart.yaml", format!("appVersion: {version}")),
        ("deploy/compose.yaml", format!("image: topicgate:{version}")),
        ("deploy/kubernetes/base/deployment.yaml", format!("image: topicgate:{version}")),
        ("deploy/kubernetes/example/kustomization.yaml", format!("newTag: {version} ")),
    ] {
        assert!(read(path).contains(&line), "{path} does not say {line}");
    }
    let toolchain = read("rust-toolchain.toml");
    let image = format!("FROM rust:{}-", env!("CARGO_PKG_RUST_VERSION"));
    assert!(read("deploy/Dockerfile").contains(&image), "deploy/Dockerfile does not build with Rust as in {toolchain}");
}

/// The image is built from Cargo.toml up to there: the files of other targets are not in it.
#[test]
fn the_targets_stand_at_the_end_of_cargo_toml() {
    let manifest = read("Cargo.toml");
    let tables: Vec<&str> = manifest.lines().filter(|line| line.starts_with('[')).collect();
    let targets = tables.iter().skip_while(|table| !table.starts_with("[["));
    assert!(targets.clone().count() > 0);
    for target in targets {
        assert!(target.starts_with("[["), "{target} stands behind a target, and deploy/Dockerfile would leave it out");
    }
}

#[test]
fn a_panel_of_the_dashboard_has_an_id_of_its_own_and_asks_the_chosen_source() {
    let dashboard: Value = serde_json::from_str(&read("deploy/grafana/topicgate.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let ids: BTreeSet<u64> = panels.iter().map(|panel| panel["id"].as_u64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len());
    for panel in panels.iter().filter(|panel| panel["type"] != "row") {
        let title = panel["title"].as_str().unwrap();
        let targets = panel["targets"].as_array().unwrap();
        assert!(!targets.is_empty(), "{title}");
        assert!(targets.iter().all(|target| target["datasource"]["uid"] == "${datasource}"), "{title}");
        assert!(targets.iter().all(|target| target["expr"].as_str().unwrap().contains("$job")), "{title}");
    }
}
