//! Loads the engines, compares their answers, and measures them round by round.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use topicgate::text::fold;

use crate::{
    engine::{Answer, Engine, Failure, Peer, Question},
    policy::Policy,
};

/// Not a few, so that no engine remembers each name.
const REQUESTS: usize = 10_000;
const ROUNDS: usize = 11;

/// How long one engine decides in one round, and how many decisions it makes however long they take.
const ROUND: Duration = Duration::from_millis(200);
const LEAST: usize = 10;

/// How long the answers of one engine are compared; one that is slower is asked fewer of the requests.
const COMPARING: Duration = Duration::from_secs(20);

/// Nanoseconds of folding a name, which topicgate does in its time and the others need not.
pub fn folding(policy: &Policy) -> f64 {
    let requests = policy.requests(REQUESTS);
    let begin = Instant::now();
    for request in &requests {
        black_box(fold(black_box(&request.name)));
    }
    begin.elapsed().as_secs_f64() * 1e9 / REQUESTS as f64
}

/// What was seen of one engine.
pub struct Row {
    /// Its name.
    pub name: &'static str,
    /// How long it took to load the policy.
    pub load: Duration,
    /// Nanoseconds of a decision in each round, sorted.
    pub nanoseconds: Vec<f64>,
    /// How many of the requests were compared, and how many there are.
    pub compared: (usize, usize),
}

struct Subject {
    engine: Box<dyn Engine>,
    row: Row,
    /// How many decisions make a round, and the next request.
    step: usize,
    next: usize,
}

/// Measures one policy.
pub fn all(policy: &Policy, peers: &[&Peer]) -> Result<Vec<Row>, Failure> {
    let requests = policy.requests(REQUESTS).into_iter();
    let questions: Vec<Question> = requests
        .map(|it| Question { operator: it.operator, folded: fold(&it.name).into_owned(), typed: it.name })
        .collect();
    let mut subjects = Vec::new();
    let mut expected = Vec::new();
    for peer in peers {
        let mut subject = load(policy, peer)?;
        compare(&mut subject, &questions, &mut expected)?;
        subjects.push(subject);
    }
    for _ in 0..ROUNDS {
        subjects.iter_mut().try_for_each(|subject| round(subject, &questions))?;
    }
    for subject in &mut subjects {
        subject.row.nanoseconds.sort_by(f64::total_cmp);
    }
    Ok(subjects.into_iter().map(|subject| subject.row).collect())
}

fn load(policy: &Policy, peer: &Peer) -> Result<Subject, Failure> {
    let begin = Instant::now();
    let engine = (peer.load)(policy).map_err(|error| format!("{} cannot load {}: {error}", peer.name, policy.name))?;
    let row = Row { name: peer.name, load: begin.elapsed(), nanoseconds: Vec::new(), compared: (0, REQUESTS) };
    Ok(Subject { engine, row, step: 1, next: 0 })
}

/// The first engine says what is expected of the others.
fn compare(subject: &mut Subject, questions: &[Question], expected: &mut Vec<Answer>) -> Result<(), Failure> {
    let begin = Instant::now();
    for (index, question) in questions.iter().enumerate() {
        let answer = subject.engine.decide(question)?;
        let right = match expected.get(index) {
            Some(right) => *right,
            None => *expected.push_mut(answer),
        };
        if answer != right {
            let (name, operator, typed) = (subject.row.name, &question.operator, &question.typed);
            return Err(format!("{name} says {answer:?} to `{typed}` of `{operator}`, expected {right:?}").into());
        }
        subject.row.compared.0 += 1;
        if begin.elapsed() > COMPARING {
            break;
        }
    }
    let rounds = ROUND.as_secs_f64() / begin.elapsed().as_secs_f64();
    subject.step = ((rounds * subject.row.compared.0 as f64) as usize).max(LEAST);
    // Whole passes, so that each round has the same mix.
    if subject.step > questions.len() {
        subject.step = subject.step.next_multiple_of(questions.len());
    }
    Ok(())
}

fn round(subject: &mut Subject, questions: &[Question]) -> Result<(), Failure> {
    let asked = questions.iter().cycle().skip(subject.next).take(subject.step);
    let begin = Instant::now();
    for question in asked {
        black_box(subject.engine.decide(black_box(question))?);
    }
    let each = begin.elapsed().as_secs_f64() * 1e9 / subject.step as f64;
    subject.row.nanoseconds.push(each);
    subject.next = (subject.next + subject.step) % questions.len();
    Ok(())
}
