//! `audit`: who changed what. Rows are only added.

use alcove_ids::TenantId;

use super::{
    RowError,
    batch::batch,
    cells::Reader,
    column::{Column, int, text},
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
}

const COLUMNS: &[Column] = &[text("tenant_id"), int("seq"), int("at"), text("subject"), text("what"), text("detail")];
const NOTE: &[Column] = &[text("tenant_id"), int("at"), text("subject"), text("what"), text("detail"), int("position")];

static APPEND: Template = Template::of_batch(
    COLUMNS,
    NOTE,
    "WITH {batch} INSERT INTO audit ({columns})
     SELECT tenant_id, coalesce((SELECT max(seq) FROM audit WHERE audit.tenant_id = batch.tenant_id), -1)
             + row_number() OVER (PARTITION BY tenant_id ORDER BY position),
         at, subject, what, detail
     FROM batch ORDER BY position",
);

/// Writes notes down, in this order. The transaction has locked their tenants before
/// ([`tenants::lock`](super::tenants::lock)); else two may take one number, of which the later is refused.
pub fn append(dialect: Dialect, notes: &[Note]) -> Statement {
    let notes = (0_u32..).zip(notes);
    let rows = batch(notes, |(position, note), cells| {
        cells.text(note.tenant.as_str()).int(note.at).text(&note.subject).text(&note.what);
        cells.text(&note.detail).int(position);
    });
    APPEND.with(dialect, vec![rows])
}

static LIST: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM audit WHERE tenant_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT ?3");

/// The audit log of a tenant from this number on: its [`Row`]s.
pub fn list(dialect: Dialect, tenant: &TenantId, from: u32, limit: u32) -> Statement {
    LIST.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::Int(from.into()), SqlValue::Int(limit.into())])
}

impl Row {
    /// Reads a row of [`list`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        let tenant = row.id(TenantId::parse)?;
        let seq = row.int()?;
        let note = Note { tenant, at: row.int()?, subject: row.text()?, what: row.text()?, detail: row.text()? };
        Ok(Self { seq, note })
    }
}
