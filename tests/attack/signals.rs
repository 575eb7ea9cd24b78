//! Signals besides the orderly end.

use crate::{
    gate::{REFUSED, TOPIC, topic},
    siege::Siege,
};

#[test]
fn signals_that_mean_nothing_to_it_do_nothing() {
    let mut siege = Siege::with("");
    for name in ["USR1", "USR2", "PIPE", "ALRM", "WINCH", "CHLD"] {
        siege.gate.signal(name);
    }
    siege.serves();
    siege.ends();
}

#[test]
fn a_flood_of_hangups_reloads_and_costs_no_request() {
    let siege = Siege::with("");
    let mut client = siege.gate.client();
    for _ in 0..200 {
        siege.gate.signal("HUP");
        client.post(TOPIC, &topic("Official"));
        assert_eq!(client.answer().body, REFUSED);
    }
    siege.gate.wait_for_attempts(2);
    drop(client);
    siege.ends();
}
