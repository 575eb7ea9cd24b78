//! What a process holds, second by second.

use std::{fs, thread, time::Duration};

use crate::ledger::{Closes, Ledger};

const EVERY: Duration = Duration::from_secs(1);
/// What may be held in the last quarter above what was held in the second, beside a twentieth; the first is warming up.
const MOST_KIB: u64 = 4096;
const MOST_DESCRIPTORS: u64 = 8;

/// Samples in the order of time: resident memory in KiB, descriptors, threads.
pub struct Samples(Vec<[u64; 3]>);

impl Samples {
    /// Takes samples of a process until the ledger is closed.
    pub fn take(process: u32, ledger: &Ledger) -> Samples {
        let _closes = Closes(ledger);
        let mut samples = Vec::new();
        while !ledger.is_closed() {
            let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
            let number = |key: &str| {
                let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap();
                line.split_whitespace().next().unwrap().parse().unwrap()
            };
            samples.push([number("VmRSS:"), Samples::descriptors(process), number("Threads:")]);
            thread::sleep(EVERY);
        }
        Samples(samples)
    }

    /// How many descriptors a process has now.
    pub fn descriptors(process: u32) -> u64 {
        fs::read_dir(format!("/proc/{process}/fd")).unwrap().count() as u64
    }

    /// Prints the figures. What is held at the end must be what was held after warming up.
    pub fn check(&self) {
        let kinds = [("resident KiB", MOST_KIB), ("descriptors", MOST_DESCRIPTORS), ("threads", 0)];
        for (index, (what, margin)) in kinds.into_iter().enumerate() {
            let medians @ [_, early, _, late] = [0, 1, 2, 3].map(|quarter| self.median(quarter, index));
            let most = self.0.iter().map(|sample| sample[index]).max();
            println!("  {what}: medians of the quarters {medians:?}, most {}", most.unwrap());
            assert!(late <= early + early / 20 + margin, "{late} {what} after {early}");
        }
    }

    fn median(&self, quarter: usize, index: usize) -> u64 {
        let length = self.0.len() / 4;
        let mut values: Vec<u64> = self.0[quarter * length..][..length].iter().map(|sample| sample[index]).collect();
        values.sort_unstable();
        values[length / 2]
    }
}
