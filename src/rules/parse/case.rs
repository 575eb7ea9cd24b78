//! `tests`: requests and what must come of them.

use std::{net::IpAddr, str::FromStr};

use crate::{
    diagnostic::{Code, Diagnostic, Sink},
    facts::{Command, Rollout},
    rules::{
        ast::{Case, Excepted, Expect, Given, Request, Written},
        grammar,
        parse::{NO_RULE, action, command, empty, has_no_keys, keyword, time},
    },
    yaml::{Key, Node, read::whole_number},
};

pub(super) fn parse<'t>(node: &'t Node, sink: &mut Sink) -> Option<Case<'t>> {
    let fields = grammar::TEST.fields(node, sink)?;
    let name_node = fields.require("name", sink);
    let name = name_node.and_then(|node| Some(Written { value: node.text("`name`", sink)?, place: node.place }));
    let has_time = fields.get("at").is_some();
    let at = fields.get("at").and_then(|node| time::time(node, "`at`", sink));
    let request = fields.require("request", sink).and_then(|node| request(node, sink));
    let given = fields.get("given").and_then(|node| given(node, sink));
    let given = given.unwrap_or(Given { rollout: Rollout::In, counts: Vec::new() });
    let expect = fields.require("expect", sink).and_then(|node| expect(node, sink));
    Some(Case { name: name?, has_time, at, request: request?, given, expect: expect? })
}

pub(super) fn request<'t>(node: &'t Node, sink: &mut Sink) -> Option<Request<'t>> {
    let fields = grammar::REQUEST.fields(node, sink)?;
    let operator = fields.require("operator", sink).and_then(|node| node.text("`operator`", sink));
    let mut text = |key: &str| fields.get(key).and_then(|node| node.text(&format!("`{key}`"), sink));
    let (owner, name, group_type, platform) = (text("owner"), text("name"), text("type"), text("platform"));
    let command = fields.get("command").map_or(Some(Command::CreateTopic), |node| command(node, sink));
    let client_ip = fields.get("client_ip").and_then(|node| address(node, sink));
    let app = fields.get("app").and_then(|node| number(node, "an app id", sink));
    Some(Request {
        command: command?,
        operator: operator?,
        owner,
        name: name.unwrap_or_default(),
        group_type,
        platform,
        client_ip,
        app,
    })
}

fn address(node: &Node, sink: &mut Sink) -> Option<IpAddr> {
    let word = node.word("`client_ip`", sink)?;
    let address = word.parse().ok().map(|address: IpAddr| address.to_canonical());
    if address.is_none() {
        let message = format!("`{word}` is not an address");
        sink.push(
            Diagnostic::new(Code::InvalidAddress, node.place, message).help("write it like 192.0.2.7 or '2001:db8::1'"),
        );
    }
    address
}

fn number<T: FromStr + ToString>(node: &Node, what: &str, sink: &mut Sink) -> Option<T> {
    let word = node.word(what, sink)?;
    let refuse = |help: Option<String>| {
        let found = Diagnostic::new(Code::InvalidValue, node.place, format!("`{word}` is not {what}"));
        sink.push(found.help(help.unwrap_or_else(|| "write a whole number".to_owned())));
    };
    whole_number(word).map_err(refuse).ok()
}

/// What is taken as given; an operator is part of every share, and a key comes for the first time, unless it says
/// otherwise.
fn given<'t>(node: &'t Node, sink: &mut Sink) -> Option<Given<'t>> {
    let fields = grammar::GIVEN.fields(node, sink)?;
    if has_no_keys(node) {
        empty(node, "`given`", sink);
    }
    let words = [("in", Rollout::In), ("out", Rollout::Out)];
    let rollout = fields.get("rollout").and_then(|node| keyword(node, "`rollout`", &words, sink));
    let counts = fields.get("counts").map(|node| counts(node, sink)).unwrap_or_default();
    Some(Given { rollout: rollout.unwrap_or(Rollout::In), counts })
}

/// How many requests of the same key came before, by rule.
fn counts<'t>(node: &'t Node, sink: &mut Sink) -> Vec<(Written<&'t str>, u64)> {
    let Some(entries) = node.mapping("`counts`", sink) else { return Vec::new() };
    if entries.is_empty() {
        empty(node, "`counts`", sink);
    }
    let rule = |key: &'t Key| Written { value: key.text.as_str(), place: key.place };
    entries.iter().filter_map(|(key, value)| Some((rule(key), number(value, "a count", sink)?))).collect()
}

fn expect<'t>(node: &'t Node, sink: &mut Sink) -> Option<Expect<'t>> {
    let fields = grammar::EXPECT.fields(node, sink)?;
    if has_no_keys(node) {
        empty(node, "`expect`", sink);
    }
    let written = |node: &Node| node.place;
    let decision = fields
        .get("decision")
        .and_then(|node| Some(Written { value: action(node, "`decision`", sink)?, place: written(node) }));
    let rule = fields.get("rule").and_then(|node| {
        let id = node.text("`rule`", sink)?;
        Some(Written { value: (id != NO_RULE).then_some(id), place: node.place })
    });
    let code =
        fields.get("code").and_then(|node| Some(Written { value: number(node, "a code", sink)?, place: node.place }));
    let message = fields.get("message").and_then(|node| {
        // An empty message is what an allowed request gets.
        Some(Written { value: node.text("`message`", sink)?, place: node.place })
    });
    let shadow = fields.get("shadow").and_then(|node| {
        let ids = node.sequence("`shadow`", sink)?.iter();
        let ids = ids.filter_map(|node| Some(Written { value: node.text("a rule id", sink)?, place: node.place }));
        Some(Written { value: ids.collect(), place: node.place })
    });
    let excepted_by = fields.get("excepted_by").and_then(|node| {
        let names = node.sequence("`excepted_by`", sink)?.iter();
        Some(Written { value: names.filter_map(|node| exception(node, sink)).collect(), place: node.place })
    });
    Some(Expect { decision, rule, code, message, shadow, excepted_by })
}

/// A rule, and one of its exceptions.
fn exception<'t>(node: &'t Node, sink: &mut Sink) -> Option<Excepted<'t>> {
    let word = node.text("an exception", sink)?;
    let names = word.split_once('/');
    if names.is_none() {
        let message = format!("`{word}` does not name an exception");
        let help = "write the id of the rule and that of its exception, such as no-adverts/spring-festival";
        sink.push(Diagnostic::new(Code::InvalidValue, node.place, message).help(help));
    }
    names.map(|(rule, exception)| Excepted { rule, exception, place: node.place })
}
