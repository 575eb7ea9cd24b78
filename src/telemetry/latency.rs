//! How long answers take, counted without a lock: the histogram of the metrics crate holds a mutex while it counts.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use prometheus_client::{
    encoding::{EncodeMetric, MetricEncoder, NoLabelSet},
    metrics::{MetricType, TypedMetric},
};

/// The upper bounds of the buckets, in microseconds. Chat waits two seconds.
const BOUNDS: [u32; 15] =
    [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_000_000];

/// A histogram of durations.
#[derive(Clone, Debug, Default)]
pub struct Latency(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    buckets: [AtomicU64; BOUNDS.len()],
    beyond: AtomicU64,
    nanoseconds: AtomicU64,
}

impl Latency {
    /// Counts one duration.
    pub fn observe(&self, took: Duration) {
        let bucket = BOUNDS.iter().position(|bound| took.as_micros() <= u128::from(*bound));
        let bucket = bucket.and_then(|index| self.0.buckets.get(index)).unwrap_or(&self.0.beyond);
        bucket.fetch_add(1, Relaxed);
        self.0.nanoseconds.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Relaxed);
    }

    /// How many seconds a part of all took at most, in percent; as exact as the buckets. None when nothing was counted, or
    /// the part does not end within them.
    pub fn at_most(&self, percent: u64) -> Option<f64> {
        let counts = self.0.buckets.iter().map(|count| count.load(Relaxed));
        let counts: Vec<u64> = counts.chain([self.0.beyond.load(Relaxed)]).collect();
        let wanted = (counts.iter().sum::<u64>() * percent).div_ceil(100);
        let mut seen = 0;
        let bucket = counts.iter().position(|count| {
            seen += count;
            seen >= wanted
        })?;
        BOUNDS.get(bucket).filter(|_| wanted > 0).map(|bound| f64::from(*bound) / 1e6)
    }
}

impl TypedMetric for Latency {
    const TYPE: MetricType = MetricType::Histogram;
}

impl EncodeMetric for Latency {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let bounds = BOUNDS.iter().map(|bound| f64::from(*bound) / 1e6).chain([f64::INFINITY]);
        let counts = self.0.buckets.iter().chain([&self.0.beyond]).map(|count| count.load(Relaxed));
        let buckets: Vec<(f64, u64)> = bounds.zip(counts).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        let sum = Duration::from_nanos(self.0.nanoseconds.load(Relaxed)).as_secs_f64();
        encoder.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        Latency::TYPE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_all_took_at_most_the_bound_of_its_bucket() {
        let latency = Latency::default();
        assert_eq!(latency.at_most(50), None);
        let observe = |micros, times| (0..times).for_each(|_| latency.observe(Duration::from_micros(micros)));
        observe(40, 60);
        observe(700, 39);
        observe(3_000_000, 1);
        assert_eq!(
            [50, 60, 61, 99].map(|percent| latency.at_most(percent).unwrap()),
            [0.000_05, 0.000_05, 0.001, 0.001]
        );
        assert_eq!(latency.at_most(100), None);
    }
}
