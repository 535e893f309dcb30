//! Predicates.

use super::{
    Cx,
    node::{Node, Object, wrong_type},
    path, scalar, value,
};
use crate::{
    codes::Code,
    source::JsonKind,
    syntax::{Operator, Predicate, PredicateKind, ValueExpr, ValueKind},
};

/// Predicates inside one another, at most.
const DEPTH_MAX: usize = 32;

const OPERATORS: &[(&str, Operator)] = &[
    ("eq", Operator::Eq),
    ("ne", Operator::Ne),
    ("gt", Operator::Gt),
    ("gte", Operator::Gte),
    ("lt", Operator::Lt),
    ("lte", Operator::Lte),
    ("in", Operator::In),
    ("nin", Operator::Nin),
    ("contains", Operator::Contains),
    ("starts_with", Operator::StartsWith),
    ("ends_with", Operator::EndsWith),
    ("regex", Operator::Regex),
    ("exists", Operator::Exists),
];

/// A predicate; none where nothing of it could be read.
pub(super) fn read(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Predicate> {
    read_at(node, 1, cx)
}

fn read_at(node: &Node<'_>, depth: usize, cx: &mut Cx<'_>) -> Option<Predicate> {
    if depth > DEPTH_MAX {
        let message = format!("predicates may be nested {DEPTH_MAX} deep, this is one more");
        cx.sink.report(Code::NestingTooDeep, &node.loc(), message);
        return None;
    }
    let object = Object::open(node, cx.sink)?;
    let connective = ["and", "or", "not"].into_iter().find(|key| object.has(key));
    let kind = match connective {
        None => test(&object, cx)?,
        Some(key) => {
            object.allow(&[key], cx.sink);
            let below = object.get(key)?;
            match key {
                "not" => PredicateKind::Not(Box::new(read_at(&below, depth + 1, cx)?)),
                "and" => PredicateKind::And(list(&below, depth, cx)?),
                _ => PredicateKind::Or(list(&below, depth, cx)?),
            }
        }
    };
    Some(Predicate { kind, loc: node.loc() })
}

/// What could be read of a list; none where there was something and nothing of it could.
fn list(node: &Node<'_>, depth: usize, cx: &mut Cx<'_>) -> Option<Vec<Predicate>> {
    let items = node.items(cx.sink)?;
    let predicates: Vec<_> = items.iter().filter_map(|item| read_at(item, depth + 1, cx)).collect();
    (items.is_empty() || !predicates.is_empty()).then_some(predicates)
}

fn test(object: &Object<'_>, cx: &mut Cx<'_>) -> Option<PredicateKind> {
    object.allow(&["field", "op", "value", "and", "or", "not"], cx.sink);
    let field = object.require("field", cx.sink).and_then(|node| path::read(&node, cx));
    let op = object.require("op", cx.sink).and_then(|node| scalar::word(&node, "operator", OPERATORS, cx.sink));
    let value = match op.as_ref().map(|op| op.value) {
        Some(Operator::Exists) => exists(object, cx),
        Some(_) => object.require("value", cx.sink).map(|node| value::read(&node, cx)),
        None => object.get("value").map(|node| value::read(&node, cx)),
    };
    Some(PredicateKind::Test { field: field?, op: op?, value: value? })
}

/// `exists` asks for true or false; without a value, for true.
fn exists(object: &Object<'_>, cx: &mut Cx<'_>) -> Option<ValueExpr> {
    match object.get("value") {
        None => Some(ValueExpr { kind: ValueKind::Bool(true), loc: object.opening() }),
        Some(node) if matches!(node.json.kind, JsonKind::Bool(_)) => Some(value::read(&node, cx)),
        Some(node) => {
            wrong_type(&node, "`true` or `false`", cx.sink);
            None
        }
    }
}
