//! Many connections at once.

use std::net::Ipv4Addr;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{
    client::Client,
    gate::{ALLOWED, REFUSED, Setup, TOPIC, topic},
    siege::{SETTINGS, Siege, connect_from},
};

const OFFENDER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// As many as the settings allow unless somebody sets them: 1000 from each of ten addresses.
const MOST: usize = 10_000;

#[test]
fn one_peer_at_its_limit_takes_nothing_from_the_others() {
    let mut siege = Siege::with("max_connections_per_peer: 20\nhead_timeout: 1h\n");
    let webhook = siege.gate.webhook;
    let mut flood: Vec<_> = (0..200).map(|_| connect_from(OFFENDER, webhook)).collect();
    for over in flood.split_off(20).iter_mut() {
        assert!(over.is_ended());
    }
    siege.serves();
    siege.gate.wait("those over the limit to go", |gate| gate.metric("topicgate_connections").unwrap() == "21");
    // Whoever was within the limit is served like anybody.
    for within in &mut flood {
        within.post(TOPIC, &topic("x"));
        assert_eq!(within.answer().body, ALLOWED);
    }
    drop(flood);
    siege.ends();
}

#[test]
fn one_peer_cannot_take_the_whole_admin_side() {
    let siege = Siege::with("head_timeout: 1h\n");
    let mut flood: Vec<_> = (0..300).map(|_| connect_from(OFFENDER, siege.gate.admin)).collect();
    for over in &mut flood[64..] {
        assert!(over.is_ended());
    }
    assert_eq!(siege.gate.get("/healthz").status, 200);
    drop(flood);
    siege.ends();
}

#[test]
fn a_peer_that_connects_and_leaves_without_end_takes_nothing_from_the_others() {
    let mut siege = Siege::with("max_connections_per_peer: 20\n");
    for _ in 0..20 {
        let flood: Vec<_> = (0..50).map(|_| connect_from(OFFENDER, siege.gate.webhook)).collect();
        siege.serves();
        drop(flood);
    }
    siege.ends();
}

#[test]
fn ten_thousand_idle_connections_cost_little_and_hold_up_nobody() {
    let setup = Setup::settings(&format!("{SETTINGS}keep_alive: 1h\nmax_connections: {}\n", MOST + 1));
    let mut siege = Siege::of(setup);
    let before = siege.memory();
    let mut idle = crowd(&siege);
    let each = (siege.memory() - before) / MOST as u64;
    assert!(each < 40 << 10, "an idle connection takes {each} bytes");
    siege.gate.wait("the metric", |gate| gate.metric("topicgate_connections").unwrap() == (MOST + 1).to_string());
    assert!(siege.gate.client().is_ended());
    assert_eq!(siege.gate.get("/readyz").status, 200);
    for kept in idle.iter_mut().step_by(100) {
        kept.post(TOPIC, &topic("Official"));
        assert_eq!(kept.answer().body, REFUSED);
    }
    idle.truncate(MOST - 100);
    siege.serves();
    drop(idle);
    siege.ends();
}

/// Everybody has asked once and stays.
fn crowd(siege: &Siege) -> Vec<Client> {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
    let peer = |number: usize| Ipv4Addr::new(127, 0, 1, u8::try_from(number / 1000).unwrap());
    let mut crowd: Vec<_> = (0..MOST).map(|number| connect_from(peer(number), siege.gate.webhook)).collect();
    for client in &mut crowd {
        client.post(TOPIC, &topic("x"));
    }
    for client in &mut crowd {
        assert_eq!(client.answer().body, ALLOWED);
    }
    crowd
}
