//! When a rule is alive and what it does not apply to: from what was written to what decides.

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    engine::life::{Active, Exception, Schedule},
    matchers::Grants,
    rules::{
        ast::{self, Action, Expiry, Rule},
        calendar,
        compile::Compiler,
    },
};

impl Compiler<'_, '_> {
    pub(super) fn active(&self, written: &ast::Active<'_>, sink: &mut Sink) -> Active {
        let from = written.from.map(|from| from.begins(self.zone));
        let until = written.until.map(|until| until.ends(self.zone));
        if let (Some(first), Some(last)) = (written.from, written.until)
            && from >= until
        {
            let message = format!("`until: {}` is not behind `from: {}`", last.word, first.word);
            sink.push(
                Diagnostic::new(Code::InvalidValue, last.place, message)
                    .related(first.place, "it begins here")
                    .help("such a rule would never apply; swap the two, or write `mode: disabled`"),
            );
        }
        Active { from, until }
    }

    pub(super) fn schedule(&self, written: &ast::Schedule<'_>, sink: &mut Sink) -> Option<Schedule> {
        let ast::Schedule { days, start, duration, zone } = *written;
        let zone = zone.map_or_else(|| Some(self.zone.clone()), |zone| calendar::named(zone, sink))?;
        Some(Schedule { days, start, duration, zone })
    }

    /// The exceptions of a rule; `None` where one cannot be compiled.
    pub(super) fn exceptions(&mut self, rule: &Rule<'_>, sink: &mut Sink) -> Option<Vec<Exception>> {
        // What a deny rule does not apply to comes nearer to being let through.
        let grants = if rule.action == Some(Action::Allow) { Grants::Hinders } else { Grants::Yes };
        let exceptions: Vec<Option<Exception>> =
            rule.life.except.iter().map(|written| self.exception(written, grants, sink)).collect();
        exceptions.into_iter().collect()
    }

    fn exception(&mut self, written: &ast::Exception<'_>, grants: Grants, sink: &mut Sink) -> Option<Exception> {
        let when = written.when.as_ref().and_then(|when| self.condition(when, grants, sink))?;
        let expires = match written.expires? {
            Expiry::Never => None,
            Expiry::Ends(moment) => Some(moment.ends(self.zone)),
        };
        let id = written.id?;
        Some(Exception { id: id.value.to_owned(), line: self.sources.line(id.place), expires, when })
    }
}
