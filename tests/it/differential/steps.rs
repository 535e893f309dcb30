//! Pipelines: each step says which rows it gives, so that later ones can name their fields.

use serde_json::{Value as Json, json};

use super::{
    choices::Choices,
    predicates::predicate,
    scope::{Kind, Variable, of_kind, variable},
    templates,
};

/// Up to three steps; their results come into scope.
pub(super) fn pipeline(choices: &mut Choices<'_>, scope: &mut Vec<Variable>) -> Json {
    let mut pipeline = Vec::new();
    for at in 0..=choices.below(3) {
        let id = format!("s{at}");
        let earlier: Vec<Variable> =
            scope.iter().filter(|earlier| matches!(earlier.kind, Kind::Rows(_))).cloned().collect();
        let (mut step, mut columns) = if earlier.is_empty() || choices.below(3) > 0 {
            query(choices, scope)
        } else {
            let Variable { path, kind } = choices.of(&earlier).clone();
            let Kind::Rows(columns) = kind else { unreachable!() };
            (json!({ "from": path.trim_end_matches(".data") }), columns)
        };
        let transforms: Vec<Json> = (0..choices.below(4)).map(|_| transform(choices, &mut columns, scope)).collect();
        step["id"] = json!(id);
        step["transforms"] = json!(transforms);
        scope.push(variable(format!("steps.{id}.data"), Kind::Rows(columns)));
        scope.push(variable(format!("steps.{id}.count"), Kind::Int));
        scope.push(variable(format!("steps.{id}.truncated"), Kind::Bool));
        pipeline.push(step);
    }
    json!(pipeline)
}

fn query(choices: &mut Choices<'_>, scope: &[Variable]) -> (Json, Vec<Variable>) {
    let (connector, fields) = if choices.below(3) > 0 { ("users", users()) } else { ("rewards", rewards()) };
    let mut selected = choices.some(&fields);
    if selected[0].path != "id" {
        selected.insert(0, fields[0].clone());
    }
    let names: Vec<_> = selected.iter().map(|field| json!(field.path)).collect();
    let mut step = json!({ "connector": connector, "fields": names, "limit": 1 + choices.below(20) });
    if choices.below(2) == 0 {
        // Only these may stand in a filter that the database evaluates.
        let filterable: Vec<_> = fields.iter().filter(|field| field.path != "nickname").cloned().collect();
        step["filter"] = predicate(choices, &filterable, scope, 2);
    }
    if choices.below(3) == 0 {
        step["sort"] = sort(choices, &fields);
    }
    if choices.one_in(4) {
        step["offset"] = json!(choices.below(4));
    }
    (step, selected)
}

fn sort(choices: &mut Choices<'_>, columns: &[Variable]) -> Json {
    let keys = of_kind(columns, |kind| matches!(kind, Kind::Text | Kind::Int | Kind::Num | Kind::Time));
    let key = |path: &str, order: &str| json!({ "field": path, "order": order });
    if keys.is_empty() {
        return json!([key("id", "asc")]);
    }
    json!([key(&choices.of(&keys).path, choices.of::<&str>(&["asc", "desc"]))])
}

fn transform(choices: &mut Choices<'_>, columns: &mut Vec<Variable>, scope: &[Variable]) -> Json {
    let flat_keys: Vec<Variable> =
        columns.iter().filter(|column| matches!(column.kind, Kind::Text | Kind::Int | Kind::Num)).cloned().collect();
    let key = if flat_keys.is_empty() { None } else { Some(choices.of(&flat_keys).clone()) };
    match (choices.below(8), key) {
        (0 | 1, _) => json!({ "type": "filter", "where": predicate(choices, columns, scope, 2) }),
        (2, _) => json!({ "type": "sort", "by": sort(choices, columns) }),
        (3, _) => json!({ "type": "limit", "count": choices.below(6), "offset": choices.below(3) }),
        (4, Some(key)) => {
            let items = variable("items", Kind::Rows(columns.clone()));
            let transform = json!({ "type": "group", "by": [key.path], "as": "items" });
            *columns = vec![key, items, variable("count", Kind::Int)];
            transform
        }
        (5, Some(key)) => aggregate(choices, columns, &key),
        (6, Some(key)) => join(choices, columns, scope, &key),
        _ => map(choices, columns, scope),
    }
}

fn aggregate(choices: &mut Choices<'_>, columns: &mut Vec<Variable>, key: &Variable) -> Json {
    let mut metrics = json!({ "n": { "op": "count" } });
    let mut gives = vec![variable("n", Kind::Int)];
    let numbers = of_kind(columns, |kind| matches!(kind, Kind::Int | Kind::Num));
    if !numbers.is_empty() {
        let number = choices.of(&numbers).clone();
        let op = *choices.of(&["sum", "avg", "min", "max", "first", "last"]);
        metrics["m"] = json!({ "op": op, "field": number.path });
        gives.push(variable("m", if op == "avg" { Kind::Num } else { number.kind }));
    }
    let mut transform = json!({ "type": "aggregate", "metrics": metrics });
    if choices.below(3) > 0 {
        transform["by"] = json!([key.path]);
        gives.insert(0, key.clone());
    }
    *columns = gives;
    transform
}

fn join(choices: &mut Choices<'_>, columns: &mut Vec<Variable>, scope: &[Variable], key: &Variable) -> Json {
    let lists: Vec<Variable> = scope.iter().filter(|list| matches!(list.kind, Kind::Rows(_))).cloned().collect();
    if lists.is_empty() {
        return map(choices, columns, scope);
    }
    let Variable { path, kind } = choices.of(&lists).clone();
    let Kind::Rows(other) = kind else { unreachable!() };
    let fitting: Vec<_> = other.iter().filter(|column| column.kind == key.kind).cloned().collect();
    if fitting.is_empty() || columns.iter().any(|column| column.path == "match") {
        return map(choices, columns, scope);
    }
    let on = json!([{ "left": key.path, "right": choices.of(&fitting).path }]);
    columns.push(variable("match", Kind::Row(other)));
    let kind = *choices.of(&["inner", "left"]);
    json!({ "type": "join", "with": path.trim_end_matches(".data"), "on": on, "kind": kind, "as": "match" })
}

fn map(choices: &mut Choices<'_>, columns: &mut Vec<Variable>, scope: &[Variable]) -> Json {
    let mut inside = scope.to_vec();
    inside.push(variable("item", Kind::Row(columns.clone())));
    inside.push(variable("loop.index", Kind::Int));
    inside.push(variable("loop.count", Kind::Int));
    let (whole, kind) = templates::placeholder(choices, &inside);
    let fields = json!({ "id": format!("{}{{{{loop.index}}}}", choices.of(&["x", "y"])), "value": whole,
        "label": templates::text(choices, &inside) });
    let new = [variable("id", Kind::Text), variable("value", kind), variable("label", Kind::Text)];
    let keep = choices.below(2) == 0;
    if !keep {
        columns.clear();
    }
    columns.retain(|column| new.iter().all(|new| new.path != column.path));
    columns.extend(new);
    json!({ "type": "map", "fields": fields, "keep": keep })
}

fn users() -> Vec<Variable> {
    vec![
        variable("id", Kind::Text),
        variable("name", Kind::Text),
        variable("nickname", Kind::Text),
        variable("xp_total", Kind::Int),
        variable("engagement_score", Kind::Num),
        variable("marketing_opt_in", Kind::Bool),
        variable("interests", Kind::Texts),
        variable("last_active_at", Kind::Time),
    ]
}

fn rewards() -> Vec<Variable> {
    vec![
        variable("id", Kind::Text),
        variable("user_id", Kind::Text),
        variable("reward_type", Kind::Text),
        variable("amount", Kind::Num),
        variable("status", Kind::Text),
        variable("created_at", Kind::Time),
    ]
}
