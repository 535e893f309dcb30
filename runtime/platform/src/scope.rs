//! For whom something is done.

use alcove_ids::{AppId, ExecutionId, TenantId};
use alcove_plan::value::Timestamp;

/// One run, as the platform sees it. Made by the host before the guest starts; no guest can name any part of it.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Whose rows.
    pub tenant: TenantId,
    /// Whose state.
    pub app: AppId,
    /// Whose effects.
    pub execution: ExecutionId,
    /// The run's `now`, written wherever a row says when.
    pub now: Timestamp,
    /// How many runs, each started by an event of the one before, led to this one; 0 for a run that no app caused.
    pub chain_depth: u32,
}
