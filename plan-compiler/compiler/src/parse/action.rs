//! Actions.

use alcove_plan::limits::{ACTIONS_NESTED_MAX, ACTIONS_TOP_MAX};

use super::{
    Cx, duration, flow,
    node::{Node, Object},
    predicate,
    scalar::{self, Names},
    value,
};
use crate::{
    codes::Code,
    source::{Loc, Spanned},
    syntax::{Action, ActionKind, Approval, ValueExpr},
};

/// What an action must know of the ones around it and before it.
#[derive(Default)]
pub(super) struct Around {
    /// The ids of all actions so far.
    pub(super) ids: Names,
    /// The variables of the loops around, outermost first.
    pub(super) variables: Vec<String>,
    pub(super) loop_depth: usize,
    pub(super) condition_depth: usize,
    /// Actions inside loops so far.
    pub(super) nested_count: usize,
    /// The list with which they became more than allowed.
    pub(super) nested_over: Option<Loc>,
}

/// The actions of the app.
pub(super) fn read(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Spanned<Vec<Action>>> {
    let mut around = Around::default();
    let actions = list(node, &mut around, cx)?;
    let length = node.items(cx.sink).map_or(0, |items| items.len());
    if length == 0 {
        cx.sink.report(Code::NoActions, &node.loc(), "an app needs at least one action");
    }
    if length > ACTIONS_TOP_MAX {
        let message = format!("{length} actions at the top level are over the limit of {ACTIONS_TOP_MAX}");
        cx.sink.suggest(Code::TooManyActions, &node.loc(), message, "split the app");
    }
    if let Some(over) = &around.nested_over {
        let message = format!("{} actions in loops are over the limit of {ACTIONS_NESTED_MAX}", around.nested_count);
        cx.sink.suggest(Code::TooManyActions, over, message, "split the app");
    }
    Some(actions)
}

/// A list of actions, wherever it stands.
pub(super) fn list(node: &Node<'_>, around: &mut Around, cx: &mut Cx<'_>) -> Option<Spanned<Vec<Action>>> {
    let items = node.items(cx.sink)?;
    if around.loop_depth > 0 {
        around.nested_count += items.len();
        if around.nested_count > ACTIONS_NESTED_MAX {
            around.nested_over.get_or_insert_with(|| node.loc());
        }
    }
    Some(node.with(items.iter().filter_map(|item| action(item, around, cx)).collect()))
}

fn action(node: &Node<'_>, around: &mut Around, cx: &mut Cx<'_>) -> Option<Action> {
    let object = Object::open(node, cx.sink)?;
    let name = object.require("type", cx.sink).and_then(|node| scalar::string(&node, cx.sink));
    object.allow(keys(name.as_ref().map(|name| name.value.as_str())), cx.sink);
    let id = object.get("id").and_then(|node| scalar::name(&node, "an id", cx.sink));
    if let Some(id) = &id {
        around.ids.add(id, "action", cx.sink);
    }
    let when = object.get("when").and_then(|node| predicate::read(&node, cx));
    let kind = name.map(|name| kind(name, &object, around, cx));
    Some(Action {
        loc: object.loc(),
        id,
        when,
        kind,
        on_failure: object.get("on_failure").and_then(|node| list(&node, around, cx)),
        retry: object.get("retry").and_then(|node| duration::retry(&node, cx)),
        timeout_ms: object.get("timeout").and_then(|node| duration::timeout(&node, cx)),
    })
}

/// The keys of a type of action; of any, where it is not known.
fn keys(name: Option<&str>) -> &'static [&'static str] {
    match name {
        Some("for_each") => &["id", "type", "when", "items", "as", "max_items", "on_item_error", "actions"],
        Some("condition") => &["id", "type", "when", "if", "then", "else"],
        Some("request_approval") => &["id", "type", "when", "params", "on_failure"],
        Some(_) => &["id", "type", "when", "params", "on_failure", "retry", "timeout"],
        None => &[
            "id",
            "type",
            "when",
            "params",
            "on_failure",
            "retry",
            "timeout",
            "items",
            "as",
            "max_items",
            "on_item_error",
            "actions",
            "if",
            "then",
            "else",
        ],
    }
}

fn kind(name: Spanned<String>, object: &Object<'_>, around: &mut Around, cx: &mut Cx<'_>) -> ActionKind {
    match name.value.as_str() {
        "for_each" => ActionKind::ForEach(flow::for_each(object, around, cx)),
        "condition" => ActionKind::Condition(flow::condition(object, around, cx)),
        "request_approval" => {
            let (params_loc, params) = params(object, cx);
            ActionKind::Approval(Approval { params_loc, params })
        }
        _ => {
            let (params_loc, params) = params(object, cx);
            ActionKind::Call { name, params_loc, params }
        }
    }
}

/// `params`, or none; what they must be is the catalog's to say.
fn params(object: &Object<'_>, cx: &mut Cx<'_>) -> (Loc, Vec<(Spanned<String>, ValueExpr)>) {
    match object.get("params") {
        Some(node) => (node.loc(), value::members(&node, cx).unwrap_or_default()),
        None => (object.opening(), Vec::new()),
    }
}
