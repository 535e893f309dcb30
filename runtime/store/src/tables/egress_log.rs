//! `egress_log`: the requests of runs.

use alcove_ids::{EffectId, ExecutionId, TenantId};

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, int, text},
    executions::Key,
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A request that an effect has sent, or wanted to. Nothing of it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Of which run.
    pub execution: ExecutionId,
    /// Which of its requests: ids of a run are in the order of their requests.
    pub id: String,
    /// For which effect.
    pub effect: EffectId,
    /// When it began, in microseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// What it asked for: an HTTP method.
    pub method: String,
    /// Where: origin, path and the names of the query's members.
    pub target: String,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// The code of the error that it ended with.
    pub error: Option<String>,
    /// Bytes of the body that was to be sent.
    pub bytes_out: u64,
    /// Bytes of the body that was received.
    pub bytes_in: u64,
    /// How long it took.
    pub duration_ms: u64,
    /// Redirects that it followed.
    pub hops: u32,
}

const COLUMNS: &[Column] = &[
    text("tenant_id"),
    text("execution_id"),
    text("id"),
    text("effect_id"),
    int("at"),
    text("method"),
    text("target"),
    int("status"),
    text("error"),
    int("bytes_out"),
    int("bytes_in"),
    int("duration_ms"),
    int("hops"),
];
const RUN: &[Column] = &[text("tenant_id"), text("execution_id")];

static INSERT: Template =
    Template::of_batch(COLUMNS, COLUMNS, "WITH {batch} INSERT INTO egress_log ({columns}) SELECT * FROM batch");

/// Adds requests. One that is there already is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static OF_RUN: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM egress_log WHERE tenant_id = ?1 AND execution_id = ?2 AND id > ?3 ORDER BY id LIMIT ?4",
);

/// The requests of a run after this one (`""`: from the first), in their order: their [`Row`]s.
pub fn of_run(dialect: Dialect, tenant: &TenantId, execution: &ExecutionId, after: &str, limit: u32) -> Statement {
    let (tenant, execution) = (SqlValue::text(tenant.as_str()), SqlValue::text(execution.as_str()));
    OF_RUN.with(dialect, vec![tenant, execution, SqlValue::text(after), SqlValue::Int(limit.into())])
}

static DELETE: Template = Template::of_batch(
    COLUMNS,
    RUN,
    "WITH {batch} DELETE FROM egress_log
     WHERE (tenant_id, execution_id) IN (SELECT tenant_id, execution_id FROM batch)",
);

/// Forgets the requests of runs.
pub fn delete(dialect: Dialect, runs: &[Key]) -> Statement {
    DELETE.with(dialect, vec![batch(runs, Key::write)])
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(self.execution.as_str()).text(&self.id).text(self.effect.as_str());
        cells.int(self.at).text(&self.method).text(&self.target).opt_int(self.status).opt_text(self.error.as_deref());
        cells.int(self.bytes_out).int(self.bytes_in).int(self.duration_ms).int(self.hops);
    }

    /// Reads a row of [`of_run`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            execution: row.id(ExecutionId::parse)?,
            id: row.text()?,
            effect: row.id(EffectId::parse)?,
            at: row.int()?,
            method: row.text()?,
            target: row.text()?,
            status: row.opt_int()?,
            error: row.opt_text()?,
            bytes_out: row.int()?,
            bytes_in: row.int()?,
            duration_ms: row.int()?,
            hops: row.int()?,
        })
    }
}
