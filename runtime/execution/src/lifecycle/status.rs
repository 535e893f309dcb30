//! The states of an app and what leads from one to the other: a table, and nothing else.

use std::fmt;

use alcove_store::tables::apps::Status;

/// What is done to an app.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AppChange {
    /// A new version is saved. What is active stays so.
    Edit,
    /// A version becomes the one that triggers start.
    Activate,
    /// Nothing of it runs any more, until it is resumed.
    Pause,
    /// It goes on with the version that it had.
    Resume,
    /// An earlier version becomes the one that triggers start.
    Rollback,
    /// Its runs end, its timers are gone.
    Delete,
}

/// What a change leads to; what does not stand here does not exist.
///
/// | | edit | activate | pause | resume | rollback | delete |
/// |---|---|---|---|---|---|---|
/// | draft | draft | active | | | | deleted |
/// | active | active | active | paused | | active | deleted |
/// | paused | paused | active | | active | | deleted |
/// | error | error | active | | active | active | deleted |
/// | deleted | | | | | | |
///
/// An app also goes from `active` to `error` by itself: see `alcove_journal::transition::Action::PauseApp`.
pub fn after(status: Status, change: AppChange) -> Option<Status> {
    use {AppChange as C, Status as S};
    match (status, change) {
        (S::Deleted, _)
        | (S::Draft, C::Pause | C::Resume | C::Rollback)
        | (S::Active, C::Resume)
        | (S::Paused, C::Pause | C::Rollback)
        | (S::Error, C::Pause) => None,
        (_, C::Delete) => Some(S::Deleted),
        (_, C::Edit) => Some(status),
        (_, C::Activate) | (S::Paused | S::Error, C::Resume) | (S::Active | S::Error, C::Rollback) => Some(S::Active),
        (S::Active, C::Pause) => Some(S::Paused),
    }
}

impl AppChange {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Edit, Self::Activate, Self::Pause, Self::Resume, Self::Rollback, Self::Delete];

    /// What an app was, once this was done to it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Edit => "edited",
            Self::Activate => "activated",
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Rollback => "rolled back",
            Self::Delete => "deleted",
        }
    }
}

impl fmt::Display for AppChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use alcove_store::tables::apps::Status as S;

    use super::{AppChange as C, after};

    #[test]
    fn each_change_leads_from_each_state_where_the_requirements_say() {
        let table = [
            (S::Draft, [Some(S::Draft), Some(S::Active), None, None, None, Some(S::Deleted)]),
            (S::Active, [Some(S::Active), Some(S::Active), Some(S::Paused), None, Some(S::Active), Some(S::Deleted)]),
            (S::Paused, [Some(S::Paused), Some(S::Active), None, Some(S::Active), None, Some(S::Deleted)]),
            (S::Error, [Some(S::Error), Some(S::Active), None, Some(S::Active), Some(S::Active), Some(S::Deleted)]),
            (S::Deleted, [None; 6]),
        ];
        for (status, led) in table {
            let all: Vec<_> = C::ALL.iter().map(|change| after(status, *change)).collect();
            assert_eq!(all, led, "{}", status.as_str());
        }
    }
}
