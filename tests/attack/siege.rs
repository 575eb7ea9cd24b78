//! A running service with one good client, which is answered whatever the others do.

use std::{
    fs,
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpStream},
    time::Duration,
};

use socket2::{Domain, SockRef, Socket, Type};

use crate::{
    client::{Answer, Client},
    gate::{ALLOWED, Gate, REFUSED, Setup, TOPIC, topic},
};

/// The documented app, unsigned.
pub const SETTINGS: &str = "app: 1400000000\n";

/// The service, and whoever behaves well.
pub struct Siege {
    pub gate: Gate,
    good: Client,
    /// How many descriptors it had with nobody but the good client.
    descriptors: usize,
}

impl Siege {
    /// With the settings of a file besides the app.
    pub fn with(settings: &str) -> Siege {
        Siege::of(Setup::settings(&format!("{SETTINGS}{settings}")))
    }

    /// With a setup.
    pub fn of(setup: Setup) -> Siege {
        let gate = setup.start();
        let good = gate.client();
        let mut siege = Siege { gate, good, descriptors: 0 };
        siege.serves();
        siege.alone();
        siege.descriptors = siege.descriptors();
        siege
    }

    /// Everybody else is answered correctly: on a connection that was there, and on a new one.
    pub fn serves(&mut self) {
        for (name, reply) in [("Official", REFUSED), ("MyFirstTopic", ALLOWED)] {
            self.good.post(TOPIC, &topic(name));
            assert_eq!(self.good.answer().body, reply);
            assert_eq!(self.gate.ask(name), reply);
        }
    }

    /// Whoever attacked has gone, and nothing is left of it.
    pub fn ends(mut self) {
        self.serves();
        self.alone();
        self.gate.wait("the descriptors to be closed", |_| self.descriptors() <= self.descriptors);
    }

    /// The memory that the service takes, in bytes.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.gate.id())).unwrap();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        resident.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Waits until nobody but the good client is connected.
    fn alone(&self) {
        self.gate.wait("the others to go", |gate| gate.metric("topicgate_connections").unwrap() == "1");
    }

    fn descriptors(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.gate.id())).unwrap().count()
    }
}

/// The documented request with other headers than its length.
pub fn request(headers: &str) -> Vec<u8> {
    let mut bytes = format!("POST {TOPIC} HTTP/1.1\r\nHost: gate\r\n{headers}\r\n").into_bytes();
    bytes.extend(topic("Official"));
    bytes
}

/// The documented request, whole.
pub fn whole() -> Vec<u8> {
    request(&length())
}

/// The header with the length of the body of [`request`].
pub fn length() -> String {
    format!("Content-Length: {}\r\n", topic("Official").len())
}

/// Connects from an address of loopback; each of them is a peer of its own.
pub fn connect_from(local: Ipv4Addr, address: SocketAddr) -> Client {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.bind(&SocketAddr::from((local, 0)).into()).unwrap();
    socket.connect(&address.into()).unwrap();
    Client::over(TcpStream::from(socket))
}

/// Sends no more, but goes on reading.
pub fn half_close(client: &Client) {
    client.0.shutdown(Shutdown::Write).unwrap();
}

/// Ends the connection with a reset.
pub fn reset(client: Client) {
    SockRef::from(&client.0).set_linger(Some(Duration::ZERO)).unwrap();
    drop(client);
}

/// Everything until the service ends the connection, which it must.
pub fn rest(client: &mut Client) -> String {
    String::from_utf8(client.rest()).unwrap()
}

/// What an offender is answered before its connection ends, while everybody else is served.
pub fn answered_last(bytes: &[u8]) -> Answer {
    let mut siege = Siege::with("body_timeout: 300ms\n");
    let mut offender = siege.gate.client();
    offender.send(bytes);
    siege.serves();
    let answer = offender.answer();
    assert!(offender.is_ended(), "{answer:?}");
    drop(offender);
    siege.ends();
    answer
}

/// What is answered on a connection that stays open for the next request.
pub fn answered(bytes: &[u8]) -> Answer {
    let mut siege = Siege::with("");
    let mut client = siege.gate.client();
    client.send(bytes);
    let answer = client.answer();
    client.send(&whole());
    assert_eq!(client.answer().body, REFUSED);
    siege.serves();
    drop(client);
    siege.ends();
    answer
}

/// Tests that a request is read as the documented one is.
macro_rules! understood {
    ($($name:ident: $bytes:expr;)*) => {
        $(#[test]
        fn $name() {
            assert_eq!($crate::siege::answered(&$bytes).body, $crate::gate::REFUSED);
        })*
    };
}

pub(crate) use understood;
