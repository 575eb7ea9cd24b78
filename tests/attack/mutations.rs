//! Requests that random changes were made to: the service answers or closes, goes on, and logs nothing that it must not.

use serde_json::Value;

use crate::{
    gate::{ALLOWED, TOPIC, topic},
    siege::{Siege, half_close, rest, whole},
};

/// How many; the same ones every time.
const REQUESTS: usize = 3000;

/// What readers of HTTP have been confused by.
const PIECES: [&[u8]; 16] = [
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b"\t",
    b":",
    b"%00",
    b"?",
    b"&",
    b"\xff",
    b"\r\n\r\n",
    b"Content-Length: 1\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Expect: 100-continue\r\n",
    b"Connection: upgrade\r\nUpgrade: websocket\r\n",
];

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    fn change(&mut self, request: &mut Vec<u8>) {
        let at = self.below(request.len());
        let end = (at + self.below(40)).min(request.len());
        match self.below(5) {
            0 => request[at] = u8::try_from(self.below(256)).unwrap(),
            1 => drop(request.splice(at..at, PIECES[self.below(PIECES.len())].iter().copied())),
            2 => drop(request.drain(at..end)),
            3 => request.extend_from_within(at..end),
            _ => drop(request.splice(at..at, request[at..end].to_vec())),
        }
        request.push(b' ');
    }
}

/// Signed, chunked, and two at once.
fn originals() -> [Vec<u8>; 3] {
    let (body, target) = (topic("x"), format!("{TOPIC}&RequestTime=1&Sign=s3cr3t"));
    let signed = format!("POST {target} HTTP/1.1\r\nHost: gate\r\nContent-Length: {}\r\n\r\n", body.len());
    let chunked =
        format!("POST {target} HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n", body.len());
    [[signed.as_bytes(), &body].concat(), [chunked.as_bytes(), &body, b"\r\n0\r\n\r\n"].concat(), whole().repeat(2)]
}

#[test]
fn no_change_to_a_request_harms_anybody_else() {
    let mut siege = Siege::with("");
    let (originals, mut random) = (originals(), Random(20_261_123));
    for number in 0..REQUESTS {
        let mut request = originals[number % originals.len()].clone();
        for _ in 0..=random.below(4) {
            random.change(&mut request);
        }
        let mut offender = siege.gate.client();
        offender.send(&request);
        half_close(&offender);
        let said = rest(&mut offender);
        assert!(said.is_empty() || said.starts_with("HTTP/1."), "{number}: {said}");
        if number % 100 == 0 {
            siege.serves();
        }
    }
    assert_eq!(siege.gate.ask("x"), ALLOWED);
    let log = siege.gate.log();
    assert!(!log.contains("s3cr3t"));
    assert!(!log.contains("panicked"), "{log}");
    for line in log.lines() {
        assert!(line.bytes().all(|byte| byte >= b' ') && serde_json::from_str::<Value>(line).is_ok(), "{line}");
    }
    siege.ends();
}
