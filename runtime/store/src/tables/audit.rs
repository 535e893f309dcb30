//! `audit`: who changed what, and who was refused. Rows are only added, by [`crate::audit::append`].

use alcove_ids::TenantId;
use blake3::Hash;

use super::{
    RowError,
    batch::batch,
    cells::Reader,
    column::{Column, blob, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// What is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Whose.
    pub tenant: TenantId,
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub at: i64,
    /// Who, as JSON.
    pub subject: String,
    /// What they did: `app.activated`.
    pub what: String,
    /// To what, as JSON.
    pub detail: String,
}

/// A note in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number among the tenant's, from 0, without a gap.
    pub seq: u64,
    /// What was written down.
    pub note: Note,
    /// What it and all notes before it come to; `None`: it is older than the chain.
    pub hash: Option<Hash>,
}

/// The last row of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Last {
    pub(crate) tenant: TenantId,
    pub(crate) seq: u64,
    pub(crate) hash: Option<Hash>,
}

const COLUMNS: &[Column] =
    &[text("tenant_id"), int("seq"), int("at"), text("subject"), text("what"), text("detail"), blob("hash")];
const LAST: &[Column] = &[text("tenant_id"), int("seq"), blob("hash")];
const KEY: &[Column] = &[text("tenant_id")];

static INSERT: Template =
    Template::of_batch(COLUMNS, COLUMNS, "WITH {batch} INSERT INTO audit ({columns}) SELECT * FROM batch");

/// Writes notes down in their places. A place that is taken is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    let rows = batch(rows, |row, cells| {
        let Row { seq, note, hash } = row;
        cells.text(note.tenant.as_str()).int(*seq).int(note.at).text(&note.subject).text(&note.what);
        cells.text(&note.detail).opt_blob(hash.as_ref().map(|hash| &hash.as_bytes()[..]));
    });
    INSERT.with(dialect, vec![rows])
}

static LASTS: Template = Template::of_batch(
    LAST,
    KEY,
    "WITH {batch} SELECT {audit.columns} FROM batch {join} audit ON audit.tenant_id = batch.tenant_id
         AND audit.seq = (SELECT max(seq) FROM audit AS last WHERE last.tenant_id = batch.tenant_id)
     ORDER BY audit.tenant_id",
);

/// Where the logs of tenants end; those that are empty are left out.
pub fn lasts(dialect: Dialect, tenants: &[&TenantId]) -> Statement {
    LASTS.with(
        dialect,
        vec![batch(tenants, |tenant, cells| {
            cells.text(tenant.as_str());
        })],
    )
}

static LIST: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM audit WHERE tenant_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3");

/// The audit log of a tenant from this number on: its [`Row`]s.
pub fn list(dialect: Dialect, tenant: &TenantId, from: i64, limit: u32) -> Statement {
    LIST.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::Int(from), SqlValue::Int(limit.into())])
}

impl Row {
    /// Reads a row of [`list`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        let tenant = row.id(TenantId::parse)?;
        let seq = row.int()?;
        let note = Note { tenant, at: row.int()?, subject: row.text()?, what: row.text()?, detail: row.text()? };
        Ok(Self { seq, note, hash: hash(&mut row)? })
    }
}

impl Last {
    /// Reads a row of [`lasts`].
    pub(crate) fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(LAST, cells);
        Ok(Self { tenant: row.id(TenantId::parse)?, seq: row.int()?, hash: hash(&mut row)? })
    }
}

fn hash(row: &mut Reader<'_>) -> Result<Option<Hash>, RowError> {
    let hash = row.opt_blob()?.map(|bytes| Hash::from_slice(&bytes)).transpose();
    hash.map_err(|_| RowError::Kind { column: "hash" })
}
