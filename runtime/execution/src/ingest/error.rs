//! Why nothing was accepted.

use alcove_catalog::ingest::IngestError;
use alcove_ids::AppId;
use alcove_store::{StoreError, tables::RowError};

use crate::{CommitError, Exceeded, PlanError};

/// Why an event, or a request for a run, was not accepted. Nothing was changed, unless the error says that this is not
/// known.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// It does not fit the catalog.
    #[error(transparent)]
    Event(#[from] IngestError),
    /// The tenant's runs of this hour are used up.
    #[error(transparent)]
    Quota(Exceeded),
    /// The row that it comes with does not fit its table.
    #[error(transparent)]
    Told(#[from] alcove_platform::LoadError),
    /// Another event of this source has this id.
    #[error("`{source_name}` has sent another event with the id `{id}` before")]
    Conflict {
        /// The source.
        source_name: String,
        /// The id.
        id: String,
    },
    /// The source is for events that runs cause.
    #[error("`{source_name}` is no source for events from outside: sources that begin with `{prefix}` are for runs")]
    Source {
        /// The source.
        source_name: String,
        /// What it must not begin with.
        prefix: &'static str,
    },
    /// A part that names the event is empty or too long.
    #[error("the {part} of an event has 1 to {max} bytes, not {found}")]
    Length {
        /// Which part.
        part: &'static str,
        /// The most that it may have, in bytes.
        max: usize,
        /// What it has, in bytes.
        found: usize,
    },
    /// The tenant's apps changed again and again while the event was matched.
    #[error("the tenant's apps are changing; send the event again")]
    Unsteady,
    /// There is no such app.
    #[error("there is no app `{app}`")]
    NoApp {
        /// Which.
        app: AppId,
    },
    /// The app is in a state in which nobody starts it.
    #[error("the app is {status}, and only an app that is a draft or active can be started")]
    NotRunnable {
        /// The state.
        status: &'static str,
    },
    /// The app runs some time after an event, and never by hand.
    #[error("the app runs some time after each `{event}` event; send such an event to start it")]
    Delayed {
        /// The event.
        event: String,
    },
    /// The app's plan does not load.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// It could not be made durable.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored row does not read.
    #[error(transparent)]
    Row(#[from] RowError),
}
