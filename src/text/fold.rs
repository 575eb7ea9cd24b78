//! stub
use std::{borrow::Cow, ops::Range};
/// stub
pub fn fold(raw: &str) -> Cow<'_, str> {
    Cow::Borrowed(raw)
}
/// stub
#[derive(Debug)]
pub struct Trace {
    /// stub
    pub text: String,
}
impl Trace {
    /// stub
    pub fn of(raw: &str) -> Trace {
        Trace { text: raw.to_owned() }
    }
    /// stub
    pub fn raw_range(&self, range: Range<usize>) -> Range<usize> {
        range
    }
}
