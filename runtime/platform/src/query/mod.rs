//! Reading: a plan's query, held against the catalog, as one constant statement.

mod condition;
mod cursor;
mod filter;
mod operand;
mod prepare;

#[cfg(test)]
mod tests;

pub use cursor::{Cursor, Page};
pub use prepare::PreparedQuery;

pub(crate) use cursor::unavailable;
