//! `plans`: plans that were submitted and belong to no app yet. A row never changes.

use alcove_ids::TenantId;

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, blob, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Its digest, in hex.
    pub digest: String,
    /// The plan, as the plan's codec writes it.
    pub plan: Vec<u8>,
    /// What it may do, as JSON.
    pub manifest: String,
    /// Who submitted it first: a subject, as JSON.
    pub author: String,
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub created_at: i64,
}

const COLUMNS: &[Column] =
    &[text("tenant_id"), text("digest"), blob("plan"), text("manifest"), text("author"), int("created_at")];

static ADD: Template = Template::of_batch(
    COLUMNS,
    COLUMNS,
    "WITH {batch} INSERT INTO plans ({columns}) SELECT * FROM batch WHERE true
     ON CONFLICT (tenant_id, digest) DO NOTHING",
);

/// Adds plans. One that is there already stays as it is.
pub fn add(dialect: Dialect, rows: &[Row]) -> Statement {
    ADD.with(dialect, vec![batch(rows, Row::write)])
}

static GET: Template = Template::new(COLUMNS, "SELECT {columns} FROM plans WHERE tenant_id = ?1 AND digest = ?2");

/// One plan: its [`Row`].
pub fn get(dialect: Dialect, tenant: &TenantId, digest: &str) -> Statement {
    GET.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(digest)])
}

static MAKE_ROOM: Template = Template::new(
    COLUMNS,
    "DELETE FROM plans WHERE tenant_id = ?1 AND digest IN (
         SELECT digest FROM (
             SELECT digest, row_number() OVER (ORDER BY created_at DESC, digest DESC) AS nth
             FROM plans WHERE tenant_id = ?1
         ) AS by_age
         WHERE nth > ?2 ORDER BY nth DESC LIMIT ?3)",
);

/// Forgets all plans of a tenant but so many that came last, at most `at_a_time` of them.
pub fn make_room(dialect: Dialect, tenant: &TenantId, kept: u32, at_a_time: u32) -> Statement {
    MAKE_ROOM.with(
        dialect,
        vec![SqlValue::text(tenant.as_str()), SqlValue::Int(kept.into()), SqlValue::Int(at_a_time.into())],
    )
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(&self.digest).blob(&self.plan).text(&self.manifest);
        cells.text(&self.author).int(self.created_at);
    }

    /// Reads a row of [`get`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            digest: row.text()?,
            plan: row.blob()?,
            manifest: row.text()?,
            author: row.text()?,
            created_at: row.int()?,
        })
    }
}
