//! The keys of a rule that say when it is alive and for whom: `active`, `schedule`, `rollout`, `review_by`.

use std::time::Duration;

use jiff::{SignedDuration, civil};

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    engine::life::{Share, WHOLE_SHARE},
    rules::{
        ast::{Active, Life, Schedule, Written},
        grammar::{self, DAYS},
        parse::{empty, except, has_no_keys, items, repeated, time},
    },
    yaml::{Fields, Node, read::listed},
};

/// Windows come again each day at least, so a longer one would be no window.
const LONGEST_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);

/// Reads the life of a rule, whose text is `rule`.
pub(super) fn parse<'t>(rule: &'t Node, fields: &Fields<'t>, sink: &mut Sink) -> Life<'t> {
    Life {
        active: fields.get("active").and_then(|node| active(node, sink)).unwrap_or_default(),
        schedule: fields.get("schedule").and_then(|node| schedule(node, sink)),
        rollout: fields.get("rollout").and_then(|node| rollout(node, sink)),
        except: fields.get("except").map(|node| except::parse(node, sink)).unwrap_or_default(),
        review_by: fields.get("review_by").and_then(|node| time::date(node, "`review_by`", sink)),
        accept: fields.get("accept").map(|node| except::accept(node, rule.extent(), sink)).unwrap_or_default(),
    }
}

fn active<'t>(node: &'t Node, sink: &mut Sink) -> Option<Active<'t>> {
    let fields = grammar::ACTIVE.fields(node, sink)?;
    if has_no_keys(node) {
        empty(node, "`active`", sink);
    }
    Some(Active {
        from: fields.get("from").and_then(|node| time::moment(node, "`from`", sink)),
        until: fields.get("until").and_then(|node| time::moment(node, "`until`", sink)),
    })
}

fn schedule<'t>(node: &'t Node, sink: &mut Sink) -> Option<Schedule<'t>> {
    let fields = grammar::SCHEDULE.fields(node, sink)?;
    let days = fields.get("days").map_or([true; 7], |node| days(node, sink));
    let start = fields.require("start", sink).and_then(|node| start(node, sink));
    let range = Duration::from_secs(1)..=LONGEST_WINDOW;
    let duration = fields.require("duration", sink).and_then(|node| time::duration(node, "`duration`", range, sink));
    let zone = fields.get("time_zone").and_then(|node| {
        let value = node.word("`time_zone`", sink)?;
        Some(Written { value, place: node.place })
    });
    Some(Schedule { days, start: start?, duration: SignedDuration::try_from(duration?).ok()?, zone })
}

fn days(node: &Node, sink: &mut Sink) -> [bool; 7] {
    let mut days = [false; 7];
    for node in items(node, "`days`", sink).unwrap_or_default() {
        let Some(word) = node.word("a day", sink) else { continue };
        match days.iter_mut().zip(DAYS).find(|(_, name)| *name == word) {
            Some((day, _)) if *day => repeated(node, word, sink),
            Some((day, _)) => *day = true,
            None => sink.push(no_day(node, word)),
        }
    }
    days
}

fn no_day(node: &Node, word: &str) -> Diagnostic {
    let near = DAYS.into_iter().find(|name| word.to_lowercase().starts_with(name) && !word.contains('-'));
    Diagnostic::new(Code::InvalidValue, node.place, format!("a day cannot be `{word}`"))
        .help(format!("it takes {}", listed(&DAYS)))
        .meant_if(near)
}

fn start(node: &Node, sink: &mut Sink) -> Option<civil::Time> {
    let word = node.word("`start`", sink)?;
    let start = clock(word);
    if start.is_none() {
        let guess =
            [format!("0{word}"), word.chars().take(5).collect()].into_iter().find(|guess| clock(guess).is_some());
        let help = match guess {
            Some(guess) => format!("write `{guess}`"),
            None if word == "24:00" => "write `00:00`, and the day that begins then".to_owned(),
            None => "write hours and minutes, such as 09:00 or 22:30".to_owned(),
        };
        let message = format!("`{word}` is not a time of the day");
        sink.push(Diagnostic::new(Code::InvalidValue, node.place, message).help(help));
    }
    start
}

/// The time that is written like `09:30`.
fn clock(word: &str) -> Option<civil::Time> {
    let shape = |(at, byte): (usize, u8)| if at == 2 { byte == b':' } else { byte.is_ascii_digit() };
    let (hour, minute) = word.split_once(':').filter(|_| word.len() == 5 && word.bytes().enumerate().all(shape))?;
    civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn rollout(node: &Node, sink: &mut Sink) -> Option<Written<Share>> {
    let word = node.word("`rollout`", sink)?;
    let share = percent(word);
    if share.is_none() {
        let plain: String = word.chars().filter(|character| !matches!(character, '%' | '％' | ' ')).collect();
        let plain = format!("{plain}%");
        // Whether 0.25 means a quarter is anybody's guess.
        let is_whole = !word.contains('.') || word.contains(['%', '％']);
        let help = match percent(&plain).filter(|_| is_whole) {
            Some(_) => format!("write `{plain}`"),
            None => "write a share over 0% and up to 100%, with two decimals at most, such as 25% or 2.5%".to_owned(),
        };
        let message = format!("`{word}` is not a share of the operators");
        sink.push(Diagnostic::new(Code::InvalidValue, node.place, message).help(help));
    }
    share.map(|value| Written { value, place: node.place })
}

/// The share that is written like `25%` or `2.5%`.
fn percent(word: &str) -> Option<Share> {
    let number = word.strip_suffix('%')?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let digits =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = digits(whole, 3) && digits(decimals, 2) && (whole == "0" || !whole.starts_with('0'));
    let hundredths: u16 = format!("{decimals:0<2}").parse().ok()?;
    let share = whole.parse::<u16>().ok()?.checked_mul(100)?.checked_add(hundredths)?;
    (is_plain && (1..=WHOLE_SHARE).contains(&share)).then_some(Share(share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_percentage_with_two_decimals_at_most() {
        for (word, share) in
            [("25%", 2500), ("2.5%", 250), ("0.01%", 1), ("100%", 10_000), ("33.33%", 3333), ("7.05%", 705)]
        {
            assert_eq!(percent(word), Some(Share(share)), "{word}");
        }
        for word in
            ["25", "%", "0%", "0.00%", "100.01%", "101%", "1.234%", ".5%", "5.%", "05%", "-1%", "+1%", "1e1%", "25 %"]
        {
            assert_eq!(percent(word), None, "{word}");
        }
    }

    #[test]
    fn a_start_has_two_digits_a_colon_and_two_digits() {
        assert_eq!(clock("09:30"), civil::Time::new(9, 30, 0, 0).ok());
        assert!(clock("00:00").is_some() && clock("23:59").is_some());
        for word in ["9:30", "24:00", "12:60", "0930", "09:30:00", "09.30", "+9:30", "09：30", "noon"] {
            assert_eq!(clock(word), None, "{word}");
        }
    }
}
