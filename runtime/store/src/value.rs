//! Parameters and cells.

use std::sync::Arc;

/// One parameter or one cell. There are no floating-point numbers: they would not be exact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SqlValue {
    /// NULL.
    Null,
    /// INTEGER, BIGINT, and a BOOLEAN as 0 or 1.
    Int(i64),
    /// TEXT. In SQLite it may contain any character; PostgreSQL refuses U+0000
    /// ([`StoreError::Nul`](crate::StoreError)).
    Text(Arc<str>),
    /// BLOB, BYTEA.
    Blob(Arc<[u8]>),
}

impl SqlValue {
    /// A text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// The text of a TEXT.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of an INTEGER.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// About how much memory it takes, in bytes.
    pub(crate) fn size(&self) -> usize {
        match self {
            Self::Null | Self::Int(_) => 8,
            Self::Text(text) => text.len(),
            Self::Blob(bytes) => bytes.len(),
        }
    }
}
