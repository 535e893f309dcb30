//! Resources without a window: what there is counts, and nothing else. Who adds to a stock counts it under the tenant's
//! lock, in the transaction that adds.

use alcove_platform::{Allowance, Most};

use super::{Exceeded, Resource};
use crate::Tier;

/// Whether a tenant that has `used` of a stock may have one more. A tenant without a tier may.
pub fn one_more(tier: Option<Tier>, resource: Resource, used: u64) -> Result<(), Exceeded> {
    match tier.and_then(|tier| full(tier, resource)) {
        Some(full) if used >= full.limit => Err(Exceeded { used, ..full }),
        _ => Ok(()),
    }
}

/// What a tier leaves to the calls of a run where no counter withholds any: how many keys the state of the tenant's
/// apps may have.
pub(crate) fn allowance(tier: Tier) -> Allowance {
    let most = full(tier, Resource::StateKeys).map(|full| Most { value: full.limit, failure: full.failure() });
    Allowance { state_keys: most, ..Allowance::default() }
}

/// What somebody is told for whom a stock that is just full has no more room; `None`: it never is.
fn full(tier: Tier, resource: Resource) -> Option<Exceeded> {
    let limit = resource.amount(tier)?;
    Some(Exceeded { resource, tier, limit, used: limit, reset_at: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stock_is_filled_to_the_limit_and_no_further() {
        assert_eq!(one_more(Some(Tier::Free), Resource::Apps, 9), Ok(()));
        let full = one_more(Some(Tier::Free), Resource::Apps, 10).unwrap_err();
        assert_eq!((full.limit, full.used, full.reset_at), (10, 10, None));
        assert_eq!(one_more(Some(Tier::Enterprise), Resource::Apps, u64::MAX), Ok(()));
        assert_eq!(one_more(None, Resource::ApiKeys, u64::MAX), Ok(()));
    }
}
