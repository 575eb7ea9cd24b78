//! `traceparent` as in W3C Trace Context, level 1: the trace that a request belongs to, and the span that sent it.
//!
//! `tracestate` is not read: it is meant for whoever is called next, and nobody is called from here.

/// What a `traceparent` header says.
// INVARIANT: no id is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceContext {
    /// The trace.
    pub trace_id: u128,
    /// The span that sent the request.
    pub parent_id: u64,
    /// Whether the sender records the trace.
    pub is_sampled: bool,
}

/// The bytes that every version begins with.
const LENGTH: usize = 55;

/// The only bit of the flags that level 1 knows.
const SAMPLED: u128 = 1;

impl TraceContext {
    /// Reads a header; `None` where the standard says to go on as if there was none.
    pub fn parse(header: &[u8]) -> Option<TraceContext> {
        let (known, rest) = header.split_at_checked(LENGTH)?;
        let mut parts = known.split(|byte| *byte == b'-');
        let mut number = |digits| parts.next().filter(|part| part.len() == digits).and_then(hexadecimal);
        let (version, trace_id, parent_id, flags) = (number(2)?, number(32)?, number(16)?, number(2)?);
        let is_whole = match version {
            0 => rest.is_empty(),
            // The standard reserves it, so that it is never a version.
            0xff => false,
            // A later version may add parts.
            _ => rest.is_empty() || rest.starts_with(b"-"),
        };
        let parent_id = u64::try_from(parent_id).ok()?;
        let is_sampled = flags & SAMPLED == SAMPLED;
        (is_whole && trace_id != 0 && parent_id != 0).then_some(TraceContext { trace_id, parent_id, is_sampled })
    }
}

/// At most 32 digits, in lower case as the standard wants them.
fn hexadecimal(digits: &[u8]) -> Option<u128> {
    digits.iter().try_fold(0, |number, digit| match digit {
        b'0'..=b'9' => Some(number * 16 + u128::from(digit - b'0')),
        b'a'..=b'f' => Some(number * 16 + u128::from(digit - b'a') + 10),
        _ => None,
    })
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const PARENT: &str = "b7ad6b7169203331";

    fn parsed(header: &str) -> Option<TraceContext> {
        TraceContext::parse(header.as_bytes())
    }

    fn expected(is_sampled: bool) -> Option<TraceContext> {
        let (trace_id, parent_id) = (0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c, 0xb7ad_6b71_6920_3331);
        Some(TraceContext { trace_id, parent_id, is_sampled })
    }

    #[test]
    fn the_example_of_the_standard_is_read() {
        assert_eq!(parsed(&format!("00-{TRACE}-{PARENT}-01")), expected(true));
        assert_eq!(parsed(&format!("00-{TRACE}-{PARENT}-00")), expected(false));
    }

    #[test]
    fn of_the_flags_only_the_known_bit_counts() {
        assert_eq!(parsed(&format!("00-{TRACE}-{PARENT}-ff")), expected(true));
        assert_eq!(parsed(&format!("00-{TRACE}-{PARENT}-fe")), expected(false));
    }

    #[test]
    fn a_later_version_may_go_on_after_a_dash() {
        assert_eq!(parsed(&format!("cc-{TRACE}-{PARENT}-01")), expected(true));
        assert_eq!(parsed(&format!("cc-{TRACE}-{PARENT}-01-what-will-be")), expected(true));
        assert_eq!(parsed(&format!("cc-{TRACE}-{PARENT}-01{}", "-x".repeat(5000))), expected(true));
        assert_eq!(parsed(&format!("cc-{TRACE}-{PARENT}-01.what")), None);
    }

    #[test]
    fn what_the_standard_forbids_is_no_context() {
        let zeros = ["0".repeat(32), "0".repeat(16)];
        for header in [
            String::new(),
            format!("00-{TRACE}-{PARENT}"),
            format!("00-{TRACE}-{PARENT}-1"),
            format!("00-{TRACE}-{PARENT}-01-"),
            format!("00-{TRACE}-{PARENT}-01, 00-{TRACE}-{PARENT}-01"),
            format!("ff-{TRACE}-{PARENT}-01"),
            format!("00-{}-{PARENT}-01", zeros[0]),
            format!("00-{TRACE}-{}-01", zeros[1]),
            format!("00-{}-{PARENT}-01", TRACE.to_uppercase()),
            format!("00-{TRACE}-{}-01", PARENT.to_uppercase()),
            format!("0x-{TRACE}-{PARENT}-01"),
            format!("00-{TRACE}-{PARENT}-0g"),
            format!("00-+{}-{PARENT}-01", &TRACE[1..]),
            format!("00_{TRACE}_{PARENT}_01"),
            format!("00-{PARENT}-{TRACE}-01"),
        ] {
            assert_eq!(parsed(&header), None, "{header}");
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(trace_id in 1..=u128::MAX, parent_id in 1..=u64::MAX, flags: u8) {
            let is_sampled = flags & 1 == 1;
            let header = format!("00-{trace_id:032x}-{parent_id:016x}-{flags:02x}");
            prop_assert_eq!(parsed(&header), Some(TraceContext { trace_id, parent_id, is_sampled }));
        }

        #[test]
        fn whatever_is_read_could_have_been_written(header in "(00|01|ff|0g)-[0-9a-gA]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-x|.|)") {
            if let Some(TraceContext { trace_id, parent_id, .. }) = parsed(&header) {
                prop_assert_eq!(&header[2..53], format!("-{trace_id:032x}-{parent_id:016x}-"));
            }
        }

        #[test]
        fn no_bytes_are_too_much(header: Vec<u8>) {
            TraceContext::parse(&header);
        }
    }
}
