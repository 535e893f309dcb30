//! Values that may hold templates.

use super::{
    Cx,
    node::Node,
    number::{self, Number},
    template,
};
use crate::{
    codes::Code,
    source::{JsonKind, Spanned},
    syntax::{ValueExpr, ValueKind},
};

/// Any value. What cannot be read is reported, and `Invalid` in its place.
pub(super) fn read(node: &Node<'_>, cx: &mut Cx<'_>) -> ValueExpr {
    let kind = match &node.json.kind {
        JsonKind::Null => ValueKind::Null,
        JsonKind::Bool(value) => ValueKind::Bool(*value),
        JsonKind::Number(literal) => match number::parse(literal) {
            Ok(Number::Int(value)) => ValueKind::Int(value),
            Ok(Number::Num(value)) => ValueKind::Num(value),
            Err(error) => {
                cx.sink.report(Code::NumberOutOfRange, &node.loc(), error.to_string());
                ValueKind::Invalid
            }
        },
        JsonKind::String(text) => template::read(node, text, cx),
        JsonKind::Array(_) => {
            let items = node.items(cx.sink).unwrap_or_default();
            ValueKind::List(items.iter().map(|item| read(item, cx)).collect())
        }
        JsonKind::Object(_) => ValueKind::Object(members(node, cx).unwrap_or_default()),
    };
    ValueExpr { kind, loc: node.loc() }
}

/// The members of an object with keys of the author's own.
pub(super) fn members(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Vec<(Spanned<String>, ValueExpr)>> {
    let members = node.members(cx.sink)?;
    Some(members.into_iter().map(|(key, member)| (key, read(&member, cx))).collect())
}
