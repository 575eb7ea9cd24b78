//! The policies that everything is measured by, made from a seed: the same call gives the same bytes each time.
//!
//! Plain Rust without a dependency, so that another package can take it by `#[path]`.

use std::{fs, io, iter, path::Path};

use words::{Dice, WITHOUT_LITERAL};

#[path = "words.rs"]
mod words;

/// The code of an operator who may create nothing.
pub const BANNED: u32 = 10101;

/// Where the denied operators lie.
pub const LIST: &str = "lists/banned.txt";

/// The codes of the name rules: the first, and how many there are before the first comes again.
const CODES: (u32, u32) = (10110, 90);

/// Rules in the order in which they stand: the allowed operators, the denied ones, then those on names.
pub struct Policy {
    /// What it is called in a table.
    pub name: &'static str,
    /// The operators who may do anything.
    pub allowed: Vec<String>,
    /// The operators who may create nothing.
    pub denied: Vec<String>,
    /// What a name must not have.
    pub rules: Vec<NameRule>,
    /// A name that the first text of each rule refuses.
    refused: Vec<String>,
    views: Views,
}

/// A rule that refuses a name where any of its texts is found.
pub struct NameRule {
    /// Unique.
    pub id: String,
    /// The reply's code.
    pub code: u32,
    /// What its texts are.
    pub ask: Ask,
    /// Words or patterns, all in small letters.
    pub texts: Vec<String>,
}

/// What the texts of a rule are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Plain texts that occur in the name.
    Contains,
    /// Regular expressions that are found in the name.
    Matches,
}

/// One request of a topic.
pub struct Request {
    /// Who asks.
    pub operator: String,
    /// The name of the topic.
    pub name: String,
}

/// What the rules with words look at.
enum Views {
    Name,
    /// Every second of them at the looks of the name, or at its letters alone.
    All,
}

/// What a pattern is made like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    LookAlike,
    Chinese,
    Alternation,
    Anchored,
    Gappy,
}

/// 40 % words, 15 % look-alikes, 15 % Chinese, 30 % others, in the order in which they come again and again.
const MIX: [Kind; 20] = {
    use Kind::{Alternation, Anchored, Chinese, Gappy, LookAlike, Word};
    [
        Word,
        Word,
        LookAlike,
        Chinese,
        Word,
        Alternation,
        Word,
        LookAlike,
        Anchored,
        Chinese,
        Word,
        Gappy,
        Word,
        LookAlike,
        Alternation,
        Word,
        Chinese,
        Anchored,
        Word,
        Gappy,
    ]
};

impl Policy {
    /// 10 rules: 20 allowed operators, 50 denied ones, and 8 patterns.
    pub fn small() -> Policy {
        Policy::of("S", 50, 8, 8)
    }

    /// 1,000 denied operators, and 200 patterns in as many rules.
    pub fn medium() -> Policy {
        Policy::of("M", 1000, 200, 200)
    }

    /// 1,000,000 denied operators, and 5,000 patterns and words in 400 rules.
    pub fn large() -> Policy {
        Policy::of("L", 1_000_000, 5000, 400)
    }

    /// The same, but every second rule with words looks at `name_lookalike` or `name_squeezed`.
    pub fn large_views() -> Policy {
        Policy { name: "L, all views", views: Views::All, ..Policy::large() }
    }

    /// So many patterns and words like those of L in 400 rules, and no operators.
    pub fn patterns(count: usize) -> Policy {
        Policy { allowed: Vec::new(), ..Policy::of("patterns", 0, count, 400) }
    }

    /// So many rules with so many patterns and words, and no operators.
    pub fn mixed(rules: usize, texts: usize) -> Policy {
        Policy { allowed: Vec::new(), ..Policy::of("mixed", 0, texts, rules) }
    }

    /// One rule with as many patterns in which no text must occur.
    pub fn without_literals(count: usize) -> Policy {
        let texts = (0..count).map(|number| format!("[a-z]{{5,{}}}[0-9]{{3}}", 20 + number)).collect();
        let rule = NameRule { id: "without-literals".to_owned(), code: CODES.0, ask: Ask::Matches, texts };
        let (name, refused) = ("no literals", vec!["abcdefgh123".to_owned()]);
        Policy { name, allowed: Vec::new(), denied: Vec::new(), rules: vec![rule], refused, views: Views::Name }
    }

    fn of(name: &'static str, denied: usize, texts: usize, rules: usize) -> Policy {
        let mut dice = Dice(u64::try_from(texts).unwrap_or_default());
        let allowed = (0..20).map(|_| format!("ops_{}", dice.word())).collect();
        let denied = accounts(denied).collect();
        let mut policy = Policy { name, allowed, denied, rules: Vec::new(), refused: Vec::new(), views: Views::Name };
        // A few, however many texts there are.
        let mut without_literal = WITHOUT_LITERAL.iter().take(texts.div_ceil(500));
        for (index, kind) in MIX.into_iter().cycle().take(rules).enumerate() {
            // So that the rules have all of the texts together.
            let count = texts * (index + 1) / rules - texts * index / rules;
            let ask = ask(kind, index, count);
            let bare = if kind == Kind::Gappy { without_literal.next() } else { None };
            let bare = bare.map(|(text, name)| ((*text).to_owned(), (*name).to_owned()));
            let texts = bare.into_iter().chain(iter::repeat_with(|| dice.text(kind, ask)));
            policy.add(index, ask, texts.take(count));
        }
        policy
    }

    fn add(&mut self, index: usize, ask: Ask, texts: impl Iterator<Item = (String, String)>) {
        let (texts, names): (Vec<String>, Vec<String>) = texts.unzip();
        let code = CODES.0 + u32::try_from(index).unwrap_or_default() % CODES.1;
        self.refused.extend(names.into_iter().next());
        self.rules.push(NameRule { id: format!("names-{}", index + 1), code, ask, texts });
    }

    /// A name that a rule refuses, by its number from 0.
    pub fn refused_by(&self, rule: usize) -> &str {
        self.refused.get(rule).map_or("", String::as_str)
    }

    /// A name of so many bytes in which halves of gappy patterns stand, and never the two of one pattern.
    pub fn near_misses(&self, bytes: usize) -> String {
        let halves = self.rules.iter().flat_map(|rule| &rule.texts).filter_map(|text| text.split_once(".{0,10}"));
        let words: Vec<(&str, &str)> = halves.map(|(one, two)| (one, two.trim_end_matches("[0-9]{0,4}"))).collect();
        let (ends, starts) = words.split_at(words.len() / 2);
        let mut name = String::new();
        for ((one, _), (_, two)) in starts.iter().zip(ends).cycle().take_while(|_| !words.is_empty()) {
            if name.len() + one.len() + two.len() + 1 >= bytes {
                break;
            }
            name.extend([one, " ", two, " "]);
        }
        name
    }

    /// The files of the rule set, each with its text.
    pub fn files(&self) -> Vec<(&'static str, String)> {
        let mut files = Vec::new();
        if !self.allowed.is_empty() {
            let when = format!("{{ operator: {{ in: [{}] }} }}", self.allowed.join(", "));
            files.push(("10-staff.yaml", format!("rules:\n  - {{ id: staff, action: allow, when: {when} }}\n")));
        }
        if !self.denied.is_empty() {
            let list = "lists: { banned: { file: lists/banned.txt } }\n";
            let when = "{ operator: { in: { list: banned } } }";
            let rule = format!("rules:\n  - {{ id: banned, action: deny, code: {BANNED}, when: {when} }}\n");
            files.push(("20-banned.yaml", format!("{list}{rule}")));
            files.push((LIST, self.denied.iter().flat_map(|account| [account.as_str(), "\n"]).collect()));
        }
        let rules = self.rules.iter().enumerate().map(|(index, rule)| self.written(index, rule));
        files.push(("30-names.yaml", format!("rules:\n{}", rules.collect::<String>())));
        files
    }

    fn written(&self, index: usize, rule: &NameRule) -> String {
        let (field, matcher) = match (&self.views, rule.ask, index % 4) {
            (_, Ask::Matches, _) => ("name", "matches"),
            (Views::All, Ask::Contains, 0) => ("name_lookalike", "contains"),
            (Views::All, Ask::Contains, 2) => ("name_squeezed", "contains"),
            (_, Ask::Contains, _) => ("name", "contains"),
        };
        let texts: String = rule.texts.iter().map(|text| format!("          - '{text}'\n")).collect();
        let (id, code) = (&rule.id, rule.code);
        let head = format!("  - id: {id}\n    action: deny\n    code: {code}\n    when:\n      {field}:\n");
        format!("{head}        {matcher}:\n{texts}")
    }

    /// Writes the rule set into a directory.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        fs::create_dir_all(directory.join("lists"))?;
        self.files().into_iter().try_for_each(|(path, text)| fs::write(directory.join(path), text))
    }

    /// Requests as they may come, always the same ones: of 100, about 80 pass because no rule is about them, 4 because
    /// their operator may do anything, 4 are refused for their operator and 12 for their name.
    pub fn requests(&self, count: usize) -> Vec<Request> {
        let mut dice = Dice(0);
        let all = iter::repeat_with(|| {
            let (operator, name) = (dice.account(), dice.name());
            match dice.below(100) {
                0..=3 => Request { operator: dice.of(&self.allowed).unwrap_or(operator), name },
                4..=7 => Request { operator: dice.of(&self.denied).unwrap_or(operator), name },
                8..=19 => Request { name: dice.of(&self.refused).unwrap_or(name), operator },
                _ => Request { operator, name },
            }
        });
        all.take(count).collect()
    }
}

/// The denied operators, of 20 characters each; all are different.
pub fn accounts(count: usize) -> impl Iterator<Item = String> {
    let mut dice = Dice(20);
    iter::repeat_with(move || dice.account()).take(count)
}

fn ask(kind: Kind, index: usize, texts: usize) -> Ask {
    match kind {
        // A rule with one text has a pattern: without any sign it is a word all the same.
        _ if texts == 1 => Ask::Matches,
        Kind::Word => Ask::Contains,
        Kind::Chinese if index.is_multiple_of(2) => Ask::Contains,
        _ => Ask::Matches,
    }
}

impl Dice {
    fn of(&mut self, texts: &[String]) -> Option<String> {
        texts.get(self.below(texts.len())).cloned()
    }

    /// A text of a rule, and a name in which it is found.
    fn text(&mut self, kind: Kind, ask: Ask) -> (String, String) {
        let (one, two) = (self.word(), self.word());
        let (text, found) = match kind {
            Kind::Word => (one.clone(), one),
            Kind::LookAlike => (one.chars().map(class_of).collect(), one.replace('a', "4").replace('o', "0")),
            Kind::Chinese => self.chinese(ask),
            Kind::Alternation => {
                (format!("{one}(s|{}|[0-9]+) ?({two}|{})", self.word(), self.word()), format!("{one}77 {two}"))
            }
            Kind::Anchored if self.below(2) == 0 => {
                return (format!("^{one}( {two})?"), format!("{one} {}", self.name()));
            }
            Kind::Anchored => return (format!("{one}[!. ]*$"), format!("{} {one}!!", self.name())),
            Kind::Gappy => (format!("{one}.{{0,10}}{two}[0-9]{{0,4}}"), format!("{one} for {two}")),
        };
        (text, format!("{} {found} {}", self.ordinary(), self.ordinary()))
    }

    fn chinese(&mut self, ask: Ask) -> (String, String) {
        if ask == Ask::Contains {
            let length = 3 + self.below(3);
            let word = self.han(length);
            return (word.clone(), word);
        }
        let (one, two, last) = (self.han(2), self.han(2), self.han(1));
        match self.below(4) {
            0 => (format!("{one}.{{0,3}}{two}"), format!("{one}的{two}")),
            1 => (
                format!("{one}[{two}]{last}"),
                format!("{one}{two}{one}{}{last}", two.chars().take(1).collect::<String>()),
            ),
            2 => (format!("{one}[ .*_-]?{two}{last}?"), format!("{one}*{two}")),
            // All that must occur are single characters.
            _ => {
                let mut spaced: String =
                    one.chars().flat_map(|character| [character.to_string(), "[ .*_-]?".to_owned()]).collect();
                spaced.push_str(&last);
                (spaced, format!("{one}-{last}"))
            }
        }
    }
}

/// What stands for a letter.
fn class_of(letter: char) -> String {
    match letter {
        'a' => "[a@4]".to_owned(),
        'i' => "[i1!]".to_owned(),
        'o' => "[o0]".to_owned(),
        other => other.to_string(),
    }
}
