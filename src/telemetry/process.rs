//! What the system knows of this process, under the names that every client of Prometheus uses. It is read when somebody
//! asks; what cannot be read is left out.

use std::fmt;

use procfs::{
    WithCurrentSystemInfo, boot_time_secs,
    process::{LimitValue, Process, Stat},
    ticks_per_second,
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
};

/// Reads `/proc/self`.
#[derive(Debug)]
pub(super) struct Own;

impl Collector for Own {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let Ok(process) = Process::myself() else { return Ok(()) };
        let mut page = Page(encoder);
        if let Ok(stat) = process.stat() {
            page.usage(&stat)?;
        }
        if let Ok(open) = process.fd_count() {
            page.show("process_open_fds", "Open file descriptors.", &gauge(open as u64))?;
        }
        match process.limits().map(|limits| limits.max_open_files.soft_limit) {
            Ok(LimitValue::Value(most)) => page.show("process_max_fds", "The most file descriptors.", &gauge(most)),
            Ok(LimitValue::Unlimited) | Err(_) => Ok(()),
        }
    }
}

struct Page<'a>(DescriptorEncoder<'a>);

impl Page<'_> {
    fn usage(&mut self, stat: &Stat) -> fmt::Result {
        let used = ConstCounter::new(seconds(stat.utime + stat.stime));
        self.show("process_cpu_seconds", "Processor time used, in seconds.", &used)?;
        let resident = gauge(stat.rss_bytes().get());
        self.show("process_resident_memory_bytes", "Memory in use, in bytes.", &resident)?;
        let Ok(boot) = boot_time_secs() else { return Ok(()) };
        let start = ConstGauge::new(boot as f64 + seconds(stat.starttime));
        self.show("process_start_time_seconds", "When the process started, in seconds since 1970.", &start)
    }

    fn show(&mut self, name: &str, help: &str, metric: &impl EncodeMetric) -> fmt::Result {
        metric.encode(self.0.encode_descriptor(name, help, None, metric.metric_type())?)
    }
}

fn gauge(value: u64) -> ConstGauge<u64> {
    ConstGauge::new(value)
}

fn seconds(ticks: u64) -> f64 {
    ticks as f64 / ticks_per_second() as f64
}
