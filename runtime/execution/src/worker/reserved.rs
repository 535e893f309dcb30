//! What external effects of a run reserve of the tenant's quotas, and what they come to use of it.

use std::collections::BTreeMap;

use alcove_catalog::Class;
use alcove_ids::EffectId;
use alcove_journal::{
    entry::{Entry, Record},
    transition::Wait,
};
use alcove_plan::{settings::OnQuotaExceeded, value::Value};
use alcove_platform::{EffectCall, Scope, Unperformed, ai};
use alcove_store::{StoreError, tables::reservations};

use super::session::Session;
use crate::{
    LoadedPlan,
    node::Node,
    outside::Performed,
    quota::{Exceeded, Resource, Settlement, Want, resume_at},
};

/// What an external effect needs before it is sent.
pub(super) fn wants(call: &EffectCall, params: &Value) -> Vec<Want> {
    let Some(class) = call.action.entry().class else { return Vec::new() };
    let want = |resource, amount| Want { effect: call.effect_id.clone(), resource, amount };
    let mut wants = vec![want(Resource::of_class(class), 1)];
    if class == Class::Ai {
        let most = ai::tokens_max(call.action.name(), params);
        wants.push(want(Resource::AiTokens, i64::try_from(most).unwrap_or(i64::MAX)));
    }
    wants
}

/// For how long a run waits that has met a quota; `None`: it does not wait, but goes on with a failure.
pub(super) fn wait_for_quota(plan: &LoadedPlan, scope: &Scope, exceeded: Exceeded) -> Option<Wait> {
    let waits = plan.plan().settings.on_quota_exceeded == OnQuotaExceeded::Reschedule;
    let until_us = resume_at(exceeded, scope.now.micros(), scope.execution.as_str()).filter(|_| waits)?;
    Some(Wait::Delay { until_us })
}

/// What the attempts at an effect have used.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Used {
    /// Whether anything was sent.
    was_sent: bool,
    /// Tokens that a model was given and gave.
    tokens: u64,
}

impl Used {
    /// By one attempt.
    pub(super) fn of(answer: &Result<Performed, Unperformed>) -> Self {
        match answer {
            Ok(performed) => Self { was_sent: true, tokens: performed.tokens_in.saturating_add(performed.tokens_out) },
            Err(unperformed) => Self { was_sent: !unperformed.nothing_was_sent, tokens: unperformed.tokens },
        }
    }
}

/// What external effects that are not settled have reserved.
#[derive(Debug, Default)]
pub(super) struct Reserved {
    rows: BTreeMap<EffectId, Vec<reservations::Row>>,
    /// Of effects that this worker has sent.
    used: BTreeMap<EffectId, Used>,
    settled: Vec<Settlement>,
}

impl Reserved {
    /// What a run had reserved that is taken up again.
    pub(super) async fn read(node: &Node, scope: &Scope, journal: &[Record]) -> Result<Self, StoreError> {
        let mut reserved = Self::default();
        if journal.iter().any(|record| matches!(record.entry, Entry::Intent(_))) {
            let of_run = reservations::of_run(node.store.dialect(), &scope.tenant, &scope.execution);
            let rows = node.store.query_of(scope.tenant.as_str(), &of_run).await?;
            reserved.keep(rows.iter().map(|row| reservations::Row::decode(row)).collect::<Result<_, _>>()?);
        }
        Ok(reserved)
    }

    /// It is reserved.
    pub(super) fn keep(&mut self, rows: Vec<reservations::Row>) {
        for row in rows {
            self.rows.entry(row.effect.clone()).or_default().push(row);
        }
    }

    /// Whether an effect has reserved anything.
    pub(super) fn holds(&self, effect: &EffectId) -> bool {
        self.rows.contains_key(effect)
    }

    /// An attempt has used this.
    pub(super) fn note(&mut self, effect: &EffectId, used: Used) {
        let all = self.used.entry(effect.clone()).or_default();
        all.was_sent |= used.was_sent;
        all.tokens = all.tokens.saturating_add(used.tokens);
    }

    /// The effect is settled. Where nobody knows what it has used, it is everything.
    pub(super) fn settle(&mut self, effect: &EffectId) {
        let noted = self.used.remove(effect);
        for reserved in self.rows.remove(effect).unwrap_or_default() {
            let used = match noted {
                Some(Used { tokens, .. }) if reserved.name == Resource::AiTokens.name() => {
                    i64::try_from(tokens).unwrap_or(i64::MAX)
                }
                None | Some(Used { was_sent: true, .. }) => reserved.amount,
                Some(Used { was_sent: false, .. }) => 0,
            };
            self.settled.push(Settlement { reserved, used });
        }
    }

    /// What is to become durable with the results.
    pub(super) fn take_settled(&mut self) -> Vec<Settlement> {
        std::mem::take(&mut self.settled)
    }
}

impl Session {
    /// For how long the run waits that has met a quota.
    pub(super) fn wait_for_quota(&self, exceeded: Exceeded) -> Option<Wait> {
        wait_for_quota(&self.plan, &self.scope, exceeded)
    }
}
