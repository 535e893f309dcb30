//! `api_keys`: by which members show who they are. The keys themselves are not stored.

use alcove_ids::TenantId;

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, blob, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A key. Times are in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub id: String,
    /// Who shows it: a subject as in [`members`](super::members).
    pub subject: String,
    /// What people call it.
    pub name: String,
    /// What the key hashes to.
    pub hash: [u8; 32],
    /// How the key begins.
    pub prefix: String,
    /// What it may at the most, as JSON; `None`: whatever its subject may.
    pub scope: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// Who made it, as JSON.
    pub created_by: String,
    /// From when on it is not valid.
    pub expires_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// When it was shown last, about.
    pub last_used_at: Option<i64>,
}

const COLUMNS: &[Column] = &[
    text("tenant_id"),
    text("id"),
    text("subject"),
    text("name"),
    blob("hash"),
    text("prefix"),
    text("scope"),
    int("created_at"),
    text("created_by"),
    int("expires_at"),
    int("revoked_at"),
    int("last_used_at"),
];

static INSERT: Template =
    Template::of_batch(COLUMNS, COLUMNS, "WITH {batch} INSERT INTO api_keys ({columns}) SELECT * FROM batch");

/// Adds keys. One that is there already is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static BY_HASH: Template = Template::new(COLUMNS, "SELECT {columns} FROM api_keys WHERE hash = ?1");

/// The key that hashes to this, whichever tenant's it is: its [`Row`].
pub fn by_hash(dialect: Dialect, hash: &[u8; 32]) -> Statement {
    BY_HASH.with(dialect, vec![SqlValue::Blob(hash.as_slice().into())])
}

static GET: Template = Template::new(COLUMNS, "SELECT {columns} FROM api_keys WHERE tenant_id = ?1 AND id = ?2");

/// One key: its [`Row`].
pub fn get(dialect: Dialect, tenant: &TenantId, id: &str) -> Statement {
    GET.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(id)])
}

static LIST: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM api_keys WHERE tenant_id = ?1 AND id > ?2 ORDER BY id LIMIT ?3");

/// The keys of a tenant after this one (`""`: from the first), in the order of their ids: their [`Row`]s.
pub fn list(dialect: Dialect, tenant: &TenantId, after: &str, limit: u32) -> Statement {
    LIST.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(after), SqlValue::Int(limit.into())])
}

static COUNT: Template = Template::new(
    COLUMNS,
    "SELECT count(*) FROM api_keys WHERE tenant_id = ?1 AND revoked_at IS NULL
         AND (expires_at IS NULL OR expires_at > ?2)",
);

/// How many keys of a tenant are valid then: one row with one cell.
pub fn count_valid(dialect: Dialect, tenant: &TenantId, at: i64) -> Statement {
    COUNT.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::Int(at)])
}

static REVOKE: Template = Template::new(
    COLUMNS,
    "UPDATE api_keys SET revoked_at = ?3 WHERE tenant_id = ?1 AND id = ?2 AND revoked_at IS NULL",
);

/// Revokes a key, unless it is revoked already.
pub fn revoke(dialect: Dialect, tenant: &TenantId, id: &str, at: i64) -> Statement {
    REVOKE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(id), SqlValue::Int(at)])
}

static REVOKE_OF_SUBJECT: Template = Template::new(
    COLUMNS,
    "UPDATE api_keys SET revoked_at = ?3 WHERE tenant_id = ?1 AND subject = ?2 AND revoked_at IS NULL",
);

/// Revokes all keys of a subject that are not revoked yet.
pub fn revoke_of_subject(dialect: Dialect, tenant: &TenantId, subject: &str, at: i64) -> Statement {
    REVOKE_OF_SUBJECT.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(subject), SqlValue::Int(at)])
}

static EXPIRE: Template = Template::new(
    COLUMNS,
    "UPDATE api_keys SET expires_at = ?3
     WHERE tenant_id = ?1 AND id = ?2 AND (expires_at IS NULL OR expires_at > ?3)",
);

/// Lets a key expire then, unless it does so before.
pub fn expire(dialect: Dialect, tenant: &TenantId, id: &str, at: i64) -> Statement {
    EXPIRE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(id), SqlValue::Int(at)])
}

static USED: Template = Template::new(
    COLUMNS,
    "UPDATE api_keys SET last_used_at = ?3
     WHERE tenant_id = ?1 AND id = ?2 AND (last_used_at IS NULL OR last_used_at < ?3)",
);

/// Says that a key was shown then.
pub fn used(dialect: Dialect, tenant: &TenantId, id: &str, at: i64) -> Statement {
    USED.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(id), SqlValue::Int(at)])
}

static PRUNE: Template =
    Template::new(COLUMNS, "DELETE FROM api_keys WHERE tenant_id = ?1 AND (revoked_at < ?2 OR expires_at < ?2)");

/// Forgets the keys of a tenant that were valid no more then.
pub fn prune(dialect: Dialect, tenant: &TenantId, before: i64) -> Statement {
    PRUNE.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::Int(before)])
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(&self.id).text(&self.subject).text(&self.name).blob(&self.hash);
        cells.text(&self.prefix).opt_text(self.scope.as_deref()).int(self.created_at).text(&self.created_by);
        cells.opt_int(self.expires_at).opt_int(self.revoked_at).opt_int(self.last_used_at);
    }

    /// Reads a row of a statement that gives keys.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            id: row.text()?,
            subject: row.text()?,
            name: row.text()?,
            hash: row.bytes()?,
            prefix: row.text()?,
            scope: row.opt_text()?,
            created_at: row.int()?,
            created_by: row.text()?,
            expires_at: row.opt_int()?,
            revoked_at: row.opt_int()?,
            last_used_at: row.opt_int()?,
        })
    }
}
