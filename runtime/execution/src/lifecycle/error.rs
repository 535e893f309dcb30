//! Why an app was not changed.

use alcove_ids::AppId;
use alcove_plan::envelope::Digest;
use alcove_store::{
    StoreError,
    tables::{RowError, apps::Status},
};
use alcove_trigger::{chain::Cycle, cron::ScheduleError};

use super::AppChange;
use crate::{Exceeded, IndexError, LoadError, PlanError, TransitError, tenant::Missing};

/// Why an app was not changed. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum LifecycleError {
    /// The tenant has no such app, or not any more.
    #[error("there is no app `{app}`")]
    NoApp {
        /// Which.
        app: AppId,
    },
    /// The app is in another state than the one in which it was to be changed.
    #[error("the app `{app}` has changed meanwhile: read it again, and decide anew")]
    Changed {
        /// Which.
        app: AppId,
    },
    /// The app has no such version.
    #[error("the app `{app}` has no version {version}")]
    NoVersion {
        /// Which app.
        app: AppId,
        /// Which version.
        version: u32,
    },
    /// The id is taken, by an app that is there or by the history of one that was.
    #[error("there is or was an app `{app}`")]
    Taken {
        /// Which.
        app: AppId,
    },
    /// The tenant has as many apps as its tier allows.
    #[error(transparent)]
    Quota(Exceeded),
    /// The table of states has no such change.
    #[error("an app that is {} cannot be {change}", status.as_str())]
    NoSuchChange {
        /// Where the app is.
        status: Status,
        /// What was asked for.
        change: AppChange,
    },
    /// The app says itself that it may not be activated.
    #[error("version {version} of the app says `enabled: false` in its settings, so it cannot be activated")]
    Disabled {
        /// Which version.
        version: u32,
    },
    /// The version is active already.
    #[error("version {version} is the active one; a rollback needs an earlier version")]
    NotEarlier {
        /// Which version.
        version: u32,
    },
    /// The app does not remember this.
    #[error("the app `{app}` has no state under the key `{key}`")]
    NoKey {
        /// Which app.
        app: AppId,
        /// Which key.
        key: String,
    },
    /// The tenant has no such plan.
    #[error("there is no plan `{digest}`")]
    NoPlan {
        /// Its digest.
        digest: Digest,
    },
    /// A plan that was submitted cannot be used any more. A defect, or a catalog that lost something.
    #[error("the submitted plan cannot be used")]
    Kept {
        /// Why.
        #[source]
        source: PlanError,
    },
    /// The app needs what the tenant was not granted.
    #[error("the app needs what the tenant was not granted; `missing` lists it")]
    NotGranted {
        /// All of it.
        missing: Vec<Missing>,
    },
    /// The app would set itself off for ever.
    #[error(transparent)]
    Cycle(#[from] Cycle),
    /// Its schedule cannot be kept here.
    #[error("the app's schedule cannot be kept")]
    Schedule(#[from] ScheduleError),
    /// The plan was refused.
    #[error(transparent)]
    Plan(#[from] LoadError),
    /// A plan that was stored cannot be used. A defect, or a catalog that lost something.
    #[error("the stored plan of version {version} cannot be used")]
    Stored {
        /// Which version.
        version: u32,
        /// Why.
        #[source]
        source: PlanError,
    },
    /// A run could not be cancelled.
    #[error(transparent)]
    Transit(#[from] TransitError),
    /// What apps wait for could not be read.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A stored row is none. A defect.
    #[error(transparent)]
    Row(#[from] RowError),
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}
