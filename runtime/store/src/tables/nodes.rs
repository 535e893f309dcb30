//! `nodes`: the processes that run runs, each for as long as it renews its lease.
//!
//! Where nodes share a database its clock says what time it is. Where a node has the database for itself it says so
//! itself: `now`, in microseconds since 1970-01-01T00:00:00Z, which is ignored elsewhere.

use super::{
    RowError,
    cells::Reader,
    column::{Column, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A node. Times are in microseconds since 1970-01-01T00:00:00Z, by the clock named above.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub node: String,
    /// Which of the processes of that name: the later has the larger.
    pub epoch: u64,
    /// Until when what it runs is its own.
    pub lease_until: i64,
    /// When it came.
    pub started_at: i64,
}

const COLUMNS: &[Column] = &[text("node_id"), int("epoch"), int("lease_until"), int("started_at")];

static REGISTER: Template = Template::new(
    COLUMNS,
    "INSERT INTO nodes ({columns}) VALUES (?1, ?2, {now ?4} + ?3, {now ?4})
     ON CONFLICT (node_id) DO UPDATE SET epoch = excluded.epoch, lease_until = excluded.lease_until,
         started_at = excluded.started_at
     WHERE nodes.epoch < excluded.epoch RETURNING {columns}",
);

/// Gives a node its first lease, of so many microseconds; gives its [`Row`], or none if there is a process of that name
/// with this epoch or a later one.
pub fn register(dialect: Dialect, node: &str, epoch: u64, lease_us: i64, now: i64) -> Statement {
    REGISTER.with(dialect, at(dialect, vec![SqlValue::text(node), epoch_cell(epoch), SqlValue::Int(lease_us)], now))
}

static RENEW: Template = Template::new(
    COLUMNS,
    "UPDATE nodes SET lease_until = {now ?4} + ?3 WHERE node_id = ?1 AND epoch = ?2 RETURNING {columns}",
);

/// Renews a lease for so many microseconds from now; gives the [`Row`], or none if somebody has taken over.
pub fn renew(dialect: Dialect, node: &str, epoch: u64, lease_us: i64, now: i64) -> Statement {
    RENEW.with(dialect, at(dialect, vec![SqlValue::text(node), epoch_cell(epoch), SqlValue::Int(lease_us)], now))
}

static ALIVE: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM nodes WHERE node_id = ?1 AND epoch = ?2 AND lease_until > {now ?3} {for share}",
);

/// The [`Row`] of a node whose lease holds; none if it does not. Until the transaction ends, nobody takes over.
pub fn alive(dialect: Dialect, node: &str, epoch: u64, now: i64) -> Statement {
    ALIVE.with(dialect, at(dialect, vec![SqlValue::text(node), epoch_cell(epoch)], now))
}

static EXPIRED: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM nodes WHERE lease_until <= {now ?1} ORDER BY node_id {for update}");

/// The [`Row`]s of nodes whose leases do not hold any more, locked until the transaction ends.
pub fn expired(dialect: Dialect, now: i64) -> Statement {
    EXPIRED.with(dialect, at(dialect, Vec::new(), now))
}

static LIST: Template = Template::new(COLUMNS, "SELECT {columns} FROM nodes ORDER BY node_id");

/// All nodes: their [`Row`]s.
pub fn list(dialect: Dialect) -> Statement {
    LIST.with(dialect, Vec::new())
}

static DELETE: Template = Template::new(COLUMNS, "DELETE FROM nodes WHERE node_id = ?1 AND epoch = ?2");

/// Takes a node out: it has gone, or somebody takes over.
pub fn delete(dialect: Dialect, node: &str, epoch: u64) -> Statement {
    DELETE.with(dialect, vec![SqlValue::text(node), epoch_cell(epoch)])
}

/// Adds `now`, where it is a parameter.
fn at(dialect: Dialect, mut params: Vec<SqlValue>, now: i64) -> Vec<SqlValue> {
    if dialect == Dialect::Sqlite {
        params.push(SqlValue::Int(now));
    }
    params
}

/// An epoch that no column holds becomes the largest that one does.
fn epoch_cell(epoch: u64) -> SqlValue {
    SqlValue::Int(i64::try_from(epoch).unwrap_or(i64::MAX))
}

impl Row {
    /// Reads a row of a statement that gives nodes.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self { node: row.text()?, epoch: row.int()?, lease_until: row.int()?, started_at: row.int()? })
    }
}
