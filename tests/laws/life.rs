//! Windows and shares against meanings that are too slow, or too simple, to be wrong.

use jiff::{SignedDuration, Span, Timestamp, civil, tz::TimeZone};
use proptest::{prelude::*, sample::select};
use topicgate::{
    engine::life::{Active, Schedule, Share, WHOLE_SHARE},
    facts::Facts,
};

/// Zones with every kind of offset and change: an hour, half an hour, a quarter, at midnight, and a whole day.
const ZONES: [&str; 11] = [
    "UTC",
    "Asia/Shanghai",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Havana",
    "Asia/Beirut",
    "Pacific/Chatham",
    "Africa/Casablanca",
];

fn schedule() -> impl Strategy<Value = Schedule> {
    let zone = select(&ZONES[..]).prop_map(|zone| TimeZone::get(zone).unwrap());
    let minutes = prop_oneof![1..=24 * 60i64, Just(1), Just(24 * 60)];
    (any::<[bool; 7]>(), 0..24i8, 0..60i8, minutes, zone).prop_map(|(days, hour, minute, minutes, zone)| Schedule {
        days,
        start: civil::time(hour, minute, 0, 0),
        duration: SignedDuration::from_mins(minutes),
        zone,
    })
}

/// A moment, often near a change of the clock.
fn moment() -> impl Strategy<Value = Timestamp> {
    let minute = |minutes: i64| Timestamp::from_second(minutes * 60).unwrap();
    let near = select(vec![
        "2026-03-29T01:00:00Z",
        "2026-10-25T01:00:00Z",
        "2026-03-08T07:00:00Z",
        "2026-11-01T06:00:00Z",
        "2011-12-30T10:00:00Z",
        "2026-04-04T15:00:00Z",
        "2026-10-03T15:30:00Z",
        "2026-03-28T22:00:00Z",
    ]);
    prop_oneof![
        (20_000_000..32_000_000i64).prop_map(minute),
        (near, -3000..3000i64)
            .prop_map(|(near, minutes)| { near.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minutes) }),
    ]
}

/// When the window of a day begins, by looking at the clock on the wall each minute: when it first shows the start; where it
/// never does, as many minutes behind the last one before as the start is.
fn begins(schedule: &Schedule, day: civil::Date) -> Timestamp {
    let minute = SignedDuration::from_mins(1);
    let wanted = day.to_datetime(schedule.start);
    let noon = TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).unwrap();
    let from = noon - SignedDuration::from_hours(48);
    let mut last = from;
    for at in (0..96 * 60).map(|minutes| from + SignedDuration::from_mins(minutes)) {
        let shown = schedule.zone.to_datetime(at);
        if shown == wanted {
            return at;
        }
        if shown < wanted {
            last = at;
        }
    }
    let missing = wanted.duration_since(schedule.zone.to_datetime(last));
    assert!(missing >= minute);
    last + missing
}

/// Whether a window of a day around lasts.
fn lasts(schedule: &Schedule, at: Timestamp) -> bool {
    let today = schedule.zone.to_datetime(at).date();
    let days = (-3..=1).map(|ahead| today.checked_add(Span::new().days(ahead)).unwrap());
    days.filter(|day| schedule.days[usize::try_from(day.weekday().to_monday_zero_offset()).unwrap()]).any(|day| {
        let begins = begins(schedule, day);
        begins <= at && at < begins + schedule.duration
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_window_lasts_when_the_clock_on_the_wall_says_so(schedule in schedule(), at in moment()) {
        prop_assert_eq!(schedule.holds(at), lasts(&schedule, at), "{:?} at {}", schedule, at);
    }

    #[test]
    fn the_next_window_is_the_next(schedule in schedule(), at in moment()) {
        let second = SignedDuration::from_secs(1);
        match schedule.next(at) {
            None => prop_assert_eq!(schedule.days, [false; 7]),
            Some(next) => {
                prop_assert!(at < next && schedule.holds(next));
                prop_assert_eq!(schedule.next(next - second), Some(next));
                if !schedule.holds(at) {
                    prop_assert!(!schedule.holds(at + (next.duration_since(at) - second) / 2), "between {} and {}", at, next);
                }
            }
        }
    }

    #[test]
    fn a_time_that_is_halved_is_alive_in_one_of_the_halves(from in moment(), middle in moment(), until in moment(), at in moment()) {
        let (from, until) = (from.min(until), from.max(until));
        let middle = middle.clamp(from, until);
        let holds = |from: Timestamp, until: Timestamp| Active { from: Some(from), until: Some(until) }.holds(at);
        prop_assert_eq!(holds(from, until), holds(from, middle) != holds(middle, until));
        prop_assert!(Active::default().holds(at));
    }

    #[test]
    fn raising_a_share_drops_no_operator(rule in "[a-z0-9-]{1,64}", operator in any::<String>(), one in 1..=WHOLE_SHARE, other in 1..=WHOLE_SHARE) {
        let facts = Facts::topic(operator, "x", Timestamp::UNIX_EPOCH);
        let (less, more) = (Share(one.min(other)), Share(one.max(other)));
        prop_assert!(!less.holds(&rule, &facts) || more.holds(&rule, &facts));
        prop_assert!(Share(WHOLE_SHARE).holds(&rule, &facts));
    }
}

/// How many of 100,000 operators are part of a share.
fn counted(rule: &str, share: u16) -> usize {
    let operators = (0..100_000).map(|number| Facts::topic(format!("user_{number}"), "x", Timestamp::UNIX_EPOCH));
    operators.filter(|facts| Share(share).holds(rule, facts)).count()
}

#[test]
fn a_share_is_as_large_as_it_says() {
    for (share, expected) in [(1, 10_usize), (250, 2500), (2500, 25_000), (5000, 50_000), (9990, 99_900)] {
        let deviation = f64::from(share) / 10_000.0;
        let deviation = (100_000.0 * deviation * (1.0 - deviation)).sqrt();
        let found = counted("no-adverts", share);
        // Five standard deviations: the operators are always the same, so this holds always or never.
        assert!((found as f64 - expected as f64).abs() < 5.0 * deviation, "{share}: {found}");
    }
}

#[test]
fn the_shares_of_two_rules_have_nothing_to_do_with_each_other() {
    let both = (0..100_000).map(|number| Facts::topic(format!("user_{number}"), "x", Timestamp::UNIX_EPOCH));
    let both = both.filter(|facts| Share(5000).holds("one", facts) && Share(5000).holds("two", facts)).count();
    assert!((24_000..26_000).contains(&both), "{both}");
}
