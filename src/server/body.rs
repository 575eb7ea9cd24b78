//! The body of a request, bounded in size and time.

use std::{
    future::{Future, poll_fn},
    mem,
    pin::{Pin, pin},
    task::Poll,
};

use actix_web::{
    dev::Payload,
    http::header::{CONTENT_LENGTH, HeaderMap},
    rt::time::timeout,
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;

use crate::settings::Limits;

/// Why a body could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// It is larger than the limit.
    TooLarge,
    /// It did not arrive in time.
    TooSlow,
    /// It ended early, or was not framed as HTTP wants.
    Broken,
}

/// Reads a body.
pub(super) async fn read(payload: &mut Payload, headers: &HeaderMap, limits: &Limits) -> Result<Bytes, Missing> {
    if declared(headers).is_some_and(|length| length > limits.body_bytes) {
        return Err(Missing::TooLarge);
    }
    let mut whole = pin!(collect(payload, limits.body_bytes));
    if let Some(whole) = at_hand(whole.as_mut()).await {
        return whole;
    }
    timeout(limits.body, whole).await.unwrap_or(Err(Missing::TooSlow))
}

/// What is there when asked for the second time. A body that came with its head is handed over after the first time, and
/// needs no timer.
async fn at_hand<T>(mut future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    let mut asked = false;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending if asked => Poll::Ready(None),
        Poll::Pending => {
            asked = true;
            context.waker().wake_by_ref();
            Poll::Pending
        }
    })
    .await
}

fn declared(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Most bodies are one piece, which is taken as it is.
async fn collect(payload: &mut Payload, most: usize) -> Result<Bytes, Missing> {
    let mut whole = Bytes::new();
    let mut joined = BytesMut::new();
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|_| Missing::Broken)?;
        if whole.len() + joined.len() + piece.len() > most {
            return Err(Missing::TooLarge);
        }
        if whole.is_empty() && joined.is_empty() {
            whole = piece;
        } else {
            joined.extend_from_slice(&mem::take(&mut whole));
            joined.extend_from_slice(&piece);
        }
    }
    Ok(if joined.is_empty() { whole } else { joined.freeze() })
}
