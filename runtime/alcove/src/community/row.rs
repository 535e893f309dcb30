//! Rows by name: what is not said is blank.

use alcove_catalog::Catalog;
use alcove_plan::value::{Timestamp, Value};
use alcove_platform::blank;

/// Rows by connector.
pub(crate) struct Rows {
    catalog: &'static Catalog,
    now: Timestamp,
    tables: Vec<(&'static str, Vec<Vec<Value>>)>,
}

const SECOND: i64 = 1_000_000;
/// Microseconds of an hour.
pub(crate) const HOUR: i64 = 3_600 * SECOND;
/// Microseconds of a day.
pub(crate) const DAY: i64 = 24 * HOUR;

impl Rows {
    pub(crate) fn new(catalog: &'static Catalog, now: Timestamp) -> Self {
        Self { catalog, now, tables: Vec::new() }
    }

    /// Adds a row. A name that the connector does not have is left out; the test below finds it.
    pub(crate) fn add(&mut self, connector: &'static str, cells: &[(&str, Value)]) {
        let Some(entry) = self.catalog.connector(connector) else { return };
        debug_assert!(cells.iter().all(|(name, _)| entry.field(name).is_some()), "{connector}: {cells:?}");
        let cell = |field: &alcove_catalog::Field| {
            let given = cells.iter().find(|(name, _)| *name == field.name);
            given.map_or_else(|| blank(field, self.now), |(_, value)| value.clone())
        };
        let row = entry.fields.iter().map(cell).collect();
        match self.tables.iter_mut().find(|(name, _)| *name == connector) {
            Some((_, rows)) => rows.push(row),
            None => self.tables.push((connector, vec![row])),
        }
    }

    /// An instant so many microseconds before now; after it, if negative.
    pub(crate) fn ago(&self, micros: i64) -> Value {
        Timestamp::from_micros(self.now.micros() - micros).map_or(Value::Null, Value::Time)
    }

    pub(crate) fn into_inner(self) -> Vec<(&'static str, Vec<Vec<Value>>)> {
        self.tables
    }
}
