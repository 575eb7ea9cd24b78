//! What YAML 1.1 or 1.2 takes an unquoted scalar for.
//!
//! Sources: the type repository of YAML 1.1 (<https://yaml.org/type/>) and the core schema of YAML 1.2 (section 10.3.2).

/// What a reader of YAML may take the text for instead; `None` for a text that is text to everybody.
pub(super) fn other_reading(plain: &str) -> Option<&'static str> {
    if is_null(plain) {
        Some("null")
    } else if is_boolean(plain) {
        Some("a boolean")
    } else if is_number(plain) {
        Some("a number")
    } else if is_date(plain) {
        Some("a date")
    } else if matches!(plain, "=" | "<<") {
        Some("a special key")
    } else {
        None
    }
}

pub(super) fn is_null(plain: &str) -> bool {
    matches!(plain, "" | "~" | "null" | "Null" | "NULL")
}

fn is_boolean(plain: &str) -> bool {
    const WORDS: [&str; 8] = ["y", "n", "yes", "no", "true", "false", "on", "off"];
    let mut letters = plain.chars();
    let first_upper = letters.next().is_some_and(char::is_uppercase);
    let rest = letters.as_str();
    let one_case = rest == rest.to_lowercase() || (first_upper && rest == rest.to_uppercase());
    one_case && WORDS.contains(&plain.to_lowercase().as_str())
}

fn is_number(plain: &str) -> bool {
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(plain);
    let lower = unsigned.to_ascii_lowercase();
    if matches!(lower.as_str(), ".inf" | ".nan") {
        return true;
    }
    let all = |digits: &str, radix: u32| {
        digits.chars().any(|digit| digit != '_') && digits.chars().all(|digit| digit == '_' || digit.is_digit(radix))
    };
    let prefixed = [("0x", 16), ("0o", 8), ("0b", 2)];
    if prefixed.iter().any(|(prefix, radix)| lower.strip_prefix(prefix).is_some_and(|digits| all(digits, *radix))) {
        return true;
    }
    is_decimal(&lower) || is_sexagesimal(&lower)
}

/// Digits with underscores, at most one point, an exponent.
fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once('e').map_or((text, None), |(left, right)| (left, Some(right)));
    let begins = mantissa.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    let points = mantissa.matches('.').count();
    let digits = mantissa.chars().any(|character| character.is_ascii_digit());
    let allowed = mantissa.chars().all(|character| character.is_ascii_digit() || matches!(character, '_' | '.'));
    let exponent_fits = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !digits.is_empty() && digits.chars().all(|digit| digit.is_ascii_digit())
    });
    begins && digits && allowed && points <= 1 && exponent_fits
}

/// `190:20:30`, which YAML 1.1 reads in base 60.
fn is_sexagesimal(text: &str) -> bool {
    let mut parts = text.split(':');
    let first = parts.next().is_some_and(|part| is_decimal(part) && !part.contains(['.', 'e']));
    let mut rest = parts.peekable();
    first
        && rest.peek().is_some()
        && rest.all(|part| {
            let whole = part.split('.').next().unwrap_or_default();
            matches!(whole.len(), 1 | 2) && whole.parse::<u8>().is_ok_and(|value| value < 60)
        })
}

/// `2026-11-23`, with or without a time behind it.
fn is_date(plain: &str) -> bool {
    let date: &str = plain.split(['T', 't', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let digits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let rest = plain.get(date.len()..).unwrap_or_default();
    let time = rest.is_empty() || rest.contains(':');
    digits(year, 4..=4) && digits(month, 1..=2) && digits(day, 1..=2) && time
}

#[cfg(test)]
mod tests {
    use super::other_reading;

    #[test]
    fn what_yaml_takes_for_something_else_is_not_text() {
        let numbers =
            "0 123 00123 0o17 0b101 0xfF 1_000 1.5 1. .5 -3 +4 1e3 6.02E+23 1e-3 .inf -.INF .NaN 12:30 190:20:30.15";
        for (texts, reading) in [
            (numbers, "a number"),
            ("y N yes No ON off true FALSE", "a boolean"),
            ("~ null Null NULL", "null"),
            ("2026-11-23 2026-1-2 2026-11-23T10:00:00Z", "a date"),
            ("= <<", "a special key"),
        ] {
            for text in texts.split(' ') {
                assert_eq!(other_reading(text), Some(reading), "{text}");
            }
        }
        assert_eq!(other_reading("2001-12-14 21:59:43.10 -5"), Some("a date"));
    }

    #[test]
    fn everything_else_is_text() {
        let texts = "vx yES nULL 1a 12:75 1.2.3 e5 _1 . - 0x 0xg 2026-11 2026-11-231 12: v1.0 1e 10.0.0.1 Nein";
        for text in texts.split(' ') {
            assert_eq!(other_reading(text), None, "{text}");
        }
    }
}
