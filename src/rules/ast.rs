//! A rule set as written: every part knows its place, nothing is resolved yet.
//!
//! A part that could not be read is `None`; the finding about it was pushed.

mod life;

use std::net::IpAddr;

use jiff::Timestamp;

use crate::{
    analysis::Promise,
    diagnostic::Place,
    engine::quota::Quota,
    facts::{Command, Field, Rollout},
    matchers::{Kind, lists::Completeness},
    yaml::Node,
};

pub use life::{Accept, Active, Exception, Expiry, Life, Moment, Point, Schedule};

/// A value and where it was written.
#[derive(Clone, Copy, Debug)]
pub struct Written<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub place: Place,
}

/// All files of a set together, in order.
#[derive(Debug, Default)]
pub struct RuleSet<'t> {
    /// The time zones that were given; one at most is right.
    pub time_zones: Vec<Written<&'t str>>,
    /// The register of codes.
    pub codes: Vec<(Written<u32>, &'t str)>,
    /// The lists.
    pub lists: Vec<List<'t>>,
    /// The rules.
    pub rules: Vec<Rule<'t>>,
    /// The guarantees.
    pub guarantees: Vec<Guarantee<'t>>,
    /// The tests.
    pub tests: Vec<Case<'t>>,
    /// Whether every file was parsed.
    pub completeness: Completeness,
}

/// A list.
#[derive(Debug)]
pub struct List<'t> {
    /// Its name.
    pub name: Written<&'t str>,
    /// The least number of entries.
    pub min: usize,
    /// Where its entries are.
    pub entries: ListEntries<'t>,
}

/// Where the entries of a list are.
#[derive(Debug)]
pub enum ListEntries<'t> {
    /// In the rule file.
    Inline(Vec<(&'t str, Place)>),
    /// In a file: the index of the rule file and the name as written there.
    File(usize, Written<&'t str>),
    /// Nowhere: that was reported.
    Reported,
}

/// A rule.
#[derive(Debug)]
pub struct Rule<'t> {
    /// Where to point for the rule as a whole: its id.
    pub place: Place,
    /// Its id.
    pub id: Option<Written<&'t str>>,
    /// What people call it.
    pub description: Option<&'t str>,
    /// Which commands it is for.
    pub commands: Vec<Command>,
    /// What it does.
    pub action: Option<Action>,
    /// The app's own code.
    pub code: Option<Written<u32>>,
    /// The text of a refusal.
    pub message: Option<&'t Node>,
    /// When it applies.
    pub when: Option<Condition<'t>>,
    /// Whether it is live.
    pub mode: Mode,
    /// When it is alive, and for whom.
    pub life: Life<'t>,
    /// How often something may happen before it applies; nothing inside where that could not be read.
    pub quota: Option<Option<Quota>>,
    /// What it must and must not match.
    pub examples: Vec<Example<'t>>,
}

/// A guarantee.
#[derive(Debug)]
pub struct Guarantee<'t> {
    /// Its id.
    pub id: Written<&'t str>,
    /// Which commands it is for.
    pub commands: Vec<Command>,
    /// What it promises; all of `never` or `always`.
    pub promise: Written<Promise>,
    /// The code that it speaks of.
    pub code: Option<Written<u32>>,
    /// Which requests it is about.
    pub when: Condition<'t>,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Lets the request through.
    Allow,
    /// Refuses it.
    Deny,
}

/// Whether a rule is live.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It decides.
    Enforce,
    /// It is recorded.
    Shadow,
    /// It is only checked.
    Disabled,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Mode; 3] = [Mode::Enforce, Mode::Shadow, Mode::Disabled];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Enforce => "enforce",
            Mode::Shadow => "shadow",
            Mode::Disabled => "disabled",
        }
    }
}

/// A condition.
#[derive(Debug)]
pub enum Condition<'t> {
    /// The word `always`.
    Always,
    /// All of them.
    All(Vec<Condition<'t>>),
    /// Any of them.
    Any(Vec<Condition<'t>>, Place),
    /// Not this.
    Not(Box<Condition<'t>>, Place),
    /// One matcher on one field.
    Test(Test<'t>),
    /// Something that could not be read; what stands beside it is checked all the same.
    Reported,
}

/// One matcher on one field.
#[derive(Debug)]
pub struct Test<'t> {
    /// The field.
    pub field: Written<Field>,
    /// The matcher.
    pub matcher: Written<&'static Kind>,
    /// Its argument.
    pub argument: &'t Node,
    /// The argument of `ignoring` beside it.
    pub ignoring: Option<&'t Node>,
}

impl Condition<'_> {
    /// Calls `visit` for each test.
    pub fn tests(&self, visit: &mut impl FnMut(&Test<'_>)) {
        match self {
            Condition::Always | Condition::Reported => {}
            Condition::All(parts) | Condition::Any(parts, _) => parts.iter().for_each(|part| part.tests(visit)),
            Condition::Not(inner, _) => inner.tests(visit),
            Condition::Test(test) => visit(test),
        }
    }
}

/// One entry of `examples`.
#[derive(Debug)]
pub struct Example<'t> {
    /// What it says.
    pub claim: Claim,
    /// Where.
    pub place: Place,
    /// What it says it of.
    pub subject: Subject<'t>,
}

/// What an example says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The rule's condition holds.
    Match,
    /// It does not hold.
    NoMatch,
    /// It should hold and does not yet.
    KnownMiss,
}

impl Claim {
    /// The key of the claim.
    pub const fn name(self) -> &'static str {
        match self {
            Claim::Match => "match",
            Claim::NoMatch => "no_match",
            Claim::KnownMiss => "known_miss",
        }
    }
}

/// What an example is about.
#[derive(Debug)]
pub enum Subject<'t> {
    /// A name, where the rule reads nothing else.
    Name(&'t str),
    /// A request.
    Request(Request<'t>),
}

/// The `request` of a test.
#[derive(Clone, Debug)]
pub struct Request<'t> {
    /// `command`
    pub command: Command,
    /// `operator`
    pub operator: &'t str,
    /// `owner`
    pub owner: Option<&'t str>,
    /// `name`; empty where it is left out.
    pub name: &'t str,
    /// `type`
    pub group_type: Option<&'t str>,
    /// `platform`
    pub platform: Option<&'t str>,
    /// `client_ip`
    pub client_ip: Option<IpAddr>,
    /// `app`
    pub app: Option<u64>,
}

/// One entry of `tests`.
#[derive(Debug)]
pub struct Case<'t> {
    /// Its name.
    pub name: Written<&'t str>,
    /// Whether it says when the request comes, rightly or not.
    pub has_time: bool,
    /// When the request comes.
    pub at: Option<Timestamp>,
    /// The request.
    pub request: Request<'t>,
    /// What is taken as given.
    pub given: Given<'t>,
    /// What must come of it.
    pub expect: Expect<'t>,
}

/// The `given` of a test.
#[derive(Debug)]
pub struct Given<'t> {
    /// `rollout`
    pub rollout: Rollout,
    /// `counts`: how many requests of the same key came before, by rule.
    pub counts: Vec<(Written<&'t str>, u64)>,
}

/// The `expect` of a test; what is absent is not asked.
#[derive(Debug)]
pub struct Expect<'t> {
    /// `decision`
    pub decision: Option<Written<Action>>,
    /// `rule`; the inner `None` is the word `none`.
    pub rule: Option<Written<Option<&'t str>>>,
    /// `code`
    pub code: Option<Written<u32>>,
    /// `message`
    pub message: Option<Written<&'t str>>,
    /// `shadow`
    pub shadow: Option<Written<Vec<Written<&'t str>>>>,
    /// `excepted_by`: rules, and their exceptions.
    pub excepted_by: Option<Written<Vec<Excepted<'t>>>>,
}

/// An exception by its name, such as `no-adverts/spring-festival`.
#[derive(Clone, Copy, Debug)]
pub struct Excepted<'t> {
    /// The id of the rule.
    pub rule: &'t str,
    /// The id of the exception.
    pub exception: &'t str,
    /// Where it is named.
    pub place: Place,
}
