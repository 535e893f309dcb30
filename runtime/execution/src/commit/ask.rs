//! What a commit must know before it writes: asked in one round trip, with the effects of its runs.

use std::collections::{BTreeMap, BTreeSet};

use alcove_ids::TenantId;
use alcove_store::{
    Dialect, Ticket, Transaction,
    tables::{
        events,
        executions::{self, Held, Key},
        journal, locks, tenants,
    },
};

use super::{
    Parts,
    attempt::AttemptError,
    queue::Job,
    reserve::Reserving,
    unit::{Accept, Barrier, Claim, RunRef, Unit},
};

/// Questions on their way.
#[derive(Debug, Default)]
pub(super) struct Asked {
    alive: Option<Ticket>,
    generations: Option<Ticket>,
    events: Option<Ticket>,
    held: Option<Ticket>,
    next_seq: Option<Ticket>,
    journals: Option<Ticket>,
    locks: Option<Ticket>,
    event_keys: Vec<events::Key>,
}

/// The answers.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Whether the node has its lease.
    pub(super) is_alive: bool,
    /// The generations of tenants that have one.
    pub(super) generations: BTreeMap<TenantId, u64>,
    /// The events that this commit accepts.
    pub(super) accepted: BTreeSet<events::Key>,
    /// The bodies of events that were accepted before.
    pub(super) digests: BTreeMap<events::Key, String>,
    /// The runs that this commit has locked.
    pub(super) held: BTreeMap<Key, Held>,
    /// Where journals go on.
    pub(super) next_seq: BTreeMap<Key, u32>,
    /// The journals of runs that are claimed.
    pub(super) journals: BTreeMap<Key, Vec<u8>>,
    /// The locks that this commit has taken.
    pub(super) locks: BTreeSet<locks::Row>,
}

/// What the units of a batch ask for.
#[derive(Default)]
struct Wanted<'j> {
    accepts: Vec<&'j Accept>,
    claims: Vec<&'j Claim>,
    leased: Vec<&'j Barrier>,
    /// Whether a run is taken, held or kept.
    needs_lease: bool,
}

impl<'j> Wanted<'j> {
    fn of(jobs: &'j [Job]) -> Self {
        let mut wanted = Self::default();
        for job in jobs {
            match &job.unit {
                Unit::Accept(accept) => wanted.accepts.push(accept),
                Unit::Claim(claim) => {
                    wanted.claims.push(claim);
                    wanted.needs_lease = true;
                }
                Unit::Barrier(barrier) => match &barrier.run {
                    RunRef::Leased { .. } => {
                        wanted.leased.push(barrier);
                        wanted.needs_lease = true;
                    }
                    RunRef::Direct(accept) => {
                        wanted.accepts.push(accept);
                        wanted.needs_lease |= barrier.end.is_none();
                    }
                },
            }
        }
        wanted
    }
}

impl Asked {
    /// Lets the questions of a batch travel with the next flush.
    pub(super) fn enqueue(
        transaction: &mut Transaction,
        parts: &Parts,
        jobs: &[Job],
        reserving: &Reserving,
        now_us: i64,
    ) -> Self {
        let wanted = Wanted::of(jobs);
        let dialect = transaction.dialect();
        let mut asked = Self::default();
        // Who has an SQLite database has it for itself, and cannot lose it to another node while it lives.
        if wanted.needs_lease && dialect == Dialect::Postgres {
            asked.alive = Some(transaction.enqueue(parts.standing.alive(dialect, now_us)));
        }
        asked.ask_of_accepts(transaction, &wanted);
        let leased: Vec<Key> = wanted.leased.iter().map(|barrier| key_of(barrier)).collect();
        let claimed: Vec<Key> = wanted.claims.iter().map(|claim| claim.key()).collect();
        let requests = reserving.requests(&wanted.accepts);
        let held: Vec<Key> = leased.iter().chain(&claimed).cloned().chain(requests).collect();
        asked.held = (!held.is_empty()).then(|| transaction.enqueue(executions::lock(dialect, &held)));
        asked.next_seq = (!leased.is_empty()).then(|| transaction.enqueue(journal::next_seq(dialect, &leased)));
        asked.journals = (!claimed.is_empty()).then(|| transaction.enqueue(journal::read_all(dialect, &claimed)));
        let locks: Vec<locks::Row> = wanted.claims.iter().filter(|claim| claim.lock).map(|claim| claim.row()).collect();
        asked.locks = (!locks.is_empty()).then(|| transaction.enqueue(locks::try_acquire(dialect, &locks)));
        asked
    }

    fn ask_of_accepts(&mut self, transaction: &mut Transaction, wanted: &Wanted<'_>) {
        let dialect = transaction.dialect();
        let matched = wanted.accepts.iter().filter(|accept| accept.generation.is_some());
        let tenants: BTreeSet<&TenantId> = matched.map(|accept| &accept.tenant).collect();
        if !tenants.is_empty() {
            let tenants: Vec<&TenantId> = tenants.into_iter().collect();
            self.generations = Some(transaction.enqueue(tenants::generations(dialect, &tenants)));
        }
        let mut events: Vec<&events::Row> = wanted.accepts.iter().filter_map(|accept| accept.event.as_ref()).collect();
        if !events.is_empty() {
            // Of two batches with the same events, one waits for the other, and never each for the other.
            events.sort_by(|a, b| (&a.tenant, &a.source, &a.id).cmp(&(&b.tenant, &b.source, &b.id)));
            self.event_keys = events.iter().map(|event| event.key()).collect();
            self.events = Some(transaction.enqueue(events::insert(dialect, events)));
        }
    }

    /// The answers, once they are there. Of events that were accepted before, it asks which they were.
    pub(super) async fn answers(self, transaction: &mut Transaction) -> Result<Facts, AttemptError> {
        let mut facts = Facts { is_alive: true, ..Facts::default() };
        if let Some(alive) = self.alive {
            facts.is_alive = !transaction.take(alive)?.is_empty();
        }
        for row in rows(transaction, self.generations)? {
            let (tenant, generation) = tenants::decode_generation(&row)?;
            facts.generations.insert(tenant, generation);
        }
        for row in rows(transaction, self.events)? {
            facts.accepted.insert(events::Key::decode(&row)?);
        }
        for row in rows(transaction, self.held)? {
            let held = Held::decode(&row)?;
            facts.held.insert(held.key.clone(), held);
        }
        for row in rows(transaction, self.next_seq)? {
            let (key, seq) = journal::decode_next_seq(&row)?;
            facts.next_seq.insert(key, seq);
        }
        for row in rows(transaction, self.journals)? {
            let row = journal::Row::decode(&row)?;
            let key = Key { tenant: row.tenant, id: row.execution };
            facts.journals.entry(key).or_default().extend(row.records);
        }
        for row in rows(transaction, self.locks)? {
            facts.locks.insert(locks::Row::decode(&row)?);
        }
        let known: Vec<events::Key> = self.event_keys.into_iter().filter(|key| !facts.accepted.contains(key)).collect();
        if !known.is_empty() {
            let digests = transaction.enqueue(events::digests(transaction.dialect(), &known));
            transaction.flush().await?;
            for row in transaction.take(digests)? {
                let (key, digest) = events::decode_digest(&row)?;
                facts.digests.insert(key, digest);
            }
        }
        Ok(facts)
    }
}

type Rows = Vec<Vec<alcove_store::SqlValue>>;

fn rows(transaction: &mut Transaction, ticket: Option<Ticket>) -> Result<Rows, AttemptError> {
    Ok(ticket.map(|ticket| transaction.take(ticket)).transpose()?.unwrap_or_default())
}

/// The run of a barrier.
pub(super) fn key_of(barrier: &Barrier) -> Key {
    Key { tenant: barrier.scope.tenant.clone(), id: barrier.scope.execution.clone() }
}

impl Claim {
    /// The run that is claimed.
    pub(super) fn key(&self) -> Key {
        Key { tenant: self.tenant.clone(), id: self.execution.clone() }
    }

    /// The lock that it needs.
    pub(super) fn row(&self) -> locks::Row {
        locks::Row { tenant: self.tenant.clone(), app: self.app.clone(), execution: self.execution.clone() }
    }
}
