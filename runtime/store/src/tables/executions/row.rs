//! A run as it is stored.

use alcove_ids::{AppId, ExecutionId, TenantId};

use crate::{
    SqlValue,
    tables::{
        RowError,
        batch::Cells,
        cells::Reader,
        column::{Column, blob, int, text},
        words::words,
    },
};

pub(super) const COLUMNS: &[Column] = &[
    text("tenant_id"),
    text("id"),
    text("app_id"),
    int("version"),
    text("digest"),
    text("trigger"),
    text("event_source"),
    text("event_id"),
    int("delay"),
    text("parent"),
    int("chain_depth"),
    text("starter"),
    text("state"),
    text("reason"),
    blob("run"),
    int("token"),
    text("node"),
    int("attempts"),
    int("items"),
    blob("input"),
    int("queued_at"),
    int("started_at"),
    int("ended_at"),
    int("due_at"),
    text("result"),
    text("error"),
    text("usage"),
    int("dead_letter"),
];

pub(super) const KEY: &[Column] = &[text("tenant_id"), text("id")];

words! {
    /// Where a run is: the state of the journal's state machine, without its particulars.
    State {
        /// In its tenant's queue.
        Queued = "queued",
        /// A worker has it.
        Running = "running",
        /// It waits for a decision, a retry or a time.
        Waiting = "waiting",
        /// An end.
        Succeeded = "succeeded",
        /// An end, unless a person has it tried again.
        Failed = "failed",
        /// An end.
        Skipped = "skipped",
        /// An end.
        Cancelled = "cancelled",
    }
}

words! {
    /// What started a run.
    Trigger {
        /// A person or a program.
        Manual = "manual",
        /// An event.
        Event = "event",
        /// A schedule.
        Scheduled = "scheduled",
        /// A delay after an event.
        Delayed = "delayed",
    }
}

/// A run. Times are in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub id: ExecutionId,
    /// Of which app.
    pub app: AppId,
    /// Of which of its versions.
    pub version: u32,
    /// The digest of that version's plan, in hex.
    pub digest: String,
    /// What started it.
    pub trigger: Trigger,
    /// The source of the event that started it, if one did.
    pub event_source: Option<String>,
    /// That event.
    pub event_id: Option<String>,
    /// Which of the app's delays it is.
    pub delay: Option<u32>,
    /// The run that emitted the event.
    pub parent: Option<ExecutionId>,
    /// How many runs, each started by an event of the one before, led to it.
    pub chain_depth: u32,
    /// Who started it by hand: a subject, as JSON.
    pub starter: Option<String>,
    /// Where it is.
    pub state: State,
    /// Why it was skipped or cancelled, for a person.
    pub reason: Option<String>,
    /// The journal's `Run`, encoded.
    pub run: Vec<u8>,
    /// The fencing token of its last lease; 0: it had none.
    pub token: u64,
    /// The node that holds the lease.
    pub node: Option<String>,
    /// Attempts that have failed and were put aside.
    pub attempts: u32,
    /// Items that it processed.
    pub items: u64,
    /// What it was started with, as the plan's codec writes values, until its journal holds it.
    pub input: Option<Vec<u8>>,
    /// When it was accepted.
    pub queued_at: i64,
    /// When a worker took it first.
    pub started_at: Option<i64>,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// When it goes on, if it waits.
    pub due_at: Option<i64>,
    /// What it came to, as JSON.
    pub result: Option<String>,
    /// How it failed, as JSON: `code`, `path`, `message`, `limit`.
    pub error: Option<String>,
    /// What it used, as JSON.
    pub usage: Option<String>,
    /// Whether it is in the dead-letter queue.
    pub dead_letter: bool,
}

impl Row {
    pub(super) fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(self.id.as_str()).text(self.app.as_str());
        cells.int(self.version).text(&self.digest).text(self.trigger.as_str());
        cells.opt_text(self.event_source.as_deref()).opt_text(self.event_id.as_deref()).opt_int(self.delay);
        cells.opt_text(self.parent.as_ref().map(ExecutionId::as_str)).int(self.chain_depth);
        cells.opt_text(self.starter.as_deref()).text(self.state.as_str()).opt_text(self.reason.as_deref());
        cells.blob(&self.run).int(self.token).opt_text(self.node.as_deref()).int(self.attempts).int(self.items);
        cells.opt_blob(self.input.as_deref());
        cells.int(self.queued_at).opt_int(self.started_at).opt_int(self.ended_at).opt_int(self.due_at);
        cells.opt_text(self.result.as_deref()).opt_text(self.error.as_deref()).opt_text(self.usage.as_deref());
        cells.bool(self.dead_letter);
    }

    /// Reads a row of a statement that gives runs.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            id: row.id(ExecutionId::parse)?,
            app: row.id(AppId::parse)?,
            version: row.int()?,
            digest: row.text()?,
            trigger: row.word(Trigger::parse)?,
            event_source: row.opt_text()?,
            event_id: row.opt_text()?,
            delay: row.opt_int()?,
            parent: row.opt_id(ExecutionId::parse)?,
            chain_depth: row.int()?,
            starter: row.opt_text()?,
            state: row.word(State::parse)?,
            reason: row.opt_text()?,
            run: row.blob()?,
            token: row.int()?,
            node: row.opt_text()?,
            attempts: row.int()?,
            items: row.int()?,
            input: row.opt_blob()?,
            queued_at: row.int()?,
            started_at: row.opt_int()?,
            ended_at: row.opt_int()?,
            due_at: row.opt_int()?,
            result: row.opt_text()?,
            error: row.opt_text()?,
            usage: row.opt_text()?,
            dead_letter: row.bool()?,
        })
    }
}

/// The name of a run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub id: ExecutionId,
}

impl Key {
    pub(in crate::tables) fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(self.id.as_str());
    }

    /// Reads a row of a statement that gives names.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(KEY, cells);
        Ok(Self { tenant: row.id(TenantId::parse)?, id: row.id(ExecutionId::parse)? })
    }
}
