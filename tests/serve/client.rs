//! A client that can be as wrong as it likes: bytes out, an answer in.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The head, in lower case.
    pub head: String,
    /// The body.
    pub body: String,
}

impl Answer {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")))
    }

    /// Whether the connection ends with it.
    pub fn closes(&self) -> bool {
        self.header("connection") == Some("close")
    }
}

/// One connection.
pub struct Client<S = TcpStream>(pub S);

impl Client {
    /// Connects.
    pub fn connect(address: SocketAddr) -> Client {
        Client::over(TcpStream::connect(address).unwrap())
    }

    /// Over a connection that is there.
    pub fn over(stream: TcpStream) -> Client {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        Client(stream)
    }
}

impl<S: Read + Write> Client<S> {
    /// Sends bytes as they are; a server that has had enough is no failure.
    pub fn send(&mut self, bytes: &[u8]) {
        _ = self.0.write_all(bytes);
    }

    /// Sends a request with a body.
    pub fn post(&mut self, target: &str, body: &[u8]) {
        let length = body.len();
        self.send(format!("POST {target} HTTP/1.1\r\nHost: gate\r\nContent-Length: {length}\r\n\r\n").as_bytes());
        self.send(body);
    }

    /// Reads one answer.
    pub fn answer(&mut self) -> Answer {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            assert_eq!(self.0.read(&mut byte).unwrap(), 1, "the connection ended in a head: {head:?}");
            head.push(byte[0]);
        }
        let head = String::from_utf8(head).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Answer { status, head, body: String::new() };
        let mut body = vec![0; answer.header("content-length").map_or(0, |length| length.parse().unwrap())];
        self.0.read_exact(&mut body).unwrap();
        answer.body = String::from_utf8(body).unwrap();
        answer
    }

    /// Whether the server ended the connection without another byte.
    pub fn is_ended(&mut self) -> bool {
        self.0.read(&mut [0]).map_or_else(|error| is_end(&error), |count| count == 0)
    }

    /// Everything until the server ends the connection.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        if let Err(error) = self.0.read_to_end(&mut rest) {
            assert!(is_end(&error), "{error}");
        }
        rest
    }
}

/// A reset is an end, to have waited in vain is none.
fn is_end(error: &io::Error) -> bool {
    !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}
