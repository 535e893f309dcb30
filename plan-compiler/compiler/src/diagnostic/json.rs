//! Diagnostics for machines.

use serde_json::{Map, Value, json};

use super::{Diagnostic, Fix};
use crate::source::LineIndex;

/// `{"diagnostics": […]}`, as the command line and the API give it; `lines` is the index of the config's text.
pub fn to_json(diagnostics: &[Diagnostic], lines: &LineIndex) -> Value {
    json!({ "diagnostics": diagnostics.iter().map(|diagnostic| one(diagnostic, lines)).collect::<Vec<_>>() })
}

fn one(diagnostic: &Diagnostic, lines: &LineIndex) -> Value {
    let position = lines.position(diagnostic.loc.span.start);
    let mut object = Map::new();
    object.insert("severity".to_owned(), diagnostic.code.severity().as_str().into());
    object.insert("code".to_owned(), diagnostic.code.as_str().into());
    object.insert("path".to_owned(), (*diagnostic.loc.pointer).into());
    object.insert("line".to_owned(), position.line.into());
    object.insert("column".to_owned(), position.column.into());
    object.insert("message".to_owned(), diagnostic.message.as_str().into());
    if let Some(suggestion) = &diagnostic.suggestion {
        object.insert("suggestion".to_owned(), suggestion.as_str().into());
    }
    if let Some(fix) = &diagnostic.fix {
        object.insert("fix".to_owned(), patch(fix));
    }
    Value::Object(object)
}

/// A JSON patch (RFC 6902).
fn patch(fix: &Fix) -> Value {
    match fix {
        Fix::Replace { pointer, value } => json!([{ "op": "replace", "path": pointer, "value": value }]),
        Fix::Rename { from, to } => json!([{ "op": "move", "from": from, "path": to }]),
        Fix::Remove { pointer } => json!([{ "op": "remove", "path": pointer }]),
    }
}
