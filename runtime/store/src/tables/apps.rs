//! `apps`: the apps of tenants, each with its latest and its active version.

use alcove_ids::{AppId, TenantId};

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, int, text},
    template::Template,
    words::words,
};
use crate::{Dialect, SqlValue, Statement};

words! {
    /// What an app does with its triggers.
    Status {
        /// It never ran: nothing starts it.
        Draft = "draft",
        /// Its triggers start runs.
        Active = "active",
        /// A person has stopped it.
        Paused = "paused",
        /// It was stopped after too many failed runs in a row.
        Error = "error",
        /// It is gone, but for its history.
        Deleted = "deleted",
    }
}

/// An app. Times are in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub id: AppId,
    /// Its name, for a person.
    pub name: String,
    /// What it does with its triggers.
    pub status: Status,
    /// Its latest version.
    pub version: u32,
    /// The version that its triggers start.
    pub active_version: Option<u32>,
    /// Who wrote the latest version: a subject, as JSON.
    pub author: String,
    /// Who activated the active version: a subject, as JSON.
    pub activator: Option<String>,
    /// Runs that failed since one did not.
    pub failures_in_row: u32,
    /// Why it has its status, for a person.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// When it was changed last.
    pub updated_at: i64,
}

/// The name of an app.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub id: AppId,
}

/// What a run's end must know of its app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub key: Key,
    /// What it does with its triggers.
    pub status: Status,
    /// The version that its triggers start.
    pub active_version: Option<u32>,
    /// Runs that failed since one did not.
    pub failures_in_row: u32,
}

const COLUMNS: &[Column] = &[
    text("tenant_id"),
    text("id"),
    text("name"),
    text("status"),
    int("version"),
    int("active_version"),
    text("author"),
    text("activator"),
    int("failures_in_row"),
    text("reason"),
    int("created_at"),
    int("updated_at"),
];
const KEY: &[Column] = &[text("tenant_id"), text("id")];
const ACTIVE_VERSION: &[Column] = &[text("id"), int("active_version")];
const STANDING: &[Column] =
    &[text("tenant_id"), text("id"), text("status"), int("active_version"), int("failures_in_row")];
const FAILURES: &[Column] = &[text("tenant_id"), text("id"), int("failures")];
const STATUS: &[Column] = &[text("tenant_id"), text("id"), text("status"), text("reason"), int("updated_at")];
const VERSION: &[Column] =
    &[text("tenant_id"), text("id"), int("version"), text("name"), text("author"), int("updated_at")];
const ACTIVE: &[Column] = &[text("tenant_id"), text("id"), int("active_version"), text("activator"), int("updated_at")];

static INSERT: Template =
    Template::of_batch(COLUMNS, COLUMNS, "WITH {batch} INSERT INTO apps ({columns}) SELECT * FROM batch");

/// Adds apps. One that is there already is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static GET: Template = Template::new(COLUMNS, "SELECT {columns} FROM apps WHERE tenant_id = ?1 AND id = ?2");

/// One app: its [`Row`].
pub fn get(dialect: Dialect, tenant: &TenantId, app: &AppId) -> Statement {
    GET.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(app.as_str())])
}

static GET_FOR_UPDATE: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM apps WHERE tenant_id = ?1 AND id = ?2 {for update}");

/// The same, locked until the transaction ends.
pub fn get_for_update(dialect: Dialect, tenant: &TenantId, app: &AppId) -> Statement {
    GET_FOR_UPDATE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(app.as_str())])
}

static ACTIVE_VERSIONS: Template = Template::new(
    ACTIVE_VERSION,
    "SELECT id, active_version FROM apps
     WHERE tenant_id = ?1 AND id > ?2 AND status = 'active' AND active_version IS NOT NULL ORDER BY id LIMIT ?3",
);

/// The active apps of a tenant after this one (`""`: from the first), in the order of their ids, each with its active
/// version: see [`decode_active_version`].
pub fn active_versions(dialect: Dialect, tenant: &TenantId, after: &str, limit: u32) -> Statement {
    ACTIVE_VERSIONS
        .with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(after), SqlValue::Int(limit.into())])
}

/// Reads a row of [`active_versions`].
pub fn decode_active_version(cells: &[SqlValue]) -> Result<(AppId, u32), RowError> {
    let mut row = Reader::new(ACTIVE_VERSION, cells);
    Ok((row.id(AppId::parse)?, row.int()?))
}

static LIST: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM apps WHERE tenant_id = ?1 AND id > ?2 AND status <> 'deleted' ORDER BY id LIMIT ?3",
);

/// The apps of a tenant that are not deleted, after this one (`""`: from the first), in the order of their ids: their
/// [`Row`]s.
pub fn list(dialect: Dialect, tenant: &TenantId, after: &str, limit: u32) -> Statement {
    LIST.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(after), SqlValue::Int(limit.into())])
}

static COUNT: Template = Template::new(&[], "SELECT count(*) FROM apps WHERE tenant_id = ?1 AND status <> 'deleted'");

/// How many apps a tenant has that are not deleted: one cell.
pub fn count(dialect: Dialect, tenant: &TenantId) -> Statement {
    COUNT.with(dialect, vec![SqlValue::text(tenant.as_str())])
}

static SET_STATUS: Template = Template::of_batch(
    COLUMNS,
    STATUS,
    "WITH {batch} UPDATE apps SET status = batch.status, reason = batch.reason, updated_at = batch.updated_at
     FROM batch WHERE apps.tenant_id = batch.tenant_id AND apps.id = batch.id",
);

/// Gives an app another status, and says why, for a person.
pub fn set_status(dialect: Dialect, app: &Key, status: Status, reason: Option<&str>, now: i64) -> Statement {
    let row = batch([app], |app, cells| {
        app.write(cells);
        cells.text(status.as_str()).opt_text(reason).int(now);
    });
    SET_STATUS.with(dialect, vec![row])
}

static SET_VERSION: Template = Template::of_batch(
    COLUMNS,
    VERSION,
    "WITH {batch} UPDATE apps SET version = batch.version, name = batch.name, author = batch.author,
         updated_at = batch.updated_at
     FROM batch WHERE apps.tenant_id = batch.tenant_id AND apps.id = batch.id",
);

/// Gives an app a new latest version, with the name that it says and its author: a subject, as JSON.
pub fn set_version(dialect: Dialect, app: &Key, version: u32, name: &str, author: &str, now: i64) -> Statement {
    let row = batch([app], |app, cells| {
        app.write(cells);
        cells.int(version).text(name).text(author).int(now);
    });
    SET_VERSION.with(dialect, vec![row])
}

static SET_ACTIVE_VERSION: Template = Template::of_batch(
    COLUMNS,
    ACTIVE,
    "WITH {batch} UPDATE apps SET status = 'active', reason = NULL, failures_in_row = 0,
         active_version = batch.active_version, activator = batch.activator, updated_at = batch.updated_at
     FROM batch WHERE apps.tenant_id = batch.tenant_id AND apps.id = batch.id",
);

/// Makes an app active, in this version and with a clean record. `activator` is a subject, as JSON.
pub fn set_active_version(dialect: Dialect, app: &Key, version: u32, activator: &str, now: i64) -> Statement {
    let row = batch([app], |app, cells| {
        app.write(cells);
        cells.int(version).text(activator).int(now);
    });
    SET_ACTIVE_VERSION.with(dialect, vec![row])
}

static COUNT_FAILURES: Template = Template::of_batch(
    STANDING,
    FAILURES,
    "WITH {batch} UPDATE apps SET failures_in_row = apps.failures_in_row + batch.failures
     FROM batch WHERE apps.tenant_id = batch.tenant_id AND apps.id = batch.id RETURNING {apps.columns}",
);

/// Adds failed runs to the records of apps, each of which is named once; gives the [`Standing`]s from now on.
pub fn count_failures(dialect: Dialect, failures: &[(&Key, u32)]) -> Statement {
    let rows = batch(failures, |(app, failures), cells| {
        app.write(cells);
        cells.int(*failures);
    });
    COUNT_FAILURES.with(dialect, vec![rows])
}

static CLEAR_FAILURES: Template = Template::of_batch(
    COLUMNS,
    KEY,
    "WITH {batch} UPDATE apps SET failures_in_row = 0
     FROM batch WHERE apps.tenant_id = batch.tenant_id AND apps.id = batch.id AND apps.failures_in_row <> 0",
);

/// Clears the records of apps of which a run did not fail.
pub fn clear_failures(dialect: Dialect, apps: &[&Key]) -> Statement {
    CLEAR_FAILURES.with(dialect, vec![batch(apps, |app, cells| app.write(cells))])
}

static STANDINGS: Template = Template::of_batch(
    STANDING,
    KEY,
    "WITH {batch} SELECT {apps.columns} FROM batch {join} apps
         ON apps.tenant_id = batch.tenant_id AND apps.id = batch.id
     ORDER BY apps.tenant_id, apps.id",
);

/// The [`Standing`]s of apps, in the order of their names.
pub fn standings(dialect: Dialect, apps: &[&Key]) -> Statement {
    STANDINGS.with(dialect, vec![batch(apps, |app, cells| app.write(cells))])
}

static STANDINGS_FOR_UPDATE: Template = Template::of_batch(
    STANDING,
    KEY,
    "WITH {batch} SELECT {apps.columns} FROM batch {join} apps
         ON apps.tenant_id = batch.tenant_id AND apps.id = batch.id
     ORDER BY apps.tenant_id, apps.id {for update}",
);

/// The same, locked until the transaction ends.
pub fn standings_for_update(dialect: Dialect, apps: &[&Key]) -> Statement {
    STANDINGS_FOR_UPDATE.with(dialect, vec![batch(apps, |app, cells| app.write(cells))])
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(self.id.as_str()).text(&self.name).text(self.status.as_str());
        cells.int(self.version).opt_int(self.active_version).text(&self.author).opt_text(self.activator.as_deref());
        cells.int(self.failures_in_row).opt_text(self.reason.as_deref()).int(self.created_at).int(self.updated_at);
    }

    /// Reads a row of a statement that gives apps.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            id: row.id(AppId::parse)?,
            name: row.text()?,
            status: row.word(Status::parse)?,
            version: row.int()?,
            active_version: row.opt_int()?,
            author: row.text()?,
            activator: row.opt_text()?,
            failures_in_row: row.int()?,
            reason: row.opt_text()?,
            created_at: row.int()?,
            updated_at: row.int()?,
        })
    }
}

impl Key {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(self.id.as_str());
    }
}

impl Standing {
    /// Reads a row of a statement that gives standings.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(STANDING, cells);
        Ok(Self {
            key: Key { tenant: row.id(TenantId::parse)?, id: row.id(AppId::parse)? },
            status: row.word(Status::parse)?,
            active_version: row.opt_int()?,
            failures_in_row: row.int()?,
        })
    }
}
