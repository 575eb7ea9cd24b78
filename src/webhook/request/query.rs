//! The query string: who is asked, by whom, and whether that can be trusted.

use std::{borrow::Cow, net::IpAddr};

use super::Malformed;
use crate::text;

/// The most parameters that are read.
pub const MAX_PARAMETERS: usize = 64;

/// As many as Chat sends, and some more.
const USUAL_PARAMETERS: usize = 12;

/// The longest key that is shown, in characters.
const MAX_SHOWN_KEY: usize = 64;

/// A parsed query; of a repeated key the first value counts, but two commands are none.
///
/// It cannot be printed, because its `Sign` is valid for a minute.
#[derive(Default)]
pub struct Query<'a> {
    /// `SdkAppid`.
    pub app: App,
    /// `CallbackCommand`.
    pub command: Option<Cow<'a, str>>,
    /// `ClientIP`; absent where it is none, never IPv4-mapped.
    pub client_ip: Option<IpAddr>,
    /// `OptPlatform` as it was sent.
    pub platform: Option<Cow<'a, str>>,
    /// `Sign`.
    pub sign: Option<Cow<'a, str>>,
    /// `RequestTime` as it was sent, because that is what was signed.
    pub request_time: Option<Cow<'a, str>>,
    /// `RequestID`, only for logs.
    pub request_id: Option<Cow<'a, str>>,
    /// Why the request is malformed; judged after authentication.
    pub conflict: Option<Malformed>,
}

/// The app that a request says it is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum App {
    /// There is no `SdkAppid`, as in the console's verification.
    #[default]
    Absent,
    /// `SdkAppid` is no number, so it is no app of anybody.
    Unreadable,
    /// A number.
    Number(u64),
}

impl<'a> Query<'a> {
    /// Reads a query string; keys in any case, an empty value is none.
    pub fn parse(query: &'a str) -> Query<'a> {
        let mut parsed = Query::default();
        let mut seen: Vec<(Cow<'a, str>, Cow<'a, str>)> = Vec::with_capacity(USUAL_PARAMETERS);
        for (key, value) in pairs(query) {
            if let Some((_, first)) = seen.iter().find(|(earlier, _)| earlier.eq_ignore_ascii_case(&key)) {
                if *first != value {
                    parsed.contradict(&key);
                }
                continue;
            }
            if seen.len() == MAX_PARAMETERS {
                parsed.conflict.get_or_insert(Malformed::TooManyParameters);
                break;
            }
            parsed.set(&key, value.clone());
            seen.push((key, value));
        }
        parsed
    }

    fn contradict(&mut self, key: &str) {
        self.conflict.get_or_insert_with(|| Malformed::RepeatedParameter(shown(key)));
        // The first may be one that nothing is asked about.
        if key.eq_ignore_ascii_case("CallbackCommand") {
            self.command = None;
        }
    }

    fn set(&mut self, key: &str, value: Cow<'a, str>) {
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        let value = Some(value).filter(|value| !value.is_empty());
        if is("SdkAppid") {
            self.app = value.as_deref().map_or(App::Absent, App::read);
        } else if is("ClientIP") {
            self.client_ip = value.and_then(|value| value.parse().ok()).map(|address: IpAddr| address.to_canonical());
        } else if is("CallbackCommand") {
            self.command = value;
        } else if is("OptPlatform") {
            self.platform = value;
        } else if is("Sign") {
            self.sign = value;
        } else if is("RequestTime") {
            self.request_time = value;
        } else if is("RequestID") {
            self.request_id = value;
        }
    }
}

impl App {
    fn read(value: &str) -> App {
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        value.parse().ok().filter(|_| digits).map_or(App::Unreadable, App::Number)
    }
}

/// The pairs of a query. Most need no decoding, and finding that out is much cheaper than to decode them.
fn pairs(query: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    // It looks at every byte, because a loop without an early end becomes vector instructions.
    let is_encoded = query.bytes().fold(false, |found, byte| found | (byte == b'%') | (byte == b'+'));
    query.split('&').filter(|pair| !pair.is_empty()).filter_map(move |pair| {
        if is_encoded {
            return form_urlencoded::parse(pair.as_bytes()).next();
        }
        // The key is too short for a search of its own.
        let key = pair.bytes().take_while(|byte| *byte != b'=').count();
        let (key, value) = pair.split_at_checked(key)?;
        let value = value.strip_prefix('=').unwrap_or(value);
        Some((Cow::Borrowed(key), Cow::Borrowed(value)))
    })
}

fn shown(key: &str) -> String {
    text::clean(key).chars().take(MAX_SHOWN_KEY).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pairs_are_those_of_a_form(query in "([a-c&=+%é]|%2[56B]|%e4%bd%a0|%ff){0,24}") {
            prop_assert!(pairs(&query).eq(form_urlencoded::parse(query.as_bytes())));
        }
    }
}
