//! What an app does with a run that is due while another one is going on.

use alcove_plan::settings::{Concurrency, Settings};

/// What an app does with a run that is due while another one is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overlap {
    /// It is left out.
    Skip,
    /// It waits its turn.
    Queue,
    /// Both go on, up to so many on this node.
    Parallel {
        /// How many, one or more.
        runs_max: u32,
    },
}

impl Overlap {
    /// What a plan says.
    pub(crate) fn of(settings: &Settings) -> Self {
        match settings.concurrency {
            Concurrency::Skip => Self::Skip,
            Concurrency::Queue => Self::Queue,
            Concurrency::Parallel => Self::Parallel { runs_max: settings.concurrency_max.unwrap_or(u32::MAX) },
        }
    }

    /// Whether a run of the app holds the app's lock while it is running.
    pub(crate) fn is_locked(self) -> bool {
        !matches!(self, Self::Parallel { .. })
    }
}
