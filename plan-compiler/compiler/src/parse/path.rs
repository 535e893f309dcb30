//! Paths that are a string of their own: `field`, `by`, `with`, `from`, `columns`.

use super::{
    Cx,
    node::Node,
    scalar,
    scanner::{Scan, Scanner},
};
use crate::{
    codes::Code,
    diagnostic::Diagnostic,
    source::{Loc, Spanned, StringMap},
    syntax::{Path, Segment},
};

/// A path and nothing else.
pub(super) fn read(node: &Node<'_>, cx: &mut Cx<'_>) -> Option<Spanned<Path>> {
    let text = scalar::text(node, cx.sink)?;
    match whole(&mut Scanner::new(text, StringMap::new(cx.source, node.json.span))) {
        Ok(path) => Some(node.with(path)),
        Err(error) => {
            let braces = text.contains("{{").then_some("a path stands here without braces");
            cx.sink.push(Diagnostic {
                code: Code::InvalidValue,
                loc: Loc { span: error.span, pointer: node.pointer.clone() },
                message: format!("`{text}` is not a path: {}", error.message),
                suggestion: braces.or(error.suggestion).map(str::to_owned),
                fix: None,
            });
            None
        }
    }
}

fn whole(scanner: &mut Scanner<'_>) -> Scan<Path> {
    let path = scanner.path("a name")?;
    if scanner.peek().is_some() { Err(scanner.expected("`.`, `[` or the end")) } else { Ok(path) }
}

/// The name that a path gives to what it finds: its last one.
pub(super) fn last_name(path: &Path) -> Option<&str> {
    match path.segments.last() {
        None => Some(&path.root),
        Some(Segment::Name(name)) => Some(name),
        Some(Segment::Index(_)) => None,
    }
}
