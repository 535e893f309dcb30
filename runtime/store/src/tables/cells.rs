//! Stored rows, cell by cell.

use alcove_ids::IdError;

use super::column::Column;
use crate::SqlValue;

/// Why a stored row is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    /// The statement did not give such a cell.
    #[error("a row has {found} cells and none for `{column}`")]
    Missing {
        /// The column.
        column: &'static str,
        /// How many there are.
        found: usize,
    },
    /// The cell is of another type, or a number out of range.
    #[error("the cell of `{column}` is not of its type")]
    Kind {
        /// The column.
        column: &'static str,
    },
    /// The text is no id.
    #[error("the cell of `{column}` is no id")]
    Id {
        /// The column.
        column: &'static str,
        /// Why not.
        source: IdError,
    },
    /// The text is none of the column's words.
    #[error("the cell of `{column}` holds `{found}`, which is none of its words")]
    Word {
        /// The column.
        column: &'static str,
        /// The text.
        found: String,
    },
}

/// The cells of a row, from left to right.
pub(super) struct Reader<'a> {
    columns: &'static [Column],
    cells: &'a [SqlValue],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads a row that has these columns.
    pub(super) fn new(columns: &'static [Column], cells: &'a [SqlValue]) -> Self {
        Self { columns, cells, at: 0 }
    }

    pub(super) fn text(&mut self) -> Result<String, RowError> {
        let (column, text) = self.str()?;
        text.map(str::to_owned).ok_or(RowError::Kind { column })
    }

    pub(super) fn opt_text(&mut self) -> Result<Option<String>, RowError> {
        Ok(self.str()?.1.map(str::to_owned))
    }

    pub(super) fn int<N: TryFrom<i64>>(&mut self) -> Result<N, RowError> {
        let column = self.column();
        self.opt_int()?.ok_or(RowError::Kind { column })
    }

    pub(super) fn opt_int<N: TryFrom<i64>>(&mut self) -> Result<Option<N>, RowError> {
        match self.cell()? {
            (_, SqlValue::Null) => Ok(None),
            (column, SqlValue::Int(n)) => N::try_from(*n).map(Some).map_err(|_| RowError::Kind { column }),
            (column, _) => Err(RowError::Kind { column }),
        }
    }

    pub(super) fn bool(&mut self) -> Result<bool, RowError> {
        self.int::<i64>().map(|n| n != 0)
    }

    pub(super) fn blob(&mut self) -> Result<Vec<u8>, RowError> {
        let column = self.column();
        self.opt_blob()?.ok_or(RowError::Kind { column })
    }

    /// Bytes, exactly so many.
    pub(super) fn bytes<const N: usize>(&mut self) -> Result<[u8; N], RowError> {
        let column = self.column();
        self.blob()?.try_into().map_err(|_| RowError::Kind { column })
    }

    pub(super) fn opt_blob(&mut self) -> Result<Option<Vec<u8>>, RowError> {
        match self.cell()? {
            (_, SqlValue::Null) => Ok(None),
            (_, SqlValue::Blob(bytes)) => Ok(Some(bytes.to_vec())),
            (column, _) => Err(RowError::Kind { column }),
        }
    }

    /// An id, by its own `parse`.
    pub(super) fn id<T>(&mut self, parse: fn(&str) -> Result<T, IdError>) -> Result<T, RowError> {
        let column = self.column();
        self.opt_id(parse)?.ok_or(RowError::Kind { column })
    }

    pub(super) fn opt_id<T>(&mut self, parse: fn(&str) -> Result<T, IdError>) -> Result<Option<T>, RowError> {
        let (column, text) = self.str()?;
        text.map(parse).transpose().map_err(|source| RowError::Id { column, source })
    }

    /// A word, by its own `parse`.
    pub(super) fn word<T>(&mut self, parse: fn(&str) -> Option<T>) -> Result<T, RowError> {
        let (column, text) = self.str()?;
        let text = text.ok_or(RowError::Kind { column })?;
        parse(text).ok_or_else(|| RowError::Word { column, found: text.to_owned() })
    }

    fn str(&mut self) -> Result<(&'static str, Option<&'a str>), RowError> {
        match self.cell()? {
            (column, SqlValue::Null) => Ok((column, None)),
            (column, SqlValue::Text(text)) => Ok((column, Some(text))),
            (column, _) => Err(RowError::Kind { column }),
        }
    }

    fn cell(&mut self) -> Result<(&'static str, &'a SqlValue), RowError> {
        let column = self.column();
        let cell = self.cells.get(self.at).ok_or(RowError::Missing { column, found: self.cells.len() })?;
        self.at += 1;
        Ok((column, cell))
    }

    /// The name of the column that is read next.
    fn column(&self) -> &'static str {
        self.columns.get(self.at).map_or("", |column| column.name)
    }
}
