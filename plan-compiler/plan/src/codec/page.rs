//! The *page* message: rows of a query.

use alloc::vec::Vec;

use super::{DecodeError, Decoder, Encoder};
use crate::value::Value;

const LAST: u8 = 1;
const CUT: u8 = 2;

/// Writes a page, row by row.
#[derive(Debug, Default)]
pub struct PageWriter {
    rows: Encoder,
    count: u64,
}

impl PageWriter {
    /// An empty page.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a row: one value for each column.
    pub fn row<'v>(&mut self, cells: impl IntoIterator<Item = &'v Value>) {
        for cell in cells {
            self.rows.value(cell);
        }
        self.count += 1;
    }

    /// Bytes so far, so that a page can be kept small.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The message. `last`: no page follows. `cut`: the connector's default limit left rows out.
    pub fn finish(self, last: bool, cut: bool) -> Vec<u8> {
        let mut message = Encoder::message();
        message.byte(if last { LAST } else { 0 } | if cut { CUT } else { 0 });
        message.varint(self.count);
        message.raw(&self.rows.into_bytes());
        message.into_bytes()
    }
}

/// Reads a page, row by row.
#[derive(Debug)]
pub struct PageReader<'a> {
    decoder: Decoder<'a>,
    columns: usize,
    rows_left: usize,
    /// No page follows.
    pub last: bool,
    /// The connector's default limit left rows out.
    pub cut: bool,
}

impl<'a> PageReader<'a> {
    /// Begins to read a page of a query that has so many columns.
    pub fn new(bytes: &'a [u8], columns: usize) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::message(bytes)?;
        let flags = decoder.byte()?;
        if flags > (LAST | CUT) {
            return Err(decoder.error("unknown flags"));
        }
        // A row without columns takes no bytes, so the bound of the count needs one at least.
        let rows_left = decoder.count(columns.max(1))?;
        Ok(Self { decoder, columns, rows_left, last: flags & LAST != 0, cut: flags & CUT != 0 })
    }

    /// The number of rows that are left.
    pub fn rows_left(&self) -> usize {
        self.rows_left
    }

    /// The cells of the next row; `None` after the last, when bytes left over are refused.
    pub fn next_row(&mut self) -> Result<Option<Vec<Value>>, DecodeError> {
        if self.rows_left == 0 {
            self.decoder.clone().finish()?;
            return Ok(None);
        }
        self.rows_left -= 1;
        let mut cells = Vec::with_capacity(self.columns);
        for _ in 0..self.columns {
            cells.push(self.decoder.value()?);
        }
        Ok(Some(cells))
    }
}
