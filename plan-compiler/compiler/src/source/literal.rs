//! String literals: one reader of escapes, for the parser and for the way back from a character to its place.

use std::str::Chars;

use super::Span;

/// What is wrong in a string literal, and how many bytes from its opening quote on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LiteralError {
    pub(super) kind: LiteralErrorKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum LiteralErrorKind {
    #[error("the string that begins here does not end")]
    Unterminated,
    #[error("a string cannot hold a raw control character")]
    Control,
    #[error("unknown escape in a string")]
    Escape,
    #[error("`\\u` needs four hexadecimal digits")]
    Hex,
    #[error("half of a surrogate pair is not a character")]
    Surrogate,
}

impl LiteralErrorKind {
    pub(super) fn suggestion(self) -> &'static str {
        match self {
            Self::Unterminated => "close it with `\"`",
            Self::Control => "write it as an escape: a line break is `\\n`, a tab `\\t`",
            Self::Escape => {
                "JSON has `\\\"`, `\\\\`, `\\/`, `\\b`, `\\f`, `\\n`, `\\r`, `\\t` and `\\u` with four digits"
            }
            Self::Hex => "such as `\\u00e9`",
            Self::Surrogate => "write the character itself, or both halves: `\\ud83c\\udf89`",
        }
    }
}

/// Reads the characters of a literal, one by one.
#[derive(Clone, Debug)]
pub(super) struct Literal<'a> {
    length: usize,
    rest: Chars<'a>,
}

impl<'a> Literal<'a> {
    /// `text` begins with the opening quote.
    pub(super) fn new(text: &'a str) -> Self {
        let mut rest = text.chars();
        rest.next();
        Self { length: text.len(), rest }
    }

    /// How many bytes have been read, the quotes included.
    pub(super) fn at(&self) -> usize {
        self.length - self.rest.as_str().len()
    }

    /// The next character; none at the closing quote, which is read.
    pub(super) fn next_char(&mut self) -> Result<Option<char>, LiteralError> {
        let start = self.at();
        match self.rest.next() {
            None => Err(LiteralError { kind: LiteralErrorKind::Unterminated, start: 0, end: 1 }),
            Some('"') => Ok(None),
            Some('\\') => self.escape(start).map(Some).map_err(|kind| LiteralError { kind, start, end: self.at() }),
            Some('\0'..='\u{1f}') => Err(LiteralError { kind: LiteralErrorKind::Control, start, end: self.at() }),
            Some(c) => Ok(Some(c)),
        }
    }

    fn escape(&mut self, start: usize) -> Result<char, LiteralErrorKind> {
        debug_assert!(start < self.at(), "the backslash has been read");
        Ok(match self.rest.next().ok_or(LiteralErrorKind::Escape)? {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.unicode(),
            _ => return Err(LiteralErrorKind::Escape),
        })
    }

    fn unicode(&mut self) -> Result<char, LiteralErrorKind> {
        let first = self.hex()?;
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) {
            if self.rest.next() != Some('\\') || self.rest.next() != Some('u') {
                return Err(LiteralErrorKind::Surrogate);
            }
            units.push(self.hex()?);
        }
        char::decode_utf16(units).next().and_then(Result::ok).ok_or(LiteralErrorKind::Surrogate)
    }

    fn hex(&mut self) -> Result<u16, LiteralErrorKind> {
        (0..4).try_fold(0, |unit: u16, _| {
            let digit = self.rest.next().and_then(|c| c.to_digit(16)).ok_or(LiteralErrorKind::Hex)?;
            let digit = u16::try_from(digit).map_err(|_| LiteralErrorKind::Hex)?;
            Ok(unit << 4 | digit)
        })
    }
}

/// The way back from bytes of an unescaped string to the text.
#[derive(Clone, Debug)]
pub struct StringMap {
    /// For each byte of the string, and for its end: the offset in the text.
    offsets: Vec<u32>,
}

impl StringMap {
    /// Of the string literal at `span` of `source`, which the parser has accepted.
    pub fn new(source: &str, span: Span) -> Self {
        let mut literal = Literal::new(source.get(span.range()).unwrap_or_default());
        let mut offsets = Vec::new();
        loop {
            let at = Span::new(literal.at(), 0).start.saturating_add(span.start);
            if let Ok(Some(c)) = literal.next_char() {
                offsets.extend(std::iter::repeat_n(at, c.len_utf8()));
            } else {
                offsets.push(at);
                return Self { offsets };
            }
        }
    }

    /// From a range of bytes of the string to the text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span { start: self.offset(start), end: self.offset(end) }
    }

    fn offset(&self, at: usize) -> u32 {
        self.offsets.get(at).or(self.offsets.last()).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_the_string_is_found_in_the_text_behind_escapes_and_wide_characters() {
        let source = r#"{"a": "\"\u00e9🎉\ud83c\udf89\n{{name}}"}"#;
        let start = source.find("\"\\\"").expect("the literal is there");
        let decoded = "\"é🎉🎉\n{{name}}";
        let map = StringMap::new(source, Span::new(start, source.len() - 1));
        let at = decoded.find("name").expect("the name is there");
        let span = map.span(at, at + 4);
        assert_eq!(source.get(span.range()), Some("name"));
        assert_eq!(span.start as usize, source.find("name").expect("the name is there"));
    }
}
