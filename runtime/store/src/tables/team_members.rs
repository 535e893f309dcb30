//! `team_members`: who is in which team.

use alcove_ids::TenantId;

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A member of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Which team.
    pub team: String,
    /// Who, as in [`members`](super::members).
    pub subject: String,
    /// When they came, in microseconds since 1970-01-01T00:00:00Z.
    pub created_at: i64,
    /// Who took them in, as JSON.
    pub created_by: String,
}

const COLUMNS: &[Column] =
    &[text("tenant_id"), text("team_id"), text("subject"), int("created_at"), text("created_by")];

static INSERT: Template = Template::of_batch(
    COLUMNS,
    COLUMNS,
    "WITH {batch} INSERT INTO team_members ({columns}) SELECT * FROM batch WHERE true
     ON CONFLICT (tenant_id, team_id, subject) DO NOTHING",
);

/// Adds those who are not there yet.
pub fn insert_new(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static OF_TEAM: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM team_members WHERE tenant_id = ?1 AND team_id = ?2 AND subject > ?3
     ORDER BY subject LIMIT ?4",
);

/// The members of a team after this one (`""`: from the first), in the order of their subjects: their [`Row`]s.
pub fn of_team(dialect: Dialect, tenant: &TenantId, team: &str, after: &str, limit: u32) -> Statement {
    let texts = [tenant.as_str(), team, after].map(SqlValue::text);
    OF_TEAM.with(dialect, texts.into_iter().chain([SqlValue::Int(limit.into())]).collect())
}

static OF_SUBJECT: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM team_members WHERE tenant_id = ?1 AND subject = ?2 ORDER BY team_id");

/// The teams that somebody is in, in the order of their ids: [`Row`]s.
pub fn of_subject(dialect: Dialect, tenant: &TenantId, subject: &str) -> Statement {
    OF_SUBJECT.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(subject)])
}

static DELETE: Template =
    Template::new(COLUMNS, "DELETE FROM team_members WHERE tenant_id = ?1 AND team_id = ?2 AND subject = ?3");

/// Takes somebody out of a team.
pub fn delete(dialect: Dialect, tenant: &TenantId, team: &str, subject: &str) -> Statement {
    DELETE.with(dialect, [tenant.as_str(), team, subject].map(SqlValue::text).to_vec())
}

static DELETE_OF_TEAM: Template =
    Template::new(COLUMNS, "DELETE FROM team_members WHERE tenant_id = ?1 AND team_id = ?2");

/// Takes everybody out of a team.
pub fn delete_of_team(dialect: Dialect, tenant: &TenantId, team: &str) -> Statement {
    DELETE_OF_TEAM.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(team)])
}

static DELETE_OF_SUBJECT: Template =
    Template::new(COLUMNS, "DELETE FROM team_members WHERE tenant_id = ?1 AND subject = ?2");

/// Takes somebody out of every team.
pub fn delete_of_subject(dialect: Dialect, tenant: &TenantId, subject: &str) -> Statement {
    DELETE_OF_SUBJECT.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(subject)])
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(&self.team).text(&self.subject).int(self.created_at);
        cells.text(&self.created_by);
    }

    /// Reads a row of a statement that gives members of teams.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            team: row.text()?,
            subject: row.text()?,
            created_at: row.int()?,
            created_by: row.text()?,
        })
    }
}
