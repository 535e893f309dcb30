//! `versions`: what apps were and are. A row never changes, so that runs can be pinned to it.

use alcove_ids::{AppId, TenantId};

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, blob, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A version of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Of which app.
    pub app: AppId,
    /// Which, from 1.
    pub version: u32,
    /// The digest of its plan, in hex.
    pub digest: String,
    /// What its author wrote.
    pub config: String,
    /// The plan, as the plan's codec writes it.
    pub plan: Vec<u8>,
    /// What it may do, as JSON.
    pub manifest: String,
    /// Who wrote it: a subject, as JSON.
    pub author: String,
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub created_at: i64,
}

/// A version as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Which, from 1.
    pub version: u32,
    /// The digest of its plan, in hex.
    pub digest: String,
    /// Who wrote it: a subject, as JSON.
    pub author: String,
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub created_at: i64,
}

/// The plan of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivePlan {
    /// Whose.
    pub tenant: TenantId,
    /// Of which app.
    pub app: AppId,
    /// Which version.
    pub version: u32,
    /// The digest of the plan, in hex.
    pub digest: String,
    /// The plan, as the plan's codec writes it.
    pub plan: Vec<u8>,
}

const COLUMNS: &[Column] = &[
    text("tenant_id"),
    text("app_id"),
    int("version"),
    text("digest"),
    text("config"),
    blob("plan"),
    text("manifest"),
    text("author"),
    int("created_at"),
];
const SUMMARY: &[Column] = &[int("version"), text("digest"), text("author"), int("created_at")];
const PLAN: &[Column] = &[text("tenant_id"), text("app_id"), int("version"), text("digest"), blob("plan")];
const KEY: &[Column] = &[text("tenant_id"), text("app_id"), int("version")];

static INSERT: Template =
    Template::of_batch(COLUMNS, COLUMNS, "WITH {batch} INSERT INTO versions ({columns}) SELECT * FROM batch");

/// Adds versions. One that is there already is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static GET: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM versions WHERE tenant_id = ?1 AND app_id = ?2 AND version = ?3");

/// One version: its [`Row`].
pub fn get(dialect: Dialect, tenant: &TenantId, app: &AppId, version: u32) -> Statement {
    GET.with(
        dialect,
        vec![SqlValue::text(tenant.as_str()), SqlValue::text(app.as_str()), SqlValue::Int(version.into())],
    )
}

static BY_DIGEST: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM versions WHERE tenant_id = ?1 AND digest = ?2 ORDER BY app_id, version LIMIT 1",
);

/// A version of the tenant that has this plan: its [`Row`]. If there are several, their plans are the same.
pub fn by_digest(dialect: Dialect, tenant: &TenantId, digest: &str) -> Statement {
    BY_DIGEST.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(digest)])
}

static LIST: Template = Template::new(
    SUMMARY,
    "SELECT {columns} FROM versions WHERE tenant_id = ?1 AND app_id = ?2 AND version < ?3
     ORDER BY version DESC LIMIT ?4",
);

/// The versions of an app before this one (`u32::MAX`: all), the latest first: their [`Summary`]s.
pub fn list(dialect: Dialect, tenant: &TenantId, app: &AppId, before: u32, limit: u32) -> Statement {
    LIST.with(
        dialect,
        vec![
            SqlValue::text(tenant.as_str()),
            SqlValue::text(app.as_str()),
            SqlValue::Int(before.into()),
            SqlValue::Int(limit.into()),
        ],
    )
}

static ACTIVE: Template = Template::new(
    PLAN,
    "SELECT {versions.columns} FROM apps {join} versions ON versions.tenant_id = apps.tenant_id
         AND versions.app_id = apps.id AND versions.version = apps.active_version
     WHERE apps.tenant_id = ?1 AND apps.id > ?2 AND apps.status = 'active' ORDER BY apps.id LIMIT ?3",
);

/// The plans of a tenant's active apps after this one (`""`: from the first), in the order of their ids:
/// [`ActivePlan`]s.
pub fn active_of(dialect: Dialect, tenant: &TenantId, after: &str, limit: u32) -> Statement {
    ACTIVE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(after), SqlValue::Int(limit.into())])
}

static ALL_ACTIVE: Template = Template::new(
    PLAN,
    "SELECT {versions.columns} FROM apps {join} versions ON versions.tenant_id = apps.tenant_id
         AND versions.app_id = apps.id AND versions.version = apps.active_version
     WHERE (apps.tenant_id, apps.id) > (?1, ?2) AND apps.status = 'active'
     ORDER BY apps.tenant_id, apps.id LIMIT ?3",
);

/// The plans of all tenants' active apps after this one (`("", "")`: from the first), in the order of their names:
/// [`ActivePlan`]s.
pub fn active(dialect: Dialect, after: (&str, &str), limit: u32) -> Statement {
    let (tenant, app) = after;
    ALL_ACTIVE.with(dialect, vec![SqlValue::text(tenant), SqlValue::text(app), SqlValue::Int(limit.into())])
}

static PLANS: Template = Template::of_batch(
    PLAN,
    KEY,
    "WITH {batch} SELECT {versions.columns} FROM batch {join} versions ON versions.tenant_id = batch.tenant_id
         AND versions.app_id = batch.app_id AND versions.version = batch.version
     ORDER BY versions.tenant_id, versions.app_id, versions.version",
);

/// The plans of these versions of a tenant's apps: [`ActivePlan`]s.
pub fn plans(dialect: Dialect, tenant: &TenantId, versions: &[(AppId, u32)]) -> Statement {
    PLANS.with(
        dialect,
        vec![batch(versions, |(app, version), cells| {
            cells.text(tenant.as_str()).text(app.as_str()).int(*version);
        })],
    )
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(self.app.as_str()).int(self.version).text(&self.digest);
        cells.text(&self.config).blob(&self.plan).text(&self.manifest).text(&self.author).int(self.created_at);
    }

    /// Reads a row of a statement that gives versions.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            app: row.id(AppId::parse)?,
            version: row.int()?,
            digest: row.text()?,
            config: row.text()?,
            plan: row.blob()?,
            manifest: row.text()?,
            author: row.text()?,
            created_at: row.int()?,
        })
    }
}

impl Summary {
    /// Reads a row of [`list`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(SUMMARY, cells);
        Ok(Self { version: row.int()?, digest: row.text()?, author: row.text()?, created_at: row.int()? })
    }
}

impl ActivePlan {
    /// Reads a row of [`active_of`], [`active`] or [`plans`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(PLAN, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            app: row.id(AppId::parse)?,
            version: row.int()?,
            digest: row.text()?,
            plan: row.blob()?,
        })
    }
}
