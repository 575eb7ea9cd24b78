//! What deploy/ asks of a running service: the metrics of its alerts and of its dashboard.

use std::{collections::BTreeSet, fs, path::Path};

use crate::{pki::Authority, tls};

/// The metrics that a text names; those that its own rules record begin with `job:`.
fn metrics(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !letter.is_ascii_lowercase() && !"_:".contains(letter));
    words.filter(|word| word.starts_with("topicgate_")).collect()
}

#[test]
fn every_metric_of_the_alerts_and_the_dashboard_exists() {
    // Certificates and lists are in the metrics only where there are some.
    let page = tls::webhook(&Authority::new().issue("gate"), "").shipped_rules().start().get("/metrics").body;
    let shown = metrics(&page);
    for path in
        ["prometheus/rules.yaml", "prometheus/tests.yaml", "prometheus/tests-of-days.yaml", "grafana/topicgate.json"]
    {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(path);
        for name in metrics(&fs::read_to_string(&path).unwrap()) {
            assert!(shown.contains(name), "{}: topicgate has no metric {name}", path.display());
        }
    }
}
