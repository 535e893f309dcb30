//! Templates: text with placeholders `{{ path | filter:arg }}`. Where a path may stand, a literal may too.
//!
//! There is no escape for `{{`: text that needs it takes it from a value, as values are never read as templates.

use super::{
    Cx,
    node::Node,
    number::{self, Number},
    scanner::{Scan, ScanError, Scanner},
};
use crate::{
    codes::Code,
    diagnostic::Diagnostic,
    source::{Loc, StringMap},
    syntax::{Arg, FilterCall, Pipe, Template, TemplatePart, ValueKind},
};

const OPEN: &str = "{{";
const CLOSE: &str = "}}";

/// A string of the document, as text or as a template; every placeholder that is wrong is reported.
pub(super) fn read(node: &Node<'_>, text: &str, cx: &mut Cx<'_>) -> ValueKind {
    if !text.contains(OPEN) {
        return ValueKind::Text(text.to_owned());
    }
    let mut scanner = Scanner::new(text, StringMap::new(cx.source, node.json.span));
    let mut parts = Vec::new();
    let mut valid = true;
    while let Some(length) = scanner.rest().find(OPEN) {
        push_text(&mut parts, scanner.rest().get(..length));
        scanner.skip_past(OPEN);
        match placeholder(&mut scanner) {
            Ok(pipe) => parts.push(TemplatePart::Placeholder(pipe)),
            Err(error) => {
                valid = false;
                report(node, error, cx);
                scanner.skip_past(CLOSE);
            }
        }
    }
    push_text(&mut parts, Some(scanner.rest()));
    if valid { constant(&parts).unwrap_or(ValueKind::Template(Template { parts })) } else { ValueKind::Invalid }
}

/// The value of one placeholder that is a literal and nothing else.
fn constant(parts: &[TemplatePart]) -> Option<ValueKind> {
    let [TemplatePart::Placeholder(Pipe { head, filters, .. })] = parts else { return None };
    let value = match head {
        Arg::Text(text, _) => ValueKind::Text(text.clone()),
        Arg::Int(n, _) => ValueKind::Int(*n),
        Arg::Num(n, _) => ValueKind::Num(*n),
        Arg::Bool(flag, _) => ValueKind::Bool(*flag),
        Arg::Null(_) => ValueKind::Null,
        Arg::Path(_) => return None,
    };
    filters.is_empty().then_some(value)
}

fn push_text(parts: &mut Vec<TemplatePart>, text: Option<&str>) {
    parts.extend(text.filter(|text| !text.is_empty()).map(|text| TemplatePart::Text(text.to_owned())));
}

fn report(node: &Node<'_>, error: ScanError, cx: &mut Cx<'_>) {
    cx.sink.push(Diagnostic {
        code: Code::InvalidTemplate,
        loc: Loc { span: error.span, pointer: node.pointer.clone() },
        message: error.message,
        suggestion: error.suggestion.map(str::to_owned),
        fix: None,
    });
}

/// What follows `{{`, and `}}`.
fn placeholder(scanner: &mut Scanner<'_>) -> Scan<Pipe> {
    let start = scanner.at() - OPEN.len();
    let opening = scanner.span_from(start);
    if !scanner.rest().contains(CLOSE) {
        let message = "the placeholder that begins here has no end".to_owned();
        return Err(ScanError { span: opening, message, suggestion: Some("close it with `}}`") });
    }
    scanner.skip_blank();
    if scanner.rest().starts_with(CLOSE) {
        let suggestion = Some("put a variable in it, such as `{{ user.name }}`");
        let mut scanned = ScanError { span: opening, message: "this placeholder is empty".to_owned(), suggestion };
        scanned.span.end = scanner.span_from(start).end.saturating_add(2);
        return Err(scanned);
    }
    let head = argument(scanner, "a variable")?;
    let mut filters = Vec::new();
    loop {
        scanner.skip_blank();
        if scanner.eat(CLOSE) {
            return Ok(Pipe { head, filters, span: scanner.span_from(start) });
        }
        if !scanner.eat("|") {
            return Err(no_operators(scanner));
        }
        filters.push(filter(scanner)?);
    }
}

fn no_operators(scanner: &Scanner<'_>) -> ScanError {
    let mut error = scanner.expected("`|` or `}}`");
    error.suggestion = match scanner.peek() {
        Some('+' | '-' | '*' | '/' | '%') => {
            Some("calculate with filters: `plus`, `minus`, `times`, `divided_by`, `modulo`")
        }
        Some('?' | '=' | '!' | '<' | '>' | '&') => {
            Some("templates have no conditions: use `when`, or the action `condition`")
        }
        Some('(') => Some("templates have no functions: filters stand behind `|`"),
        _ => None,
    };
    error
}

/// `name:arg:arg`
fn filter(scanner: &mut Scanner<'_>) -> Scan<FilterCall> {
    scanner.skip_blank();
    let start = scanner.at();
    let name = scanner.name("a filter")?.to_owned();
    let name_span = scanner.span_from(start);
    let mut args = Vec::new();
    loop {
        scanner.skip_blank();
        if !scanner.eat(":") {
            return Ok(FilterCall { name, name_span, args });
        }
        scanner.skip_blank();
        args.push(argument(scanner, "an argument")?);
    }
}

/// A literal or a path.
fn argument(scanner: &mut Scanner<'_>, expected: &str) -> Scan<Arg> {
    match scanner.peek() {
        Some('"' | '\'') => quoted(scanner),
        Some('0'..='9' | '-' | '+' | '.') => numeric(scanner),
        _ => {
            let path = scanner.path(expected)?;
            let span = path.span;
            Ok(match (path.root.as_str(), path.segments.as_slice()) {
                ("true", []) => Arg::Bool(true, span),
                ("false", []) => Arg::Bool(false, span),
                ("null", []) => Arg::Null(span),
                _ => Arg::Path(path),
            })
        }
    }
}

fn numeric(scanner: &mut Scanner<'_>) -> Scan<Arg> {
    let start = scanner.at();
    let literal = scanner.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.' | '_'));
    let span = scanner.span_from(start);
    if !number::is_literal(literal) {
        let suggestion = Some("text and durations stand in quotes: `\"30d\"`");
        return Err(ScanError { span, message: format!("`{literal}` is not a number"), suggestion });
    }
    match number::parse(literal) {
        Ok(Number::Int(value)) => Ok(Arg::Int(value, span)),
        Ok(Number::Num(value)) => Ok(Arg::Num(value, span)),
        Err(error) => Err(ScanError { span, message: error.to_string(), suggestion: None }),
    }
}

/// A text in either kind of quotes, with backslash escapes.
fn quoted(scanner: &mut Scanner<'_>) -> Scan<Arg> {
    let start = scanner.at();
    let quote = scanner.next();
    let opening = scanner.span_from(start);
    let mut text = String::new();
    loop {
        let at = scanner.at();
        match scanner.next() {
            None => {
                let message = "the text that begins here has no closing quote".to_owned();
                return Err(ScanError { span: opening, message, suggestion: None });
            }
            end if end == quote => return Ok(Arg::Text(text, scanner.span_from(start))),
            Some('\\') => match scanner.next() {
                Some(c @ ('\\' | '"' | '\'')) => text.push(c),
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                _ => {
                    let message = "unknown escape in a text".to_owned();
                    let suggestion =
                        Some("there are `\\\\`, `\\\"`, `\\'`, `\\n` and `\\t`; in JSON each backslash is doubled");
                    return Err(ScanError { span: scanner.span_from(at), message, suggestion });
                }
            },
            Some(c) => text.push(c),
        }
    }
}
