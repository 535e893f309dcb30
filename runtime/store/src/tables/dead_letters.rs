//! `dead_letters`: runs that failed for good, and whose trigger would be lost with them.

use alcove_ids::{AppId, ExecutionId, TenantId};

use super::{
    RowError, after,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, int, text},
    executions::Key,
    template::Template,
    words::words,
};
use crate::{Dialect, SqlValue, Statement};

words! {
    /// What became of a dead letter.
    Status {
        /// Nobody has dealt with it yet.
        Open = "open",
        /// The run is tried again.
        Redriven = "redriven",
        /// It never will be.
        Discarded = "discarded",
    }
}

/// A dead letter. Times are in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// The run that failed.
    pub execution: ExecutionId,
    /// Its app.
    pub app: AppId,
    /// How it failed, as JSON.
    pub error: String,
    /// What became of it.
    pub status: Status,
    /// When the run failed.
    pub created_at: i64,
    /// When somebody dealt with it.
    pub closed_at: Option<i64>,
    /// Who: a subject, as JSON.
    pub closed_by: Option<String>,
}

/// What somebody does about a dead letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// Whose.
    pub tenant: TenantId,
    /// The run that failed.
    pub execution: ExecutionId,
    /// What becomes of it.
    pub status: Status,
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub closed_at: i64,
    /// Who: a subject, as JSON.
    pub closed_by: Option<String>,
}

const COLUMNS: &[Column] = &[
    text("tenant_id"),
    text("execution_id"),
    text("app_id"),
    text("error"),
    text("status"),
    int("created_at"),
    int("closed_at"),
    text("closed_by"),
];
const RUN: &[Column] = &[text("tenant_id"), text("execution_id")];
const CLOSE: &[Column] =
    &[text("tenant_id"), text("execution_id"), text("status"), int("closed_at"), text("closed_by")];

static INSERT: Template = Template::of_batch(
    COLUMNS,
    COLUMNS,
    "WITH {batch} INSERT INTO dead_letters ({columns}) SELECT * FROM batch WHERE true
     ON CONFLICT (tenant_id, execution_id) DO UPDATE SET error = excluded.error, status = excluded.status,
         created_at = excluded.created_at, closed_at = excluded.closed_at, closed_by = excluded.closed_by",
);

/// Adds dead letters, each of which is named once. A run that was tried again and failed again has the new one only.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static GET: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM dead_letters WHERE tenant_id = ?1 AND execution_id = ?2");

/// The dead letter of a run: its [`Row`].
pub fn get(dialect: Dialect, tenant: &TenantId, execution: &ExecutionId) -> Statement {
    GET.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(execution.as_str())])
}

static LIST: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM dead_letters WHERE tenant_id = ?1 AND status = ?2 AND (created_at, execution_id) > (?3, ?4)
     ORDER BY created_at, execution_id LIMIT ?5",
);

/// The dead letters of a tenant that became of that, oldest first, after one that failed then (`(i64::MIN, "")`: from
/// the first): their [`Row`]s.
pub fn list(dialect: Dialect, tenant: &TenantId, status: Status, after: (i64, &str), limit: u32) -> Statement {
    LIST.with(dialect, after::page(tenant, status.as_str(), after, limit))
}

static CLOSE_OPEN: Template = Template::of_batch(
    COLUMNS,
    CLOSE,
    "WITH {batch} UPDATE dead_letters SET status = batch.status, closed_at = batch.closed_at,
         closed_by = batch.closed_by
     FROM batch WHERE dead_letters.tenant_id = batch.tenant_id AND dead_letters.execution_id = batch.execution_id
         AND dead_letters.status = 'open'",
);

/// Closes those of the dead letters that are open.
pub fn close(dialect: Dialect, closes: &[Close]) -> Statement {
    CLOSE_OPEN.with(
        dialect,
        vec![batch(closes, |close, cells| {
            cells.text(close.tenant.as_str()).text(close.execution.as_str()).text(close.status.as_str());
            cells.int(close.closed_at).opt_text(close.closed_by.as_deref());
        })],
    )
}

static DELETE: Template = Template::of_batch(
    COLUMNS,
    RUN,
    "WITH {batch} DELETE FROM dead_letters
     WHERE (tenant_id, execution_id) IN (SELECT tenant_id, execution_id FROM batch)",
);

/// Forgets the dead letters of runs.
pub fn delete(dialect: Dialect, runs: &[Key]) -> Statement {
    DELETE.with(dialect, vec![batch(runs, Key::write)])
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(self.execution.as_str()).text(self.app.as_str()).text(&self.error);
        cells.text(self.status.as_str()).int(self.created_at).opt_int(self.closed_at);
        cells.opt_text(self.closed_by.as_deref());
    }

    /// Reads a row of a statement that gives dead letters.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            execution: row.id(ExecutionId::parse)?,
            app: row.id(AppId::parse)?,
            error: row.text()?,
            status: row.word(Status::parse)?,
            created_at: row.int()?,
            closed_at: row.opt_int()?,
            closed_by: row.opt_text()?,
        })
    }
}
