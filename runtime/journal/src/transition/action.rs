//! What else happens when a run changes its state.

use alcove_plan::failure::Failure;

use super::approval::{Binding, Request, Subject};
use crate::entry::{Ending, Entry};

/// One thing to do, in the transaction that stores the run. The list is closed: whoever performs actions names each.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Append to the journal.
    Append(Entry),
    /// The run is over: its row says how, and so does its journal, if it has one. Before that, the journal gets the
    /// results of effects that were begun and that nobody will ever settle:
    /// [`Cursor::lost`](crate::cursor::Cursor::lost).
    Finish(Ending),
    /// Arm a timer of this run.
    ArmTimer(Timer),
    /// It must not fire any more.
    CancelTimer(Timer),
    /// Put the run into its tenant's queue.
    Enqueue,
    /// Give back the lease, and the app's lock. Everything before it is done under the lease.
    Release,
    /// Tell the worker to stop at the next host call; not part of the transaction, and nothing depends on it.
    Interrupt,
    /// Put a question to people.
    AskApproval(Box<Request>),
    /// It is decided: take it away.
    CloseApproval(Binding),
    /// One more failed run of the app in a row.
    CountFailure,
    /// The app's last run did not fail.
    ClearFailures,
    /// The app goes to `error`.
    PauseApp,
    /// Put the run into the dead-letter queue.
    DeadLetter,
    /// Take it out.
    CloseDeadLetter(DeadLetterFate),
    /// Tell the tenant's admins.
    NotifyAdmins(Notice),
    /// Add to the audit log.
    Audit(AuditNote),
}

/// A timer of a run. It has at most one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// What it is for.
    pub kind: TimerKind,
    /// When it fires, in microseconds since 1970-01-01T00:00:00Z.
    pub due_us: i64,
}

/// What a timer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimerKind {
    /// The expiry of an approval.
    Approval,
    /// The next attempt.
    Retry,
    /// The end of a delay.
    Delay,
}

/// What became of a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadLetterFate {
    /// It is tried again.
    Redriven,
    /// It never will be.
    Discarded,
}

/// What admins are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A run has failed.
    RunFailed(Failure),
    /// It is not known whether an effect happened, and a person must say.
    OutcomeUnknown(Failure),
    /// The app was paused after so many failed runs in a row.
    AppPaused {
        /// How many.
        failures: u32,
    },
}

/// What is written into the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditNote {
    /// Somebody decided about an approval.
    Decided {
        /// Who.
        by: Subject,
        /// About what.
        binding: Binding,
        /// Whether it was the requester's own, which the tenant allows.
        own: bool,
    },
    /// The app was paused after so many failed runs in a row.
    AppPaused {
        /// How many.
        failures: u32,
    },
    /// Somebody had a run tried again.
    Redriven {
        /// Who.
        by: Subject,
    },
    /// Somebody gave a dead letter up.
    Discarded {
        /// Who.
        by: Subject,
    },
}
