//! Predicates over named things.

use serde_json::{Value as Json, json};

use super::{
    choices::Choices,
    scope::{Kind, Variable, flat},
    templates,
};

/// A predicate whose left sides are among `fields`, and whose values may be read from `scope`.
pub(super) fn predicate(choices: &mut Choices<'_>, fields: &[Variable], scope: &[Variable], depth: usize) -> Json {
    let inner = |choices: &mut Choices<'_>| predicate(choices, fields, scope, depth - 1);
    match if depth == 0 { 0 } else { choices.below(6) } {
        3 => json!({ "and": [inner(choices), inner(choices)] }),
        4 => json!({ "or": [inner(choices), inner(choices)] }),
        5 => json!({ "not": inner(choices) }),
        _ => comparison(choices, fields, scope),
    }
}

fn comparison(choices: &mut Choices<'_>, fields: &[Variable], scope: &[Variable]) -> Json {
    let comparable = |kind: &Kind| !matches!(kind, Kind::Row(_) | Kind::Rows(_));
    let fields: Vec<Variable> = flat(fields).into_iter().filter(|field| comparable(&field.kind)).collect();
    let Variable { path, kind } = choices.of(&fields).clone();
    let ops: &[&str] = match kind {
        Kind::Text => {
            &["eq", "ne", "gt", "lte", "in", "nin", "contains", "starts_with", "ends_with", "regex", "exists"]
        }
        Kind::Int | Kind::Num | Kind::Time => &["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin", "exists"],
        Kind::Texts => &["contains", "exists"],
        Kind::Any => &["eq", "ne", "gt", "contains", "exists"],
        Kind::Bool | Kind::Row(_) | Kind::Rows(_) => &["eq", "ne", "exists"],
    };
    let op = *choices.of(ops);
    let value = match op {
        "exists" => json!(choices.below(2) == 0),
        "in" | "nin" => (0..=choices.below(3)).map(|_| literal(choices, &kind)).collect(),
        "regex" => json!(*choices.of(&["^A", "[a-m]", "é|ü", "(?i)ADA", "^$"])),
        _ if choices.one_in(3) => {
            templates::of(choices, scope, &kind).map_or_else(|| literal(choices, &kind), |template| json!(template))
        }
        _ => literal(choices, &kind),
    };
    json!({ "field": path, "op": op, "value": value })
}

/// A constant of a kind.
pub(super) fn literal(choices: &mut Choices<'_>, kind: &Kind) -> Json {
    match kind {
        Kind::Int => json!(*choices.of(&[0, 1, -1, 7, 100])),
        Kind::Num => choices.of(&[json!(0), json!(1.5), json!(-0.25), json!(10)]).clone(),
        Kind::Bool => json!(choices.below(2) == 0),
        Kind::Time => json!(*choices.of(&["2026-11-16T07:00:00Z", "2026-01-01T00:00:00Z"])),
        Kind::Any => choices.of(&[json!("Ada"), json!(3), json!(true), json!(1.25)]).clone(),
        Kind::Text | Kind::Texts | Kind::Row(_) | Kind::Rows(_) => {
            json!(*choices.of(&["Ada", "u1", "", "Grace Hopper", "éü", "available"]))
        }
    }
}
