//! A decision that lets a request pass asks the heap for nothing: under load its share of the time would be the largest.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use allocation_counter::measure;
use loaded::{decide, input, load, topic};
use policy::Policy;

#[path = "../benches/policies/loaded.rs"]
mod loaded;
#[expect(dead_code, clippy::disallowed_methods, reason = "it serves the benches as well")]
#[path = "../benches/policies/policy.rs"]
mod policy;

/// How often the heap is asked in an allowed decision.
fn allocations(policy: &Policy, operator: &str, name: &str) -> u64 {
    let (snapshot, facts) = (load(input(policy)), topic(operator, name));
    // What is made once for all requests is made by the first.
    decide(&snapshot, &facts);
    let mut verdict = None;
    let counted = measure(|| verdict = Some(decide(&snapshot, &facts)));
    assert_eq!(verdict.unwrap().decision.name(), "allow");
    counted.count_total
}

macro_rules! decides_without_the_heap {
    ($($name:ident: $policy:expr, $title:expr;)*) => {
        $(#[test]
        fn $name() {
            assert_eq!(allocations(&$policy, "leckie", $title), 0);
        })*
    };
}

const FOLDED: &str = "weekend hiking tips for the whole family";
const CAPITALS: &str = "Weekend Hiking 2026: Tips For The Family";

decides_without_the_heap! {
    a_name_by_the_small_policy: Policy::small(), FOLDED;
    a_name_by_the_medium_policy: Policy::medium(), FOLDED;
    a_name_by_the_patterns_of_the_large_policy: Policy::patterns(5000), FOLDED;
    capitals_by_the_small_policy: Policy::small(), CAPITALS;
    capitals_by_the_medium_policy: Policy::medium(), CAPITALS;
    capitals_by_the_patterns_of_the_large_policy: Policy::patterns(5000), CAPITALS;
}

#[test]
fn an_operator_who_may_do_anything() {
    let policy = Policy::small();
    assert_eq!(allocations(&policy, &policy.allowed[0], CAPITALS), 0);
}

#[test]
fn the_heap_is_counted() {
    assert_eq!(measure(|| drop(std::hint::black_box(Box::new(1)))).count_total, 1);
}
