//! The search for a request: first among concrete ones, then in the space of all.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    analysis::{
        Answer, Reason, Solver,
        atom::{Atom, Axis},
        cells::{self, Cell, Choice, atoms, languages},
        formula::{Question, Truths},
        made, relevant, sets,
        table::{self, Side, Table},
        walk::{self, Known, Track},
    },
    engine::{Identity, Language, Test},
    facts::{Facts, Field, Rollout},
};

/// So many requests that the engine refuses to confirm are enough.
const MAX_REFUSED: usize = 200;

/// Combinations of all but the name that are followed apart, to see where a walk leads nowhere.
const MOST_OPEN: usize = 16;

/// Tables that are kept, as the work that they took: 32 MB.
const MOST_KEPT: usize = 16 * table::MOST_WORK;

/// Sets of more texts are not looked through.
const MAX_ENTRIES: usize = 200_000;

/// The views of the name, the one that is walked last first.
const VIEWS: [Field; 4] = [Field::Name, Field::NameRaw, Field::NameLookalike, Field::NameSqueezed];

const AXES: [Axis; 9] = [
    Axis::Command,
    Axis::Time,
    Axis::Type,
    Axis::Platform,
    Axis::Address,
    Axis::App,
    Axis::Owner,
    Axis::Operator,
    Axis::Name,
];

struct Search<'s> {
    question: &'s Question<'s>,
    at: Timestamp,
    states_left: usize,
    /// Steps of single tables.
    steps: usize,
    refused: usize,
    witness: Option<Box<Facts<'static>>>,
    /// Whether the budget or the patience is spent.
    ended: Option<Reason>,
    confirm: &'s mut dyn FnMut(&Facts<'_>) -> bool,
}

/// Looks for a request with a name, only among those that are worth trying.
pub(super) fn complete(
    solver: &Solver,
    question: &Question<'_>,
    name: &str,
    confirm: &mut dyn FnMut(&Facts<'_>) -> bool,
) -> Option<Box<Facts<'static>>> {
    let name = Choice::Text(Axis::Name, Some(name.to_owned())).cell(question, Axis::Name, solver.at);
    let truths = with(&vec![None; question.atoms.len()], &name.known);
    let mut search = Search::of(solver, question, confirm);
    if question.value(&truths) == Some(false) {
        return None;
    }
    let others = axes(question).filter(|axis| *axis != Axis::Name);
    let tried: Vec<Vec<Cell>> = others.map(|axis| cells::tried(question, axis, solver.at)).collect();
    search.combine(&tried, &truths, &mut vec![name.choice]);
    search.witness
}

pub(super) fn find(
    solver: &mut Solver,
    question: &Question<'_>,
    confirm: &mut dyn FnMut(&Facts<'_>) -> bool,
) -> Answer {
    let truths: Truths = vec![None; question.atoms.len()];
    if question.value(&truths) == Some(false) {
        return Answer::None;
    }
    let mut search = Search::of(solver, question, confirm);
    let states = search.states_left;
    let mut tried: Vec<Vec<Cell>> = axes(question).map(|axis| cells::tried(question, axis, solver.at)).collect();
    search.combine(&tried, &truths, &mut Vec::new());
    if let Some(names) =
        tried.last_mut().filter(|_| search.witness.is_none() && axes(question).last() == Some(Axis::Name))
    {
        *names = made::cells(question, solver.at);
        search.combine(&tried, &truths, &mut Vec::new());
    }
    solver.left = solver.left.saturating_sub(states - search.states_left);
    if let Some(facts) = search.witness.take() {
        return Answer::Witness(facts);
    }
    if solver.left == 0 {
        return Answer::NotProved(Reason::Budget);
    }
    (search.refused, search.ended, search.states_left) = (0, None, states);
    let found = search.everywhere(solver, &truths);
    solver.left = solver.left.saturating_sub(states - search.states_left + search.steps);
    match (search.witness, found.err().or(search.ended)) {
        (Some(facts), _) => Answer::Witness(facts),
        (None, Some(reason)) => Answer::NotProved(reason),
        (None, None) if search.refused > 0 => Answer::NotProved(doubt(solver, question)),
        (None, None) => Answer::None,
    }
}

/// The parts of a request that the formula depends on.
fn axes<'q>(question: &'q Question<'_>) -> impl Iterator<Item = Axis> + 'q {
    AXES.into_iter().filter(|axis| atoms(question, *axis).next().is_some())
}

impl<'s> Search<'s> {
    fn of(solver: &Solver, question: &'s Question<'s>, confirm: &'s mut dyn FnMut(&Facts<'_>) -> bool) -> Search<'s> {
        let states_left = solver.budget.states;
        Search { question, at: solver.at, states_left, steps: 0, refused: 0, witness: None, ended: None, confirm }
    }

    /// Tries every combination of cells for which the formula may hold; `false` when there is nothing more to look for.
    fn combine(&mut self, parts: &[Vec<Cell>], truths: &[Option<bool>], chosen: &mut Vec<Choice>) -> bool {
        if self.question.value(truths) == Some(false) {
            return true;
        }
        let Some((cells, rest)) = parts.split_first() else {
            return if self.question.can_hold(truths) { self.ask(chosen) } else { true };
        };
        for cell in cells {
            let Some(left) = self.states_left.checked_sub(1) else {
                self.ended = Some(Reason::Budget);
                return false;
            };
            self.states_left = left;
            chosen.push(cell.choice.clone());
            let goes_on = self.combine(rest, &with(truths, &cell.known), chosen);
            chosen.pop();
            if !goes_on {
                return false;
            }
        }
        true
    }

    /// What is known in the combinations of cells for which the formula can hold, whatever else is chosen: all of them, or more
    /// than matter.
    fn left_open(&mut self, parts: &[Vec<Cell>], truths: &[Option<bool>], open: &mut Vec<Truths>) {
        if open.len() > MOST_OPEN || self.question.value(truths) == Some(false) {
            return;
        }
        let Some((cells, rest)) = parts.split_first() else {
            if self.question.can_hold(truths) {
                open.push(truths.to_vec());
            }
            return;
        };
        for cell in cells {
            self.states_left = self.states_left.saturating_sub(1);
            if self.states_left == 0 {
                return open.push(truths.to_vec());
            }
            self.left_open(rest, &with(truths, &cell.known), open);
        }
    }

    /// Asks for confirmation of what was chosen; several views of the name may each give one.
    fn ask(&mut self, chosen: &[Choice]) -> bool {
        let mut plain = cells::plain(self.at);
        chosen.iter().for_each(|choice| choice.put(&mut plain));
        let names = chosen.iter().filter(|choice| matches!(choice, Choice::Text(Axis::Name, _)));
        let named = names.map(|choice| {
            let mut facts = plain.clone();
            choice.put(&mut facts);
            facts
        });
        for facts in std::iter::once(plain.clone()).chain(named.collect::<Vec<_>>()) {
            // A share may be in the way that is no part of the formula.
            for rollout in [Rollout::In, Rollout::Out] {
                let facts = Facts { rollout, ..facts.clone() };
                if (self.confirm)(&facts) {
                    self.witness = Some(Box::new(facts));
                    return false;
                }
            }
        }
        self.refused += 1;
        self.refused < MAX_REFUSED
    }

    /// Searches all requests. The texts of the last view of the name are walked while they are needed.
    fn everywhere(&mut self, solver: &mut Solver, truths: &[Option<bool>]) -> Result<(), Reason> {
        let question = self.question;
        let mut parts = Vec::new();
        for axis in axes(question).filter(|axis| *axis != Axis::Name) {
            parts.push(self.all(solver, axis)?);
        }
        let mut open = Vec::new();
        self.left_open(&parts, truths, &mut open);
        if open.is_empty() {
            return Ok(());
        }
        if open.len() > MOST_OPEN {
            open = vec![truths.to_vec()];
        }
        if let Some(names) = sets::pinned(question, self.at) {
            parts.push(names);
            self.combine(&parts, truths, &mut Vec::new());
            return Ok(());
        }
        let looked_at = |field: &Field| atoms(question, Axis::Name).any(|(_, atom)| atom.field() == Some(*field));
        let mut views = VIEWS.into_iter().filter(looked_at);
        let Some(last) = views.next() else {
            self.combine(&parts, truths, &mut Vec::new());
            return Ok(());
        };
        for view in views {
            parts.push(self.walked(solver, Axis::Name, view)?);
        }
        let tracks = solver.tracks(question, Axis::Name, last);
        let texts = solver.texts(last)?;
        let mut states_left = self.states_left;
        let goes_on = |known: &Known| open.iter().any(|truths| question.value(&with(truths, known)) != Some(false));
        let walked = walk::walk(&texts, &tracks, &mut states_left, &goes_on, &mut |text, known| {
            let mut chosen = vec![Choice::Text(Axis::Name, Some(text.to_owned()))];
            self.combine(&parts, &with(truths, known), &mut chosen)
        });
        self.steps += (self.states_left - states_left.min(self.states_left)) * tracks.len();
        self.states_left = self.states_left.min(states_left);
        if self.refused >= MAX_REFUSED { Err(doubt(solver, question)) } else { walked }
    }

    /// Cells that stand for all values of a part.
    fn all(&mut self, solver: &mut Solver, axis: Axis) -> Result<Vec<Cell>, Reason> {
        let question = self.question;
        if !matches!(axis, Axis::Type | Axis::Platform | Axis::Owner | Axis::Operator) {
            let mut cells = cells::tried(question, axis, self.at);
            // Between two changes a schedule comes and goes.
            let unknown = |index: usize| matches!(question.atoms.get(index), Some(Atom::Schedule(_)));
            cells.iter_mut().flat_map(|cell| &mut cell.known).for_each(|(index, truth)| {
                *truth = truth.filter(|_| !unknown(*index));
            });
            return Ok(cells);
        }
        let is_finite =
            |language: &Language<'_>| matches!(language, Language::Texts(_) | Language::Every | Language::Nothing);
        let exact = atoms(question, axis).filter_map(|(_, atom)| atom.bounds()).all(|bounds| bounds.under.is_none());
        let languages = languages(question, axis);
        if exact && languages.iter().all(is_finite) {
            let texts = sets::all_texts(question, axis, MAX_ENTRIES).ok_or(Reason::TooLarge)?;
            solver.left = solver.left.saturating_sub(texts.len());
            let choices = texts.into_iter().map(|text| Choice::Text(axis, text)).collect();
            return Ok(cells::distinct(question, axis, self.at, choices));
        }
        let mut cells = self.walked(solver, axis, axis.field())?;
        if axis.field().is_optional() {
            cells.push(Choice::Text(axis, None).cell(question, axis, self.at));
        }
        Ok(cells)
    }

    /// A cell for everything that can be known of a text of a field.
    fn walked(&mut self, solver: &mut Solver, axis: Axis, field: Field) -> Result<Vec<Cell>, Reason> {
        let tracks = solver.tracks(self.question, axis, field);
        let texts = solver.texts(field)?;
        let (mut cells, before) = (Vec::new(), self.states_left);
        let nothing: Truths = vec![None; self.question.atoms.len()];
        let goes_on = |known: &Known| self.question.value(&with(&nothing, known)) != Some(false);
        let walked = walk::walk(&texts, &tracks, &mut self.states_left, &goes_on, &mut |text, known| {
            cells.push(Cell { choice: Choice::Text(axis, Some(text.to_owned())), known: known.clone() });
            true
        });
        self.steps += (before - self.states_left) * tracks.len();
        walked.map(|()| cells)
    }
}

fn with(truths: &[Option<bool>], known: &Known) -> Truths {
    let mut truths = truths.to_vec();
    for (index, truth) in known {
        if let Some(slot) = truths.get_mut(*index) {
            *slot = *truth;
        }
    }
    truths
}

fn tests<'q, 'r: 'q>(question: &'q Question<'r>, axis: Axis) -> impl Iterator<Item = (usize, &'r Test)> + 'q {
    atoms(question, axis).filter_map(|(index, atom)| Some((index, atom.test()?)))
}

/// Why requests that seemed right were not confirmed.
fn doubt(solver: &Solver, question: &Question<'_>) -> Reason {
    let failed = question.atoms.iter().filter_map(Atom::test).find_map(|test| solver.failure(test));
    let mut views: Vec<Field> = tests(question, Axis::Name).map(|(_, test)| test.field).collect();
    views.sort_unstable();
    views.dedup();
    let is_inexact = |atom: &Atom<'_>| atom.bounds().is_some_and(|bounds| bounds.under.is_some());
    match failed {
        Some(reason) => reason,
        None if question.atoms.iter().any(is_inexact) => Reason::Inexact,
        None if views.len() > 1 => Reason::Views,
        None => Reason::Life,
    }
}

impl Solver {
    /// The tables of the tests of a field.
    fn tracks(&mut self, question: &Question<'_>, axis: Axis, field: Field) -> Vec<Track> {
        let atoms = atoms(question, axis).filter(|(_, atom)| atom.field() == Some(field));
        atoms.filter_map(|(index, atom)| self.track(question, index, atom)).collect()
    }

    fn track(&mut self, question: &Question<'_>, index: usize, atom: &Atom<'_>) -> Option<Track> {
        let test = match atom {
            Atom::Test(test) => test,
            Atom::Whole(whole) => {
                let table = Some(Arc::clone(&whole.table));
                return Some(Track { atom: index, over: table.clone(), under: table });
            }
            _ => return None,
        };
        let bounds = test.matcher.bounds();
        let over = self.table(test, Side::Over, &bounds.over);
        let under = match &bounds.under {
            Some(Language::Nothing) => None,
            Some(under) => self.table(test, Side::Under, under),
            None => over.clone(),
        };
        let is_too_large = under.is_none() && self.failure(test) == Some(Reason::TooLarge);
        let under = if is_too_large { relevant::under(question, test).map(Arc::new) } else { under };
        Some(Track { atom: index, over, under })
    }

    fn table(&mut self, test: &Test, side: Side, language: &Language<'_>) -> Option<Arc<Table>> {
        if matches!(language, Language::Every) && side == Side::Over && test.matcher.bounds().under.is_some() {
            return None;
        }
        let key = (test.identity, side);
        if !self.tables.contains_key(&key) {
            let table = Table::of(language).map(Arc::new);
            let work = table.as_ref().map_or(table::MOST_WORK, |table| table.work());
            self.left = self.left.saturating_sub(work);
            self.keep(key, table, work);
        }
        self.tables.get(&key).and_then(|table| table.as_ref().ok().cloned())
    }

    /// Why there is no table is never forgotten.
    fn keep(&mut self, key: (Identity, Side), table: Result<Arc<Table>, Reason>, work: usize) {
        self.kept += if table.is_ok() { work } else { 0 };
        if self.kept > MOST_KEPT {
            self.tables.retain(|_, table| table.is_err());
            self.kept = work;
        }
        self.tables.insert(key, table);
    }

    fn failure(&self, test: &Test) -> Option<Reason> {
        let failed = |side| self.tables.get(&(test.identity, side)).and_then(|made| made.as_ref().err().copied());
        failed(Side::Over).or_else(|| failed(Side::Under))
    }

    /// The texts that a field can hold.
    fn texts(&mut self, field: Field) -> Result<Arc<Table>, Reason> {
        if field != Field::Name {
            let made = match &self.every {
                Some(table) => Arc::clone(table),
                None => Arc::new(Table::of(&Language::Every)?),
            };
            return Ok(Arc::clone(self.every.insert(made)));
        }
        if self.folded.is_none() {
            self.folded = Some(Arc::new(Table::folded()?));
        }
        self.folded.clone().ok_or(Reason::TooLarge)
    }
}
