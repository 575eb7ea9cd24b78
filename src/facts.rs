//! What rules can see of one request: a closed, typed view, independent of the wire.
//!
//! Time is a fact like the others, so that a decision can be repeated.

mod field;
mod network;

use std::{borrow::Cow, net::IpAddr, ops::RangeInclusive};

use jiff::Timestamp;

pub use field::{Field, FieldType};
pub use network::{NotANetwork, network};

/// The codes that an app may use as its own; Chat passes them on to the client.
pub const OWN_CODES: RangeInclusive<u32> = 10_100..=10_200;

/// The code of a refusal without a code of its own.
pub const PLAIN_REFUSAL: u32 = 1;

/// The longest name that is decided, in bytes.
pub const MAX_NAME_BYTES: usize = 4096;

/// What the user is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Create a topic in a community.
    CreateTopic,
    /// Create a group or a community.
    CreateGroup,
}

impl Command {
    /// Every command that rules can be written for.
    pub const ALL: [Command; 2] = [Command::CreateTopic, Command::CreateGroup];

    /// The word for it in a rule file.
    pub fn name(self) -> &'static str {
        match self {
            Command::CreateTopic => "create_topic",
            Command::CreateGroup => "create_group",
        }
    }
}

/// One request, as rules see it.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// What is being created.
    pub command: Command,
    /// `Operator_Account`: who creates.
    pub operator: Cow<'a, str>,
    /// `Owner_Account`, which Chat documents for groups only.
    pub owner: Option<Cow<'a, str>>,
    /// The name as it was sent.
    pub name: Cow<'a, str>,
    /// The group type as it was sent.
    pub group_type: Option<Cow<'a, str>>,
    /// `OptPlatform` as it was sent.
    pub platform: Option<Cow<'a, str>>,
    /// The user's address; never an IPv4-mapped one.
    pub client_ip: Option<IpAddr>,
    /// `SdkAppid`, without which no request of Chat is decided; one of a test may have none.
    pub app: Option<u64>,
    /// When the request is decided.
    pub at: Timestamp,
    /// Whether the operator is part of the share of a rule that is rolled out step by step.
    pub rollout: Rollout,
}

/// Who is part of the share of a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rollout {
    /// What follows from the operator.
    #[default]
    ByOperator,
    /// This request is, of every rule.
    In,
    /// This request is not, of any rule.
    Out,
}

impl<'a> Facts<'a> {
    /// A topic created by `operator` now and here: everything optional is absent.
    pub fn topic(operator: impl Into<Cow<'a, str>>, name: impl Into<Cow<'a, str>>, at: Timestamp) -> Facts<'a> {
        Facts {
            command: Command::CreateTopic,
            operator: operator.into(),
            owner: None,
            name: name.into(),
            group_type: None,
            platform: None,
            client_ip: None,
            app: None,
            at,
            rollout: Rollout::ByOperator,
        }
    }
}
