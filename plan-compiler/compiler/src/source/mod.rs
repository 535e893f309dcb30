//! The text of a config, and JSON that remembers where it stood.
//!
//! The parser is our own: it must be strict (RFC 8259 and nothing more), bounded in depth, keep the place of every key,
//! and map each character of an unescaped string back to its place. `jsonc-parser` 0.34 takes any Unicode blank and raw
//! control characters, and its depth is fixed; `serde_json` keeps no places.

mod json;
mod lines;
mod literal;
mod parser;

pub use json::{Json, JsonKind, Member};
pub use lines::{LineIndex, Position};
pub use literal::StringMap;
pub use parser::DEPTH_MAX;

use std::{borrow::Cow, sync::Arc};

use alcove_plan::limits::CONFIG_BYTES_MAX;

use crate::{
    codes::Code,
    diagnostic::{Diagnostic, Sink},
};

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

/// A config that is JSON.
#[derive(Clone, Debug)]
pub struct Parsed<'b> {
    /// The document.
    pub json: Json,
    /// The text in which all spans are offsets.
    pub text: &'b str,
}

/// Reads JSON: UTF-8, a byte order mark is passed over. After a syntax error there is nothing; duplicate keys and
/// strings that are too long are reported and the document is there.
pub fn parse<'b>(bytes: &'b [u8], sink: &mut Sink) -> Option<Parsed<'b>> {
    if bytes.len() > CONFIG_BYTES_MAX {
        let message = format!("the config has {} bytes, the limit is {CONFIG_BYTES_MAX} (256 KiB)", bytes.len());
        let suggestion = "split it into several apps, or move data into a connector";
        sink.suggest(Code::ConfigTooLarge, &Loc::root(), message, suggestion);
        return None;
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            sink.push(not_utf8(bytes, error));
            return None;
        }
    };
    parser::parse(text, sink).map(|json| Parsed { json, text })
}

/// The text of a config as it can be shown, whatever its bytes are: places of diagnostics hold in it too.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

fn not_utf8(bytes: &[u8], error: std::str::Utf8Error) -> Diagnostic {
    let span = Span::new(error.valid_up_to(), error.valid_up_to() + 1);
    let message = match bytes.get(error.valid_up_to()) {
        Some(byte) => format!("not UTF-8: the byte 0x{byte:02x} does not belong here"),
        None => "not UTF-8".to_owned(),
    };
    Diagnostic {
        code: Code::Syntax,
        loc: Loc { span, pointer: "".into() },
        message,
        suggestion: Some("save the file with the encoding UTF-8".to_owned()),
        fix: None,
    }
}

impl Span {
    /// From offsets; what lies beyond 4 GiB is cut, but a config is never that large.
    pub fn new(start: usize, end: usize) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { start: offset(start), end: offset(end) }
    }

    /// As a range of offsets.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

impl Loc {
    /// The document as a whole, where there is no place in the text to point at.
    pub fn root() -> Self {
        Self { span: Span::default(), pointer: "".into() }
    }
}

/// The string literal around a place inside it: what stands before the place, the opening quote included, and after it.
pub fn string_around(text: &str, span: Span) -> Option<(&str, &str)> {
    let (before, rest) = text.split_at_checked(span.start as usize)?;
    let after = rest.get(span.end.checked_sub(span.start)? as usize..)?;
    // Within a string each quote is behind a backslash, and a backslash that is not doubled escapes what follows it.
    let escaped = |text: &str| text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
    let opening = before.match_indices('"').rev().map(|(at, _)| at);
    let opening = opening.into_iter().find(|at| before.get(..*at).is_some_and(|text| !escaped(text)))?;
    let closing = after.match_indices('"').map(|(at, _)| at);
    let closing = closing.into_iter().find(|at| after.get(..*at).is_some_and(|text| !escaped(text)))?;
    Some((before.get(opening..)?, after.get(..=closing)?))
}

/// Adds one reference token to a JSON pointer (RFC 6901).
pub fn push_token(pointer: &mut String, token: &str) {
    pointer.push('/');
    for c in token.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}
