//! Rows from files, typed by the catalog.

use std::{collections::BTreeSet, path::Path};

use alcove_catalog::{
    Catalog,
    ingest::{self, IngestError},
};
use alcove_plan::value::{Timestamp, Value};
use serde_json::Value as Json;

use super::{complaint::Complaint, source};

/// Rows of a connector: one value for each of its fields.
pub(super) type Rows = Vec<Vec<Value>>;

/// The rows of a file, which is named in complaints.
pub(super) fn read(path: &Path, now: Timestamp) -> Result<Vec<(String, Rows)>, Complaint> {
    let (name, bytes) = (source::name(path), source::read_data(path)?);
    let json = ingest::json(&bytes).map_err(|error| Complaint::caused("invalid-data", &name, &error))?;
    rows(&json, &name, now)
}

/// The rows of a file, by connector: `{"users": […], "rooms": […]}`.
fn rows(json: &Json, file: &str, now: Timestamp) -> Result<Vec<(String, Rows)>, Complaint> {
    let invalid = |path: &str, message: String| Complaint::new("invalid-data", file, path, message);
    let tables =
        json.as_object().ok_or_else(|| invalid("", "it must be an object: connector names and lists".into()))?;
    let mut loaded = Vec::with_capacity(tables.len());
    for (name, list) in tables {
        let path = format!("/{name}");
        let connector = Catalog::shipped().connector(name);
        let connector = connector.ok_or_else(|| invalid(&path, format!("there is no connector `{name}`")))?;
        let list = list.as_array().ok_or_else(|| invalid(&path, "it must be a list of rows".to_owned()))?;
        let row = |(at, row): (usize, &Json)| {
            let error = |error: IngestError| invalid(&below(&format!("/{name}/{at}"), &error), error.to_string());
            ingest::row(connector, row, now).map_err(error)
        };
        let rows: Rows = list.iter().enumerate().map(row).collect::<Result<_, _>>()?;
        if let Some((at, key)) = repeated(&rows) {
            let field = connector.fields.first().map_or("", |field| &field.name);
            let message = format!("a row before has the same {field}, `{key}`");
            return Err(invalid(&format!("/{name}/{at}/{field}"), message));
        }
        loaded.push((name.clone(), rows));
    }
    Ok(loaded)
}

/// The first row whose key, its first cell, another row before it has.
fn repeated(rows: &Rows) -> Option<(usize, String)> {
    let mut known = BTreeSet::new();
    let keys = rows.iter().map(|row| row.first().and_then(Value::as_str).unwrap_or_default());
    let (at, key) = keys.enumerate().find(|(_, key)| !known.insert(*key))?;
    Some((at, key.to_owned()))
}

/// The place of a mistake: the field, where it is known.
pub(super) fn below(path: &str, error: &IngestError) -> String {
    let field = error.field().map(|field| field.replace('~', "~0").replace('/', "~1"));
    field.map_or_else(|| path.to_owned(), |field| format!("{path}/{field}"))
}
