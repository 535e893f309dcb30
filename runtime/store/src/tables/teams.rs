//! `teams`: several members who are granted roles together.

use alcove_ids::TenantId;

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Which: `ops`, of the subject `team:ops`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// When it was made, in microseconds since 1970-01-01T00:00:00Z.
    pub created_at: i64,
    /// Who made it, as JSON.
    pub created_by: String,
}

const COLUMNS: &[Column] = &[text("tenant_id"), text("id"), text("name"), int("created_at"), text("created_by")];

static INSERT: Template =
    Template::of_batch(COLUMNS, COLUMNS, "WITH {batch} INSERT INTO teams ({columns}) SELECT * FROM batch");

/// Adds teams. One that is there already is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static GET: Template = Template::new(COLUMNS, "SELECT {columns} FROM teams WHERE tenant_id = ?1 AND id = ?2");

/// One team: its [`Row`].
pub fn get(dialect: Dialect, tenant: &TenantId, team: &str) -> Statement {
    GET.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(team)])
}

static LIST: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM teams WHERE tenant_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3");

/// The teams of a tenant after this one (`""`: from the first), in the order of their ids: their [`Row`]s.
pub fn list(dialect: Dialect, tenant: &TenantId, after: &str, limit: u32) -> Statement {
    LIST.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(after), SqlValue::Int(limit.into())])
}

static DELETE: Template = Template::new(COLUMNS, "DELETE FROM teams WHERE tenant_id = ?1 AND id = ?2");

/// Takes a team away. Who is in it, and what was granted to it, is not.
pub fn delete(dialect: Dialect, tenant: &TenantId, team: &str) -> Statement {
    DELETE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(team)])
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(&self.id).text(&self.name).int(self.created_at);
        cells.text(&self.created_by);
    }

    /// Reads a row of a statement that gives teams.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            id: row.text()?,
            name: row.text()?,
            created_at: row.int()?,
            created_by: row.text()?,
        })
    }
}
