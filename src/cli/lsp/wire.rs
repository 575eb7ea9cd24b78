//! Messages of the protocol: framing and the envelope of JSON-RPC. Not `lsp-server`: see 0016 in `docs/decisions`.

use std::io::{self, BufRead, Read, Write};

use serde_json::{Value, json};

/// The longest message that is read. One of more is passed over and answered with an error.
const MAX_BYTES: u64 = 32 << 20;

/// The longest line of a header.
const MAX_HEADER_LINE: u64 = 8 << 10;

/// The most lines of a header.
const MAX_HEADER_LINES: usize = 32;

/// What a client sent.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A question, by the id of its answer.
    Request(Value, String, Value),
    /// Something to know.
    Notification(String, Value),
    /// An answer, or nothing that has an answer.
    Other,
    /// A message that cannot be read: the answer says so.
    Broken(Fault),
}

/// Why a request is not answered.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) id: Value,
    pub(super) code: i32,
    pub(super) message: String,
}

impl Fault {
    pub(super) const PARSE: i32 = -32700;
    pub(super) const INVALID_REQUEST: i32 = -32600;
    pub(super) const NO_METHOD: i32 = -32601;
    pub(super) const INVALID_PARAMS: i32 = -32602;
    pub(super) const NOT_INITIALIZED: i32 = -32002;
    pub(super) const FAILED: i32 = -32803;

    pub(super) fn new(id: &Value, code: i32, message: impl Into<String>) -> Fault {
        Fault { id: id.clone(), code, message: message.into() }
    }
}

/// Reads the next message; `None` where the client has closed its end.
///
/// # Errors
/// When the end of a message cannot be known, so that nothing behind it could be understood.
pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let Some(length) = length(from)? else { return Ok(None) };
    if length > MAX_BYTES {
        io::copy(&mut from.take(length), &mut io::sink())?;
        let message = format!("a message may have {MAX_BYTES} bytes, and this one has {length}");
        return Ok(Some(Incoming::Broken(Fault::new(&Value::Null, Fault::INVALID_REQUEST, message))));
    }
    // Not reserved before it arrives: the client may have promised more than it sends.
    let mut body = Vec::new();
    if from.take(length).read_to_end(&mut body)? as u64 != length {
        return Ok(None);
    }
    Ok(Some(match serde_json::from_slice(&body) {
        Ok(message) => envelope(message),
        Err(error) => Incoming::Broken(Fault::new(&Value::Null, Fault::PARSE, format!("this is not JSON: {error}"))),
    }))
}

/// The `Content-Length` of a header.
fn length(from: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut length = None;
    for _ in 0..MAX_HEADER_LINES {
        let mut line = Vec::new();
        from.take(MAX_HEADER_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        match (line.trim().split_once(':'), length) {
            (None, Some(length)) if line.trim().is_empty() => return Ok(Some(length)),
            (Some((name, value)), _) if name.eq_ignore_ascii_case("content-length") => {
                length = Some(value.trim().parse().map_err(|_| invalid("its length is no number"))?);
            }
            (Some(_), _) => {}
            (None, _) => return Err(invalid("it has no `Content-Length`")),
        }
    }
    Err(invalid("it has too many lines"))
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the header of a message cannot be read: {what}"))
}

fn envelope(mut message: Value) -> Incoming {
    let id = message.get("id").cloned();
    let params = message.get_mut("params").map(Value::take).unwrap_or_default();
    match (message.get("method"), id) {
        (Some(Value::String(method)), Some(id)) if id.is_string() || id.is_i64() => {
            Incoming::Request(id, method.clone(), params)
        }
        (Some(Value::String(method)), None) => Incoming::Notification(method.clone(), params),
        (None, Some(_)) if message.get("result").is_some() || message.get("error").is_some() => Incoming::Other,
        _ => Incoming::Broken(Fault::new(
            &Value::Null,
            Fault::INVALID_REQUEST,
            "this is neither a request nor a notification",
        )),
    }
}

/// The message that answers a request.
pub(super) fn answer(id: &Value, result: Result<Value, Fault>) -> Value {
    match result {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(Fault { id, code, message }) => {
            json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
        }
    }
}

/// The message that tells something.
pub(super) fn notification(method: &str, params: &impl serde::Serialize) -> Value {
    json!({ "jsonrpc": "2.0", "method": method, "params": params })
}

/// Sends a message.
pub(super) fn write(to: &mut impl Write, message: &Value) -> io::Result<()> {
    let body = message.to_string();
    write!(to, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    to.flush()
}
