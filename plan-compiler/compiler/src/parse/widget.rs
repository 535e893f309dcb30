//! Widgets.

use alcove_plan::limits::LOOP_ITEMS_MAX;

use super::{
    Cx,
    node::{Node, Object},
    path,
    scalar::{self, Names},
    value,
};
use crate::{source::Spanned, syntax::Widget};

const KEYS: &[&str] = &["id", "type", "title", "data", "label", "value", "x", "y", "columns", "max"];

const KINDS: &[(&str, &str)] = &[
    ("stat_card", "stat_card"),
    ("leaderboard", "leaderboard"),
    ("chart_line", "chart_line"),
    ("chart_bar", "chart_bar"),
    ("table", "table"),
    ("progress_ring", "progress_ring"),
    ("activity_feed", "activity_feed"),
];

pub(super) fn read(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Spanned<Vec<Widget>>> {
    let items = node.items(cx.sink)?;
    let mut ids = Names::default();
    Some(node.with(items.iter().filter_map(|item| widget(item, &mut ids, cx)).collect()))
}

fn widget(node: &Node<'_>, ids: &mut Names, cx: &mut Cx<'_>) -> Option<Widget> {
    let object = Object::read(node, KEYS, cx.sink)?;
    let id = object.require("id", cx.sink).and_then(|node| scalar::name(&node, "an id", cx.sink));
    if let Some(id) = &id {
        ids.add(id, "widget", cx.sink);
    }
    let kind = object.require("type", cx.sink).and_then(|node| scalar::word(&node, "widget", KINDS, cx.sink));
    let mut fields = Vec::new();
    for key in ["label", "value", "x", "y"] {
        let field = object.get(key).and_then(|node| path::read(&node, cx));
        fields.extend(field.map(|field| (key.to_owned(), field)));
    }
    let columns = object.get("columns").and_then(|node| node.items(cx.sink)).unwrap_or_default();
    let columns = columns.iter().filter_map(|node| path::read(node, cx));
    fields.extend(columns.map(|field| ("columns".to_owned(), field)));
    Some(Widget {
        loc: object.loc(),
        id,
        kind: kind.map(|kind| Spanned { value: kind.value.to_owned(), loc: kind.loc }),
        title: object.require("title", cx.sink).and_then(|node| scalar::string(&node, cx.sink)),
        data: object.require("data", cx.sink).map(|node| value::read(&node, cx)),
        fields,
        max: object.get("max").and_then(|node| scalar::integer(&node, 1..=LOOP_ITEMS_MAX, cx.sink)),
    })
}
