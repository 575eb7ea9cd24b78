//! The body of a request, bounded in size and time.

use std::mem;

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
    timeout(limits.body, collect(payload, limits.body_bytes)).await.unwrap_or(Err(Missing::TooSlow))
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
