//! Actions: effects that succeed and that fail, loops, conditions, handlers, outputs that later actions read.

use serde_json::{Value as Json, json};

use super::{
    choices::Choices,
    predicates::predicate,
    scope::{Kind, Variable, variable},
    templates,
};

/// What stands around a block.
#[derive(Default)]
pub(super) struct Around {
    loops: usize,
    conditions: usize,
    /// Actions that have an id so far.
    ids: usize,
}

/// One to four actions.
pub(super) fn block(choices: &mut Choices<'_>, scope: &[Variable], around: &mut Around) -> Vec<Json> {
    let mut scope = scope.to_vec();
    (0..=choices.below(4)).map(|_| action(choices, &mut scope, around)).collect()
}

fn action(choices: &mut Choices<'_>, scope: &mut Vec<Variable>, around: &mut Around) -> Json {
    let lists: Vec<Variable> = scope.iter().filter(|list| matches!(list.kind, Kind::Rows(_))).cloned().collect();
    let (mut action, outputs) = match choices.below(10) {
        8 | 9 if around.loops < 2 => (for_each(choices, scope, around, &lists), vec![]),
        6 | 7 if around.conditions < 2 => (condition(choices, scope, around), vec![]),
        _ => effect(choices, scope),
    };
    let skipped = choices.one_in(5);
    if skipped {
        action["when"] = predicate(choices, scope, scope, 1);
    }
    let flow = matches!(action["type"].as_str(), Some("for_each" | "condition"));
    if !flow && choices.one_in(6) {
        action["on_failure"] = json!([effect(choices, scope).0]);
    }
    let sure = !skipped && action.get("on_failure").is_none();
    if !outputs.is_empty() && choices.below(2) == 0 {
        let id = format!("a{}", around.ids);
        around.ids += 1;
        action["id"] = json!(id);
        if sure {
            scope.extend(outputs.into_iter().map(|out| variable(format!("actions.{id}.{}", out.path), out.kind)));
        }
    }
    action
}

fn for_each(choices: &mut Choices<'_>, scope: &[Variable], around: &mut Around, lists: &[Variable]) -> Json {
    let mut inside = scope.to_vec();
    let name = if around.loops == 0 { "one" } else { "two" };
    let items = if lists.is_empty() || choices.one_in(4) {
        inside.push(variable(name, Kind::Any));
        "event.list".to_owned()
    } else {
        let Variable { path, kind } = choices.of(lists).clone();
        let Kind::Rows(columns) = kind else { unreachable!() };
        inside.push(variable(name, Kind::Row(columns)));
        path
    };
    inside.retain(|variable| !variable.path.starts_with("loop."));
    inside.push(variable("loop.index", Kind::Int));
    inside.push(variable("loop.count", Kind::Int));
    around.loops += 1;
    let actions = block(choices, &inside, around);
    around.loops -= 1;
    let mut action = json!({
        "type": "for_each",
        "items": format!("{{{{{items}}}}}"),
        "as": name,
        "on_item_error": choices.of(&["stop", "continue"]),
        "actions": actions,
    });
    if choices.one_in(4) {
        action["max_items"] = json!(1 + choices.below(4));
    }
    action
}

fn condition(choices: &mut Choices<'_>, scope: &[Variable], around: &mut Around) -> Json {
    let decides = predicate(choices, scope, scope, 2);
    around.conditions += 1;
    let (then, otherwise) = (block(choices, scope, around), block(choices, scope, around));
    around.conditions -= 1;
    json!({ "type": "condition", "if": decides, "then": then, "else": otherwise })
}

/// One effect, and its outputs.
fn effect(choices: &mut Choices<'_>, scope: &[Variable]) -> (Json, Vec<Variable>) {
    let user = match choices.below(4) {
        0 => "u1".to_owned(),
        1 => "nobody".to_owned(),
        _ => templates::of(choices, scope, &Kind::Text).unwrap_or_else(|| "u0".to_owned()),
    };
    let user = if choices.below(3) > 0 { "u0".to_owned() } else { user };
    match choices.below(5) {
        0 => {
            let params = json!({ "user_id": user, "message": templates::text(choices, scope) });
            (json!({ "type": "send_notification", "params": params }), vec![variable("notification_id", Kind::Text)])
        }
        1 => {
            let amount = match choices.below(2) {
                0 => json!(choices.below(50)),
                _ => templates::of(choices, scope, &Kind::Int).map_or(json!(1), |amount| json!(amount)),
            };
            let params = json!({ "user_id": user, "amount": amount });
            (json!({ "type": "award_xp", "params": params }), vec![variable("xp_total", Kind::Int)])
        }
        2 => {
            let params = json!({ "key": "k", "value": templates::placeholder(choices, scope).0 });
            (json!({ "type": "set_state", "params": params }), vec![])
        }
        3 => {
            let params =
                json!({ "key": choices.of(&["k", "other"]), "default": templates::placeholder(choices, scope).0 });
            (json!({ "type": "get_state", "params": params }), vec![variable("value", Kind::Any)])
        }
        _ => {
            let (whole, text) = (templates::placeholder(choices, scope).0, templates::text(choices, scope));
            let params = json!({ "event": "custom.seen", "payload": { "whole": whole, "in": [text, { "n": 1 }] } });
            (json!({ "type": "emit_event", "params": params }), vec![])
        }
    }
}
