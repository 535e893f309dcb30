//! Placeholders with filters, and texts with placeholders.

use super::{
    choices::Choices,
    scope::{Kind, Variable, flat, of_kind, variable},
};

/// Filters of a kind, each with the kind that it gives.
fn filters(kind: &Kind) -> Vec<(&'static str, Kind)> {
    use Kind::{Any, Int, Num, Rows, Text, Texts, Time};
    let mut filters = vec![("json", Text)];
    filters.extend(match kind {
        Text => vec![
            ("uppercase", Text),
            ("lowercase", Text),
            ("capitalize", Text),
            ("trim", Text),
            ("truncate:4", Text),
            ("length", Int),
            ("replace:\"a\":\"bb\"", Text),
            ("split:\" \"", Texts),
            ("url_encode", Text),
            ("slug", Text),
            ("default:\"none\"", Text),
        ],
        Int | Num => vec![
            ("plus:1", kind.clone()),
            ("minus:0.5", Num),
            ("times:3", kind.clone()),
            ("divided_by:7", Num),
            ("divided_by:0", Num),
            ("modulo:5", kind.clone()),
            ("round:1", Num),
            ("round", Int),
            ("floor", Int),
            ("ceil", Int),
            ("number:2", Text),
            ("currency:\"EUR\"", Text),
            ("default:0", kind.clone()),
        ],
        Time => vec![
            ("date", Text),
            ("date:\"%Y-%m-%d %H:%M\"", Text),
            ("plus:\"36h\"", Time),
            ("minus:\"1w\"", Time),
            ("start_of:\"month\"", Time),
        ],
        Texts => vec![("join:\"-\"", Text), ("length", Int), ("first", Text), ("last", Text)],
        Rows(_) => vec![("length", Int), ("map:\"id\"", Texts)],
        Any => {
            vec![("default:\"none\"", Any), ("uppercase", Text), ("plus:1", Num), ("length", Int), ("join:\",\"", Text)]
        }
        Kind::Bool | Kind::Row(_) => vec![],
    });
    filters
}

/// A placeholder, and the kind of its value.
pub(super) fn placeholder(choices: &mut Choices<'_>, scope: &[Variable]) -> (String, Kind) {
    let begins = if choices.one_in(8) {
        vec![variable("\"Lit éral\"", Kind::Text), variable("42", Kind::Int), variable("-1.5", Kind::Num)]
    } else {
        flat(scope)
    };
    let Variable { mut path, mut kind } = choices.of(&begins).clone();
    for _ in 0..choices.below(4) {
        let (filter, gives) = choices.of(&filters(&kind)).clone();
        path = format!("{path} | {filter}");
        kind = gives;
    }
    (format!("{{{{{path}}}}}"), kind)
}

/// A text with placeholders.
pub(super) fn text(choices: &mut Choices<'_>, scope: &[Variable]) -> String {
    let mut text = String::from("*");
    for _ in 0..=choices.below(3) {
        text.push_str(&placeholder(choices, scope).0);
        text.push_str(choices.of::<&str>(&[" ", "", "/ü/", "\n", "\"'"]));
    }
    text
}

/// A placeholder whose value may be of the kind that is wanted, if there is one.
pub(super) fn of(choices: &mut Choices<'_>, scope: &[Variable], wanted: &Kind) -> Option<String> {
    let fitting = of_kind(scope, |kind| kind == wanted);
    let fitting = if fitting.is_empty() { of_kind(scope, |kind| *kind == Kind::Any) } else { fitting };
    if fitting.is_empty() {
        return None;
    }
    Some(format!("{{{{{}}}}}", choices.of(&fitting).path))
}
