//! Scalars: strings, booleans, whole numbers in a range, closed words, ids, durations.

use std::ops::RangeInclusive;

use super::{
    node::{Node, wrong_type},
    number::{self, Number},
};
use crate::{
    codes::Code,
    diagnostic::{Diagnostic, Fix, Sink, nearest, suggestion},
    source::{JsonKind, Spanned},
};

/// Characters of an id, at most.
const ID_CHARS_MAX: usize = 64;

pub(super) fn text<'j>(node: &Node<'j>, sink: &mut Sink) -> Option<&'j str> {
    let JsonKind::String(text) = &node.json.kind else {
        wrong_type(node, "a string", sink);
        return None;
    };
    Some(text)
}

pub(super) fn string(node: &Node<'_>, sink: &mut Sink) -> Option<Spanned<String>> {
    text(node, sink).map(|text| node.with(text.to_owned()))
}

pub(super) fn boolean(node: &Node<'_>, sink: &mut Sink) -> Option<bool> {
    let JsonKind::Bool(value) = &node.json.kind else {
        wrong_type(node, "`true` or `false`", sink);
        return None;
    };
    Some(*value)
}

/// A whole number within a range: above it a limit is exceeded, below it the value makes no sense.
pub(super) fn integer(node: &Node<'_>, range: RangeInclusive<u32>, sink: &mut Sink) -> Option<Spanned<u32>> {
    let JsonKind::Number(text) = &node.json.kind else {
        wrong_type(node, "a whole number", sink);
        return None;
    };
    let value = match number::parse(text) {
        Ok(Number::Int(value)) => value,
        Ok(Number::Num(_)) => {
            sink.report(Code::WrongType, &node.loc(), format!("expected a whole number, found `{text}`"));
            return None;
        }
        Err(error) => {
            sink.report(Code::NumberOutOfRange, &node.loc(), error.to_string());
            return None;
        }
    };
    match u32::try_from(value) {
        Ok(value) if range.contains(&value) => return Some(node.with(value)),
        _ if value < i64::from(*range.start()) => {
            let message = format!("`{value}` is too small: at least {}", range.start());
            sink.report(Code::InvalidValue, &node.loc(), message);
        }
        _ => exceeded(node, &format!("`{value}`"), &range.end().to_string(), sink),
    }
    None
}

/// A number is over its limit.
pub(super) fn exceeded(node: &Node<'_>, found: &str, limit: &str, sink: &mut Sink) {
    sink.report(Code::LimitExceeded, &node.loc(), format!("{found} is over the limit of {limit}"));
}

/// One of a closed set of words.
pub(super) fn word<T: Copy>(node: &Node<'_>, what: &str, words: &[(&str, T)], sink: &mut Sink) -> Option<Spanned<T>> {
    let found = text(node, sink)?;
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == found) {
        return Some(node.with(*value));
    }
    let names = words.iter().map(|(word, _)| *word);
    sink.push(Diagnostic {
        code: Code::InvalidValue,
        loc: node.loc(),
        message: format!("unknown {what} `{found}`"),
        suggestion: suggestion(found, names.clone()),
        fix: nearest(found, names)
            .map(|near| Fix::Replace { pointer: node.pointer.to_string(), value: near.to_owned() }),
    });
    None
}

/// An id or another name that paths can say.
pub(super) fn name(node: &Node<'_>, what: &str, sink: &mut Sink) -> Option<Spanned<String>> {
    let found = string(node, sink)?;
    check_name(&found, what, sink).then_some(found)
}

/// Reports a text that is not a name.
pub(super) fn check_name(found: &Spanned<String>, what: &str, sink: &mut Sink) -> bool {
    let wrong = if !is_name(&found.value) {
        "it begins with a letter or `_`, then letters, digits, `_` and `-`"
    } else if found.value.len() > ID_CHARS_MAX {
        "64 characters are the limit"
    } else {
        return true;
    };
    sink.suggest(Code::InvalidId, &found.loc, format!("`{}` cannot be {what}", found.value), wrong);
    false
}

/// `[A-Za-z_][A-Za-z0-9_-]*`
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// The names of one kind that are taken.
#[derive(Default)]
pub(super) struct Names {
    taken: std::collections::BTreeMap<String, String>,
}

impl Names {
    /// Reports a name that was there before; `what` is what it names.
    pub(super) fn add(&mut self, name: &Spanned<String>, what: &str, sink: &mut Sink) {
        if let Some(first) = self.taken.get(&name.value) {
            let message = format!("the {what} `{}` is already taken", name.value);
            sink.suggest(Code::DuplicateId, &name.loc, message, format!("it is the one of `{first}`; choose another"));
        } else {
            self.taken.insert(name.value.clone(), name.loc.pointer.to_string());
        }
    }
}
