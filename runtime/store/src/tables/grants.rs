//! `grants`: which subject has which role, and for what.

use alcove_ids::{AppId, TenantId};

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A grant, without who gave it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Whose.
    pub tenant: TenantId,
    /// Who has it: a subject as in [`members`](super::members), or `team:` with the id of a team.
    pub subject: String,
    /// The role.
    pub role: String,
    /// For which app; `None`: for the whole tenant.
    pub app: Option<AppId>,
}

/// A grant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is.
    pub key: Key,
    /// When it was given, in microseconds since 1970-01-01T00:00:00Z.
    pub created_at: i64,
    /// Who gave it, as JSON.
    pub created_by: String,
}

const COLUMNS: &[Column] =
    &[text("tenant_id"), text("subject"), text("role"), text("app_id"), int("created_at"), text("created_by")];

static INSERT: Template = Template::of_batch(
    COLUMNS,
    COLUMNS,
    "WITH {batch} INSERT INTO grants ({columns}) SELECT * FROM batch WHERE true
     ON CONFLICT (tenant_id, subject, role, app_id) DO NOTHING",
);

/// Adds those grants that are not there yet.
pub fn insert_new(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static EFFECTIVE: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM grants WHERE tenant_id = ?1 AND (subject = ?2 OR subject IN (
         SELECT 'team:' || team_id FROM team_members WHERE tenant_id = ?1 AND subject = ?2))
     ORDER BY subject, role, app_id",
);

/// What somebody has, themselves or through their teams: [`Row`]s.
pub fn effective(dialect: Dialect, tenant: &TenantId, subject: &str) -> Statement {
    EFFECTIVE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(subject)])
}

static LIST: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM grants WHERE tenant_id = ?1 AND (subject, role, app_id) > (?2, ?3, ?4)
     ORDER BY subject, role, app_id LIMIT ?5",
);

/// The grants of a tenant after the one of this subject, role and app (`["", "", ""]`: from the first), in that order:
/// their [`Row`]s. The app of a grant for the whole tenant is `""`.
pub fn list(dialect: Dialect, tenant: &TenantId, after: [&str; 3], limit: u32) -> Statement {
    let texts = [tenant.as_str()].into_iter().chain(after).map(SqlValue::text);
    LIST.with(dialect, texts.chain([SqlValue::Int(limit.into())]).collect())
}

static DELETE: Template =
    Template::new(COLUMNS, "DELETE FROM grants WHERE tenant_id = ?1 AND subject = ?2 AND role = ?3 AND app_id = ?4");

/// Takes a grant back.
pub fn delete(dialect: Dialect, key: &Key) -> Statement {
    DELETE.with(dialect, [key.tenant.as_str(), &key.subject, &key.role, key.app_text()].map(SqlValue::text).to_vec())
}

static DELETE_OF_SUBJECT: Template = Template::new(COLUMNS, "DELETE FROM grants WHERE tenant_id = ?1 AND subject = ?2");

/// Takes everything back that a subject was granted itself.
pub fn delete_of_subject(dialect: Dialect, tenant: &TenantId, subject: &str) -> Statement {
    DELETE_OF_SUBJECT.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(subject)])
}

impl Key {
    /// The app as its column has it: empty for the whole tenant.
    pub fn app_text(&self) -> &str {
        self.app.as_ref().map_or("", AppId::as_str)
    }
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        let Self { key, created_at, created_by } = self;
        cells.text(key.tenant.as_str()).text(&key.subject).text(&key.role).text(key.app_text()).int(*created_at);
        cells.text(created_by);
    }

    /// Reads a row of a statement that gives grants.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        let (tenant, subject, role) = (row.id(TenantId::parse)?, row.text()?, row.text()?);
        let app = row.text()?;
        let app = (!app.is_empty()).then(|| AppId::parse(&app)).transpose();
        let app = app.map_err(|source| RowError::Id { column: "app_id", source })?;
        Ok(Self { key: Key { tenant, subject, role, app }, created_at: row.int()?, created_by: row.text()? })
    }
}
