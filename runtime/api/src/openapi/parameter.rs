//! Parameters of queries and headers: what is said of them, and how they are read.

use std::time::Duration;

use utoipa::openapi::{
    RefOr,
    schema::{ObjectBuilder, Schema, Type},
};

/// One parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) form: Form,
}

/// What the text of a parameter may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// Text of at most so many bytes, at least one.
    Text(usize),
    /// An integer, from the first to the second.
    Number(u32, u32),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A time, such as `500ms`, `30s` or `5m`, of at most [`WAIT_MAX`].
    Wait,
}

/// The longest that a caller may wait for a run to end.
const WAIT_MAX: Duration = Duration::from_mins(5);
/// What a time must look like.
const WAIT_PATTERN: &str = "^[0-9]{1,6}(ms|s|m)$";
/// The longest cursor, in bytes; those that lists give are shorter.
const CURSOR_BYTES_MAX: usize = 1_024;

/// How many items of a list.
pub(crate) const LIMIT: Parameter = Parameter {
    name: "limit",
    about: "How many items, 50 unless it is said.",
    form: Form::Number(1, alcove_control::Page::LIMIT_MAX),
};
/// Which page of a list.
pub(crate) const CURSOR: Parameter = Parameter {
    name: "cursor",
    about: "What the page before gave as `next_cursor`. It belongs to the list and its filters.",
    form: Form::Text(CURSOR_BYTES_MAX),
};
/// By what a second delivery of a request is recognised.
pub(crate) const IDEMPOTENCY_KEY: Parameter = Parameter {
    name: "Idempotency-Key",
    about: "Names the request: sent again with the same key, it is answered as the first time and done once.",
    form: Form::Text(512),
};
/// In which state a thing must be to be changed.
pub(crate) const IF_MATCH: Parameter = Parameter {
    name: "If-Match",
    about: "The `ETag` of what was read: it is changed only if nobody has changed it meanwhile. `*`: in any case.",
    form: Form::Text(1_024),
};
/// What the client has.
pub(crate) const IF_NONE_MATCH: Parameter = Parameter {
    name: "If-None-Match",
    about: "The `ETag` of an answer that the client has: it is not sent again.",
    form: Form::Text(1_024),
};
/// How long to wait.
pub(crate) const WAIT: Parameter = Parameter {
    name: "wait",
    about: "How long to wait for the runs to end, such as `500ms`, `30s` or `5m`, at most `5m`. Not at all unless it \
            is said.",
    form: Form::Wait,
};

impl Form {
    /// Whether a text is of this form.
    pub(crate) fn admits(self, text: &str) -> bool {
        match self {
            Self::Text(bytes_max) => !text.is_empty() && text.len() <= bytes_max,
            Self::Number(least, most) => text.parse().is_ok_and(|number: u32| (least..=most).contains(&number)),
            Self::Word(words) => words.contains(&text),
            Self::Wait => duration(text).is_some(),
        }
    }

    /// What it must be, for a message.
    pub(crate) fn words(self) -> String {
        match self {
            Self::Text(bytes_max) => format!("text of 1 to {bytes_max} bytes"),
            Self::Number(least, most) => format!("a number from {least} to {most}"),
            Self::Word(words) => format!("one of `{}`", words.join("`, `")),
            Self::Wait => "such as `500ms`, `30s` or `5m`, and at most `5m`".to_owned(),
        }
    }

    /// Its schema.
    pub(super) fn schema(self) -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let schema = match self {
            Self::Text(bytes_max) => text.min_length(Some(1)).max_length(Some(bytes_max)),
            Self::Number(least, most) => {
                ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(least)).maximum(Some(most))
            }
            Self::Word(words) => text.enum_values(Some(words.iter().copied())),
            Self::Wait => text.pattern(Some(WAIT_PATTERN)),
        };
        schema.into()
    }
}

/// An integer with `ms`, `s` or `m`, of at most [`WAIT_MAX`].
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    let duration = match unit {
        "ms" => Duration::from_millis(number),
        "s" => Duration::from_secs(number),
        "m" => Duration::from_secs(number.checked_mul(60)?),
        _ => return None,
    };
    (duration <= WAIT_MAX).then_some(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_an_integer_and_a_unit_and_at_most_five_minutes() {
        let good = [("0s", 0), ("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("300s", 300_000)];
        for (text, millis) in good {
            assert_eq!(duration(text), Some(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "30", "-1s", "1.5s", "1h", "30 s", "301s", "300001ms", "18446744073709551615m"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn a_form_admits_what_is_at_its_limits_and_nothing_past_them() {
        let cases: [(Form, &[&str], &[&str]); 3] = [
            (Form::Text(3), &["a", "abc", "ä"], &["", "abcd", "ää"]),
            (Form::Number(1, 500), &["1", "500"], &["0", "501", "x", "", "-1", "4294967296"]),
            (Form::Word(&["draft", "active"]), &["draft", "active"], &["", "Draft", "paused"]),
        ];
        for (form, good, bad) in cases {
            assert!(good.iter().all(|text| form.admits(text)), "{form:?}");
            assert!(!bad.iter().any(|text| form.admits(text)), "{form:?}");
        }
    }
}
