//! `journal`: what runs were answered and did, one row for each commit.

use alcove_ids::{ExecutionId, TenantId};

use super::{
    RowError,
    batch::batch,
    cells::Reader,
    column::{Column, blob, int, text},
    executions::Key,
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// What one commit appended to the journal of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Of which run.
    pub execution: ExecutionId,
    /// Which of its commits, from 0.
    pub seq: u32,
    /// Records, as the journal encodes them, one after the other.
    pub records: Vec<u8>,
}

const COLUMNS: &[Column] = &[text("tenant_id"), text("execution_id"), int("seq"), blob("records")];
const RUN: &[Column] = &[text("tenant_id"), text("execution_id")];

static APPEND: Template = Template::of_batch(COLUMNS, COLUMNS, "INSERT INTO journal ({columns}) {rows}");

/// Appends to journals. A number that is taken is refused: somebody else has appended to that journal.
pub fn append(dialect: Dialect, rows: &[Row]) -> Statement {
    APPEND.with_rows(dialect, rows, |row, cells| {
        cells.text(row.tenant.as_str()).text(row.execution.as_str()).int(row.seq).blob(&row.records);
    })
}

static READ: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM journal WHERE tenant_id = ?1 AND execution_id = ?2 ORDER BY seq");

/// The journal of a run, in order: its [`Row`]s.
pub fn read(dialect: Dialect, tenant: &TenantId, execution: &ExecutionId) -> Statement {
    READ.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(execution.as_str())])
}

static READ_ALL: Template = Template::of_batch(
    COLUMNS,
    RUN,
    "WITH {batch} SELECT {journal.columns} FROM batch {join} journal
         ON journal.tenant_id = batch.tenant_id AND journal.execution_id = batch.execution_id
     ORDER BY journal.tenant_id, journal.execution_id, journal.seq",
);

/// The journals of runs, each in order: their [`Row`]s.
pub fn read_all(dialect: Dialect, keys: &[Key]) -> Statement {
    READ_ALL.with(dialect, vec![batch(keys, Key::write)])
}

static NEXT_SEQ: Template = Template::of_batch(
    COLUMNS,
    RUN,
    "WITH {batch} SELECT batch.tenant_id, batch.execution_id,
         (SELECT coalesce(max(seq) + 1, 0) FROM journal
          WHERE journal.tenant_id = batch.tenant_id AND journal.execution_id = batch.execution_id)
     FROM batch ORDER BY 1, 2",
);

/// The number that the next row of each of these journals has: see [`decode_next_seq`].
pub fn next_seq(dialect: Dialect, keys: &[Key]) -> Statement {
    NEXT_SEQ.with(dialect, vec![batch(keys, Key::write)])
}

/// Reads a row of [`next_seq`].
pub fn decode_next_seq(cells: &[SqlValue]) -> Result<(Key, u32), RowError> {
    let mut row = Reader::new(COLUMNS, cells);
    Ok((Key { tenant: row.id(TenantId::parse)?, id: row.id(ExecutionId::parse)? }, row.int()?))
}

static DELETE: Template = Template::of_batch(
    COLUMNS,
    RUN,
    "WITH {batch} DELETE FROM journal
     WHERE (tenant_id, execution_id) IN (SELECT tenant_id, execution_id FROM batch)",
);

/// Forgets the journals of runs.
pub fn delete(dialect: Dialect, keys: &[Key]) -> Statement {
    DELETE.with(dialect, vec![batch(keys, Key::write)])
}

impl Row {
    /// Reads a row of [`read`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            execution: row.id(ExecutionId::parse)?,
            seq: row.int()?,
            records: row.blob()?,
        })
    }
}
