//! Diagnostics for people, drawn over the source by `annotate-snippets`, the renderer of rustc: one compact block per
//! complaint. (`miette` was the other choice; its blocks are twice as tall and its colours come from terminal
//! detection.)

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Severity};
use crate::source::Span;

/// More complaints than these help nobody at once; the rest is counted.
const DRAWN_MAX: usize = 50;
/// Lines of the source before and after the one that is complained about.
const CONTEXT_LINES: usize = 1;

/// All diagnostics over the text of the config, and how many they are; `file` is its name. Empty where there are none.
pub fn render_human(diagnostics: &[Diagnostic], file: &str, source: &str, color: bool) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut output = String::new();
    for diagnostic in diagnostics.iter().take(DRAWN_MAX) {
        output.push_str(&renderer.render(&[group(diagnostic, file, source)]));
        output.push_str("\n\n");
    }
    if !diagnostics.is_empty() {
        output.push_str(&summary(diagnostics, file));
        output.push('\n');
    }
    output
}

fn group<'a>(diagnostic: &'a Diagnostic, file: &'a str, source: &'a str) -> annotate_snippets::Group<'a> {
    let level = match diagnostic.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Hint => Level::INFO.with_name("hint"),
    };
    let group = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.as_str());
    let group = if diagnostic.loc.span == Span::default() {
        group.element(Origin::path(file))
    } else {
        let Window { text, first_line, span } = Window::around(source, diagnostic.loc.span);
        let annotation = AnnotationKind::Primary.span(span);
        group.element(Snippet::source(text).fold(false).line_start(first_line).path(file).annotation(annotation))
    };
    match &diagnostic.suggestion {
        Some(suggestion) => group.element(Level::HELP.message(suggestion.as_str())),
        None => group,
    }
}

/// The lines that are shown.
struct Window<'a> {
    text: &'a str,
    /// The number of its first line, from 1.
    first_line: usize,
    /// What is underlined, in `text`: of a span of several lines, its part in the first.
    span: Range<usize>,
}

impl<'a> Window<'a> {
    fn around(source: &'a str, span: Span) -> Self {
        let start = source.floor_char_boundary(span.start as usize);
        let (before, after) = source.split_at_checked(start).unwrap_or((source, ""));
        let text_start = before.rmatch_indices('\n').nth(CONTEXT_LINES).map_or(0, |(at, _)| at + 1);
        let text_end = after.match_indices('\n').nth(CONTEXT_LINES).map_or(source.len(), |(at, _)| start + at);
        let line_end = after.find(['\n', '\r']).map_or(source.len(), |at| start + at);
        let end = source.ceil_char_boundary(span.end as usize).clamp(start, line_end.max(start));
        Self {
            text: source.get(text_start..text_end).unwrap_or_default(),
            first_line: before.get(..text_start).unwrap_or_default().matches('\n').count() + 1,
            span: start - text_start..end - text_start,
        }
    }
}

fn summary(diagnostics: &[Diagnostic], file: &str) -> String {
    let kinds = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")];
    let counts = kinds.into_iter().filter_map(|(severity, name)| {
        let count = diagnostics.iter().filter(|diagnostic| diagnostic.code.severity() == severity).count();
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {name}{plural}"))
    });
    let left_out = match diagnostics.len().saturating_sub(DRAWN_MAX) {
        0 => String::new(),
        count => format!(" ({count} not shown)"),
    };
    format!("{file}: {}{left_out}", counts.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{codes::Code, source::Loc};

    fn diagnostic(source: &str, needle: &str, code: Code, suggestion: Option<&str>) -> Diagnostic {
        let start = source.find(needle).expect("the needle is there");
        Diagnostic {
            code,
            loc: Loc { span: Span::new(start, start + needle.len()), pointer: "/a".into() },
            message: "something is wrong".to_owned(),
            suggestion: suggestion.map(str::to_owned),
            fix: None,
        }
    }

    #[test]
    fn the_place_is_underlined_and_help_stands_below() {
        let source = "{\n  \"schema\": \"alcove/app@1\",\n  \"trigerr\": {}\n}\n";
        let diagnostics = [diagnostic(source, "\"trigerr\"", Code::UnknownKey, Some("did you mean `trigger`?"))];
        let expected = r#"error[unknown-key]: something is wrong
 --> app.json:3:3
  |
2 |   "schema": "alcove/app@1",
3 |   "trigerr": {}
  |   ^^^^^^^^^
4 | }
  |
  = help: did you mean `trigger`?

app.json: 1 error
"#;
        assert_eq!(render_human(&diagnostics, "app.json", source, false), expected);
    }

    #[test]
    fn any_place_can_be_drawn() {
        for source in ["", "é", "🎉\r\n🎉", "\u{feff}{", "\0\t\u{1b}[31m", "a\nb\n"] {
            for start in 0..8 {
                for end in 0..8 {
                    let mut diagnostic = diagnostic("x", "x", Code::UnusedStep, None);
                    diagnostic.loc.span = Span { start, end };
                    assert!(!render_human(&[diagnostic], "f", source, true).is_empty());
                }
            }
        }
    }

    #[test]
    fn control_characters_of_the_source_do_not_reach_the_terminal() {
        let source = "{\u{1b}[31m";
        let drawn = render_human(&[diagnostic(source, "{", Code::Syntax, None)], "f", source, false);
        assert!(!drawn.contains('\u{1b}'), "{drawn}");
    }
}
