//! What is compared: topicgate and its peers behind one trait.

mod casbin;
mod cedar;
mod gate;
mod literals;
mod plain;
mod regorus;
mod zen;

use std::{
    error::Error,
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};

use crate::policy::Policy;

/// What went wrong in an engine.
pub type Failure = Box<dyn Error>;

/// An engine that has a policy.
pub trait Engine {
    /// Makes the policy ready in the engine's own language.
    fn load(policy: &Policy) -> Result<Self, Failure>
    where
        Self: Sized;

    /// Decides one request.
    fn decide(&mut self, question: &Question) -> Result<Answer, Failure>;
}

/// One request.
pub struct Question {
    /// Who asks.
    pub operator: String,
    /// The name as it was typed.
    pub typed: String,
    /// The name as rules see it.
    pub folded: String,
}

/// What is answered to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The topic may be created.
    Allow,
    /// It may not, for the reason that this code stands for.
    Deny(u32),
}

impl Answer {
    /// The answer of engines that say 0 to allow.
    fn of(code: u32) -> Answer {
        if code == 0 { Answer::Allow } else { Answer::Deny(code) }
    }
}

/// An engine by its name.
pub struct Peer {
    /// What it is called in the table.
    pub name: &'static str,
    /// Loads a policy.
    pub load: fn(&Policy) -> Result<Box<dyn Engine>, Failure>,
}

/// All of them; topicgate first, as the others are compared with it.
pub const PEERS: [Peer; 7] = [
    Peer { name: "topicgate", load: boxed::<gate::Gate> },
    Peer { name: "plain", load: boxed::<plain::Plain<{ 2 << 20 }>> },
    Peer { name: "plain-256", load: boxed::<plain::Plain<{ 256 << 20 }>> },
    Peer { name: "regorus", load: boxed::<regorus::Regorus> },
    Peer { name: "cedar", load: boxed::<cedar::Cedar> },
    Peer { name: "casbin", load: boxed::<casbin::Casbin> },
    Peer { name: "zen", load: boxed::<zen::Zen> },
];

fn boxed<E: Engine + 'static>(policy: &Policy) -> Result<Box<dyn Engine>, Failure> {
    Ok(Box::new(E::load(policy)?))
}

/// The result of a future that waits for nothing: some engines are async because their loaders may be.
fn ready<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Ok(result),
        Poll::Pending => Err("it waits for something".into()),
    }
}
