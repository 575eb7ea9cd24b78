//! casbin: one row of its policy for each rule, the first that applies decides.
//!
//! Both functions of the matcher are own ones, because those of casbin do not scale: `regexMatch` compiles its pattern for each
//! row of each decision, and `g` walks through all roles for an operator who has none. The texts of a rule are one pattern.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use ::casbin::{
    CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, function_map::OperatorFunction, rhai::Dynamic,
};
use regex::{Regex, RegexBuilder};

use super::{Answer, Engine, Failure, Question, ready};
use crate::policy::{Ask, BANNED, NameRule, Policy};

const MODEL: &str = "\
[request_definition]
r = operator, name
[policy_definition]
p = list, pattern, code, eft
[policy_effect]
e = priority(p.eft) || deny
[matchers]
m = listed(r.operator, p.list) || found(r.name, p.pattern) || p.list == \"everyone\"
";

thread_local! {
    /// Functions of a matcher are bare ones, so what they look up cannot lie in the engine.
    static LISTS: RefCell<HashMap<String, HashSet<String>>> = RefCell::default();
    static PATTERNS: RefCell<HashMap<String, Regex>> = RefCell::default();
}

/// An enforcer with its rows.
pub struct Casbin(Enforcer);

impl Engine for Casbin {
    fn load(policy: &Policy) -> Result<Casbin, Failure> {
        let lists = [("staff", &policy.allowed), ("banned", &policy.denied)];
        let lists = lists.map(|(name, ids)| (name.to_owned(), ids.iter().cloned().collect()));
        LISTS.with(|known| *known.borrow_mut() = HashMap::from(lists));
        let patterns = policy.rules.iter().map(|rule| Ok((rule.id.clone(), pattern(rule)?)));
        let patterns = patterns.collect::<Result<_, Failure>>()?;
        PATTERNS.with(|known| *known.borrow_mut() = patterns);
        Ok(Casbin(ready(enforcer(policy))??))
    }

    fn decide(&mut self, question: &Question) -> Result<Answer, Failure> {
        let (allowed, rows) = self.0.enforce_ex((question.operator.as_str(), question.folded.as_str()))?;
        if allowed {
            return Ok(Answer::Allow);
        }
        let code = rows.first().and_then(|row| row.get(2)).ok_or("it denies without a row")?;
        Ok(Answer::Deny(code.parse()?))
    }
}

async fn enforcer(policy: &Policy) -> Result<Enforcer, Failure> {
    let mut enforcer = Enforcer::new(DefaultModel::from_str(MODEL).await?, MemoryAdapter::default()).await?;
    enforcer.add_function("listed", OperatorFunction::Arg2(listed));
    enforcer.add_function("found", OperatorFunction::Arg2(found));
    let row = |list: &str, pattern: &str, code: u32, eft: &str| {
        vec![list.to_owned(), pattern.to_owned(), code.to_string(), eft.to_owned()]
    };
    let mut rows = vec![row("staff", "", 0, "allow"), row("banned", "", BANNED, "deny")];
    rows.extend(policy.rules.iter().map(|rule| row("", &rule.id, rule.code, "deny")));
    rows.push(row("everyone", "", 0, "allow"));
    enforcer.add_policies(rows).await?;
    Ok(enforcer)
}

fn pattern(rule: &NameRule) -> Result<Regex, Failure> {
    let one = |text: &String| match rule.ask {
        Ask::Contains => regex::escape(text),
        Ask::Matches => format!("(?:{text})"),
    };
    let any: Vec<String> = rule.texts.iter().map(one).collect();
    Ok(RegexBuilder::new(&any.join("|")).size_limit(1 << 28).build()?)
}

#[expect(clippy::needless_pass_by_value, reason = "casbin calls it so")]
fn listed(operator: Dynamic, list: Dynamic) -> Dynamic {
    let asked = |operator: &str, list: &str| {
        LISTS.with_borrow(|lists| lists.get(list).is_some_and(|list| list.contains(operator)))
    };
    both(&operator, &list, asked)
}

#[expect(clippy::needless_pass_by_value, reason = "casbin calls it so")]
fn found(name: Dynamic, pattern: Dynamic) -> Dynamic {
    let asked = |name: &str, pattern: &str| {
        PATTERNS.with_borrow(|patterns| patterns.get(pattern).is_some_and(|pattern| pattern.is_match(name)))
    };
    both(&name, &pattern, asked)
}

fn both(one: &Dynamic, two: &Dynamic, asked: impl Fn(&str, &str) -> bool) -> Dynamic {
    let (Ok(one), Ok(two)) = (one.as_immutable_string_ref(), two.as_immutable_string_ref()) else {
        return false.into();
    };
    asked(&one, &two).into()
}
