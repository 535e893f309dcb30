//! On whose behalf something is sent.

use std::time::Instant;

use alcove_egress::{AllowList, CallSink, SigningKey};
use alcove_ids::TenantId;
use alcove_plan::failure::{Code, Failure};
use alcove_platform::{EffectCall, http::Sending};

use super::Outside;

/// The tenant of a run, and what is known when one of its effects is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Behalf<'a> {
    pub(crate) tenant: &'a TenantId,
    /// The entries of its allow-list.
    pub(crate) allowed_origins: &'a [String],
    /// Nothing is sent after this moment; `None`: there is no such moment.
    pub(crate) not_after: Option<Instant>,
    /// What time it is, in microseconds since 1970-01-01T00:00:00Z.
    pub(crate) now_us: i64,
    /// Who is told of the requests; `None`: nobody.
    pub(crate) sink: Option<&'a dyn CallSink>,
}

impl<'a> Behalf<'a> {
    pub(super) fn sending(
        self,
        call: &'a EffectCall,
        allowed: &'a AllowList,
        signing: &'a [SigningKey],
    ) -> Sending<'a> {
        let Self { not_after, now_us, sink, .. } = self;
        let (effect, guarantee) = (&call.effect_id, call.action.guarantee());
        Sending { effect, guarantee, allowed, not_after, signing, at_s: now_us.div_euclid(1_000_000), sink }
    }
}

impl Outside {
    /// What a tenant with such a list may reach. E005: an entry does not read; whoever changes the list is told so, and
    /// a list that cannot be read opens nothing.
    pub(super) fn allowed(&self, operator: &AllowList, entries: &[String]) -> Result<AllowList, Failure> {
        if entries.is_empty() && self.lists_inherited {
            return Ok(operator.clone());
        }
        AllowList::parse(entries)
            .map_err(|error| Failure::new(Code::Action, format!("the tenant's allow-list does not read: {error}")))
    }

    /// The secrets that sign what a tenant sends. E007: they cannot be read now, and nothing goes out without them.
    pub(super) async fn signing_keys(&self, tenant: &TenantId) -> Result<Vec<SigningKey>, Failure> {
        match &self.signing {
            None => Ok(Vec::new()),
            Some(signing) => signing.of(tenant).await.map_err(|error| Failure::new(Code::External, error)),
        }
    }
}
