//! Heads that two readers could read differently: refused, and the connection ended, so that nobody can hide a second
//! request in the first.

use crate::{
    gate::{REFUSED, TOPIC, topic},
    siege::{answered, answered_last, length, request, understood, whole},
};

macro_rules! refused {
    ($($name:ident: $bytes:expr => $status:expr;)*) => {
        $(#[test]
        fn $name() {
            let answer = answered_last($bytes.as_ref());
            assert_eq!((answer.status, answer.closes()), ($status, true));
        })*
    };
}

refused! {
    the_same_length_twice: request(&length().repeat(2)) => 400;
    two_lengths: request(&format!("{}Content-Length: 3\r\n", length())) => 400;
    a_list_of_lengths: request("Content-Length: 3, 3\r\n") => 400;
    a_negative_length: request("Content-Length: -1\r\n") => 400;
    a_length_with_a_plus: request("Content-Length: +3\r\n") => 400;
    a_length_with_a_space_in_it: request("Content-Length: 1 1\r\n") => 400;
    a_hexadecimal_length: request("Content-Length: 0x10\r\n") => 400;
    an_empty_length: request("Content-Length: \r\n") => 400;
    a_length_beyond_64_bits: request("Content-Length: 99999999999999999999\r\n") => 400;
    the_largest_length: request("Content-Length: 18446744073709551615\r\n") => 413;
    a_length_of_a_chunked_body: request(&format!("{}Transfer-Encoding: chunked\r\n", length())) => 400;
    a_length_after_chunked: request(&format!("Transfer-Encoding: chunked\r\n{}", length())) => 400;
    chunked_twice: request("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") => 400;
    an_identity_body: request("Transfer-Encoding: identity\r\n") => 400;
    a_compressed_body: request("Transfer-Encoding: gzip\r\n") => 400;
    a_compressed_chunked_body: request("Transfer-Encoding: gzip, chunked\r\n") => 400;
    an_unknown_coding: request("Transfer-Encoding: xchunked\r\n") => 400;
    a_coding_behind_a_control_character: request("Transfer-Encoding: \x0bchunked\r\n") => 400;
    a_space_before_a_colon: request("Transfer-Encoding : chunked\r\n") => 400;
    a_folded_header: request(&format!("X-One: one\r\n two\r\n{}", length())) => 400;
    a_first_header_that_is_folded: request(&format!(" X-One: one\r\n{}", length())) => 400;
    a_line_without_a_colon: request(&format!("nonsense\r\n{}", length())) => 400;
    a_header_without_a_name: request(&format!(": one\r\n{}", length())) => 400;
    a_nul_in_a_value: request(&format!("X-One: o\0e\r\n{}", length())) => 400;
    a_nul_in_a_name: request(&format!("X-O\0e: one\r\n{}", length())) => 400;
    a_bare_carriage_return: request(&format!("X-One: o\re\r\n{}", length())) => 400;
    an_upgrade_to_a_websocket: request(&format!("Connection: upgrade\r\nUpgrade: websocket\r\n{}", length())) => 408;
    no_host: head("POST / HTTP/1.1", "Content-Length: 0\r\n") => 400;
    two_hosts: request(&format!("Host: other\r\n{}", length())) => 400;
    chunked_before_it_was_invented: head("POST / HTTP/1.0", "Transfer-Encoding: chunked\r\n") => 400;
    no_length_before_chunked_was_invented: head("POST / HTTP/1.0", "Host: gate\r\n") => 400;
    no_version: b"GET /\r\n\r\n" => 400;
    an_unknown_version: head("POST / HTTP/1.2", "Host: gate\r\nContent-Length: 0\r\n") => 400;
    a_version_in_lower_case: head("POST / http/1.1", "Host: gate\r\nContent-Length: 0\r\n") => 400;
    the_preface_of_http_2: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" => 400;
    one_header_too_many: request(&format!("{}{}", length(), "X: y\r\n".repeat(95))) => 431;
    a_head_of_128_kib: head("POST / HTTP/1.1", "")[..17].iter().copied().chain([b'x'; 131_055]).collect::<Vec<_>>() => 431;
}

understood! {
    spaces_around_a_length: request(&length().replace(": ", ":   ").replace("\r\n", "  \r\n"));
    lines_that_end_with_a_line_feed: String::from_utf8(whole()).unwrap().replace("\r\n", "\n").into_bytes();
    empty_lines_before_a_request: [b"\r\n\r\n", &whole()[..]].concat();
    as_many_headers_as_there_may_be: request(&format!("{}{}", length(), "X: y\r\n".repeat(94)));
    a_head_of_120_kib: request(&format!("{}X: {}\r\n", length(), "y".repeat(120 << 10)));
    an_empty_host: String::from_utf8(whole()).unwrap().replace("Host: gate", "Host:").into_bytes();
}

#[test]
fn before_connections_were_kept_one_request_is_one_connection() {
    let old = String::from_utf8(whole()).unwrap().replace("HTTP/1.1", "HTTP/1.0");
    assert_eq!(answered_last(old.as_bytes()).body, REFUSED);
}

#[test]
fn an_old_client_may_ask_to_keep_its_connection() {
    let old = request(&format!("Connection: keep-alive\r\n{}", length()));
    let old = String::from_utf8(old).unwrap().replace("HTTP/1.1", "HTTP/1.0");
    let answer = answered(old.as_bytes());
    assert_eq!((answer.body.as_str(), answer.header("connection")), (REFUSED, Some("keep-alive")));
}

#[test]
fn whoever_asks_to_close_is_closed() {
    let answer = answered_last(&request(&format!("Connection: close\r\n{}", length())));
    assert_eq!((answer.body.as_str(), answer.closes()), (REFUSED, true));
}

#[test]
fn an_upgrade_is_not_made_and_the_request_is_answered() {
    for offer in ["Connection: upgrade\r\n", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"] {
        let answer = answered_last(&request(&format!("{offer}{}", length())));
        assert_eq!((answer.body.as_str(), answer.closes()), (REFUSED, true), "{offer}");
    }
}

fn head(line: &str, headers: &str) -> Vec<u8> {
    let body = topic("Official");
    [line.as_bytes(), b"\r\n", headers.as_bytes(), b"\r\n", &body].concat()
}

#[test]
fn what_is_refused_is_neither_decided_nor_counted_as_a_request() {
    let mut siege = crate::siege::Siege::with("");
    let name = r#"topicgate_requests_total{command="create_topic",outcome="deny"}"#;
    let decided = siege.gate.metric(name).unwrap();
    let mut offender = siege.gate.client();
    let hidden = format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\n{}Content-Length: 0\r\n\r\n", length());
    offender.send(hidden.as_bytes());
    offender.send(&whole());
    assert_eq!(offender.answer().status, 400);
    assert!(offender.is_ended());
    assert_eq!(siege.gate.metric(name).unwrap(), decided);
    siege.serves();
}
