//! cedar-policy: a `forbid` for each rule, operators as entities in groups.
//!
//! Cedar has no order among its policies, so all of them are evaluated and the first of those that forbid decides. It has no
//! regular expressions either: a word or a pattern that is a few texts becomes `like "*text*"`. What is more than that is
//! searched outside, by one `RegexSet`, and the context says what was found; that search is in its time.

use std::{collections::HashSet, str::FromStr};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, Policy as Cedared, PolicyId,
    PolicySet, Request, RestrictedExpression,
};
use regex::{RegexSet, RegexSetBuilder};

use super::{
    Answer, Engine, Failure, Question,
    literals::{Divided, Literal, divide},
};
use crate::policy::{BANNED, Policy};

const PERMIT: &str = "permit(principal, action, resource);";
const FORBID_BANNED: &str =
    r#"forbid(principal in Group::"banned", action, resource) unless { principal in Group::"staff" };"#;

/// Policies, the entities they speak of, and what is found outside.
pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    operator: EntityTypeName,
    action: EntityUid,
    resource: EntityUid,
    /// The codes of the policies; the index is the policy's id.
    codes: Vec<u32>,
    outside: RegexSet,
    /// The id of the policy for each pattern outside.
    owners: Vec<String>,
}

impl Engine for Cedar {
    fn load(policy: &Policy) -> Result<Cedar, Failure> {
        let mut policies = PolicySet::new();
        policies.add(Cedared::parse(Some(PolicyId::new("permit")), PERMIT)?)?;
        policies.add(Cedared::parse(Some(PolicyId::new("0")), FORBID_BANNED)?)?;
        let (mut codes, mut patterns, mut owners) = (vec![BANNED], Vec::new(), Vec::new());
        for rule in &policy.rules {
            let (id, divided) = (codes.len().to_string(), divide(rule)?);
            policies.add(Cedared::parse(Some(PolicyId::new(&id)), forbid(&id, &divided))?)?;
            codes.push(rule.code);
            owners.extend(divided.patterns.iter().map(|_| id.clone()));
            patterns.extend(divided.patterns);
        }
        Ok(Cedar {
            authorizer: Authorizer::new(),
            policies,
            entities: entities(policy)?,
            operator: "Operator".parse()?,
            action: r#"Action::"create""#.parse()?,
            resource: r#"Topic::"new""#.parse()?,
            codes,
            outside: RegexSetBuilder::new(patterns).size_limit(1 << 30).dfa_size_limit(256 << 20).build()?,
            owners,
        })
    }

    fn decide(&mut self, question: &Question) -> Result<Answer, Failure> {
        let principal = EntityUid::from_type_name_and_id(self.operator.clone(), EntityId::new(&question.operator));
        let (action, resource) = (self.action.clone(), self.resource.clone());
        let request = Request::new(principal, action, resource, self.context(&question.folded)?, None)?;
        let response = self.authorizer.is_authorized(&request, &self.policies, &self.entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(error.to_string().into());
        }
        if response.decision() == Decision::Allow {
            return Ok(Answer::Allow);
        }
        let reasons = response.diagnostics().reason().filter_map(|id| usize::from_str(id.as_ref()).ok());
        let first = reasons.min().and_then(|index| self.codes.get(index)).ok_or("it denies without a reason")?;
        Ok(Answer::Deny(*first))
    }
}

impl Cedar {
    fn context(&self, name: &str) -> Result<Context, Failure> {
        // To ask whether any matches is cheaper than to ask which.
        let found = self.outside.is_match(name).then(|| self.outside.matches(name));
        let found = found.into_iter().flatten().filter_map(|index| self.owners.get(index));
        let found = RestrictedExpression::new_set(found.map(|id| RestrictedExpression::new_string(id.clone())));
        let name = RestrictedExpression::new_string(name.to_owned());
        Ok(Context::from_pairs([("name".to_owned(), name), ("found".to_owned(), found)])?)
    }
}

fn forbid(id: &str, divided: &Divided) -> String {
    let likes = divided.literals.iter().map(|literal| match literal {
        Literal::Anywhere(text) => format!(r#"context.name like "*{}*""#, escaped(text)),
        Literal::AtStart(text) => format!(r#"context.name like "{}*""#, escaped(text)),
    });
    let found = (!divided.patterns.is_empty()).then(|| format!(r#"context.found.contains("{id}")"#));
    let any: Vec<String> = likes.chain(found).collect();
    let any = any.join(" || ");
    format!(r#"forbid(principal, action, resource) when {{ {any} }} unless {{ principal in Group::"staff" }};"#)
}

fn escaped(text: &str) -> String {
    text.chars()
        .flat_map(|character| matches!(character, '*' | '"' | '\\').then_some('\\').into_iter().chain([character]))
        .collect()
}

fn entities(policy: &Policy) -> Result<Entities, Failure> {
    let of = |kind: &str, id: &str| -> Result<EntityUid, Failure> {
        Ok(EntityUid::from_type_name_and_id(kind.parse()?, EntityId::new(id)))
    };
    let mut entities = Vec::new();
    for (group, operators) in [("staff", &policy.allowed), ("banned", &policy.denied)] {
        let group = of("Group", group)?;
        entities.push(Entity::with_uid(group.clone()));
        for operator in operators {
            entities.push(Entity::new_no_attrs(of("Operator", operator)?, HashSet::from([group.clone()])));
        }
    }
    Ok(Entities::from_entities(entities, None)?)
}
