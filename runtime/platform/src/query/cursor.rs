//! The rows of an open query, page by page.

use alcove_plan::{
    codec::{PageWriter, Parts, VALUES_FREE},
    failure::{Code, Failure},
    types::Type,
    value::Value,
};
use alcove_store::{Rows, SqlValue, StoreError};

use crate::cell;

/// An open query. All its pages show the data as it was when the query was opened.
#[derive(Debug)]
pub struct Cursor {
    rows: Rows,
    columns: Vec<Type>,
    /// Read already, so that the page before it knows whether it is the last.
    ahead: Option<Vec<Vec<SqlValue>>>,
    /// Rows that the connector's default limit still lets through.
    left: Option<usize>,
    ended: bool,
}

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The *page* message.
    pub message: Vec<u8>,
    /// The number of its rows.
    pub rows: usize,
    /// Whether no page follows.
    pub last: bool,
}

impl Cursor {
    pub(crate) async fn new(mut rows: Rows, columns: &[Type], rows_default: Option<u32>) -> Result<Self, Failure> {
        let ahead = rows.next().await.map_err(|error| unavailable(&error))?;
        let left = rows_default.map(|rows| usize::try_from(rows).unwrap_or(usize::MAX));
        Ok(Self { rows, columns: columns.to_vec(), ahead, left, ended: false })
    }

    /// The next page; the first one is there even if it has no rows. After the last it is a defect to ask.
    pub async fn next_page(&mut self) -> Result<Page, Failure> {
        if self.ended {
            return Err(Failure::new(Code::Internal, "a page was asked for after the last"));
        }
        let mut chunk = self.ahead.take().unwrap_or_default();
        self.ahead = self.rows.next().await.map_err(|error| unavailable(&error))?;
        let mut cut = false;
        if let Some(left) = &mut self.left {
            cut = chunk.len() > *left;
            chunk.truncate(*left);
            *left -= chunk.len();
            // What is ahead now can only be the one row that shows the cut.
            cut |= *left == 0 && self.ahead.is_some();
            if cut {
                self.ahead = None;
            }
        }
        self.ended = self.ahead.is_none();
        let mut page = PageWriter::new();
        let mut parts = Parts::default();
        for row in &chunk {
            let cells = self.read(row)?;
            for cell in &cells {
                parts.add(cell);
            }
            page.row(&cells);
        }
        let message = page.finish(self.ended, cut);
        if !parts.fit(message.len()) {
            return Err(too_many_parts());
        }
        Ok(Page { message, rows: chunk.len(), last: self.ended })
    }

    fn read(&self, row: &[SqlValue]) -> Result<Vec<Value>, Failure> {
        let cells = row.iter().zip(&self.columns).map(|(cell, ty)| cell::from_sql(cell, *ty));
        cells.collect::<Result<_, _>>().map_err(|error| Failure::new(Code::Internal, error))
    }
}

/// A cell of JSON may hold more values than a run may be given at once.
fn too_many_parts() -> Failure {
    let message =
        format!("rows that are read together hold more than {VALUES_FREE} values; leave out the largest field");
    Failure::limit("page_values", VALUES_FREE as u64, message)
}

/// What a run sees when the database does not answer: never the database's own words, which may hold data.
pub(crate) fn unavailable(error: &StoreError) -> Failure {
    Failure::new(Code::Connector, error)
}
