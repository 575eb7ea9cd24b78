//! The life of a session, and what the server makes of messages that are none.

use serde_json::{Value, json};

use crate::client::Client;

#[test]
fn a_session_ends_as_the_protocol_says() {
    let mut client = Client::start(&[]);
    assert_eq!(client.ask("shutdown", Value::Null)["result"], Value::Null);
    assert_eq!(client.ask("textDocument/hover", json!({}))["error"]["code"], -32600);
    client.say("exit", Value::Null);
    assert_eq!(client.end(), 0);
}

#[test]
fn an_exit_without_a_shutdown_is_told() {
    let mut client = Client::start(&[]);
    client.say("exit", Value::Null);
    assert_eq!(client.end(), 1);
    assert_eq!(Client::start(&[]).end(), 1, "the editor is gone");
}

#[test]
fn nothing_is_answered_before_it_is_initialized() {
    let mut client = Client::of(&[], &[]);
    assert_eq!(client.ask("textDocument/hover", json!({}))["error"]["code"], -32002);
}

#[test]
fn a_message_that_is_none_is_answered_and_the_next_one_too() {
    let mut client = Client::start(&[]);
    for (body, code) in [
        ("{", -32700),
        ("\u{1f3b0}", -32700),
        ("[]", -32600),
        ("{\"id\": {}, \"method\": \"shutdown\"}", -32600),
        ("{\"jsonrpc\": \"2.0\"}", -32600),
    ] {
        client.send(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        let answer = client.next();
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&Value::Null, &json!(code)), "{body}");
    }
    client.send(b"Content-Length: 2\r\n\r\n\xff\xfe");
    assert_eq!(client.next()["error"]["code"], -32700);
    assert_eq!(client.ask("no/suchMethod", json!({}))["error"]["code"], -32601);
    assert_eq!(client.ask("textDocument/hover", json!({ "textDocument": 1 }))["error"]["code"], -32602);
    client.say("textDocument/didOpen", json!([1, 2]));
    client.say("textDocument/didChange", json!({ "contentChanges": [{ "text": 1 }] }));
    client.say("$/anything", Value::Null);
    assert_eq!(client.ask("shutdown", Value::Null)["result"], Value::Null);
}

#[test]
fn a_message_that_is_too_long_is_passed_over() {
    let mut client = Client::start(&[]);
    let length = 33 << 20;
    client.send(format!("Content-Length: {length}\r\n\r\n").as_bytes());
    (0..33).for_each(|_| client.send(&vec![b' '; 1 << 20]));
    assert_eq!(client.next()["error"]["code"], -32600);
    assert_eq!(client.ask("shutdown", Value::Null)["result"], Value::Null);
}

#[test]
fn a_header_that_cannot_be_read_ends_the_session() {
    for header in
        ["Content-Length: many\r\n\r\n", "\r\n", "no header at all\n", "Content-Length: 18446744073709551616\r\n\r\n"]
    {
        let mut client = Client::start(&[]);
        client.send(header.as_bytes());
        assert_eq!(client.end(), 2, "{header}");
    }
}
