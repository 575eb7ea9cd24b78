//! What the counters of quotas hold, and what they had to forget.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

/// The keys of all rules with a quota.
#[derive(Clone, Debug, Default)]
pub struct Quotas {
    /// How many are held.
    pub keys: Gauge,
    /// How many may be held.
    pub max_keys: Gauge,
    /// Forgotten, because no request of theirs counts any more.
    pub expired: Counter,
    /// Forgotten to make room, so that they start anew.
    pub live: Counter,
    /// Forgotten to make room although they were over their limit.
    pub over: Counter,
}

impl Quotas {
    /// All of them, at zero.
    pub fn register(registry: &mut Registry) -> Quotas {
        let evictions = Family::<Reason, Counter>::default();
        let by = |reason: &'static str| evictions.get_or_create_owned(&Reason { reason });
        let (expired, live, over) = (by("expired"), by("live"), by("over_limit"));
        let this = Quotas { keys: Gauge::default(), max_keys: Gauge::default(), expired, live, over };
        registry.register("quota_keys", "Keys that quotas count", this.keys.clone());
        registry.register("quota_max_keys", "The most keys that quotas count", this.max_keys.clone());
        registry.register("quota_evictions", "Keys that quotas forgot, by whether they still counted", evictions);
        this
    }
}
