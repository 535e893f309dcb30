//! Whom roles are given to.

use std::fmt;

use alcove_journal::transition::{Subject, SubjectKind};

use crate::ControlError;

/// The longest name of somebody, in bytes.
const NAME_BYTES_MAX: usize = 100;

/// A member or a team, as it is written: `person:ann`, `service:ci`, `agent:helper`, `team:ops`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Somebody who can have keys.
    Member(Subject),
    /// A team, by its id.
    Team(String),
}

impl Who {
    /// Reads a subject.
    pub(crate) fn parse(text: &str) -> Result<Self, ControlError> {
        let wrong = || {
            ControlError::Invalid(format!(
                "`{text}` is no subject: write `person:`, `service:`, `agent:` or `team:` and a name of 1 to \
                 {NAME_BYTES_MAX} letters, digits and `_-.@+`"
            ))
        };
        let (kind, name) = text.split_once(':').ok_or_else(wrong)?;
        if !is_name(name) {
            return Err(wrong());
        }
        let kind = match kind {
            "person" => SubjectKind::Person,
            "service" => SubjectKind::Key,
            "agent" => SubjectKind::Agent,
            "team" => return Ok(Self::Team(name.to_owned())),
            _ => return Err(wrong()),
        };
        Ok(Self::Member(Subject { kind, id: name.to_owned() }))
    }

    /// Reads the subject of a member.
    pub(crate) fn member(text: &str) -> Result<Subject, ControlError> {
        match Self::parse(text)? {
            Self::Member(subject) => Ok(subject),
            Self::Team(_) => {
                Err(ControlError::Invalid(format!("`{text}` is a team; name a person, a service or an agent")))
            }
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(subject) => f.write_str(&written(subject)),
            Self::Team(id) => write!(f, "team:{id}"),
        }
    }
}

/// A member's subject as it is written.
pub(crate) fn written(subject: &Subject) -> String {
    let kind = match subject.kind {
        SubjectKind::Person => "person",
        SubjectKind::Key => "service",
        SubjectKind::Agent => "agent",
    };
    format!("{kind}:{}", subject.id)
}

/// Whether something can be the name of somebody, of a team, or of a role.
pub(crate) fn is_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.@+".contains(&byte);
    (1..=NAME_BYTES_MAX).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::{NAME_BYTES_MAX, Who};

    #[test]
    fn a_subject_reads_back_as_it_was_written() {
        let longest = format!("person:{}", "a".repeat(NAME_BYTES_MAX));
        for text in ["person:ann", "person:ann@example.com", "service:ci", "agent:helper", "team:ops", &longest] {
            assert_eq!(Who::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_subject_is_refused() {
        let too_long = format!("person:{}", "a".repeat(NAME_BYTES_MAX + 1));
        for text in ["", "ann", "person:", "person", "god:ann", "person:a b", "person:a:b", "Person:ann", &too_long] {
            assert!(Who::parse(text).is_err(), "{text}");
        }
        assert!(Who::member("team:ops").is_err());
    }
}
