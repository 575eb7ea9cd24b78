//! The wire protocol of Tencent Cloud Chat's webhooks, without I/O: bytes in, [`Facts`](crate::facts::Facts) out, and
//! the bytes of a reply.

pub mod reply;
pub mod request;
pub mod signature;
