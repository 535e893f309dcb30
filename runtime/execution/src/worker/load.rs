//! The plan that a run is pinned to, or why the run fails without it.

use std::{error::Error, sync::Arc};

use alcove_host::CancellationToken;
use alcove_plan::{envelope::Digest, failure::Failure};
use alcove_store::tables::executions;

use super::{course::UNAVAILABLE, halt::defect};
use crate::{LoadError, LoadedPlan, PlanError, node::Node};

/// Why a run cannot begin.
pub(super) struct Refused {
    pub(super) failure: Failure,
    /// Where in the config, as far as that is known: a JSON pointer.
    pub(super) path: String,
}

/// The plan of a run. What is stored may have been damaged, or name what the catalog of this build does not have: then
/// the run fails. A database that does not answer is asked again; `None`: until the run was to be stopped.
pub(super) async fn load(
    node: &Node,
    row: &executions::Row,
    cancel: &CancellationToken,
) -> Option<Result<Arc<LoadedPlan>, Refused>> {
    let Some(digest) = Digest::from_hex(&row.digest) else {
        return Some(Err(defect("the run names no plan").into()));
    };
    loop {
        match node.plans.get(&row.tenant, digest).await {
            Ok(plan) => return Some(Ok(plan)),
            Err(PlanError::Store(error)) => {
                tracing::warn!(execution = %row.id, %error, "the plan of a run could not be read");
                tokio::select! {
                    () = cancel.cancelled() => return None,
                    () = tokio::time::sleep(UNAVAILABLE) => {}
                }
            }
            Err(error) => return Some(Err(Refused::of(row.version, &error))),
        }
    }
}

impl Refused {
    fn of(version: u32, error: &PlanError) -> Self {
        let mut message = format!("the plan of version {version} cannot be used: {error}");
        let mut cause = error.source();
        while let Some(error) = cause {
            message.push_str(": ");
            message.push_str(&error.to_string());
            cause = error.source();
        }
        let path = match error {
            PlanError::Load(LoadError::Prepare { pointer, .. }) => pointer.clone(),
            _ => String::new(),
        };
        Self { failure: defect(message), path }
    }
}

impl From<Failure> for Refused {
    /// Of the run as a whole.
    fn from(failure: Failure) -> Self {
        Self { failure, path: String::new() }
    }
}
