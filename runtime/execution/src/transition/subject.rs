//! Subjects as JSON, which is how rows keep them: `{"kind":"person","id":"ada"}`.

use alcove_journal::transition::{Subject, SubjectKind};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<'a> {
    kind: Kind,
    id: std::borrow::Cow<'a, str>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Person,
    Key,
    Agent,
}

/// A subject as JSON.
pub(crate) fn subject_to_json(subject: &Subject) -> String {
    let kind = match subject.kind {
        SubjectKind::Person => Kind::Person,
        SubjectKind::Key => Kind::Key,
        SubjectKind::Agent => Kind::Agent,
    };
    // Two strings always have a form as JSON.
    serde_json::to_string(&Stored { kind, id: subject.id.as_str().into() }).unwrap_or_default()
}

/// A subject from JSON; `None`: it is none.
pub(crate) fn subject_from_json(json: &str) -> Option<Subject> {
    let stored: Stored<'_> = serde_json::from_str(json).ok()?;
    let kind = match stored.kind {
        Kind::Person => SubjectKind::Person,
        Kind::Key => SubjectKind::Key,
        Kind::Agent => SubjectKind::Agent,
    };
    Some(Subject { kind, id: stored.id.into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_comes_back_as_it_was() {
        for kind in [SubjectKind::Person, SubjectKind::Key, SubjectKind::Agent] {
            let subject = Subject { kind, id: "a \"b\"".to_owned() };
            assert_eq!(subject_from_json(&subject_to_json(&subject)), Some(subject));
        }
        let ada = Subject { kind: SubjectKind::Person, id: "ada".to_owned() };
        assert_eq!(subject_to_json(&ada), r#"{"kind":"person","id":"ada"}"#);
    }

    #[test]
    fn what_is_no_subject_is_none() {
        for json in ["", "{}", r#"{"kind":"god","id":"x"}"#, r#"{"kind":"person","id":"x","more":1}"#] {
            assert_eq!(subject_from_json(json), None, "{json}");
        }
    }
}
