//! The shortest texts of a table that have a given part.

use std::{
    collections::{HashMap, VecDeque},
    ops::Range,
};

use regex_automata::util::primitives::StateID;

use crate::analysis::{
    Reason,
    overlaps::parts::{Part, Parts},
    table::Table,
    walk,
};

/// Tables of more states are not looked into.
const MAX_STATES: usize = 4096;

/// A table with the ways to each of its states and on to an accepted text.
pub(super) struct Ways<'t> {
    table: &'t Table,
    numbers: HashMap<StateID, usize>,
    states: Vec<State>,
}

struct State {
    id: StateID,
    /// The state before it on a shortest way, and the byte; none for the first.
    before: Option<(usize, u8)>,
    /// How long that way is.
    length: usize,
    /// The length of a shortest way to an accepted text, with the next state and the byte.
    rest: Option<(usize, Option<(usize, u8)>)>,
}

/// Where a part stands in a text.
struct Stands {
    length: usize,
    from: usize,
    to: usize,
}

impl<'t> Ways<'t> {
    pub(super) fn of(table: &'t Table) -> Result<Ways<'t>, Reason> {
        let mut ways = Ways { table, numbers: HashMap::new(), states: Vec::new() };
        let bytes = walk::representatives(&[table]);
        let mut back: Vec<Vec<(usize, u8)>> = Vec::new();
        ways.add(table.start().ok_or(Reason::TooLarge)?, None, 0);
        let mut at = 0;
        while let Some((id, length)) = ways.states.get(at).map(|state| (state.id, state.length)) {
            for byte in &bytes {
                let next = table.next(id, *byte);
                if table.is_dead(next) {
                    continue;
                }
                let number = ways.numbers.get(&next).copied();
                let number = number.unwrap_or_else(|| ways.add(next, Some((at, *byte)), length + 1));
                back.resize_with(ways.states.len(), Vec::new);
                back.get_mut(number).into_iter().for_each(|back| back.push((at, *byte)));
            }
            if ways.states.len() > MAX_STATES {
                return Err(Reason::TooLarge);
            }
            at += 1;
        }
        ways.find_rests(&back);
        Ok(ways)
    }

    fn add(&mut self, id: StateID, before: Option<(usize, u8)>, length: usize) -> usize {
        self.numbers.insert(id, self.states.len());
        self.states.push(State { id, before, length, rest: None });
        self.states.len() - 1
    }

    fn find_rests(&mut self, back: &[Vec<(usize, u8)>]) {
        let mut queue = VecDeque::new();
        for (number, state) in self.states.iter_mut().enumerate().filter(|(_, state)| self.table.accepts(state.id)) {
            state.rest = Some((0, None));
            queue.push_back((number, 0));
        }
        while let Some((number, length)) = queue.pop_front() {
            for (before, byte) in back.get(number).into_iter().flatten() {
                if let Some(state) = self.states.get_mut(*before).filter(|state| state.rest.is_none()) {
                    state.rest = Some((length + 1, Some((number, *byte))));
                    queue.push_back((*before, length + 1));
                }
            }
        }
    }

    /// For each of the parts that a text has, a short such text, the shortest first. Each state that is looked at counts.
    pub(super) fn texts(&self, parts: &Parts, states_left: &mut usize) -> Result<Vec<(usize, String)>, Reason> {
        let mut best: HashMap<Part, Stands> = HashMap::new();
        let mut left = parts.without(&best);
        for (number, state) in self.states.iter().enumerate() {
            let known = best.len();
            let mut descent = Descent { ways: self, parts: &left, from: number, best, states_left };
            descent.on(left.all(), 0, state.id)?;
            best = descent.best;
            // Where a part stands later, the text is hardly shorter.
            if best.len() > known {
                left = left.without(&best);
            }
        }
        let mut found: Vec<(Part, Stands)> = best.into_iter().collect();
        found.sort_unstable_by(|(one, stands), (two, others)| (stands.length, one).cmp(&(others.length, two)));
        Ok(found.into_iter().map(|((text, owner), stands)| (owner, self.text(&text, &stands))).collect())
    }

    /// A shortest text.
    pub(super) fn shortest(&self) -> Option<String> {
        self.states.first()?.rest?;
        Some(self.text("", &Stands { length: 0, from: 0, to: 0 }))
    }

    fn text(&self, part: &str, stands: &Stands) -> String {
        let mut bytes = Vec::new();
        let mut at = stands.from;
        while let Some((before, byte)) = self.states.get(at).and_then(|state| state.before) {
            bytes.push(byte);
            at = before;
        }
        bytes.reverse();
        bytes.extend(part.bytes());
        at = stands.to;
        while let Some((_, Some((next, byte)))) = self.states.get(at).and_then(|state| state.rest) {
            bytes.push(byte);
            at = next;
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// All parts at once, looked for from one state on.
struct Descent<'a> {
    ways: &'a Ways<'a>,
    parts: &'a Parts,
    from: usize,
    best: HashMap<Part, Stands>,
    states_left: &'a mut usize,
}

impl Descent<'_> {
    /// Goes on with the parts of a range, `depth` bytes of which led to a state.
    fn on(&mut self, range: Range<usize>, depth: usize, id: StateID) -> Result<(), Reason> {
        let state = |number: usize| self.ways.states.get(number);
        let to = self.ways.numbers.get(&id).copied();
        let rest = to.and_then(|to| Some((to, state(to)?.rest?)));
        let (Some((to, (rest, _))), Some(first)) = (rest, state(self.from)) else { return Ok(()) };
        *self.states_left = self.states_left.checked_sub(1).ok_or(Reason::Budget)?;
        let (ended, groups) = self.parts.split(range, depth);
        let length = first.length + depth + rest;
        for part in ended.filter_map(|number| self.parts.get(number)) {
            self.best.insert(part.clone(), Stands { length, from: self.from, to });
        }
        for (byte, range) in groups {
            let next = self.ways.table.next(id, byte);
            if !self.ways.table.is_dead(next) {
                self.on(range, depth + 1, next)?;
            }
        }
        Ok(())
    }
}
