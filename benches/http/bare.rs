//! A bare actix-web handler, the least that any service for this webhook does: it reads the query and the body with serde,
//! verifies nothing, asks no rules, and lets every action go on.

use std::{borrow::Cow, hint::black_box, io::Write, net::IpAddr, time::Duration};

use actix_web::{
    App, HttpResponse, HttpServer, Result,
    error::ErrorBadRequest,
    http::header::{CONTENT_TYPE, HeaderValue},
    rt::System,
    web::{Bytes, Query, post},
};
use serde::Deserialize;
use topicgate::webhook::reply;

/// The same as in the service, so that only what is done with a request differs.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is what is measured")]
struct Parameters {
    #[serde(rename = "SdkAppid")]
    app: u64,
    #[serde(rename = "CallbackCommand")]
    command: String,
    #[serde(rename = "ClientIP")]
    client_ip: IpAddr,
    #[serde(rename = "OptPlatform")]
    platform: String,
    #[serde(rename = "Sign")]
    sign: String,
    #[serde(rename = "RequestTime")]
    request_time: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading them is what is measured")]
struct Body<'a> {
    #[serde(borrow, rename = "CallbackCommand")]
    command: Cow<'a, str>,
    #[serde(borrow, rename = "Operator_Account")]
    operator: Cow<'a, str>,
    #[serde(borrow, rename = "Type")]
    group_type: Cow<'a, str>,
    #[serde(borrow, rename = "Name")]
    name: Cow<'a, str>,
}

async fn answer(parameters: Query<Parameters>, bytes: Bytes) -> Result<HttpResponse> {
    let body: Body<'_> = serde_json::from_slice(&bytes).map_err(ErrorBadRequest)?;
    black_box((&parameters, &body));
    let mut response = HttpResponse::Ok().body(reply::ALLOW);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(reply::CONTENT_TYPE));
    Ok(response)
}

/// Listens on a free port with the times of the service, and names the address like the service's log does.
fn main() -> std::io::Result<()> {
    let server = HttpServer::new(|| App::new().route("/", post().to(answer)))
        .workers(1)
        .keep_alive(Duration::from_secs(90))
        .client_request_timeout(Duration::from_secs(5))
        .tcp_nodelay(true)
        .bind("127.0.0.1:0")?;
    for address in server.addrs() {
        writeln!(std::io::stdout(), r#"{{"webhook":"{address}"}}"#)?;
    }
    System::new().block_on(async { server.run().await })
}
