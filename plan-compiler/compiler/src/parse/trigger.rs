//! Triggers.

use super::{
    Cx, duration,
    node::{Node, Object},
    predicate,
    scalar::{self, Names},
};
use crate::{
    codes::Code,
    source::Spanned,
    syntax::{Delay, Trigger},
};

#[derive(Clone, Copy)]
enum Kind {
    Manual,
    Event,
    Scheduled,
    Delayed,
}

const KINDS: &[(&str, Kind)] =
    &[("manual", Kind::Manual), ("event", Kind::Event), ("scheduled", Kind::Scheduled), ("delayed", Kind::Delayed)];

pub(super) fn read(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Spanned<Trigger>> {
    let object = Object::open(node, cx.sink)?;
    let kind = object.require("type", cx.sink).and_then(|node| scalar::word(&node, "trigger", KINDS, cx.sink));
    let keys: &[&str] = match kind.as_ref().map(|kind| kind.value) {
        None => &["type", "event", "filter", "cron", "timezone", "delays"],
        Some(Kind::Manual) => &["type"],
        Some(Kind::Event) => &["type", "event", "filter"],
        Some(Kind::Scheduled) => &["type", "cron", "timezone"],
        Some(Kind::Delayed) => &["type", "event", "filter", "delays"],
    };
    object.allow(keys, cx.sink);
    let trigger = match kind?.value {
        Kind::Manual => Trigger::Manual,
        Kind::Event => Trigger::Event {
            event: required_string(&object, "event", cx),
            filter: object.get("filter").and_then(|node| predicate::read(&node, cx)),
        },
        Kind::Scheduled => Trigger::Scheduled {
            cron: required_string(&object, "cron", cx),
            timezone: object.get("timezone").and_then(|node| scalar::string(&node, cx.sink)),
        },
        Kind::Delayed => Trigger::Delayed {
            event: required_string(&object, "event", cx),
            filter: object.get("filter").and_then(|node| predicate::read(&node, cx)),
            delays: object
                .require("delays", cx.sink)
                .and_then(|node| delays(&node, cx))
                .unwrap_or_else(|| Spanned { value: Vec::new(), loc: object.loc() }),
        },
    };
    Some(node.with(trigger))
}

fn required_string(object: &Object<'_>, key: &str, cx: &mut Cx<'_>) -> Option<Spanned<String>> {
    object.require(key, cx.sink).and_then(|node| scalar::string(&node, cx.sink))
}

fn delays(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Spanned<Vec<Delay>>> {
    let items = node.items(cx.sink)?;
    if items.is_empty() {
        cx.sink.report(Code::InvalidValue, &node.loc(), "a delayed trigger needs at least one delay");
    }
    let mut ids = Names::default();
    Some(node.with(items.iter().filter_map(|item| delay(item, &mut ids, cx)).collect()))
}

fn delay(node: &Node<'_>, ids: &mut Names, cx: &mut Cx<'_>) -> Option<Delay> {
    let object = Object::read(node, &["id", "after", "when"], cx.sink)?;
    let id = object.require("id", cx.sink).and_then(|node| scalar::name(&node, "an id", cx.sink));
    if let Some(id) = &id {
        ids.add(id, "delay", cx.sink);
    }
    Some(Delay {
        loc: object.loc(),
        id,
        after_ms: object.require("after", cx.sink).and_then(|node| duration::any(&node, cx)),
        when: object.get("when").and_then(|node| predicate::read(&node, cx)),
    })
}
