//! What the engine writes.

use alcove_ids::{ExecutionId, TenantId};

use super::row::{COLUMNS, KEY, Key, Row, State};
use crate::{
    Dialect, Statement,
    tables::{
        batch::{Cells, batch},
        column::{Column, blob, int, text},
        template::Template,
    },
};

static INSERT: Template = Template::of_batch(COLUMNS, COLUMNS, "INSERT INTO executions ({columns}) {rows}");

/// Stores new runs. One that is there already is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with_rows(dialect, rows, Row::write)
}

static INSERT_NEW: Template = Template::of_batch(
    COLUMNS,
    COLUMNS,
    "INSERT INTO executions ({columns}) {rows}
     ON CONFLICT (tenant_id, id) DO NOTHING RETURNING tenant_id, id",
);

/// Stores those of the runs that are not there yet; gives the [`Key`]s of these.
pub fn insert_new<'r>(dialect: Dialect, rows: impl IntoIterator<Item = &'r Row>) -> Statement {
    INSERT_NEW.with_rows(dialect, rows, Row::write)
}

/// What a transition makes of a run. Everything that is not named here stays as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub id: ExecutionId,
    /// As in [`Row`].
    pub state: State,
    /// As in [`Row`].
    pub reason: Option<String>,
    /// As in [`Row`].
    pub run: Vec<u8>,
    /// As in [`Row`].
    pub token: u64,
    /// As in [`Row`].
    pub node: Option<String>,
    /// As in [`Row`].
    pub attempts: u32,
    /// As in [`Row`].
    pub items: u64,
    /// As in [`Row`]. The first that was stored stays.
    pub started_at: Option<i64>,
    /// As in [`Row`].
    pub ended_at: Option<i64>,
    /// As in [`Row`].
    pub due_at: Option<i64>,
    /// As in [`Row`].
    pub result: Option<String>,
    /// As in [`Row`].
    pub error: Option<String>,
    /// As in [`Row`]. `None` leaves what is stored.
    pub usage: Option<String>,
    /// As in [`Row`].
    pub dead_letter: bool,
    /// Whether the journal holds the input now, so that the row need not.
    pub drops_input: bool,
}

const CHANGE: &[Column] = &[
    text("tenant_id"),
    text("id"),
    text("state"),
    text("reason"),
    blob("run"),
    int("token"),
    text("node"),
    int("attempts"),
    int("items"),
    int("started_at"),
    int("ended_at"),
    int("due_at"),
    text("result"),
    text("error"),
    text("usage"),
    int("dead_letter"),
    int("drops_input"),
];

static UPDATE: Template = Template::of_batch(
    COLUMNS,
    CHANGE,
    "WITH {batch} UPDATE executions SET state = batch.state, reason = batch.reason, run = batch.run,
         token = batch.token, node = batch.node, attempts = batch.attempts, items = batch.items,
         started_at = coalesce(executions.started_at, batch.started_at), ended_at = batch.ended_at,
         due_at = batch.due_at, result = batch.result, error = batch.error,
         usage = coalesce(batch.usage, executions.usage), dead_letter = batch.dead_letter,
         input = CASE WHEN batch.drops_input = 1 THEN NULL ELSE executions.input END
     FROM batch WHERE executions.tenant_id = batch.tenant_id AND executions.id = batch.id",
);

/// Stores what transitions made of runs, each of which is named once and locked by this transaction.
pub fn update(dialect: Dialect, changes: &[Change]) -> Statement {
    UPDATE.with(dialect, vec![batch(changes, Change::write)])
}

impl Change {
    /// A change that, as it stands, leaves a run as it is stored.
    pub fn of(row: &Row) -> Self {
        Self {
            tenant: row.tenant.clone(),
            id: row.id.clone(),
            state: row.state,
            reason: row.reason.clone(),
            run: row.run.clone(),
            token: row.token,
            node: row.node.clone(),
            attempts: row.attempts,
            items: row.items,
            started_at: row.started_at,
            ended_at: row.ended_at,
            due_at: row.due_at,
            result: row.result.clone(),
            error: row.error.clone(),
            usage: row.usage.clone(),
            dead_letter: row.dead_letter,
            drops_input: false,
        }
    }

    /// The row that a run has which is stored for the first time.
    pub fn apply_to(self, row: Row) -> Row {
        Row {
            state: self.state,
            reason: self.reason,
            run: self.run,
            token: self.token,
            node: self.node,
            attempts: self.attempts,
            items: self.items,
            input: row.input.filter(|_| !self.drops_input),
            started_at: row.started_at.or(self.started_at),
            ended_at: self.ended_at,
            due_at: self.due_at,
            result: self.result,
            error: self.error,
            usage: self.usage.or(row.usage),
            dead_letter: self.dead_letter,
            ..row
        }
    }

    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(self.id.as_str()).text(self.state.as_str());
        cells.opt_text(self.reason.as_deref()).blob(&self.run).int(self.token).opt_text(self.node.as_deref());
        cells.int(self.attempts).int(self.items).opt_int(self.started_at).opt_int(self.ended_at);
        cells.opt_int(self.due_at).opt_text(self.result.as_deref()).opt_text(self.error.as_deref());
        cells.opt_text(self.usage.as_deref()).bool(self.dead_letter).bool(self.drops_input);
    }
}

/// A run that a node takes from the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which.
    pub key: Key,
    /// Who takes it.
    pub node: String,
    /// The token that it had until now; [`Row::token`] of the queued run.
    pub token: u64,
    /// The journal's `Run` under the next token, encoded.
    pub run: Vec<u8>,
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub started_at: i64,
}

const CLAIM: &[Column] = &[text("tenant_id"), text("id"), text("node"), int("token"), blob("run"), int("started_at")];

static TAKE: Template = Template::of_batch(
    COLUMNS,
    CLAIM,
    "WITH {batch} UPDATE executions SET state = 'running', token = executions.token + 1, node = batch.node,
         run = batch.run, started_at = coalesce(executions.started_at, batch.started_at), due_at = NULL
     FROM batch WHERE executions.tenant_id = batch.tenant_id AND executions.id = batch.id
         AND executions.state = 'queued' AND executions.token = batch.token
         AND EXISTS (SELECT 1 FROM apps WHERE apps.tenant_id = executions.tenant_id AND apps.id = executions.app_id
                     AND apps.status IN ('active', 'draft'))
     RETURNING {executions.columns}",
);

/// Takes runs from the queue: those that are still in it, under the token that was seen, and whose app is active
/// or a draft. Gives their [`Row`]s as they are now, with the next token.
pub fn claim(dialect: Dialect, claims: &[Claim]) -> Statement {
    TAKE.with(
        dialect,
        vec![batch(claims, |claim, cells| {
            claim.key.write(cells);
            cells.text(&claim.node).int(claim.token).blob(&claim.run).int(claim.started_at);
        })],
    )
}

static DELETE: Template = Template::of_batch(
    COLUMNS,
    KEY,
    "WITH {batch} DELETE FROM executions WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM batch)",
);

/// Forgets runs.
pub fn delete(dialect: Dialect, keys: &[Key]) -> Statement {
    DELETE.with(dialect, vec![batch(keys, Key::write)])
}
