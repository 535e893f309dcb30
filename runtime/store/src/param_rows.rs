//! Rows of parameters, packed.

use std::ops::Range;

use crate::SqlValue;

/// Rows of parameters, for a [statement that is performed once for each](crate::Statement::for_each). All texts lie in
/// one allocation, and all bytes in another, however many cells there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParamRows {
    /// Where each row ends in `cells`.
    ends: Vec<usize>,
    cells: Vec<Cell>,
    texts: String,
    blobs: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cell {
    Null,
    Int(i64),
    /// Where it lies in `texts`.
    Text(Range<usize>),
    /// Where it lies in `blobs`.
    Blob(Range<usize>),
}

/// A cell of such a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Param<'r> {
    Null,
    Int(i64),
    Text(&'r str),
    Blob(&'r [u8]),
}

impl ParamRows {
    /// Rows of these cells.
    pub fn of<'r>(rows: impl IntoIterator<Item = &'r [SqlValue]>) -> Self {
        let mut all = Self::default();
        for row in rows {
            for cell in row {
                match cell {
                    SqlValue::Null => all.null(),
                    SqlValue::Int(n) => all.int(*n),
                    SqlValue::Text(text) => all.text(text),
                    SqlValue::Blob(bytes) => all.blob(bytes),
                }
            }
            all.end_row();
        }
        all
    }

    pub(crate) fn null(&mut self) {
        self.cells.push(Cell::Null);
    }

    pub(crate) fn int(&mut self, n: i64) {
        self.cells.push(Cell::Int(n));
    }

    pub(crate) fn text(&mut self, text: &str) {
        let start = self.texts.len();
        self.texts.push_str(text);
        self.cells.push(Cell::Text(start..self.texts.len()));
    }

    pub(crate) fn blob(&mut self, bytes: &[u8]) {
        let start = self.blobs.len();
        self.blobs.extend_from_slice(bytes);
        self.cells.push(Cell::Blob(start..self.blobs.len()));
    }

    /// What was added since the last row is a row.
    pub(crate) fn end_row(&mut self) {
        self.ends.push(self.cells.len());
    }

    /// The cells of each row.
    pub(crate) fn iter(&self) -> impl Iterator<Item = impl ExactSizeIterator<Item = Param<'_>>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| {
            self.cells.get(start..*end).unwrap_or_default().iter().map(|cell| match cell {
                Cell::Null => Param::Null,
                Cell::Int(n) => Param::Int(*n),
                Cell::Text(range) => Param::Text(self.texts.get(range.clone()).unwrap_or_default()),
                Cell::Blob(range) => Param::Blob(self.blobs.get(range.clone()).unwrap_or_default()),
            })
        })
    }
}

impl<'r> From<&'r SqlValue> for Param<'r> {
    fn from(value: &'r SqlValue) -> Self {
        match value {
            SqlValue::Null => Self::Null,
            SqlValue::Int(n) => Self::Int(*n),
            SqlValue::Text(text) => Self::Text(text),
            SqlValue::Blob(bytes) => Self::Blob(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Param, ParamRows};
    use crate::SqlValue;

    #[test]
    fn cells_come_back_as_they_were_row_by_row() {
        let rows = [
            vec![SqlValue::text("é"), SqlValue::Null, SqlValue::Int(i64::MIN)],
            vec![],
            vec![SqlValue::text(""), SqlValue::Blob([0, 255].as_slice().into()), SqlValue::text("b")],
        ];
        let packed = ParamRows::of(rows.iter().map(Vec::as_slice));
        let unpacked: Vec<Vec<Param<'_>>> = packed.iter().map(Iterator::collect).collect();
        let expected: Vec<Vec<Param<'_>>> = rows.iter().map(|row| row.iter().map(Param::from).collect()).collect();
        assert_eq!(unpacked, expected);
        assert_eq!(ParamRows::default().iter().count(), 0);
    }
}
