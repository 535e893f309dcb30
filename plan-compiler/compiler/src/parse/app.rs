//! The app as a whole.

use super::{
    Cx, action,
    node::{Node, Object},
    pipeline, scalar, settings, trigger, widget,
};
use crate::{
    codes::Code,
    diagnostic::{Diagnostic, Fix},
    source::Spanned,
    syntax::App,
};

/// The language and its version.
const SCHEMA: &str = "alcove/app@1";

const KEYS: &[&str] =
    &["schema", "name", "description", "version", "icon", "trigger", "pipeline", "actions", "widgets", "settings"];

pub(super) fn read(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<App> {
    let object = Object::read(node, KEYS, cx.sink)?;
    if let Some(schema) = object.require("schema", cx.sink) {
        check_schema(&schema, cx);
    }
    let name = object.require("name", cx.sink).and_then(|node| scalar::string(&node, cx.sink));
    let text = |key, cx: &mut Cx<'_>| object.get(key).and_then(|node| scalar::string(&node, cx.sink));
    let trigger = object.require("trigger", cx.sink).and_then(|node| trigger::read(&node, cx));
    let nothing = object.loc();
    let pipeline = object.get("pipeline").and_then(|node| pipeline::read(&node, cx));
    let actions = object.require("actions", cx.sink).and_then(|node| action::read(&node, cx));
    let widgets = object.get("widgets").and_then(|node| widget::read(&node, cx));
    Some(App {
        loc: object.loc(),
        name,
        description: text("description", cx),
        version: text("version", cx),
        icon: text("icon", cx),
        trigger,
        pipeline: pipeline.unwrap_or_else(|| Spanned { value: Vec::new(), loc: nothing.clone() }),
        actions: actions.unwrap_or_else(|| Spanned { value: Vec::new(), loc: nothing.clone() }),
        widgets: widgets.unwrap_or_else(|| Spanned { value: Vec::new(), loc: nothing.clone() }),
        settings: object.get("settings").and_then(|node| settings::read(&node, cx)).unwrap_or_default(),
    })
}

fn check_schema(node: &Node<'_>, cx: &mut Cx<'_>) {
    let Some(schema) = scalar::text(node, cx.sink) else { return };
    if schema != SCHEMA {
        cx.sink.push(Diagnostic {
            code: Code::UnsupportedSchema,
            loc: node.loc(),
            message: format!("unsupported schema `{schema}`"),
            suggestion: Some(format!("this compiler reads `{SCHEMA}`")),
            fix: Some(Fix::Replace { pointer: node.pointer.to_string(), value: SCHEMA.to_owned() }),
        });
    }
}
