//! What the quotas of a tenant leave of the calls of a run.

use std::collections::BTreeMap;

use alcove_plan::{codec::Outcome, failure::Failure};

/// What the quotas of a tenant leave of the calls of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Allowance {
    /// Calls that are not performed, by their positions, and what becomes of each instead: it fails, or it is suspended
    /// and all calls after it with it.
    pub withheld: BTreeMap<usize, Outcome>,
    /// How many keys the state of all the tenant's apps may have together; `None`: as many as the apps may have.
    pub state_keys: Option<Most>,
}

/// The most that there may be of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Most {
    /// So much.
    pub value: u64,
    /// What the call fails with that would be one too many.
    pub failure: Failure,
}

impl Allowance {
    /// No quota.
    pub const FREE: &'static Self = &Self { withheld: BTreeMap::new(), state_keys: None };
}
