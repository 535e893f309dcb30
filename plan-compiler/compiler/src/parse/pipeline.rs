//! Pipeline steps.

use alcove_plan::limits::{KEYS_MAX, STEPS_MAX};

use super::{
    Cx,
    node::{Node, Object},
    path, predicate,
    scalar::{self, Names},
    transform,
};
use crate::{
    codes::Code,
    source::Spanned,
    syntax::{SortKey, Step, StepSource},
};

const KEYS: &[&str] = &["id", "connector", "from", "filter", "fields", "sort", "limit", "offset", "transforms"];

pub(super) fn read(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Spanned<Vec<Step>>> {
    let items = node.items(cx.sink)?;
    if items.len() > STEPS_MAX {
        let message = format!("{} steps are over the limit of {STEPS_MAX}", items.len());
        cx.sink.suggest(Code::TooManySteps, &node.loc(), message, "split the app, or let one step do more transforms");
    }
    let mut ids = Names::default();
    Some(node.with(items.iter().filter_map(|item| step(item, &mut ids, cx)).collect()))
}

fn step(node: &Node<'_>, ids: &mut Names, cx: &mut Cx<'_>) -> Option<Step> {
    let object = Object::read(node, KEYS, cx.sink)?;
    let id = object.require("id", cx.sink).and_then(|node| scalar::name(&node, "an id", cx.sink));
    if let Some(id) = &id {
        ids.add(id, "step", cx.sink);
    }
    let from = source(&object, cx);
    let transforms = object.get("transforms").map(|node| transform::read(&node, cx)).unwrap_or_default();
    Some(Step {
        loc: object.loc(),
        id,
        source: from.filter(|_| transforms.rows_known),
        filter: object.get("filter").and_then(|node| predicate::read(&node, cx)),
        fields: object.get("fields").and_then(|node| fields(&node, cx)),
        sort: object.get("sort").map(|node| sort(&node, cx)).unwrap_or_default(),
        limit: object.get("limit").and_then(|node| scalar::integer(&node, 1..=u32::MAX, cx.sink)),
        offset: object.get("offset").and_then(|node| scalar::integer(&node, 0..=u32::MAX, cx.sink)),
        transforms: transforms.list,
    })
}

/// `connector` or `from`, and not both.
fn source(object: &Object<'_>, cx: &mut Cx<'_>) -> Option<StepSource> {
    match (object.get("connector"), object.get("from")) {
        (Some(connector), None) => scalar::string(&connector, cx.sink).map(StepSource::Connector),
        (None, Some(from)) => path::read(&from, cx).map(StepSource::From),
        (Some(_), Some(from)) => {
            let message = "a step reads a `connector`, or `from` an earlier step, not both";
            cx.sink.suggest(Code::InvalidValue, &from.loc(), message, "remove one of the two");
            None
        }
        (None, None) => {
            let message = "the key `connector` is missing";
            cx.sink.suggest(Code::MissingKey, &object.opening(), message, "or `from`, to go on from an earlier step");
            None
        }
    }
}

fn fields(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Vec<Spanned<String>>> {
    let items = node.items(cx.sink)?;
    if items.is_empty() {
        cx.sink.suggest(Code::InvalidValue, &node.loc(), "`fields` names no field", "leave it out for all of them");
    }
    Some(items.iter().filter_map(|item| scalar::string(item, cx.sink)).collect())
}

/// Reports a list that is longer than allowed.
pub(super) fn at_most(what: &str, len: usize, max: usize, node: &Node<'_>, cx: &mut Cx<'_>) {
    if len > max {
        let message = format!("{len} {what} are more than the limit of {max}");
        cx.sink.report(Code::LimitExceeded, &node.loc(), message);
    }
}

/// A list of sort keys.
pub(super) fn sort(node: &Node<'_>, cx: &mut Cx<'_>) -> Vec<SortKey> {
    let items = node.items(cx.sink).unwrap_or_default();
    at_most("sort keys", items.len(), KEYS_MAX, node, cx);
    items.iter().filter_map(|item| sort_key(item, cx)).collect()
}

fn sort_key(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<SortKey> {
    let object = Object::read(node, &["field", "order"], cx.sink)?;
    let field = object.require("field", cx.sink).and_then(|node| path::read(&node, cx));
    let order =
        object.get("order").and_then(|node| scalar::word(&node, "order", &[("asc", false), ("desc", true)], cx.sink));
    Some(SortKey { loc: object.loc(), field: field?, descending: order.is_some_and(|order| order.value) })
}
