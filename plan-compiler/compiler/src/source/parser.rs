//! Strict JSON, with places, in bounded depth.

use std::collections::BTreeSet;

use alcove_plan::limits::STRING_BYTES_MAX;

use super::{
    Json, JsonKind, Loc, Member, Span,
    lines::BYTE_ORDER_MARK,
    literal::{Literal, LiteralErrorKind},
    push_token,
};
use crate::{
    codes::Code,
    diagnostic::{Diagnostic, Sink, shown},
};

/// Arrays and objects inside one another, at most. Far more than any app needs, far less than any stack holds.
pub const DEPTH_MAX: usize = 64;

/// The document, or the first thing that is not JSON, in the sink.
pub(super) fn parse(text: &str, sink: &mut Sink) -> Option<Json> {
    let at = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let mut parser = Parser { text, at, depth: 0, pointer: String::new(), sink };
    let parsed = parser.value("a value").and_then(|json| {
        parser.skip_blank();
        if parser.at == text.len() { Ok(json) } else { Err(parser.expected("the end of the text")) }
    });
    match parsed {
        Ok(json) => Some(json),
        Err(diagnostic) => {
            sink.push(*diagnostic);
            None
        }
    }
}

/// The first syntax error ends the parse.
type Parse<T> = Result<T, Box<Diagnostic>>;

struct Parser<'a, 's> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// Of the value that is being read.
    pointer: String,
    sink: &'s mut Sink,
}

impl<'a> Parser<'a, '_> {
    fn value(&mut self, expected: &str) -> Parse<Json> {
        self.skip_blank();
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => JsonKind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => JsonKind::Number(self.number()?.to_owned()),
            Some(b't') if self.eat_word("true") => JsonKind::Bool(true),
            Some(b'f') if self.eat_word("false") => JsonKind::Bool(false),
            Some(b'n') if self.eat_word("null") => JsonKind::Null,
            _ => return Err(self.expected(expected)),
        };
        Ok(Json { kind, span: Span::new(start, self.at) })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Parse<JsonKind>) -> Parse<JsonKind> {
        if self.depth == DEPTH_MAX {
            let message = format!("arrays and objects may be nested {DEPTH_MAX} deep, this is one more");
            return Err(self.error(Code::NestedTooDeeply, Span::new(self.at, self.at + 1), message, None));
        }
        self.depth += 1;
        self.at += 1;
        let kind = read(self)?;
        self.depth -= 1;
        Ok(kind)
    }

    fn array(&mut self) -> Parse<JsonKind> {
        let mut items = Vec::new();
        if self.eat_after_blank(b']') {
            return Ok(JsonKind::Array(items));
        }
        loop {
            let length = self.pointer.len();
            push_token(&mut self.pointer, &items.len().to_string());
            items.push(self.value("a value")?);
            self.pointer.truncate(length);
            if self.eat_after_blank(b']') {
                return Ok(JsonKind::Array(items));
            }
            if !self.eat_after_blank(b',') {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    fn object(&mut self) -> Parse<JsonKind> {
        let mut members = Vec::new();
        let mut keys = BTreeSet::new();
        if self.eat_after_blank(b'}') {
            return Ok(JsonKind::Object(members));
        }
        loop {
            if let Some(member) = self.member(&mut keys)? {
                members.push(member);
            }
            if self.eat_after_blank(b'}') {
                return Ok(JsonKind::Object(members));
            }
            if !self.eat_after_blank(b',') {
                return Err(self.expected("`,` or `}`"));
            }
        }
    }

    /// None for a key that was there before: the first one holds.
    fn member(&mut self, keys: &mut BTreeSet<String>) -> Parse<Option<Member>> {
        self.skip_blank();
        let start = self.at;
        if self.peek() != Some(b'"') {
            return Err(self.expected("a key in double quotes"));
        }
        let length = self.pointer.len();
        let key = self.string()?;
        let key_span = Span::new(start, self.at);
        push_token(&mut self.pointer, &key);
        if !self.eat_after_blank(b':') {
            return Err(self.expected("`:`"));
        }
        let fresh = keys.insert(key.clone());
        if !fresh {
            let message = format!("the key `{key}` stands twice in this object");
            self.sink.suggest(Code::DuplicateKey, &self.loc(key_span), message, "remove one of the two");
        }
        let value = self.value("a value")?;
        self.pointer.truncate(length);
        Ok(fresh.then_some(Member { key, key_span, value }))
    }

    fn string(&mut self) -> Parse<String> {
        let start = self.at;
        let mut literal = Literal::new(self.text.get(start..).unwrap_or_default());
        let mut string = String::new();
        loop {
            match literal.next_char() {
                Ok(Some(c)) => string.push(c),
                Ok(None) => break,
                Err(error) => {
                    let span = Span::new(start + error.start, start + error.end);
                    return Err(self.literal_error(span, error.kind));
                }
            }
        }
        self.at = start + literal.at();
        if string.len() > STRING_BYTES_MAX {
            let message = format!("this string has {} bytes, the limit is {STRING_BYTES_MAX} (64 KiB)", string.len());
            let loc = self.loc(Span::new(start, self.at));
            self.sink.suggest(Code::StringTooLong, &loc, message, "shorten it, or read it from a connector");
        }
        Ok(string)
    }

    fn number(&mut self) -> Parse<&'a str> {
        let start = self.at;
        self.eat(b'-');
        let zero = self.eat(b'0');
        if !zero {
            self.digits()?;
        } else if matches!(self.peek(), Some(b'0'..=b'9')) {
            let span = Span::new(start, self.at + 1);
            let suggestion = Some("remove the zeros in front");
            return Err(self.error(Code::Syntax, span, "a number cannot begin with `0`".to_owned(), suggestion));
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    fn digits(&mut self) -> Parse<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.expected("a digit")) } else { Ok(()) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn eat_after_blank(&mut self, byte: u8) -> bool {
        self.skip_blank();
        self.eat(byte)
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let there = self.word() == word;
        if there {
            self.at += word.len();
        }
        there
    }

    /// The letters and digits that stand here.
    fn word(&self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    }

    fn skip_blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn loc(&self, span: Span) -> Loc {
        Loc { span, pointer: self.pointer.as_str().into() }
    }

    fn error(&self, code: Code, span: Span, message: String, suggestion: Option<&str>) -> Box<Diagnostic> {
        let suggestion = suggestion.map(str::to_owned);
        Box::new(Diagnostic { code, loc: self.loc(span), message, suggestion, fix: None })
    }

    fn literal_error(&self, span: Span, kind: LiteralErrorKind) -> Box<Diagnostic> {
        self.error(Code::Syntax, span, kind.to_string(), Some(kind.suggestion()))
    }

    /// Something else stands here.
    fn expected(&self, expected: &str) -> Box<Diagnostic> {
        /// Of a word that is in the way, no more is shown.
        const SHOWN_CHARS_MAX: usize = 24;
        let Some(found) = self.text.get(self.at..).unwrap_or_default().chars().next() else {
            let message = format!("expected {expected}, found the end of the text");
            return self.error(Code::Syntax, Span::new(self.at, self.at), message, None);
        };
        let word: String = self.word().chars().take(SHOWN_CHARS_MAX).collect();
        let shown = if word.is_empty() { shown(found) } else { format!("`{word}`") };
        let length = if self.word().is_empty() { found.len_utf8() } else { self.word().len() };
        let message = format!("expected {expected}, found {shown}");
        self.error(Code::Syntax, Span::new(self.at, self.at + length), message, self.hint(found))
    }

    /// What people carry over from other languages.
    fn hint(&self, found: char) -> Option<&'static str> {
        let before = self.text.get(..self.at).unwrap_or_default().trim_end();
        match found {
            ']' | '}' if before.ends_with(',') => Some("remove the comma before it"),
            '\'' | '“' | '”' | '„' | '`' => Some("strings stand in straight double quotes: `\"`"),
            '/' | '#' => Some("JSON has no comments"),
            '"' | '{' | '[' if before.ends_with(['"', '}', ']']) => Some("a comma is missing before it"),
            '+' | '.' => Some("write a number such as `0.5` or `5`"),
            _ => match self.word() {
                "True" | "TRUE" => Some("write `true`"),
                "False" | "FALSE" => Some("write `false`"),
                "None" | "NULL" | "Null" | "nil" | "undefined" => Some("write `null`, or leave the key out"),
                "NaN" | "Infinity" => Some("JSON has no such number"),
                "" => None,
                _ => Some("keys and text stand in double quotes"),
            },
        }
    }
}
