//! What a run's barrier has to do with the quotas of its tenant.

use alcove_ids::EffectId;
use alcove_plan::settings::OnQuotaExceeded;
use alcove_store::tables::reservations;

use super::Resource;

/// What a run's barrier has to do with the quotas of its tenant, besides the local effects in it.
#[derive(Clone, Debug)]
pub(crate) struct Spending {
    /// What becomes of the run where a quota is used up.
    pub(crate) reaction: OnQuotaExceeded,
    /// What the external effect needs whose intent is in the barrier.
    pub(crate) wants: Vec<Want>,
    /// What effects that are settled in the barrier had reserved, and have used.
    pub(crate) settled: Vec<Settlement>,
}

/// So much of a resource, for an external effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Want {
    pub(crate) effect: EffectId,
    pub(crate) resource: Resource,
    pub(crate) amount: i64,
}

/// A reservation that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settlement {
    pub(crate) reserved: reservations::Row,
    /// How much was used of it.
    pub(crate) used: i64,
}

impl Spending {
    /// Of a barrier that has nothing to do with any quota but through its local effects.
    #[cfg(test)]
    pub(crate) fn new(reaction: OnQuotaExceeded) -> Self {
        Self { reaction, wants: Vec::new(), settled: Vec::new() }
    }
}
