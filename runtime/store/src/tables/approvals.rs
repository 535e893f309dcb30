//! `approvals`: questions to people.

use alcove_ids::{AppId, EffectId, ExecutionId, TenantId};

use super::{
    RowError, after,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, int, text},
    template::Template,
    words::words,
};
use crate::{Dialect, SqlValue, Statement};

words! {
    /// What became of a question.
    Status {
        /// Nobody has answered it yet.
        Open = "open",
        /// It may happen.
        Approved = "approved",
        /// It may not.
        Rejected = "rejected",
        /// It may happen, with changes.
        Modified = "modified",
        /// Nobody answered in time.
        Expired = "expired",
        /// The run ended without it.
        Cancelled = "cancelled",
    }
}

/// A question. Times are in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// The effect that asks: the call of `request_approval`.
    pub id: EffectId,
    /// The run that waits for the answer.
    pub execution: ExecutionId,
    /// The app of that run.
    pub app: AppId,
    /// What it is about, in a line.
    pub title: String,
    /// What it is about.
    pub message: String,
    /// What the approver is shown, as JSON.
    pub preview: String,
    /// The journal's `Request` (what the answer will be about, who may give it, who had a part in the run), as JSON.
    pub request: String,
    /// What became of it.
    pub status: Status,
    /// When it expires.
    pub expires_at: i64,
    /// Who answered: a subject, as JSON.
    pub decided_by: Option<String>,
    /// When it was closed.
    pub decided_at: Option<i64>,
    /// When it was asked.
    pub created_at: i64,
}

/// The end of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// Whose.
    pub tenant: TenantId,
    /// The effect that asked.
    pub id: EffectId,
    /// What became of it.
    pub status: Status,
    /// Who answered, if somebody did: a subject, as JSON.
    pub decided_by: Option<String>,
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub decided_at: i64,
}

const COLUMNS: &[Column] = &[
    text("tenant_id"),
    text("id"),
    text("execution_id"),
    text("app_id"),
    text("title"),
    text("message"),
    text("preview"),
    text("request"),
    text("status"),
    int("expires_at"),
    text("decided_by"),
    int("decided_at"),
    int("created_at"),
];
const CLOSE: &[Column] = &[text("tenant_id"), text("id"), text("status"), text("decided_by"), int("decided_at")];

static INSERT: Template =
    Template::of_batch(COLUMNS, COLUMNS, "WITH {batch} INSERT INTO approvals ({columns}) SELECT * FROM batch");

/// Asks. A question that was asked before is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static GET: Template = Template::new(COLUMNS, "SELECT {columns} FROM approvals WHERE tenant_id = ?1 AND id = ?2");

/// One question: its [`Row`].
pub fn get(dialect: Dialect, tenant: &TenantId, id: &EffectId) -> Statement {
    GET.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(id.as_str())])
}

static LIST: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM approvals WHERE tenant_id = ?1 AND status = ?2 AND (created_at, id) > (?3, ?4)
     ORDER BY created_at, id LIMIT ?5",
);

/// The questions of a tenant that became of that, oldest first, after one that was asked then (`(i64::MIN, "")`: from
/// the first): their [`Row`]s.
pub fn list(dialect: Dialect, tenant: &TenantId, status: Status, after: (i64, &str), limit: u32) -> Statement {
    LIST.with(dialect, after::page(tenant, status.as_str(), after, limit))
}

static PRUNE: Template = Template::new(
    COLUMNS,
    "DELETE FROM approvals WHERE tenant_id = ?1
         AND status IN ('approved', 'rejected', 'modified', 'expired', 'cancelled') AND created_at < ?2",
);

/// Forgets the questions of a tenant that were asked before then and are answered.
pub fn prune(dialect: Dialect, tenant: &TenantId, before: i64) -> Statement {
    PRUNE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::Int(before)])
}

static CLOSE_OPEN: Template = Template::of_batch(
    COLUMNS,
    CLOSE,
    "WITH {batch} UPDATE approvals SET status = batch.status, decided_by = batch.decided_by,
         decided_at = batch.decided_at
     FROM batch WHERE approvals.tenant_id = batch.tenant_id AND approvals.id = batch.id
         AND approvals.status = 'open'",
);

/// Closes those of the questions that are open.
pub fn close(dialect: Dialect, closes: &[Close]) -> Statement {
    CLOSE_OPEN.with(
        dialect,
        vec![batch(closes, |close, cells| {
            cells.text(close.tenant.as_str()).text(close.id.as_str()).text(close.status.as_str());
            cells.opt_text(close.decided_by.as_deref()).int(close.decided_at);
        })],
    )
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(self.id.as_str()).text(self.execution.as_str()).text(self.app.as_str());
        cells.text(&self.title).text(&self.message).text(&self.preview).text(&self.request);
        cells.text(self.status.as_str()).int(self.expires_at).opt_text(self.decided_by.as_deref());
        cells.opt_int(self.decided_at).int(self.created_at);
    }

    /// Reads a row of a statement that gives questions.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            id: row.id(EffectId::parse)?,
            execution: row.id(ExecutionId::parse)?,
            app: row.id(AppId::parse)?,
            title: row.text()?,
            message: row.text()?,
            preview: row.text()?,
            request: row.text()?,
            status: row.word(Status::parse)?,
            expires_at: row.int()?,
            decided_by: row.opt_text()?,
            decided_at: row.opt_int()?,
            created_at: row.int()?,
        })
    }
}
