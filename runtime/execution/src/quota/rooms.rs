//! Counters that a transaction has for itself, and what is left of each.
//!
//! A transaction counts everything that it may need in one statement, before anything else: from then on nobody else
//! changes these counters until it ends, and the answer says how much was counted before. What it took less, or more,
//! it corrects at its end.

use std::collections::BTreeMap;

use alcove_ids::TenantId;
use alcove_store::{
    StoreError, Ticket, Transaction,
    tables::counters::{self, Row},
};

use super::{Exceeded, Resource};
use crate::Tier;

/// One resource of one tenant in one window.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Counter {
    pub(crate) tenant: TenantId,
    pub(crate) resource: Resource,
    /// When the window began, in microseconds since 1970-01-01T00:00:00Z.
    pub(crate) window_start: i64,
}

/// What a transaction knows of a counter.
#[derive(Clone, Copy, Debug, Default)]
struct Room {
    /// Whose limit holds; `None`: none does, as where only something is given back.
    tier: Option<Tier>,
    /// What it has counted in advance.
    asked: i64,
    /// What others had counted before it.
    before: i64,
    /// What it has taken.
    taken: i64,
}

/// Counters that a transaction has for itself.
#[derive(Debug, Default)]
pub(crate) struct Rooms {
    rooms: BTreeMap<Counter, Room>,
    ticket: Option<Ticket>,
}

impl Counter {
    /// The counter of a resource in the window that this time is in; `None`: the resource has no windows.
    pub(crate) fn at(tenant: &TenantId, resource: Resource, now_us: i64) -> Option<Self> {
        let window_start = resource.window()?.start(now_us);
        Some(Self { tenant: tenant.clone(), resource, window_start })
    }

    /// As a row, with a value.
    pub(crate) fn row(&self, value: i64) -> Row {
        let (tenant, name) = (self.tenant.clone(), self.resource.name().to_owned());
        Row { tenant, name, window_start: self.window_start, value }
    }

    /// The counter of a row; `None`: it counts something that this build does not know.
    pub(crate) fn of(row: &Row) -> Option<Self> {
        let resource = Resource::ALL.into_iter().find(|resource| resource.name() == row.name)?;
        Some(Self { tenant: row.tenant.clone(), resource, window_start: row.window_start })
    }
}

impl Rooms {
    /// It may need so much of a counter, besides what was asked for before.
    pub(crate) fn ask(&mut self, counter: Counter, tier: Option<Tier>, amount: i64) {
        let room = self.rooms.entry(counter).or_default();
        room.tier = room.tier.or(tier);
        room.asked = room.asked.saturating_add(amount);
    }

    /// Whether nothing was asked for.
    pub(crate) fn is_empty(&self) -> bool {
        self.rooms.is_empty()
    }

    /// Lets what was asked for travel with the next flush. Nothing was taken yet, whatever was before: a transaction
    /// that is done again begins here.
    pub(crate) fn enqueue(&mut self, transaction: &mut Transaction) {
        let rows: Vec<Row> = self.rooms.iter().map(|(counter, room)| counter.row(room.asked)).collect();
        for room in self.rooms.values_mut() {
            room.taken = 0;
        }
        self.ticket = (!rows.is_empty()).then(|| transaction.enqueue(counters::add(transaction.dialect(), &rows)));
    }

    /// Learns, after the flush, what there was before.
    pub(crate) fn learn(&mut self, transaction: &mut Transaction) -> Result<(), StoreError> {
        let Some(ticket) = self.ticket.take() else { return Ok(()) };
        for row in transaction.take(ticket)? {
            let row = Row::decode(&row)?;
            let room = Counter::of(&row).and_then(|counter| self.rooms.get_mut(&counter));
            if let Some(room) = room {
                room.before = row.value.saturating_sub(room.asked);
            }
        }
        Ok(())
    }

    /// How much is left of a counter.
    pub(crate) fn left(&self, counter: &Counter) -> i64 {
        let Some(room) = self.rooms.get(counter) else { return i64::MAX };
        let limit = room.tier.and_then(|tier| counter.resource.amount(tier)).map(amount);
        limit.map_or(i64::MAX, |limit| limit.saturating_sub(room.used()).max(0))
    }

    /// How much was asked for beyond what is left.
    pub(crate) fn is_short(&self, counter: &Counter) -> bool {
        self.rooms.get(counter).is_some_and(|room| room.asked > self.left(counter))
    }

    /// Takes so much, if it is left.
    pub(crate) fn take(&mut self, counter: &Counter, wanted: i64) -> Result<(), Exceeded> {
        if wanted > self.left(counter)
            && let Some(exceeded) = self.exceeded(counter)
        {
            return Err(exceeded);
        }
        self.count(counter, wanted);
        Ok(())
    }

    /// Takes so much whatever is left; what is negative is given back.
    pub(crate) fn count(&mut self, counter: &Counter, amount: i64) {
        if let Some(room) = self.rooms.get_mut(counter) {
            room.taken = room.taken.saturating_add(amount);
        }
    }

    /// What somebody is told for whom not enough is left.
    pub(crate) fn exceeded(&self, counter: &Counter) -> Option<Exceeded> {
        let room = self.rooms.get(counter)?;
        let tier = room.tier?;
        let (limit, used) = (counter.resource.amount(tier)?, room.used().unsigned_abs());
        Some(Exceeded::at(counter.resource, tier, limit, used, counter.window_start))
    }

    /// Lets travel with the next flush what makes the counters right.
    pub(crate) fn correct(&self, transaction: &mut Transaction) {
        let wrong = self.rooms.iter().filter(|(_, room)| room.taken != room.asked);
        let rows: Vec<Row> = wrong.map(|(counter, room)| counter.row(room.taken.saturating_sub(room.asked))).collect();
        if !rows.is_empty() {
            transaction.enqueue(counters::add(transaction.dialect(), &rows));
        }
    }

    /// The counters as they are once the transaction is durable.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&Counter, i64)> {
        self.rooms.iter().map(|(counter, room)| (counter, room.used()))
    }
}

impl Room {
    fn used(&self) -> i64 {
        self.before.saturating_add(self.taken)
    }
}

/// An amount of the table as a counter holds it.
pub(crate) fn amount(amount: u64) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}
