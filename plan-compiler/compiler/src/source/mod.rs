//! The text of a config, and JSON that remembers where it stood.

mod json;

pub use json::{Json, JsonKind, Member};

use std::sync::Arc;

/// A range of bytes of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// Where something stands: in the text and in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loc {
    /// In the text.
    pub span: Span,
    /// In the document: a JSON pointer (RFC 6901); `""` is the root.
    pub pointer: Arc<str>,
}

/// Something with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The thing.
    pub value: T,
    /// Its place.
    pub loc: Loc,
}
