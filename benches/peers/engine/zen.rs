//! zen-engine: one decision table, first hit decides, compiled with the index it makes of its column of operators.
//!
//! Words, and patterns that are a few texts, are asked by `contains` and `startsWith`. The others have to be asked by `matches`,
//! which compiles its pattern for each decision.

use serde_json::{Value, json};
use zen_engine::{Decision, model::GraphContent};

use super::{
    Answer, Engine, Failure, Question,
    literals::{Literal, divide},
    ready,
};
use crate::policy::{BANNED, NameRule, Policy};

/// A compiled table.
pub struct Zen(Decision);

impl Engine for Zen {
    fn load(policy: &Policy) -> Result<Zen, Failure> {
        let mut content: GraphContent = serde_json::from_value(graph(policy)?)?;
        content.compile();
        Ok(Zen(Decision::from(content)))
    }

    fn decide(&mut self, question: &Question) -> Result<Answer, Failure> {
        let context = json!({ "operator": question.operator, "name": question.folded });
        let response = ready(self.0.evaluate(context.into()))?.map_err(|error| error.to_string())?;
        let code = response.result.dot("code").and_then(|code| code.as_number()).ok_or("there is no code")?;
        Ok(Answer::of(u32::try_from(code)?))
    }
}

fn graph(policy: &Policy) -> Result<Value, Failure> {
    let row = |id: &str, operator: String, name: String, code: u32| json!({ "_id": id, "operator": operator, "name": name, "code": code.to_string() });
    let mut rows = vec![row("staff", any_of(&policy.allowed), String::new(), 0)];
    rows.push(row("banned", any_of(&policy.denied), String::new(), BANNED));
    for rule in &policy.rules {
        rows.push(row(&rule.id, String::new(), cell(rule)?, rule.code));
    }
    rows.push(row("everyone", String::new(), String::new(), 0));
    let field = |id: &str| json!({ "id": id, "name": id, "field": id });
    let table = json!({
        "hitPolicy": "first",
        "inputs": [field("operator"), field("name")],
        "outputs": [field("code")],
        "rules": rows,
    });
    let edge = |id: &str, from: &str, to: &str| json!({ "id": id, "type": "edge", "sourceId": from, "targetId": to });
    Ok(json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode" },
            { "id": "table", "name": "table", "type": "decisionTableNode", "content": table },
            { "id": "out", "name": "out", "type": "outputNode" },
        ],
        "edges": [edge("first", "in", "table"), edge("last", "table", "out")],
    }))
}

/// An array, because a million texts between commas overflow the stack.
fn any_of(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<String>>().join(", "))
}

fn cell(rule: &NameRule) -> Result<String, Failure> {
    let divided = divide(rule)?;
    let literals = divided.literals.iter().map(|literal| match literal {
        Literal::Anywhere(text) => format!("contains($, {})", quoted(text)),
        Literal::AtStart(text) => format!("startsWith($, {})", quoted(text)),
    });
    let patterns = divided.patterns.iter().map(|pattern| format!("matches($, {})", quoted(pattern)));
    Ok(literals.chain(patterns).collect::<Vec<String>>().join(" or "))
}

/// No text of the policies has a quote or a backslash.
fn quoted(text: &str) -> String {
    format!("'{text}'")
}
