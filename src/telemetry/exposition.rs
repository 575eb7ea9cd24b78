//! The two text formats that metrics are read in: OpenMetrics, which the metrics crate writes, and the older one of
//! Prometheus, which has no end mark and calls a counter by the name of its samples.

use std::collections::HashSet;

/// A text format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// OpenMetrics 1.0.
    OpenMetrics,
    /// The text format of Prometheus, version 0.0.4.
    Plain,
}

/// A text in OpenMetrics, in the format of Prometheus.
pub(super) fn plain(open: &str) -> String {
    let counters = open.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter"));
    let counters: HashSet<&str> = counters.collect();
    let mut plain = String::with_capacity(open.len() + counters.len() * 2 * "_total".len());
    for line in open.lines() {
        match line.strip_prefix("# ").and_then(|told| told.split_once(' ')) {
            Some((what, told)) => plain += &about(what, told, &counters),
            None if line == "# EOF" => {}
            None => plain.extend([line, "\n"]),
        }
    }
    plain
}

/// A line about a metric. The older format knows no units; they are part of the names anyway.
fn about(what: &str, told: &str, counters: &HashSet<&str>) -> String {
    let (name, rest) = told.split_once(' ').unwrap_or((told, ""));
    let total = if counters.contains(name) { "_total" } else { "" };
    if what == "UNIT" { String::new() } else { format!("# {what} {name}{total} {rest}\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_older_format_has_no_end_mark_and_counters_by_the_name_of_their_samples() {
        let open = "# HELP gate_requests Requests.\n# TYPE gate_requests counter\ngate_requests_total{a=\"# EOF\"} 1\n\
                    # HELP gate_size_bytes Size.\n# TYPE gate_size_bytes gauge\n# UNIT gate_size_bytes bytes\n\
                    gate_size_bytes 2\n# EOF\n";
        let expected = "# HELP gate_requests_total Requests.\n# TYPE gate_requests_total counter\n\
                        gate_requests_total{a=\"# EOF\"} 1\n\
                        # HELP gate_size_bytes Size.\n# TYPE gate_size_bytes gauge\ngate_size_bytes 2\n";
        assert_eq!(plain(open), expected);
    }
}
