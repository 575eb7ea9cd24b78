//! `POST /-/reload`: reads the rules and the tokens now, and answers when that has ended. Fields are only added.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Serialize;

use crate::{
    diagnostic::json::{Findings, findings},
    live,
    server::{
        admin::status::{Attempt, attempt},
        answer,
        service::Service,
    },
};

#[derive(Serialize)]
struct Reload<'a> {
    #[serde(flatten)]
    attempt: Attempt,
    changed: bool,
    old_revision: &'a str,
    revision: &'a str,
    content: &'a str,
    generation: u64,
    stale: bool,
    problem: Option<&'a str>,
    report: Findings<'a>,
}

/// 200 when the live set is that of the files, 422 when the files cannot be loaded.
pub(super) async fn reload(service: &Service) -> HttpResponse {
    match service.reloads.run().await {
        Some(status) => report(&status),
        None => answer::sentence(StatusCode::GATEWAY_TIMEOUT, "the reload goes on; /-/status will tell how it ended\n"),
    }
}

fn report(new: &live::Status) -> HttpResponse {
    let failure = new.last_failure.as_deref().filter(|_| !new.last.succeeded);
    let reload = Reload {
        attempt: attempt(&new.last),
        changed: new.replaced.is_some(),
        old_revision: new.replaced.as_ref().unwrap_or(&new.snapshot.revision),
        revision: &new.snapshot.revision,
        content: &new.snapshot.content,
        generation: new.generation,
        stale: new.stale.is_some(),
        problem: failure.map(|failure| failure.problem.as_str()),
        report: findings(failure.map_or(&new.report, |failure| &failure.report)),
    };
    let code = if new.last.succeeded { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    answer::document(code, &reload)
}
