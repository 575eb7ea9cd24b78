//! How busy the thread that loads the rules is.

use std::fs;

use crate::gate::Gate;

/// Its processor time, in ticks.
pub fn loading(gate: &Gate) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{}/task", gate.id())).unwrap();
    let stats = tasks.filter_map(|task| fs::read_to_string(task.unwrap().path().join("stat")).ok());
    let stat = stats.into_iter().find(|stat| stat.contains("(rules)")).unwrap();
    let fields: Vec<&str> = stat.split_whitespace().collect();
    fields[13].parse::<u64>().unwrap() + fields[14].parse::<u64>().unwrap()
}
