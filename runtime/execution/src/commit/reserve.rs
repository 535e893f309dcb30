//! What the units of a batch take of their tenants' quotas.
//!
//! The first statement of a commit counts everything that its units may need; when they have won, the counters are made
//! right. Where the answer says that not all local effects fit, all is undone, and done again with those withheld that
//! do not: then the counters are asked for first, and the units are served in their order.

use std::collections::{BTreeMap, BTreeSet};

use alcove_ids::TenantId;
use alcove_plan::{codec::Outcome, settings::OnQuotaExceeded, value::Timestamp};
use alcove_platform::{Allowance, Blocked, EffectCall};
use alcove_store::{
    StoreError, Transaction,
    tables::{executions::Key, reservations},
};

use super::{
    Parts,
    ask::{Facts, key_of},
    judge::{Lost, Won, WonBarrier},
    queue::Job,
    unit::{Accept, Answer, Barrier, CommitError, RunRef, Unit},
};
use crate::{
    Tier,
    quota::{Admission, AdmitError, Admitted, Counter, Exceeded, Resource, Rooms, allowance},
};

/// What the units of a batch take of their tenants' quotas.
pub(super) struct Reserving {
    now_us: i64,
    tiers: BTreeMap<TenantId, Tier>,
    rooms: Rooms,
    /// Whether the counters are asked for before anything is performed.
    is_careful: bool,
    /// What is left to the runs of a tenant of which nothing is withheld.
    bases: BTreeMap<TenantId, Allowance>,
    /// What is left to a unit, by its position.
    allowances: BTreeMap<usize, Allowance>,
    /// Units of which something was withheld until the quota comes back.
    put_off: BTreeMap<usize, Exceeded>,
    made: Vec<reservations::Row>,
    settled: Vec<reservations::Row>,
}

/// Units whose tenants' settings do not read, by position.
pub(super) type Unsettled = Vec<(usize, Result<Answer, CommitError>)>;

impl Reserving {
    /// What these units may need. An inner error: they cannot be judged.
    pub(super) async fn of(parts: &Parts, jobs: &[Job], now: Timestamp) -> Result<Result<Self, Unsettled>, StoreError> {
        let mut reserving = Self {
            now_us: now.micros(),
            tiers: BTreeMap::new(),
            rooms: Rooms::default(),
            is_careful: false,
            bases: BTreeMap::new(),
            allowances: BTreeMap::new(),
            put_off: BTreeMap::new(),
            made: Vec::new(),
            settled: Vec::new(),
        };
        let mut unsettled = Vec::new();
        for (at, job) in jobs.iter().enumerate().filter(|(_, job)| !matches!(job.unit, Unit::Claim(_))) {
            match parts.tenants.settings(job.unit.tenant()).await {
                Ok(settings) => reserving.ask(parts, &job.unit, settings.tier, now),
                Err(error @ StoreError::Row(_)) => unsettled.push((at, Err(CommitError::Defect(error.to_string())))),
                Err(error) => return Err(error),
            }
        }
        Ok(if unsettled.is_empty() { Ok(reserving) } else { Err(unsettled) })
    }

    fn ask(&mut self, parts: &Parts, unit: &Unit, tier: Option<Tier>, now: Timestamp) {
        let tenant = unit.tenant();
        for settlement in spending_of(unit).into_iter().flat_map(|barrier| &barrier.spending.settled) {
            if let Some(counter) = Counter::of(&settlement.reserved.counter()) {
                self.rooms.ask(counter, tier, settlement.used.saturating_sub(settlement.reserved.amount));
            }
        }
        let Some(tier) = tier else { return };
        if self.tiers.insert(tenant.clone(), tier).is_none() {
            self.bases.insert(tenant.clone(), allowance(tier));
        }
        let executions = accept_of(unit).map_or(0, |accept| accept.runs.len());
        let mut needs = vec![(Resource::Executions, i64::try_from(executions).unwrap_or(i64::MAX))];
        if let Some(barrier) = spending_of(unit) {
            needs.extend(barrier.calls().iter().filter_map(local).map(|resource| (resource, 1)));
            needs.extend(barrier.spending.wants.iter().map(|want| (want.resource, want.amount)));
        }
        for (resource, amount) in needs.into_iter().filter(|(_, amount)| *amount > 0) {
            if let Some(counter) = Counter::at(tenant, resource, now.micros()) {
                self.rooms.ask(counter, Some(tier), amount);
            }
            // Where it is known to be full there is no need to find that out by doing it.
            self.is_careful |= resource != Resource::Executions && parts.seen.is_full(tenant, tier, resource, now);
        }
    }

    /// Requests of tenants with a tier: one that is there already is not counted again.
    pub(super) fn requests<'j>(&self, accepts: &[&'j Accept]) -> impl Iterator<Item = Key> + use<'j, '_> {
        let requests: Vec<&Accept> = accepts.iter().copied().filter(|accept| accept.event.is_none()).collect();
        let counted = requests.into_iter().filter(|accept| self.tiers.contains_key(&accept.tenant));
        counted.flat_map(|accept| accept.runs.iter().map(|row| Key { tenant: row.tenant.clone(), id: row.id.clone() }))
    }

    /// Lets the counters be asked for with the next flush, or asks for them now and withholds what does not fit.
    pub(super) async fn begin(&mut self, transaction: &mut Transaction, jobs: &[Job]) -> Result<(), StoreError> {
        self.rooms.enqueue(transaction);
        if self.is_careful {
            transaction.flush().await?;
            self.rooms.learn(transaction)?;
            self.withhold(jobs);
        }
        Ok(())
    }

    /// Learns, after the flush, what is left; false if local effects were performed that do not fit: all is to be
    /// undone and begun again.
    pub(super) fn learn(&mut self, transaction: &mut Transaction, jobs: &[Job]) -> Result<bool, StoreError> {
        if self.is_careful {
            return Ok(true);
        }
        self.rooms.learn(transaction)?;
        let barriers = jobs.iter().filter_map(|job| spending_of(&job.unit));
        let performed: BTreeSet<Counter> = barriers
            .flat_map(|barrier| barrier.calls().iter().filter_map(local).map(move |resource| (barrier, resource)))
            .filter_map(|(barrier, resource)| self.counter(&barrier.scope.tenant, resource))
            .collect();
        self.is_careful = performed.iter().any(|counter| self.rooms.is_short(counter));
        Ok(!self.is_careful)
    }

    /// What is left to a unit's run.
    pub(super) fn allowance(&self, at: usize, tenant: &TenantId) -> &Allowance {
        self.allowances.get(&at).or_else(|| self.bases.get(tenant)).unwrap_or(Allowance::FREE)
    }

    fn counter(&self, tenant: &TenantId, resource: Resource) -> Option<Counter> {
        self.tiers.get(tenant).and_then(|_| Counter::at(tenant, resource, self.now_us))
    }

    /// Which local effects do not fit, if the units are served in their order.
    fn withhold(&mut self, jobs: &[Job]) {
        let mut taken: BTreeMap<Counter, i64> = BTreeMap::new();
        for (at, job) in jobs.iter().enumerate() {
            let Some(barrier) = spending_of(&job.unit) else { continue };
            let mut blocked = Blocked::default();
            let mut allowance = self.bases.get(&barrier.scope.tenant).cloned().unwrap_or_default();
            for (position, call) in barrier.calls().iter().enumerate() {
                let counter = local(call).and_then(|resource| self.counter(&barrier.scope.tenant, resource));
                let Some(counter) = counter.filter(|_| !blocked.holds(call)) else { continue };
                let left = self.rooms.left(&counter);
                let taken = taken.entry(counter.clone()).or_default();
                if *taken < left {
                    *taken += 1;
                    continue;
                }
                let Some(exceeded) = self.rooms.exceeded(&counter) else { continue };
                let outcome = match barrier.spending.reaction {
                    OnQuotaExceeded::Skip => Outcome::Failed(after(exceeded, *taken).failure()),
                    OnQuotaExceeded::Reschedule => {
                        self.put_off.entry(at).or_insert(exceeded);
                        Outcome::Suspended
                    }
                };
                blocked.note(call, &outcome);
                allowance.withheld.insert(position, outcome);
            }
            if !allowance.withheld.is_empty() {
                self.allowances.insert(at, allowance);
            }
        }
    }

    /// What was suspended has not been performed; nothing is recorded of it, and the run comes to it again.
    pub(super) fn not_performed(&self, at: usize, outcomes: &mut [Outcome]) {
        if self.put_off.contains_key(&at) {
            for outcome in outcomes.iter_mut().filter(|outcome| matches!(outcome, Outcome::Suspended)) {
                *outcome = Outcome::NotPerformed;
            }
        }
    }

    /// Takes what a unit that has won needs. Gives what becomes of the runs that it accepts, unless all of them fit. An
    /// inner error: it has lost after all.
    pub(super) async fn take(
        &mut self,
        transaction: &mut Transaction,
        parts: &Parts,
        at: usize,
        won: &mut Won<'_>,
        facts: &Facts,
    ) -> Result<Result<Option<Admitted>, Lost>, AdmitError> {
        match won {
            Won::Claim(_) => Ok(Ok(None)),
            Won::Barrier(barrier) => Ok(self.barrier(at, barrier).map(|()| None)),
            Won::Accept(accept) => {
                let Some(tier) = self.tiers.get(&accept.tenant).copied() else { return Ok(Ok(None)) };
                if accept.event.is_none() {
                    return Ok(self.request(accept, facts).map(|()| None));
                }
                let admission = Admission { plans: &parts.plans, tier, now_us: self.now_us };
                admission.admit(transaction, &mut self.rooms, &accept.runs).await.map(Some).map(Ok)
            }
        }
    }

    /// A request that does not fit is refused: whoever sent it hears of it.
    fn request(&mut self, accept: &Accept, facts: &Facts) -> Result<(), Lost> {
        let is_new = |id: &alcove_ids::ExecutionId| {
            !facts.held.contains_key(&Key { tenant: accept.tenant.clone(), id: id.clone() })
        };
        let new = accept.runs.iter().filter(|row| is_new(&row.id)).count();
        self.executions(&accept.tenant, new).map_err(|exceeded| Lost::new(Answer::OverQuota(exceeded), false))
    }

    fn executions(&mut self, tenant: &TenantId, runs: usize) -> Result<(), Exceeded> {
        let Some(counter) = self.counter(tenant, Resource::Executions) else { return Ok(()) };
        self.rooms.take(&counter, i64::try_from(runs).unwrap_or(i64::MAX))
    }

    fn barrier(&mut self, at: usize, won: &mut WonBarrier<'_>) -> Result<(), Lost> {
        let barrier = won.barrier;
        let tenant = &barrier.scope.tenant;
        if let RunRef::Direct(accept) = &barrier.run {
            // Its event is in the transaction already, and so may its effects be.
            self.executions(tenant, accept.runs.len())
                .map_err(|exceeded| Lost::new(Answer::OverQuota(exceeded), true))?;
        }
        let outcomes = &won.settled.outcomes;
        for (call, _) in barrier.calls().iter().zip(outcomes).filter(|(_, outcome)| is_performed(outcome)) {
            if let Some(counter) = local(call).and_then(|resource| self.counter(tenant, resource)) {
                self.rooms.count(&counter, 1);
            }
        }
        for settlement in &barrier.spending.settled {
            if let Some(counter) = Counter::of(&settlement.reserved.counter()) {
                self.rooms.count(&counter, settlement.used.saturating_sub(settlement.reserved.amount));
            }
            self.settled.push(settlement.reserved.clone());
        }
        won.refused = self.put_off.get(&at).copied();
        if won.refused.is_none() && outcomes.iter().all(is_performed) {
            match self.reserve(barrier) {
                Ok(reserved) => {
                    self.made.extend(reserved.iter().cloned());
                    won.reserved = reserved;
                }
                Err(exceeded) => won.refused = Some(exceeded),
            }
        }
        Ok(())
    }

    /// All that an external effect needs, or nothing.
    fn reserve(&mut self, barrier: &Barrier) -> Result<Vec<reservations::Row>, Exceeded> {
        let mut reserved = Vec::new();
        for want in &barrier.spending.wants {
            let tenant = &barrier.scope.tenant;
            let Some(counter) = self.counter(tenant, want.resource) else { continue };
            // What no window has room for is let through when a window has nothing else.
            let most = self.tiers.get(tenant).and_then(|tier| want.resource.amount(*tier));
            let amount =
                most.and_then(|most| i64::try_from(most).ok()).map_or(want.amount, |most| want.amount.min(most));
            if let Err(exceeded) = self.rooms.take(&counter, amount) {
                for row in &reserved {
                    give_back(&mut self.rooms, row);
                }
                return Err(exceeded);
            }
            let Key { tenant, id: execution } = key_of(barrier);
            let (effect, name) = (want.effect.clone(), want.resource.name().to_owned());
            let window_start = counter.window_start;
            reserved.push(reservations::Row { tenant, execution, effect, name, window_start, amount });
        }
        Ok(reserved)
    }

    /// Lets travel with the next flush what makes the counters right, and the reservations.
    pub(super) fn enqueue(&self, transaction: &mut Transaction) {
        let dialect = transaction.dialect();
        self.rooms.correct(transaction);
        if !self.settled.is_empty() {
            transaction.enqueue(reservations::delete(dialect, &self.settled));
        }
        if !self.made.is_empty() {
            transaction.enqueue(reservations::insert(dialect, &self.made));
        }
    }

    /// It is durable.
    pub(super) fn committed(&self, parts: &Parts, now: Timestamp) {
        parts.seen.note(&self.rooms, now);
    }
}

fn give_back(rooms: &mut Rooms, row: &reservations::Row) {
    if let Some(counter) = Counter::of(&row.counter()) {
        rooms.count(&counter, row.amount.saturating_neg());
    }
}

/// As it stands when the units before have taken so much.
fn after(exceeded: Exceeded, taken: i64) -> Exceeded {
    Exceeded { used: exceeded.used.saturating_add(taken.unsigned_abs()), ..exceeded }
}

/// What a local effect counts against. External ones reserve.
fn local(call: &EffectCall) -> Option<Resource> {
    call.action.entry().class.map(Resource::of_class)
}

fn is_performed(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Performed(_))
}

fn spending_of(unit: &Unit) -> Option<&Barrier> {
    match unit {
        Unit::Barrier(barrier) => Some(barrier),
        Unit::Accept(_) | Unit::Claim(_) => None,
    }
}

fn accept_of(unit: &Unit) -> Option<&Accept> {
    match unit {
        Unit::Accept(accept) => Some(accept),
        Unit::Barrier(barrier) => match &barrier.run {
            RunRef::Direct(accept) => Some(accept),
            RunRef::Leased { .. } => None,
        },
        Unit::Claim(_) => None,
    }
}
