//! Flow control: loops and conditions.

use alcove_plan::limits::{CONDITION_DEPTH_MAX, LOOP_DEPTH_MAX, LOOP_ITEMS_MAX};

use super::{
    Cx,
    action::{self, Around},
    node::{Node, Object},
    predicate, scalar, value,
};
use crate::{
    codes::Code,
    source::Spanned,
    syntax::{Action, Condition, ForEach},
};

/// Names that a loop variable would hide from everything inside the loop.
const RESERVED: &[&str] = &[
    "now",
    "tenant_id",
    "app_id",
    "execution_id",
    "event",
    "delay",
    "steps",
    "loop",
    "actions",
    "ai_result",
    "true",
    "false",
    "null",
];

pub(super) fn for_each(object: &Object<'_>, around: &mut Around, cx: &mut Cx<'_>) -> ForEach {
    let items = object.require("items", cx.sink).map(|node| value::read(&node, cx));
    let variable = object.require("as", cx.sink).and_then(|node| variable(&node, around, cx));
    let items_max = object.get("max_items").and_then(|node| scalar::integer(&node, 1..=LOOP_ITEMS_MAX, cx.sink));
    let continue_on_error = object
        .get("on_item_error")
        .and_then(|node| scalar::word(&node, "way on", &[("stop", false), ("continue", true)], cx.sink))
        .is_some_and(|word| word.value);

    around.loop_depth += 1;
    if around.loop_depth > LOOP_DEPTH_MAX {
        let message = format!("a loop nested {} deep is over the limit of {LOOP_DEPTH_MAX}", around.loop_depth);
        cx.sink.suggest(Code::NestingTooDeep, &object.opening(), message, "join the lists in the pipeline instead");
    }
    around.variables.extend(variable.as_ref().map(|variable| variable.value.clone()));
    let actions = body(object, "actions", around, cx);
    if variable.is_some() {
        around.variables.pop();
    }
    around.loop_depth -= 1;

    ForEach { items, variable, items_max, continue_on_error, actions }
}

pub(super) fn condition(object: &Object<'_>, around: &mut Around, cx: &mut Cx<'_>) -> Condition {
    let condition = object.require("if", cx.sink).and_then(|node| predicate::read(&node, cx));

    around.condition_depth += 1;
    if around.condition_depth > CONDITION_DEPTH_MAX {
        let message =
            format!("a condition nested {} deep is over the limit of {CONDITION_DEPTH_MAX}", around.condition_depth);
        cx.sink.suggest(Code::NestingTooDeep, &object.opening(), message, "put the predicates together with `and`");
    }
    let then = object.require("then", cx.sink).and_then(|node| action::list(&node, around, cx));
    let otherwise = object.get("else").and_then(|node| action::list(&node, around, cx));
    around.condition_depth -= 1;

    Condition { condition, then: then.unwrap_or_else(|| nothing(object)), otherwise }
}

fn variable(node: &Node<'_>, around: &Around, cx: &mut Cx<'_>) -> Option<Spanned<String>> {
    let variable = scalar::name(node, "the name of a loop variable", cx.sink)?;
    let name = variable.value.as_str();
    if RESERVED.contains(&name) {
        let message = format!("`{name}` is a name of the language, a loop variable would hide it");
        cx.sink.suggest(Code::ReservedName, &variable.loc, message, "choose another, such as `item`");
    } else if around.variables.iter().any(|outer| outer == name) {
        let message = format!("the loop variable `{name}` is already taken by a loop around this one");
        cx.sink.suggest(Code::DuplicateId, &variable.loc, message, "choose another");
    }
    Some(variable)
}

/// The actions of a loop: at least one.
fn body(object: &Object<'_>, key: &str, around: &mut Around, cx: &mut Cx<'_>) -> Spanned<Vec<Action>> {
    let Some(node) = object.require(key, cx.sink) else { return nothing(object) };
    let Some(actions) = action::list(&node, around, cx) else { return nothing(object) };
    if node.items(cx.sink).is_some_and(|items| items.is_empty()) {
        cx.sink.report(Code::NoActions, &node.loc(), "a loop needs at least one action");
    }
    actions
}

fn nothing(object: &Object<'_>) -> Spanned<Vec<Action>> {
    Spanned { value: Vec::new(), loc: object.loc() }
}
