//! Rows with more members than they came with.

use std::sync::Arc;

use alcove_plan::{
    failure::Failure,
    value::{Record, Shape, Value},
};

use crate::halt::misfit;

/// Adds members of the same names to one row after another. A name that a row has already is replaced in place.
pub(super) struct Extension {
    names: Vec<Arc<str>>,
    /// For rows of the last shape: that shape, the shape of the result, and where each new member goes.
    last: Option<(Arc<Shape>, Arc<Shape>, Vec<usize>)>,
}

impl Extension {
    pub(super) fn new(names: Vec<Arc<str>>) -> Self {
        Self { names, last: None }
    }

    /// `row` with one value for each of the names.
    pub(super) fn extend(&mut self, row: &Record, values: impl IntoIterator<Item = Value>) -> Record {
        let (shape, places) = match &mut self.last {
            Some((from, to, places)) if Arc::ptr_eq(from, row.shape()) => (to, places),
            last => {
                let mut shape = Shape::clone(row.shape());
                let places = self.names.iter().map(|name| shape.position_or_insert(name.clone())).collect();
                let (_, to, places) = last.insert((row.shape().clone(), Arc::new(shape), places));
                (to, places)
            }
        };
        let mut cells = Vec::with_capacity(shape.names().len());
        cells.extend_from_slice(row.cells());
        cells.resize(shape.names().len(), Value::Null);
        for (place, value) in places.iter().zip(values) {
            if let Some(cell) = cells.get_mut(*place) {
                *cell = value;
            }
        }
        Record::new(shape.clone(), cells)
    }
}

/// The members of a row to which others are added.
pub(super) fn members(row: &Value) -> Result<&Record, Failure> {
    match row {
        Value::Record(record) => Ok(record),
        other => Err(misfit(format!("a row must be an object to get more members, found {}", other.kind_name()))),
    }
}
