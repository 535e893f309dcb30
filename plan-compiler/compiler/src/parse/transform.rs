//! Transforms.

use alcove_plan::{limits::TRANSFORMS_MAX, program::MetricOp};

use super::{
    Cx,
    node::{Node, Object},
    path, pipeline, predicate,
    scalar::{self, Names},
    value,
};
use crate::{
    codes::Code,
    source::Spanned,
    syntax::{JoinOn, MetricExpr, Path, Transform, TransformKind},
};

/// The transforms of a step.
pub(super) struct Transforms {
    pub(super) list: Vec<Transform>,
    /// Whether it is known what rows come out: not where a transform that builds rows could not be read.
    pub(super) rows_known: bool,
}

impl Default for Transforms {
    fn default() -> Self {
        Self { list: Vec::new(), rows_known: true }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Filter,
    Sort,
    Limit,
    Group,
    Aggregate,
    Join,
    Map,
}

const KINDS: &[(&str, Kind)] = &[
    ("filter", Kind::Filter),
    ("sort", Kind::Sort),
    ("limit", Kind::Limit),
    ("group", Kind::Group),
    ("aggregate", Kind::Aggregate),
    ("join", Kind::Join),
    ("map", Kind::Map),
];

const METRIC_OPS: &[(&str, MetricOp)] = &[
    ("count", MetricOp::Count),
    ("sum", MetricOp::Sum),
    ("avg", MetricOp::Avg),
    ("min", MetricOp::Min),
    ("max", MetricOp::Max),
    ("first", MetricOp::First),
    ("last", MetricOp::Last),
];

pub(super) fn read(node: &Node<'_>, cx: &mut Cx<'_>) -> Transforms {
    let Some(items) = node.items(cx.sink) else {
        return Transforms { list: Vec::new(), rows_known: false };
    };
    pipeline::at_most("transforms", items.len(), TRANSFORMS_MAX, node, cx);
    let mut transforms = Transforms::default();
    for item in &items {
        match transform(item, cx) {
            Ok(transform) => transforms.list.push(transform),
            Err(kind) => transforms.rows_known &= matches!(kind, Some(Kind::Filter | Kind::Sort | Kind::Limit)),
        }
    }
    transforms
}

/// A transform, or the kind of the one that could not be read.
fn transform(node: &Node<'_>, cx: &mut Cx<'_>) -> Result<Transform, Option<Kind>> {
    let object = Object::open(node, cx.sink).ok_or(None)?;
    let kind = object
        .require("type", cx.sink)
        .and_then(|node| scalar::word(&node, "transform", KINDS, cx.sink))
        .ok_or(None)?
        .value;
    let keys: &[&str] = match kind {
        Kind::Filter => &["type", "where"],
        Kind::Sort => &["type", "by"],
        Kind::Limit => &["type", "count", "offset"],
        Kind::Group => &["type", "by", "as"],
        Kind::Aggregate => &["type", "by", "metrics"],
        Kind::Join => &["type", "with", "on", "kind", "as"],
        Kind::Map => &["type", "fields", "keep"],
    };
    object.allow(keys, cx.sink);
    let read = match kind {
        Kind::Filter => filter(&object, cx),
        Kind::Sort => sort(&object, cx),
        Kind::Limit => limit(&object, cx),
        Kind::Group => group(&object, cx),
        Kind::Aggregate => aggregate(&object, cx),
        Kind::Join => join(&object, cx),
        Kind::Map => map(&object, cx),
    };
    read.map(|read| Transform { loc: object.loc(), kind: read }).ok_or(Some(kind))
}

fn filter(object: &Object<'_>, cx: &mut Cx<'_>) -> Option<TransformKind> {
    let predicate = object.require("where", cx.sink).and_then(|node| predicate::read(&node, cx))?;
    Some(TransformKind::Filter { predicate })
}

fn sort(object: &Object<'_>, cx: &mut Cx<'_>) -> Option<TransformKind> {
    let node = object.require("by", cx.sink)?;
    Some(TransformKind::Sort { by: pipeline::sort(&node, cx) })
}

fn limit(object: &Object<'_>, cx: &mut Cx<'_>) -> Option<TransformKind> {
    let count = object.require("count", cx.sink).and_then(|node| scalar::integer(&node, 1..=u32::MAX, cx.sink));
    let offset = object.get("offset").and_then(|node| scalar::integer(&node, 0..=u32::MAX, cx.sink));
    Some(TransformKind::Limit { count: count?, offset })
}

fn group(object: &Object<'_>, cx: &mut Cx<'_>) -> Option<TransformKind> {
    let mut names = Names::default();
    let by = object.require("by", cx.sink).and_then(|node| keys(&node, &mut names, cx));
    let list = match object.get("as") {
        Some(node) => scalar::name(&node, "the name of a field", cx.sink),
        None => Some(Spanned { value: "items".to_owned(), loc: object.opening() }),
    };
    names.add(&Spanned { value: "count".to_owned(), loc: object.opening() }, "field", cx.sink);
    if let Some(list) = &list {
        names.add(list, "field", cx.sink);
    }
    if by.as_ref().is_some_and(Vec::is_empty) {
        let message = "a group needs at least one key";
        cx.sink.suggest(Code::InvalidValue, &object.get("by")?.loc(), message, "for one row in all, use `aggregate`");
    }
    Some(TransformKind::Group { by: by?, list: list? })
}

fn aggregate(object: &Object<'_>, cx: &mut Cx<'_>) -> Option<TransformKind> {
    let mut names = Names::default();
    let by = match object.get("by") {
        Some(node) => keys(&node, &mut names, cx),
        None => Some(Vec::new()),
    };
    let members = object.require("metrics", cx.sink)?.members(cx.sink)?;
    let count = members.len();
    let metrics: Vec<_> = members.into_iter().filter_map(|(name, node)| metric(name, &node, &mut names, cx)).collect();
    (metrics.len() == count).then_some(TransformKind::Aggregate { by: by?, metrics })
}

fn metric(name: Spanned<String>, node: &Node<'_>, names: &mut Names, cx: &mut Cx<'_>) -> Option<MetricExpr> {
    let named = scalar::check_name(&name, "the name of a field", cx.sink);
    names.add(&name, "field", cx.sink);
    let object = Object::read(node, &["op", "field"], cx.sink)?;
    let op = object.require("op", cx.sink).and_then(|node| scalar::word(&node, "metric", METRIC_OPS, cx.sink));
    let field = match op.as_ref().map(|op| op.value) {
        None | Some(MetricOp::Count) => object.get("field"),
        Some(_) => object.require("field", cx.sink),
    };
    let field = match field {
        Some(node) => Some(path::read(&node, cx)?),
        None => None,
    };
    let op = op.filter(|op| named && (field.is_some() || op.value == MetricOp::Count))?;
    Some(MetricExpr { name, op, field })
}

/// The keys of a group, each of which gives its name to a field.
fn keys(node: &Node<'_>, names: &mut Names, cx: &mut Cx<'_>) -> Option<Vec<Spanned<Path>>> {
    let items = node.items(cx.sink)?;
    let keys: Vec<_> = items.iter().filter_map(|item| key(item, names, cx)).collect();
    (keys.len() == items.len()).then_some(keys)
}

fn key(node: &Node<'_>, names: &mut Names, cx: &mut Cx<'_>) -> Option<Spanned<Path>> {
    let found = path::read(node, cx)?;
    let Some(name) = path::last_name(&found.value) else {
        let message = "a key must end with a name, which becomes the name of its field";
        cx.sink.report(Code::InvalidValue, &found.loc, message);
        return None;
    };
    names.add(&Spanned { value: name.to_owned(), loc: found.loc.clone() }, "field", cx.sink);
    Some(found)
}

fn join(object: &Object<'_>, cx: &mut Cx<'_>) -> Option<TransformKind> {
    let with = object.require("with", cx.sink).and_then(|node| path::read(&node, cx));
    let on = object.require("on", cx.sink).and_then(|node| join_keys(&node, cx));
    let kind = object
        .get("kind")
        .and_then(|node| scalar::word(&node, "kind of join", &[("inner", false), ("left", true)], cx.sink));
    let name = object.require("as", cx.sink).and_then(|node| scalar::name(&node, "the name of a field", cx.sink));
    let keep_unmatched = kind.is_some_and(|kind| kind.value);
    Some(TransformKind::Join { with: with?, on: on?, keep_unmatched, name: name? })
}

fn join_keys(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Vec<JoinOn>> {
    let items = node.items(cx.sink)?;
    if items.is_empty() {
        cx.sink.report(Code::InvalidValue, &node.loc(), "a join needs at least one pair of keys");
    }
    let pairs: Vec<_> = items.iter().filter_map(|item| join_key(item, cx)).collect();
    (!items.is_empty() && pairs.len() == items.len()).then_some(pairs)
}

fn join_key(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<JoinOn> {
    let object = Object::read(node, &["left", "right"], cx.sink)?;
    let left = object.require("left", cx.sink).and_then(|node| path::read(&node, cx));
    let right = object.require("right", cx.sink).and_then(|node| path::read(&node, cx));
    Some(JoinOn { left: left?, right: right? })
}

fn map(object: &Object<'_>, cx: &mut Cx<'_>) -> Option<TransformKind> {
    let fields = object.require("fields", cx.sink).and_then(|node| value::members(&node, cx));
    let keep = object.get("keep").and_then(|node| scalar::boolean(&node, cx.sink)).unwrap_or(false);
    let fields = fields?;
    let mut valid = true;
    for (name, _) in &fields {
        valid &= scalar::check_name(name, "the name of a field", cx.sink);
    }
    valid.then_some(TransformKind::Map { fields, keep })
}
