//! stub
use std::borrow::Cow;
/// stub
pub fn group_type(raw: &str) -> Cow<'_, str> {
    Cow::Borrowed(raw)
}
/// stub
pub fn platform(raw: &str) -> Cow<'_, str> {
    Cow::Borrowed(raw)
}
