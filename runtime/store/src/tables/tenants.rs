//! `tenants`: the customers of the platform.

use alcove_ids::TenantId;

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub tenant: TenantId,
    /// Grows whenever what the tenant's events may start changes.
    pub generation: u64,
    /// What was agreed with the tenant, as JSON.
    pub settings: String,
    /// When it came, in microseconds since 1970-01-01T00:00:00Z.
    pub created_at: i64,
}

const COLUMNS: &[Column] = &[text("tenant_id"), int("generation"), text("settings"), int("created_at")];
const GENERATION: &[Column] = &[text("tenant_id"), int("generation")];
const KEY: &[Column] = &[text("tenant_id")];

static ENSURE: Template =
    Template::new(COLUMNS, "INSERT INTO tenants ({columns}) VALUES (?1, 0, ?2, ?3) ON CONFLICT (tenant_id) DO NOTHING");

/// Adds a tenant with these settings, unless it is there already: then nothing changes.
pub fn ensure(dialect: Dialect, tenant: &TenantId, settings: &str, now: i64) -> Statement {
    ENSURE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(settings), SqlValue::Int(now)])
}

static SET_SETTINGS: Template = Template::new(COLUMNS, "UPDATE tenants SET settings = ?2 WHERE tenant_id = ?1");

/// Changes the settings of a tenant.
pub fn set_settings(dialect: Dialect, tenant: &TenantId, settings: &str) -> Statement {
    SET_SETTINGS.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(settings)])
}

static GET: Template = Template::new(COLUMNS, "SELECT {columns} FROM tenants WHERE tenant_id = ?1");

/// One tenant: its [`Row`].
pub fn get(dialect: Dialect, tenant: &TenantId) -> Statement {
    GET.with(dialect, vec![SqlValue::text(tenant.as_str())])
}

static OF: Template = Template::of_batch(
    COLUMNS,
    KEY,
    "WITH {batch} SELECT {tenants.columns} FROM batch {join} tenants ON tenants.tenant_id = batch.tenant_id
     ORDER BY tenants.tenant_id",
);

/// Several tenants, in the order of their ids: their [`Row`]s.
pub fn of(dialect: Dialect, tenants: &[&TenantId]) -> Statement {
    OF.with(dialect, vec![batch(tenants.iter().copied(), write_key)])
}

static LIST: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM tenants WHERE tenant_id > ?1 ORDER BY tenant_id LIMIT ?2");

/// All tenants after this one (`""`: from the first), in the order of their ids: their [`Row`]s.
pub fn list(dialect: Dialect, after: &str, limit: u32) -> Statement {
    LIST.with(dialect, vec![SqlValue::text(after), SqlValue::Int(limit.into())])
}

static GENERATIONS: Template = Template::of_batch(
    GENERATION,
    KEY,
    "WITH {batch} SELECT {tenants.columns} FROM batch {join} tenants ON tenants.tenant_id = batch.tenant_id
     ORDER BY tenants.tenant_id",
);

/// The generations of tenants: see [`decode_generation`].
pub fn generations(dialect: Dialect, tenants: &[&TenantId]) -> Statement {
    GENERATIONS.with(dialect, vec![batch(tenants.iter().copied(), write_key)])
}

static BUMP: Template = Template::of_batch(
    GENERATION,
    KEY,
    "WITH {batch} UPDATE tenants SET generation = tenants.generation + 1
     FROM batch WHERE tenants.tenant_id = batch.tenant_id RETURNING {tenants.columns}",
);

/// Tells everybody who has matched events of these tenants to match them again; gives the new generations, as
/// [`generations`] does.
pub fn bump_generation(dialect: Dialect, tenants: &[&TenantId]) -> Statement {
    BUMP.with(dialect, vec![batch(tenants.iter().copied(), write_key)])
}

/// Reads a row of [`generations`] or [`bump_generation`].
pub fn decode_generation(cells: &[SqlValue]) -> Result<(TenantId, u64), RowError> {
    let mut row = Reader::new(GENERATION, cells);
    Ok((row.id(TenantId::parse)?, row.int()?))
}

static LOCK: Template = Template::of_batch(
    COLUMNS,
    KEY,
    "WITH {batch} SELECT {tenants.columns} FROM batch {join} tenants ON tenants.tenant_id = batch.tenant_id
     ORDER BY tenants.tenant_id {for update}",
);

/// Locks tenants until the transaction ends, in the order of their ids; gives their [`Row`]s. For what happens to a
/// tenant one at a time: a change of its apps, an entry of its audit log.
pub fn lock(dialect: Dialect, tenants: &[&TenantId]) -> Statement {
    LOCK.with(dialect, vec![batch(tenants.iter().copied(), write_key)])
}

fn write_key(tenant: &TenantId, cells: &mut Cells) {
    cells.text(tenant.as_str());
}

impl Row {
    /// Reads a row of a statement that gives tenants.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            generation: row.int()?,
            settings: row.text()?,
            created_at: row.int()?,
        })
    }
}
