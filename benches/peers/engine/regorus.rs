//! regorus: Rego, compiled for its virtual machine, with the lists and texts as data.

use ::regorus::{
    Engine as Rego, Rc, Value,
    cache::{self, Config},
    languages::rego::compiler::Compiler,
    rvm::vm::RegoVM,
};
use regex::RegexBuilder;
use serde_json::{Map, Value as Json, json};

use super::{Answer, Engine, Failure, Question};
use crate::policy::{Ask, BANNED, NameRule, Policy};

/// The bytes of the largest pattern that regorus compiles.
const LARGEST: usize = 100 << 10;

const ANSWER: &str = "data.topics.code";

/// Sets are objects, as Rego's data is JSON. `hits` is asked only where no operator decided.
const REGO: &str = "\
package topics

default code := 0

code := 0 if data.allowed[input.operator]
else := data.banned if data.denied[input.operator]
else := data.codes[min(hits)] if count(hits) > 0

hits contains rule if {
    some word, rule in data.words
    contains(input.name, word)
}

hits contains rule if {
    some pattern, rule in data.patterns
    regex.match(pattern, input.name)
}
";

/// A program with its data.
pub struct Regorus(RegoVM);

impl Engine for Regorus {
    fn load(policy: &Policy) -> Result<Regorus, Failure> {
        // By default 256 patterns are kept, and all others are compiled again for each decision.
        cache::configure(Config { regex: Config::MAX_CAPACITY, ..Config::default() });
        let mut rego = Rego::new();
        rego.add_policy("topics.rego".to_owned(), REGO.to_owned())?;
        let entry: Rc<str> = ANSWER.into();
        let compiled = rego.compile_with_entrypoint(&entry)?;
        let mut machine = RegoVM::new();
        machine.load_program(Compiler::compile_from_policy(&compiled, &[ANSWER])?);
        machine.set_data(data(policy))?;
        machine.set_max_instructions(usize::MAX);
        Ok(Regorus(machine))
    }

    fn decide(&mut self, question: &Question) -> Result<Answer, Failure> {
        let mut input = Value::new_object();
        let fields = input.as_object_mut()?;
        fields.insert("operator".into(), question.operator.as_str().into());
        fields.insert("name".into(), question.folded.as_str().into());
        self.0.set_input(input);
        Ok(Answer::of(self.0.execute()?.as_u32()?))
    }
}

fn data(policy: &Policy) -> Value {
    let set = |ids: &[String]| ids.iter().map(|id| (id.clone(), true.into())).collect::<Map<String, Json>>();
    let texts = |ask: Ask| {
        let rules = policy.rules.iter().enumerate().filter(move |(_, rule)| rule.ask == ask);
        // Of a text that stands in two rules, the first rule remains.
        rules.rev().flat_map(|(index, rule)| asked(rule).into_iter().map(move |text| (text, index.into()))).collect()
    };
    let (words, patterns): (Map<String, Json>, Map<String, Json>) = (texts(Ask::Contains), texts(Ask::Matches));
    let codes: Vec<u32> = policy.rules.iter().map(|rule| rule.code).collect();
    json!({
        "allowed": set(&policy.allowed),
        "denied": set(&policy.denied),
        "banned": BANNED,
        "codes": codes,
        "words": words,
        "patterns": patterns,
    })
    .into()
}

/// Words as they are, and patterns put together to as few as regorus takes: each one costs it a search, and a new cache.
fn asked(rule: &NameRule) -> Vec<String> {
    if rule.ask == Ask::Contains {
        return rule.texts.clone();
    }
    let mut joined: Vec<String> = Vec::new();
    for text in &rule.texts {
        let longer = joined.last().map(|last| format!("{last}|(?:{text})"));
        match longer.filter(|longer| RegexBuilder::new(longer).size_limit(LARGEST).build().is_ok()) {
            Some(longer) => _ = joined.pop().map(|_| joined.push(longer)),
            None => joined.push(format!("(?:{text})")),
        }
    }
    joined
}
