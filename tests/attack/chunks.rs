//! Bodies in chunks.

use crate::{
    gate::{REFUSED, topic},
    siege::{Siege, answered_last, understood, whole},
};

/// A request whose body is sent as it stands.
fn chunked(body: &str) -> Vec<u8> {
    let head = String::from_utf8(whole()).unwrap();
    let (head, _) = head.split_once("Content-Length").unwrap();
    format!("{head}Transfer-Encoding: chunked\r\n\r\n{body}").into_bytes()
}

/// The documented body, framed.
fn framed(extension: &str, trailers: &str) -> Vec<u8> {
    let body = String::from_utf8(topic("Official")).unwrap();
    chunked(&format!("{:x}{extension}\r\n{body}\r\n0{extension}\r\n{trailers}\r\n", body.len()))
}

macro_rules! refused {
    ($($name:ident: $body:expr => $status:expr;)*) => {
        $(#[test]
        fn $name() {
            let answer = answered_last(&chunked(&$body));
            assert_eq!((answer.status, answer.closes()), ($status, true));
        })*
    };
}

understood! {
    a_chunk: framed("", "");
    an_extension: framed(";name=value", "");
    trailers_say_nothing: framed("", "Content-Length: 5\r\nX-One: one\r\n");
    a_coding_in_capitals: String::from_utf8(framed("", "")).unwrap().replace("chunked", "CHUNKED").into_bytes();
}

refused! {
    a_size_that_is_no_number: "zz\r\n" => 400;
    a_negative_size: "-1\r\n" => 400;
    a_prefixed_size: "0x5\r\nhello\r\n0\r\n\r\n" => 400;
    an_empty_size: "\r\n\r\n" => 400;
    a_size_beyond_64_bits: "fffffffffffffffff\r\n" => 400;
    a_chunk_without_its_end: "5\r\nhello0\r\n\r\n" => 400;
    lines_of_chunks_that_end_with_a_line_feed: "5\nhello\n0\n\n" => 400;
    a_nul_in_an_extension: "5;a\0\r\nhello\r\n0\r\n\r\n" => 400;
    a_huge_chunk_that_never_comes: "fffffff\r\n{" => 408;
    an_extension_that_never_ends: format!("5;{}", "a".repeat(300_000)) => 408;
    a_size_of_zeros_that_never_ends: "0".repeat(300_000) => 408;
    trailers_that_never_end: format!("2\r\n{{}}\r\n0\r\n{}", "X: y\r\n".repeat(50_000)) => 408;
    many_small_chunks_over_64_kib: "1\r\nx\r\n".repeat(70_000) => 413;
}

#[test]
fn what_follows_the_last_chunk_is_the_next_request() {
    let siege = Siege::with("");
    let mut client = siege.gate.client();
    client.send(&[framed("", "X-One: one\r\n"), whole()].concat());
    for _ in 0..2 {
        assert_eq!(client.answer().body, REFUSED);
    }
    drop(client);
    siege.ends();
}
