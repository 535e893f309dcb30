//! Who may decide about what.

use alcove_ids::EffectId;
use alcove_plan::envelope::Digest;

/// How long an approval waits, unless the config says otherwise: seven days, in milliseconds.
pub const APPROVAL_TIMEOUT_MS: u64 = 7 * 86_400_000;

/// A question to people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What the answer will be about.
    pub binding: Binding,
    /// When it expires, in microseconds since 1970-01-01T00:00:00Z.
    pub expires_us: i64,
    /// Who may decide, by role; empty: whoever may approve.
    pub roles: Vec<String>,
    /// Who had a part in the run.
    pub involved: Involved,
}

/// What a decision is about. It holds for nothing else: not for another version of the app, another place or iteration,
/// or other parameters than were shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The plan.
    pub plan: Digest,
    /// The call of `request_approval`: its place and loop indices, in this execution.
    pub effect: EffectId,
    /// What the approver was shown.
    pub preview: Digest,
}

/// Somebody who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// What they are.
    pub kind: SubjectKind,
    /// Who they are.
    pub id: String,
}

/// What somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectKind {
    /// A person who is signed in.
    Person,
    /// A program that holds an API key.
    Key,
    /// A model that acts for somebody.
    Agent,
}

/// Who had a part in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Involved {
    /// Who wrote the version of the app.
    pub author: Subject,
    /// Who activated it.
    pub activator: Subject,
    /// Who started the run, if somebody did.
    pub starter: Option<Subject>,
}

/// Somebody who decides. Authorization (whether they may approve at all) has been checked before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decider {
    /// Who.
    pub subject: Subject,
    /// The roles that they have.
    pub roles: Vec<String>,
}

/// Why somebody may not decide.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No model ever does.
    #[error("an agent cannot decide about an approval; a person must")]
    Agent,
    /// No key decides about what it asked for.
    #[error("the key that had a part in the run cannot decide about its approval")]
    OwnKey,
    /// No person does, unless the tenant allows it.
    #[error("the {part} cannot decide about the approval; somebody else must")]
    Own {
        /// What the person did.
        part: &'static str,
    },
    /// The app names roles.
    #[error("the approval asks for one of the roles `{}`", wanted.join("`, `"))]
    Role {
        /// Which.
        wanted: Vec<String>,
    },
}

impl Request {
    /// Whether somebody may decide. Gives whether it is an approval of their own, which the tenant must allow.
    pub fn may_decide(&self, by: &Decider, own_allowed: bool) -> Result<bool, Refusal> {
        let part = self.involved.part_of(&by.subject);
        match (by.subject.kind, part) {
            (SubjectKind::Agent, _) => return Err(Refusal::Agent),
            (SubjectKind::Key, Some(_)) => return Err(Refusal::OwnKey),
            (SubjectKind::Person, Some(part)) if !own_allowed => return Err(Refusal::Own { part }),
            (SubjectKind::Key | SubjectKind::Person, _) => {}
        }
        if !self.roles.is_empty() && !self.roles.iter().any(|role| by.roles.contains(role)) {
            return Err(Refusal::Role { wanted: self.roles.clone() });
        }
        Ok(part.is_some())
    }
}

impl Binding {
    /// What differs from another binding.
    pub(super) fn difference(&self, other: &Self) -> Option<&'static str> {
        let parts = [
            ("plan", self.plan == other.plan),
            ("place", self.effect == other.effect),
            ("preview", self.preview == other.preview),
        ];
        parts.into_iter().find(|(_, same)| !same).map(|(part, _)| part)
    }
}

impl Involved {
    fn part_of(&self, subject: &Subject) -> Option<&'static str> {
        let parts = [
            ("author of the app", Some(&self.author)),
            ("person who activated the app", Some(&self.activator)),
            ("person who started the run", self.starter.as_ref()),
        ];
        parts.into_iter().find(|(_, who)| *who == Some(subject)).map(|(part, _)| part)
    }
}
