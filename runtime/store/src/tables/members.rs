//! `members`: the people and services of a tenant.
//!
//! A subject is written `person:ann`, `service:ci` or `agent:helper`, here and in the tables that name one.

use alcove_ids::TenantId;

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Who.
    pub subject: String,
    /// What people call them.
    pub name: String,
    /// When they came, in microseconds since 1970-01-01T00:00:00Z.
    pub created_at: i64,
    /// Who brought them, as JSON.
    pub created_by: String,
}

const COLUMNS: &[Column] = &[text("tenant_id"), text("subject"), text("name"), int("created_at"), text("created_by")];
const SUBJECT: &[Column] = &[text("subject")];

static INSERT: Template =
    Template::of_batch(COLUMNS, COLUMNS, "WITH {batch} INSERT INTO members ({columns}) SELECT * FROM batch");

/// Adds members. One who is there already is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static GET: Template = Template::new(COLUMNS, "SELECT {columns} FROM members WHERE tenant_id = ?1 AND subject = ?2");

/// One member: their [`Row`].
pub fn get(dialect: Dialect, tenant: &TenantId, subject: &str) -> Statement {
    GET.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(subject)])
}

static LIST: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM members WHERE tenant_id = ?1 AND subject > ?2 ORDER BY subject LIMIT ?3",
);

/// The members of a tenant after this one (`""`: from the first), in the order of their subjects: their [`Row`]s.
pub fn list(dialect: Dialect, tenant: &TenantId, after: &str, limit: u32) -> Statement {
    LIST.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(after), SqlValue::Int(limit.into())])
}

static WITH_ROLE: Template = Template::new(
    SUBJECT,
    "SELECT {columns} FROM members WHERE tenant_id = ?1 AND EXISTS (
         SELECT 1 FROM grants WHERE grants.tenant_id = ?1 AND grants.role = ?2 AND grants.app_id = ''
             AND (grants.subject = members.subject OR grants.subject IN (
                 SELECT 'team:' || team_members.team_id FROM team_members
                 WHERE team_members.tenant_id = ?1 AND team_members.subject = members.subject)))
     ORDER BY subject LIMIT ?3",
);

/// Members who have a role for the whole tenant, themselves or through a team: rows with their subjects.
pub fn with_role(dialect: Dialect, tenant: &TenantId, role: &str, limit: u32) -> Statement {
    WITH_ROLE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(role), SqlValue::Int(limit.into())])
}

static DELETE: Template = Template::new(COLUMNS, "DELETE FROM members WHERE tenant_id = ?1 AND subject = ?2");

/// Takes a member away. Their grants, teams and keys are not.
pub fn delete(dialect: Dialect, tenant: &TenantId, subject: &str) -> Statement {
    DELETE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(subject)])
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(&self.subject).text(&self.name).int(self.created_at);
        cells.text(&self.created_by);
    }

    /// Reads a row of a statement that gives members.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            subject: row.text()?,
            name: row.text()?,
            created_at: row.int()?,
            created_by: row.text()?,
        })
    }
}
