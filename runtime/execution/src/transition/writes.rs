//! What transitions come to, gathered so that each table is written by one statement, however many runs moved.

use std::collections::{BTreeMap, BTreeSet};

use alcove_ids::TenantId;
use alcove_journal::entry::write_journal;
use alcove_store::{
    StoreError, Transaction, audit,
    tables::{
        approvals, apps, dead_letters, egress_log,
        executions::{self, Change},
        journal, locks, notices, tenants, timers,
    },
};

use super::{actions::Acting, moved::Moved, wakes::After};

/// Rows to write, and who is to hear of it.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    pub(super) inserted: Vec<executions::Row>,
    pub(super) changes: Vec<Change>,
    pub(super) journal: Vec<journal::Row>,
    pub(super) released: Vec<locks::Row>,
    pub(super) armed: Vec<timers::Row>,
    pub(super) cancelled: Vec<timers::Key>,
    pub(super) asked: Vec<approvals::Row>,
    pub(super) answered: Vec<approvals::Close>,
    pub(super) dead: Vec<dead_letters::Row>,
    pub(super) buried: Vec<dead_letters::Close>,
    pub(super) called: Vec<egress_log::Row>,
    pub(super) notices: Vec<notices::Row>,
    pub(super) audit: Vec<audit::Note>,
    pub(super) tallies: BTreeMap<apps::Key, Tally>,
    pub(super) after: Vec<After>,
}

/// What becomes of an app's record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// A run that did not fail came first.
    pub(super) is_cleared: bool,
    /// Runs that failed after that.
    pub(super) failures: u32,
    /// Why the app is paused, if it is.
    pub(super) paused: Option<String>,
}

impl Tally {
    /// The failed runs in a row, if there were so many before.
    pub(super) fn failures_after(&self, before: u32) -> u32 {
        if self.is_cleared { self.failures } else { before.saturating_add(self.failures) }
    }

    /// Whether the app is paused by this.
    pub(super) fn pauses(&self) -> bool {
        self.paused.is_some()
    }
}

impl Writes {
    /// A run was accepted: it is stored, and waits in the queue, or is left out, or put off.
    pub(crate) fn accept(&mut self, row: executions::Row) {
        self.after.extend(After::accepted(&row));
        self.inserted.push(row);
    }

    /// Delays begin.
    pub(crate) fn arm(&mut self, timers: &[timers::Row]) {
        let first = timers.iter().map(|timer| timer.due_at).min();
        self.after.extend(first.map(|due_us| After::Armed { due_us }));
        self.armed.extend_from_slice(timers);
    }

    /// A run has moved.
    pub(crate) fn moved(&mut self, moved: Moved, now_us: i64) {
        Acting::new(self, moved, now_us).act();
    }

    /// A run goes on under its lease; its row, if it is not stored yet, is stored with this change.
    pub(crate) fn keep(&mut self, new: Option<Box<executions::Row>>, change: Change) {
        match new {
            Some(row) => self.inserted.push(change.apply_to(*row)),
            None => self.changes.push(change),
        }
    }

    /// The journal of a run grows.
    pub(crate) fn grow(&mut self, row: journal::Row) {
        self.journal.push(row);
    }

    /// A run has sent requests.
    pub(crate) fn called(&mut self, rows: &[egress_log::Row]) {
        self.called.extend_from_slice(rows);
    }

    /// Others are to hear of something.
    pub(crate) fn tell(&mut self, after: After) {
        self.after.push(after);
    }

    /// What becomes of an app's record so far.
    pub(crate) fn tally(&self, app: &apps::Key) -> Tally {
        self.tallies.get(app).cloned().unwrap_or_default()
    }

    /// Lets everything travel with the next flush; gives who is to hear of it once it is durable.
    pub(crate) async fn enqueue(self, transaction: &mut Transaction, now_us: i64) -> Result<Vec<After>, StoreError> {
        let dialect = transaction.dialect();
        let mut send = |is_needed: bool, statement: &dyn Fn() -> alcove_store::Statement| {
            if is_needed {
                transaction.enqueue(statement());
            }
        };
        send(!self.inserted.is_empty(), &|| executions::insert_new(dialect, &self.inserted));
        send(!self.changes.is_empty(), &|| executions::update(dialect, &self.changes));
        send(!self.journal.is_empty(), &|| journal::append(dialect, &self.journal));
        send(!self.released.is_empty(), &|| locks::release(dialect, &self.released));
        send(!self.cancelled.is_empty(), &|| timers::cancel(dialect, &self.cancelled));
        send(!self.armed.is_empty(), &|| timers::arm(dialect, &self.armed));
        send(!self.asked.is_empty(), &|| approvals::insert(dialect, &self.asked));
        send(!self.answered.is_empty(), &|| approvals::close(dialect, &self.answered));
        send(!self.buried.is_empty(), &|| dead_letters::close(dialect, &self.buried));
        send(!self.dead.is_empty(), &|| dead_letters::insert(dialect, &self.dead));
        send(!self.called.is_empty(), &|| egress_log::insert(dialect, &self.called));
        send(!self.notices.is_empty(), &|| notices::insert(dialect, &self.notices));
        self.enqueue_apps(transaction, now_us);
        audit::append(transaction, &self.audit).await?;
        Ok(self.after)
    }

    fn enqueue_apps(&self, transaction: &mut Transaction, now_us: i64) {
        let dialect = transaction.dialect();
        let cleared: Vec<&apps::Key> =
            self.tallies.iter().filter(|(_, tally)| tally.is_cleared).map(|(app, _)| app).collect();
        if !cleared.is_empty() {
            transaction.enqueue(apps::clear_failures(dialect, &cleared));
        }
        let failed: Vec<(&apps::Key, u32)> = self
            .tallies
            .iter()
            .filter(|(_, tally)| tally.failures > 0)
            .map(|(app, tally)| (app, tally.failures))
            .collect();
        if !failed.is_empty() {
            transaction.enqueue(apps::count_failures(dialect, &failed));
        }
        let mut changed: BTreeSet<&TenantId> = BTreeSet::new();
        for (app, tally) in &self.tallies {
            if let Some(reason) = &tally.paused {
                transaction.enqueue(apps::set_status(dialect, app, apps::Status::Error, Some(reason), now_us));
                changed.insert(&app.tenant);
            }
        }
        if !changed.is_empty() {
            let changed: Vec<&TenantId> = changed.into_iter().collect();
            transaction.enqueue(tenants::bump_generation(dialect, &changed));
        }
    }
}

/// A row of a journal.
pub(crate) fn journal_row(key: &executions::Key, seq: u32, records: &[alcove_journal::entry::Record]) -> journal::Row {
    let records = write_journal(records);
    journal::Row { tenant: key.tenant.clone(), execution: key.id.clone(), seq, records }
}
