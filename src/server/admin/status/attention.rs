//! What somebody should look at, in sentences. Nothing of it when all is well.

use crate::{
    live::Status,
    server::{admin::certificates, service::Service},
};

/// Every problem there is now.
pub(super) fn problems(service: &Service, status: &Status) -> Vec<String> {
    let mut problems = Vec::new();
    if let Some(failure) = status.last_failure.as_ref().filter(|_| !status.last.succeeded) {
        problems.push(format!("the last reload failed: {}", failure.problem));
    }
    if let Some(stored) = status.stale {
        problems.push(format!("the rules are those that were stored at {stored}, not those of the files"));
    }
    if let Some(problem) = status.kept.as_ref().and_then(|kept| kept.problem.as_ref()) {
        problems.push(format!("the rules cannot be kept for the next start: {problem}"));
    }
    for app in service.apps.iter() {
        problems.extend(app.problems().map(|problem| format!("tokens of app {}: {problem}", app.id)));
    }
    problems.extend(service.admin_tokens.problems().map(|problem| format!("tokens of the admin side: {problem}")));
    problems.extend(certificates::shown(service).iter().filter_map(certificates::Shown::problem));
    problems
}
