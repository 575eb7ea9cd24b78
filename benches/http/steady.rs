//! Asks a service at a fixed rate and says how long answers took; the script `open` beside it calls it.
//!
//! Each request is due at a time of its own, and its answer is counted from then on. So a service that stops for a moment
//! makes every request slow that was due meanwhile; a client that only waits for answers would have sent one.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a measurement may fail")]
#![expect(clippy::print_stdout, reason = "it prints its figures")]
#![expect(clippy::disallowed_methods, reason = "it reads files and clocks")]

use std::{
    env,
    fmt::Write as _,
    fs::{self, OpenOptions},
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use sha2::{Digest, Sha256};

const TOPIC: &str = "/?SdkAppid=1400000000&CallbackCommand=Group.CallbackBeforeCreateTopic&contenttype=json\
                     &ClientIP=198.51.100.7&OptPlatform=Android";

/// How long memory may be given back after the first answer by new rules: that belongs to the reload.
const AFTERWARDS: Duration = Duration::from_millis(500);

struct Plan {
    address: SocketAddr,
    token: String,
    bodies: Vec<String>,
    rate: u32,
    connections: u32,
    length: Duration,
    /// A list file of operators who may create nothing, and how often it grows; none where rules stay.
    list: Option<(String, Duration)>,
    start: Instant,
}

/// One answer.
struct Sample {
    /// When its request was due, after the start.
    due: Duration,
    took: Duration,
}

/// From a change to the time at which its memory was given back, after the start.
struct Reload {
    from: Duration,
    /// The time to the first answer by the new rules.
    took: Duration,
}

fn main() {
    let plan = Arc::new(Plan::of(&env::args().skip(1).collect::<Vec<_>>()));
    let reloads = thread::spawn({
        let plan = Arc::clone(&plan);
        move || reload(&plan)
    });
    let threads: Vec<_> = (0..plan.connections)
        .map(|number| {
            let plan = Arc::clone(&plan);
            thread::spawn(move || ask(&plan, number))
        })
        .collect();
    let (mut samples, mut errors) = (Vec::new(), 0);
    for thread in threads {
        let (more, failed) = thread.join().unwrap();
        samples.extend(more);
        errors += failed;
    }
    report(&samples, errors, &reloads.join().unwrap());
}

impl Plan {
    fn of(arguments: &[String]) -> Plan {
        let [address, token, bodies, rate, connections, seconds, list @ ..] = arguments else {
            panic!("call it as: steady ADDRESS TOKEN BODIES RATE CONNECTIONS SECONDS [LIST EVERY]");
        };
        let list = list.first().map(|file| (file.clone(), Duration::from_secs(list[1].parse().unwrap())));
        Plan {
            address: address.parse().unwrap(),
            token: token.clone(),
            bodies: fs::read_to_string(bodies).unwrap().lines().map(str::to_owned).collect(),
            rate: rate.parse().unwrap(),
            connections: connections.parse().unwrap(),
            length: Duration::from_secs(seconds.parse().unwrap()),
            list,
            // So that every thread stands ready.
            start: Instant::now() + Duration::from_millis(500),
        }
    }

    fn request(&self, body: &str) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let sign = Sha256::digest(format!("{}{now}", self.token)).iter().fold(String::new(), |mut sign, byte| {
            write!(sign, "{byte:02x}").unwrap();
            sign
        });
        let length = body.len();
        format!(
            "POST {TOPIC}&Sign={sign}&RequestTime={now} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    }
}

/// Sends every request of one connection when it is due, or as soon as the one before is answered: the answers, and how many
/// were none.
fn ask(plan: &Plan, number: u32) -> (Vec<Sample>, usize) {
    let mut connection = connect(plan);
    let (mut samples, mut errors) = (Vec::new(), 0);
    for turn in (number..).step_by(plan.connections as usize) {
        let due = Duration::from_secs(1) * turn / plan.rate;
        if due >= plan.length {
            break;
        }
        let request = plan.request(&plan.bodies[turn as usize % plan.bodies.len()]);
        thread::sleep((plan.start + due).saturating_duration_since(Instant::now()));
        match exchange(&mut connection, &request) {
            Some(_) => samples.push(Sample { due, took: plan.start.elapsed() - due }),
            None => {
                errors += 1;
                connection = connect(plan);
            }
        }
    }
    (samples, errors)
}

fn connect(plan: &Plan) -> TcpStream {
    let connection = TcpStream::connect(plan.address).unwrap();
    connection.set_nodelay(true).unwrap();
    connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    connection
}

/// The body of a proper answer.
fn exchange(connection: &mut TcpStream, request: &str) -> Option<String> {
    connection.write_all(request.as_bytes()).ok()?;
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    loop {
        let read = connection.read(&mut chunk).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
        let text = str::from_utf8(&bytes).ok()?;
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
        if body.len() >= length.parse().ok()? {
            let is_proper = head.starts_with("HTTP/1.1 200") && body.contains(r#""ActionStatus":"OK""#);
            return is_proper.then(|| body.to_owned());
        }
    }
}

/// Adds an operator to the list again and again, and asks until that one is refused.
fn reload(plan: &Plan) -> Vec<Reload> {
    let Some((file, every)) = &plan.list else { return Vec::new() };
    let (mut connection, mut reloads) = (connect(plan), Vec::new());
    // Not at the same moments as the service's own looks at the files.
    let mut next = Duration::from_millis(700);
    while next + *every / 2 < plan.length {
        thread::sleep((plan.start + next).saturating_duration_since(Instant::now()));
        let turn = reloads.len();
        let operator = format!("added-{turn:014}");
        // In place, or, every second time, by another file in its place.
        let other = turn.is_multiple_of(2).then(|| copy(file));
        let from = plan.start.elapsed();
        let grows = other.as_deref().unwrap_or(file);
        writeln!(OpenOptions::new().append(true).open(grows).unwrap(), "{operator}").unwrap();
        other.iter().for_each(|other| fs::rename(other, file).unwrap());
        let body = format!(
            r#"{{"CallbackCommand":"Group.CallbackBeforeCreateTopic","Operator_Account":"{operator}","Type":"Community","Name":"x"}}"#
        );
        let is_allowed = |answer: String| answer.contains(r#""ErrorCode":0"#);
        while exchange(&mut connection, &plan.request(&body)).is_none_or(is_allowed) {
            thread::sleep(Duration::from_millis(5));
        }
        reloads.push(Reload { from, took: plan.start.elapsed() - from });
        next += *every;
    }
    reloads
}

/// Copies a file in small steps, so that those who ask meanwhile do not wait for the processor.
fn copy(file: &str) -> String {
    let next = format!("{file}.next");
    let (mut from, mut to) = (fs::File::open(file).unwrap(), fs::File::create(&next).unwrap());
    while io::copy(&mut (&mut from).take(1 << 18), &mut to).unwrap() > 0 {
        thread::sleep(Duration::from_millis(2));
    }
    next
}

fn report(samples: &[Sample], errors: usize, reloads: &[Reload]) {
    let is_during = |sample: &&Sample| {
        let ends = |reload: &Reload| reload.from + reload.took + AFTERWARDS;
        reloads.iter().any(|reload| reload.from <= sample.due && sample.due < ends(reload))
    };
    println!("| requests | errors | p50 | p99 | p99.9 | most |\n| --- | --- | --- | --- | --- | --- |");
    let (during, outside): (Vec<_>, Vec<_>) = samples.iter().partition(is_during);
    row("all", errors, samples.iter().collect());
    row("during a reload", 0, during);
    row("outside", 0, outside);
    let mut took: Vec<_> = reloads.iter().map(|reload| reload.took.as_millis()).collect();
    took.sort_unstable();
    if let [least, .., most] = took[..] {
        println!("{} reloads, from the change to the first new answer {least} to {most} ms", took.len());
    }
}

fn row(name: &str, errors: usize, samples: Vec<&Sample>) {
    let mut took: Vec<_> = samples.into_iter().map(|sample| sample.took).collect();
    took.sort_unstable();
    let at =
        |thousandths: usize| took.get(took.len() * thousandths / 1000).or(took.last()).copied().unwrap_or_default();
    let [median, p99, p999, most] = [500, 990, 999, 1000].map(|part| at(part).as_secs_f64() * 1e3);
    println!("| {name}: {} | {errors} | {median:.2} | {p99:.2} | {p999:.2} | {most:.2} |", took.len());
}
