//! What is refused, and how that is said.

use alcove_plan::{limits::STRING_BYTES_MAX, value::DEPTH_MAX};

/// Why JSON is not a row, an event or a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IngestError {
    /// A row or a payload that is not an object.
    #[error("`{owner}` needs an object, not {found}")]
    NotAnObject {
        /// The connector or event.
        owner: String,
        /// The kind of what was there.
        found: &'static str,
    },
    /// An event that the catalog does not have.
    #[error("no event is called `{name}`{}", did_you_mean(suggestion.as_deref()))]
    UnknownEvent {
        /// The name.
        name: String,
        /// The nearest event.
        suggestion: Option<String>,
    },
    /// A field that the connector does not have.
    #[error("`{owner}` has no field `{field}`{}", did_you_mean(suggestion.as_deref()))]
    UnknownField {
        /// The connector.
        owner: String,
        /// The field.
        field: String,
        /// The nearest field.
        suggestion: Option<String>,
    },
    /// A field that must be there.
    #[error("`{owner}` needs the field `{field}`")]
    MissingField {
        /// The connector or event.
        owner: String,
        /// The field.
        field: String,
    },
    /// A field of another type.
    #[error("field `{field}` of `{owner}` must be {expected}, not {found}")]
    WrongType {
        /// The connector or event.
        owner: String,
        /// The field.
        field: String,
        /// The type that it has.
        expected: String,
        /// The kind of what was there.
        found: &'static str,
    },
    /// Text where a timestamp belongs.
    #[error("field `{field}` of `{owner}` must be an RFC 3339 timestamp, such as `2026-01-31T12:00:00Z`")]
    NotATimestamp {
        /// The connector or event.
        owner: String,
        /// The field.
        field: String,
    },
    /// A number that is neither a signed 64-bit integer nor a decimal of 28 significant digits.
    #[error("the number `{number}` has more than 28 significant digits or is out of range")]
    Number {
        /// The number as it was written, cut after some digits.
        number: String,
    },
    /// A string or a name longer than any may be.
    #[error("a string has {len} bytes; at most {STRING_BYTES_MAX} are allowed")]
    StringTooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// Lists and objects too deep inside one another.
    #[error("lists and objects are nested more than {DEPTH_MAX} deep")]
    TooDeep,
}

impl IngestError {
    /// The field whose value or name is wrong; none where one is missing, or where it is not known which it is.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::UnknownField { field, .. } | Self::WrongType { field, .. } | Self::NotATimestamp { field, .. } => {
                Some(field)
            }
            _ => None,
        }
    }
}

/// The candidate that `name` was probably meant to be: at most a third of its letters differ.
pub(super) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    // Distances take time in proportion to both lengths; no name of the catalog is nearly as long.
    if name.len() > 100 {
        return None;
    }
    let bound = (name.chars().count() / 3).max(1);
    let distances = candidates.map(|candidate| (strsim::osa_distance(name, candidate), candidate));
    distances.filter(|(distance, _)| *distance <= bound).min().map(|(_, candidate)| candidate.to_owned())
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}
