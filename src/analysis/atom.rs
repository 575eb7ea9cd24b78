//! The smallest parts of a formula, and the part of a request that each depends on.

use crate::{
    analysis::whole::Whole,
    engine::{
        Bounds, Test, Views,
        life::{Active, Schedule},
        quota::Per,
    },
    facts::{Command, Field},
};

use jiff::Timestamp;

/// Something that holds for a request or does not.
#[derive(Debug)]
pub(super) enum Atom<'r> {
    Test(&'r Test),
    Whole(&'r Whole),
    Command(&'r [Command]),
    Active(Active),
    Schedule(&'r Schedule),
    Before(Timestamp),
    Given(Per),
}

/// A part of a request that is chosen on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Axis {
    Command,
    Time,
    Type,
    Platform,
    Address,
    App,
    Owner,
    Operator,
    Name,
}

impl Axis {
    /// The field that is chosen, where it is one with texts; a view of the name is another matter.
    pub(super) fn field(self) -> Field {
        match self {
            Axis::Type => Field::Type,
            Axis::Platform => Field::Platform,
            Axis::Address => Field::ClientIp,
            Axis::App => Field::App,
            Axis::Owner => Field::Owner,
            Axis::Operator => Field::Operator,
            Axis::Command | Axis::Time | Axis::Name => Field::NameRaw,
        }
    }
}

impl<'r> Atom<'r> {
    pub(super) fn axis(&self) -> Axis {
        match self {
            Atom::Test(test) => match test.field {
                Field::Operator => Axis::Operator,
                Field::Owner => Axis::Owner,
                Field::Name | Field::NameRaw | Field::NameLookalike | Field::NameSqueezed => Axis::Name,
                Field::Type => Axis::Type,
                Field::Platform => Axis::Platform,
                Field::ClientIp => Axis::Address,
                Field::App => Axis::App,
            },
            Atom::Whole(_) => Axis::Name,
            Atom::Command(_) => Axis::Command,
            Atom::Active(_) | Atom::Schedule(_) | Atom::Before(_) => Axis::Time,
            Atom::Given(Per::Operator) => Axis::Operator,
            Atom::Given(Per::ClientIp) => Axis::Address,
            Atom::Given(Per::App) => Axis::App,
        }
    }

    /// Whether the other is the same; tests are known by their identity.
    pub(super) fn is_same(&self, other: &Atom<'_>) -> bool {
        match (self, other) {
            (Atom::Command(one), Atom::Command(other)) => one == other,
            (Atom::Active(one), Atom::Active(other)) => one == other,
            (Atom::Schedule(one), Atom::Schedule(other)) => one == other,
            (Atom::Before(one), Atom::Before(other)) => one == other,
            (Atom::Given(one), Atom::Given(other)) => one == other,
            _ => false,
        }
    }

    pub(super) fn holds(&self, views: &Views<'_>) -> bool {
        let facts = views.facts();
        match self {
            Atom::Test(test) => test.holds(views),
            Atom::Whole(whole) => whole.holds(views),
            Atom::Command(commands) => commands.contains(&facts.command),
            Atom::Active(active) => active.holds(facts.at),
            Atom::Schedule(schedule) => schedule.holds(facts.at),
            Atom::Before(expires) => facts.at < *expires,
            Atom::Given(per) => per.is_given(facts),
        }
    }

    /// Which values of a field pass, where it is a test.
    pub(super) fn bounds(&self) -> Option<Bounds<'r>> {
        if let Atom::Test(test) = self { Some(test.matcher.bounds()) } else { None }
    }

    /// The field that it looks at, where it is one with texts.
    pub(super) fn field(&self) -> Option<Field> {
        match self {
            Atom::Test(test) => Some(test.field),
            Atom::Whole(whole) => Some(whole.field),
            _ => None,
        }
    }

    pub(super) fn test(&self) -> Option<&'r Test> {
        if let Atom::Test(test) = self { Some(test) } else { None }
    }
}
