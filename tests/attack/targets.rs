//! Methods, targets and queries.

use crate::{
    gate::{ALLOWED, REFUSED, TOPIC},
    siege::{Siege, answered, answered_last, whole},
};

/// The documented request to another target, by another method.
fn to(method: &str, target: &str) -> Vec<u8> {
    let whole = String::from_utf8(whole()).unwrap();
    whole.replacen(&format!("POST {TOPIC}"), &format!("{method} {target}"), 1).into_bytes()
}

fn query() -> &'static str {
    TOPIC.trim_start_matches('/')
}

macro_rules! turned_away {
    ($($name:ident: $method:expr, $target:expr => $status:expr;)*) => {
        $(#[test]
        fn $name() {
            let answer = answered_last(&to($method, &$target));
            assert_eq!((answer.status, answer.closes()), ($status, true));
        })*
    };
}

macro_rules! reached {
    ($($name:ident: $target:expr;)*) => {
        $(#[test]
        fn $name() {
            assert_eq!(answered(&to("POST", &$target)).body, REFUSED);
        })*
    };
}

turned_away! {
    a_method_in_lower_case: "post", TOPIC => 405;
    a_method_that_nobody_knows: "MADEUP", TOPIC => 405;
    a_long_method: "M".repeat(5000).as_str(), TOPIC => 405;
    a_tunnel: "CONNECT", "gate:443" => 405;
    options_of_the_whole_service: "OPTIONS", "*" => 405;
    no_method: "", TOPIC => 400;
    a_method_that_is_no_token: "P(ST", TOPIC => 400;
    two_slashes: "POST", format!("/{TOPIC}") => 404;
    a_dot_segment: "POST", format!("/.{TOPIC}") => 404;
    a_way_back_to_the_root: "POST", format!("/a/..{TOPIC}") => 404;
    an_encoded_slash: "POST", format!("/%2f{}", query()) => 404;
    an_encoded_nul: "POST", format!("/%00{}", query()) => 404;
    an_asterisk: "POST", "*" => 404;
    an_authority: "POST", "gate:443" => 404;
    a_target_without_a_slash: "POST", format!("x{TOPIC}") => 400;
    a_query_without_a_path: "POST", query() => 400;
    a_raw_character_beyond_ascii: "POST", format!("{TOPIC}&x=\u{e9}") => 400;
    a_target_over_64_kib: "POST", format!("{TOPIC}&x={}", "y".repeat(65_536)) => 400;
    an_app_before_ours: "POST", TOPIC.replace("/?", "/?SdkAppid=1&") => 403;
}

reached! {
    an_absolute_target: format!("http://gate{TOPIC}");
    an_absolute_target_elsewhere: format!("https://other.example:99{TOPIC}");
    an_absolute_target_without_a_path: format!("http://gate{}", query());
    a_fragment: format!("{TOPIC}#fragment");
    a_target_of_60_kib: format!("{TOPIC}&x={}", "y".repeat(60_000));
}

macro_rules! malformed {
    ($($name:ident: $target:expr => $cause:expr;)*) => {
        $(#[test]
        fn $name() {
            let siege = Siege::with("");
            let mut offender = siege.gate.client();
            offender.send(&to("POST", &$target));
            assert_eq!(offender.answer().status, 400);
            let name = format!(r#"topicgate_on_error_total{{cause="{}"}}"#, $cause);
            assert_eq!(siege.gate.metric(&name).unwrap(), "1");
            drop(offender);
            siege.ends();
        })*
    };
}

// The first of two counts for the checks of the head, and a request that contradicts itself is never decided.
malformed! {
    another_app_after_ours: format!("{TOPIC}&SdkAppid=1") => "repeated_parameter";
    another_app_in_another_case: format!("{TOPIC}&sdkappid=1") => "repeated_parameter";
    another_app_with_an_encoded_key: format!("{TOPIC}&%53dkAppid=1") => "repeated_parameter";
    two_signatures: format!("{TOPIC}&Sign=a&Sign=b") => "repeated_parameter";
    thousands_of_parameters: format!("{TOPIC}{}", (0..5000).map(|n| format!("&a{n}=b")).collect::<String>()) => "too_many_parameters";
}

#[test]
fn the_same_parameter_thousands_of_times_says_the_same() {
    assert_eq!(answered(&to("POST", &format!("{TOPIC}{}", "&x=y".repeat(10_000)))).body, REFUSED);
}

#[test]
fn a_long_query_does_not_hold_up_anybody() {
    let mut siege = Siege::with("");
    let target = format!("{TOPIC}{}", "&%41=".repeat(12_000));
    let mut offender = siege.gate.client();
    for _ in 0..5 {
        offender.send(&to("POST", &target));
    }
    siege.serves();
    for _ in 0..5 {
        assert_eq!(offender.answer().body, REFUSED);
    }
    assert_eq!(siege.gate.ask("x"), ALLOWED);
    drop(offender);
    siege.ends();
}

/// A proxy that encodes the question mark makes a path of a query.
#[test]
fn a_signature_in_the_wrong_place_is_not_logged() {
    for (target, logged) in [
        ("/%3FSdkAppid=1&Sign=s3cr3t", r#""path":"/%3FSdkAppid""#),
        ("/%3FSdkAppid%3D1%26Sign%3Ds3cr3t", r#""path":"/%3FSdkAppid""#),
        ("/?SdkAppid=1%26Sign=s3cr3t", r#""app":"1&Sign""#),
        ("/?SdkAppid=Sign%3Ds3cr3t", r#""app":"Sign""#),
    ] {
        let siege = Siege::with("");
        let mut offender = siege.gate.client();
        offender.send(&to("POST", target));
        assert!(matches!(offender.answer().status, 403 | 404));
        siege.gate.wait_for_log(logged);
        assert!(!siege.gate.log().contains("s3cr3t"));
        drop(offender);
        siege.ends();
    }
}
