//! The characters of a path or a placeholder, with the way back to their place in the source.

use super::scalar::is_name;
use crate::{
    diagnostic::shown,
    source::{Span, StringMap},
    syntax::{Path, Segment},
};

/// What is wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ScanError {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) suggestion: Option<&'static str>,
}

pub(super) type Scan<T> = Result<T, ScanError>;

/// Reads a string of the document from left to right.
pub(super) struct Scanner<'t> {
    text: &'t str,
    map: StringMap,
    at: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, map: StringMap) -> Self {
        Self { text, map, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(super) fn eat(&mut self, token: &str) -> bool {
        let there = self.rest().starts_with(token);
        if there {
            self.at += token.len();
        }
        there
    }

    pub(super) fn skip_blank(&mut self) {
        self.take_while(char::is_whitespace);
    }

    pub(super) fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// Up to and with the token; or to the end, where it does not come.
    pub(super) fn skip_past(&mut self, token: &str) {
        let rest = self.rest();
        self.at += rest.find(token).map_or(rest.len(), |at| at + token.len());
    }

    /// From a place that was read before to here.
    pub(super) fn span_from(&self, start: usize) -> Span {
        self.map.span(start, self.at)
    }

    /// `root.name[0].name`
    pub(super) fn path(&mut self, expected: &str) -> Scan<Path> {
        let start = self.at;
        let root = self.name(expected)?.to_owned();
        let mut segments = Vec::new();
        loop {
            if self.eat(".") {
                segments.push(Segment::Name(self.name("a name after `.`")?.to_owned()));
            } else if self.eat("[") {
                segments.push(Segment::Index(self.index()?));
            } else {
                return Ok(Path { root, segments, span: self.span_from(start) });
            }
        }
    }

    /// A name as paths write it.
    pub(super) fn name(&mut self, expected: &str) -> Scan<&'t str> {
        let start = self.at;
        let name = self.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        if is_name(name) {
            return Ok(name);
        }
        if name.is_empty() {
            return Err(self.expected(expected));
        }
        let suggestion = if name.bytes().all(|byte| byte.is_ascii_digit()) {
            "items of a list are written `[0]`"
        } else {
            "a name begins with a letter or `_`, then letters from A to Z, digits, `_` and `-`"
        };
        let message = format!("expected {expected}, found `{name}`");
        Err(ScanError { span: self.span_from(start), message, suggestion: Some(suggestion) })
    }

    fn index(&mut self) -> Scan<u32> {
        let start = self.at;
        let digits = self.take_while(|c| c.is_ascii_digit());
        if digits.is_empty() {
            let mut error = self.expected("an index");
            error.suggestion = Some("an index is a whole number from 0: `[0]`; members are written `.name`");
            return Err(error);
        }
        let index = digits.parse().map_err(|_| ScanError {
            span: self.span_from(start),
            message: format!("the index `{digits}` is too large"),
            suggestion: None,
        })?;
        if self.eat("]") { Ok(index) } else { Err(self.expected("`]`")) }
    }

    /// Something else stands here.
    pub(super) fn expected(&self, expected: &str) -> ScanError {
        let found = self.peek().map_or_else(|| "the end of the text".to_owned(), shown);
        let width = self.peek().map_or(0, char::len_utf8);
        let span = self.map.span(self.at, self.at + width);
        ScanError { span, message: format!("expected {expected}, found {found}"), suggestion: None }
    }
}
