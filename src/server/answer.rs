//! Answers as HTTP sends them.

use std::{
    convert::Infallible,
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    HttpResponse,
    body::{BodySize, MessageBody},
    dev::Payload,
    http::{
        ConnectionType, StatusCode,
        header::{CONTENT_TYPE, HeaderValue},
    },
    web::Bytes,
};
use serde::Serialize;

use crate::webhook::reply;

const JSON: HeaderValue = HeaderValue::from_static(reply::CONTENT_TYPE);
const TEXT: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// The reply that lets an action go on.
pub(super) fn allowed() -> HttpResponse {
    json(Bytes::from_static(reply::ALLOW))
}

/// The reply that refuses an action.
pub(super) fn refused(code: u32, message: &str) -> HttpResponse {
    json(Bytes::from(reply::deny(code, message)))
}

/// An answer in JSON.
pub(super) fn json(body: Bytes) -> HttpResponse {
    let mut response = HttpResponse::with_body(StatusCode::OK, body).map_into_boxed_body();
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response
}

/// A JSON document for people and programs.
pub(super) fn document(status: StatusCode, document: &impl Serialize) -> HttpResponse {
    let Ok(mut text) = serde_json::to_vec_pretty(document) else {
        return sentence(StatusCode::INTERNAL_SERVER_ERROR, "the answer cannot be written\n");
    };
    text.push(b'\n');
    let mut response = json(Bytes::from(text));
    *response.status_mut() = status;
    response
}

/// A sentence for whoever sent a request that gets no reply.
pub(super) fn sentence(status: StatusCode, text: &'static str) -> HttpResponse {
    let mut response = HttpResponse::with_body(status, text).map_into_boxed_body();
    response.headers_mut().insert(CONTENT_TYPE, TEXT);
    response
}

/// An answer that ends the connection although the request was not read to its end.
///
/// The server goes on reading for a second, or the peer would see a reset instead of the answer. It does so for a body of
/// unknown length only while somebody still holds the payload, so the answer holds it.
pub(super) fn without_reading(response: HttpResponse, unread: Payload) -> HttpResponse {
    let mut response = response.map_body(|_, body| match body.try_into_bytes() {
        Ok(text) => Held { text, _unread: unread }.boxed(),
        Err(body) => body,
    });
    close(&mut response);
    response
}

/// Says that the connection ends with this answer.
pub(super) fn close(response: &mut HttpResponse) {
    response.head_mut().set_connection_type(ConnectionType::Close);
}

struct Held {
    text: Bytes,
    _unread: Payload,
}

impl MessageBody for Held {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.text.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let text = mem::take(&mut self.text);
        Poll::Ready((!text.is_empty()).then_some(Ok(text)))
    }
}
