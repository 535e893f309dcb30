//! `operator_keys`: by which the platform's operators show who they are. They belong to no tenant.

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
    /// Which.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What the key hashes to.
    pub hash: [u8; 32],
    /// How the key begins.
    pub prefix: String,
    /// When it was made.
    pub created_at: i64,
    /// From when on it is not valid.
    pub expires_at: Option<i64>,
    /// When it was revoked.
    pub revoked_at: Option<i64>,
    /// When it was shown last, about.
    pub last_used_at: Option<i64>,
}

const COLUMNS: &[Column] = &[
    text("id"),
    text("name"),
    blob("hash"),
    text("prefix"),
    int("created_at"),
    int("expires_at"),
    int("revoked_at"),
    int("last_used_at"),
];

static INSERT: Template =
    Template::of_batch(COLUMNS, COLUMNS, "WITH {batch} INSERT INTO operator_keys ({columns}) SELECT * FROM batch");

/// Adds keys. One that is there already is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static BY_HASH: Template = Template::new(COLUMNS, "SELECT {columns} FROM operator_keys WHERE hash = ?1");

/// The key that hashes to this: its [`Row`].
pub fn by_hash(dialect: Dialect, hash: &[u8; 32]) -> Statement {
    BY_HASH.with(dialect, vec![SqlValue::Blob(hash.as_slice().into())])
}

static REVOKE: Template =
    Template::new(COLUMNS, "UPDATE operator_keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL");

/// Revokes a key, unless it is revoked already.
pub fn revoke(dialect: Dialect, id: &str, at: i64) -> Statement {
    REVOKE.with(dialect, vec![SqlValue::text(id), SqlValue::Int(at)])
}

static USED: Template = Template::new(
    COLUMNS,
    "UPDATE operator_keys SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)",
);

/// Says that a key was shown then.
pub fn used(dialect: Dialect, id: &str, at: i64) -> Statement {
    USED.with(dialect, vec![SqlValue::text(id), SqlValue::Int(at)])
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(&self.id).text(&self.name).blob(&self.hash).text(&self.prefix).int(self.created_at);
        cells.opt_int(self.expires_at).opt_int(self.revoked_at).opt_int(self.last_used_at);
    }

    /// Reads a row of [`by_hash`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            id: row.text()?,
            name: row.text()?,
            hash: row.bytes()?,
            prefix: row.text()?,
            created_at: row.int()?,
            expires_at: row.opt_int()?,
            revoked_at: row.opt_int()?,
            last_used_at: row.opt_int()?,
        })
    }
}
