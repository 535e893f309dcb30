//! In which state an app is, for whoever changes it only if nobody has changed it meanwhile.

use alcove_journal::transition::Subject;
use alcove_store::tables::apps;

/// The state of an app, as far as people decide about it: its versions, its status, and when that changed. Runs that
/// fail or succeed do not change it, unless they stop the app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision(String);

/// Who changes an app, and in which of its states only.
#[derive(Clone, Copy, Debug)]
pub struct ChangedBy<'a> {
    /// Who.
    pub who: &'a Subject,
    /// It must be in one of these states; `None`: in whichever it is.
    pub only_if: Option<&'a [Revision]>,
}

impl Revision {
    /// Of an app.
    pub fn of(row: &apps::Row) -> Self {
        let apps::Row { version, active_version, status, updated_at, .. } = row;
        let state = format!("{version} {active_version:?} {} {updated_at}", status.as_str());
        let digest = blake3::hash(state.as_bytes()).to_hex();
        Self(digest.chars().take(32).collect())
    }

    /// What somebody was told once; anything else names a state in which no app is.
    pub fn told(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As text: 32 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl ChangedBy<'_> {
    /// Whether an app may be changed that is in this state.
    pub(super) fn may_change(&self, row: &apps::Row) -> bool {
        self.only_if.is_none_or(|known| known.contains(&Revision::of(row)))
    }
}

impl<'a> From<&'a Subject> for ChangedBy<'a> {
    fn from(who: &'a Subject) -> Self {
        Self { who, only_if: None }
    }
}
