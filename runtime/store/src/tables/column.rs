//! Columns, by name and by what a batch of rows holds in them.

/// A column of a table, or of a batch of rows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

/// What a cell is, and so how it travels in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// As a string.
    Text,
    /// As a number.
    Int,
    /// As a string of hexadecimal digits.
    Blob,
}

pub(super) const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}

pub(super) const fn int(name: &'static str) -> Column {
    Column { name, kind: Kind::Int }
}

pub(super) const fn blob(name: &'static str) -> Column {
    Column { name, kind: Kind::Blob }
}
