//! What others wrote (rows, events, apps, plans, providers), on its way to a terminal: data must look like data.

use std::{borrow::Cow, fmt::Write};

/// Text of others as a part of a line: characters that command a terminal, end the line or turn its direction are
/// written out.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    escaped(text, |_| None, as_escape)
}

/// Whole output: only line ends, and colours where there are any, get through.
pub(crate) fn for_terminal(text: &str, color: bool) -> Cow<'_, str> {
    let keeps = |rest: &str| if rest.starts_with('\n') { Some(1) } else { colour(rest).filter(|_| color) };
    escaped(text, keeps, as_escape)
}

/// A JSON document, in which the same characters can be said with escapes of its own.
pub(crate) fn for_json(json: &str) -> Cow<'_, str> {
    escaped(json, |_| None, as_json)
}

/// Escapes what commands, but for the stretches at whose beginning `keeps` gives their length.
fn escaped(text: &str, keeps: impl Fn(&str) -> Option<usize>, escape: fn(&mut String, char)) -> Cow<'_, str> {
    if !text.contains(commands) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut kept_to = 0;
    for (at, c) in text.char_indices() {
        if at >= kept_to && commands(c) {
            let Some(len) = text.get(at..).and_then(&keeps) else {
                escape(&mut out, c);
                continue;
            };
            kept_to = at + len;
        }
        out.push(c);
    }
    Cow::Owned(out)
}

/// Control characters, and those of Unicode that end lines or turn the direction of writing.
fn commands(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The length of the colour that the text begins with: `ESC [`, digits and semicolons, `m`.
fn colour(text: &str) -> Option<usize> {
    let parameters = text.strip_prefix("\u{1b}[")?;
    let len = parameters.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    parameters.get(len..)?.starts_with('m').then_some(len + 3)
}

fn as_escape(out: &mut String, c: char) {
    out.extend(c.escape_unicode());
}

fn as_json(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        // Writing into a `String` cannot fail.
        let _ = write!(out, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::{for_json, for_terminal, shown};

    #[test]
    fn data_cannot_command_a_terminal_or_look_like_more_than_one_line() {
        let hostile = "a\u{1b}[2J\u{1b}]0;x\u{7}\r\nb\u{9b}31m\u{202e}c\u{2028}é🎉";
        let expected = r"a\u{1b}[2J\u{1b}]0;x\u{7}\u{d}\u{a}b\u{9b}31m\u{202e}c\u{2028}é🎉";
        assert_eq!(shown(hostile), expected);
    }

    #[test]
    fn a_terminal_gets_line_ends_and_colours_and_no_other_command() {
        let text = "a\u{1b}[1;31mb\nc\u{1b}[2Jd\u{1b}[0m";
        assert_eq!(for_terminal(text, true), "a\u{1b}[1;31mb\nc\\u{1b}[2Jd\u{1b}[0m");
        assert_eq!(for_terminal(text, false), "a\\u{1b}[1;31mb\nc\\u{1b}[2Jd\\u{1b}[0m");
    }

    #[test]
    fn json_stays_the_same_document() {
        let json = serde_json::json!({ "a": "\u{1b}[2J\u{7f}\u{9b}2J\u{202e}\u{2028}é🎉" });
        let text = json.to_string();
        let safe = for_json(&text);
        assert!(!safe.contains(super::commands), "{safe}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), json);
    }
}
