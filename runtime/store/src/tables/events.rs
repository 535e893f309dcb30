//! `events`: what was accepted, so that the same event is accepted once.

use alcove_ids::{ExecutionId, TenantId};

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, int, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// An event. Times are in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Where it comes from.
    pub source: String,
    /// Which event of this source it is.
    pub id: String,
    /// What happened.
    pub r#type: String,
    /// The digest of its body, in hex: the same id with another one is a mistake of the sender.
    pub digest: String,
    /// Its data, as JSON.
    pub payload: String,
    /// When it happened.
    pub timestamp: i64,
    /// How many runs, each started by an event of the one before, led to it.
    pub chain_depth: u32,
    /// The run that emitted it, if one did.
    pub caused_by: Option<ExecutionId>,
    /// When it was accepted.
    pub received_at: i64,
}

/// The name of an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Whose.
    pub tenant: TenantId,
    /// Where it comes from.
    pub source: String,
    /// Which event of this source it is.
    pub id: String,
}

const COLUMNS: &[Column] = &[
    text("tenant_id"),
    text("source"),
    text("id"),
    text("type"),
    text("digest"),
    text("payload"),
    int("timestamp"),
    int("chain_depth"),
    text("caused_by"),
    int("received_at"),
];
const KEY: &[Column] = &[text("tenant_id"), text("source"), text("id")];
const DIGEST: &[Column] = &[text("tenant_id"), text("source"), text("id"), text("digest")];

static INSERT: Template = Template::of_batch(
    COLUMNS,
    COLUMNS,
    "INSERT INTO events ({columns}) {rows}
     ON CONFLICT (tenant_id, source, id) DO NOTHING RETURNING tenant_id, source, id",
);

/// Accepts those of the events that were not accepted before; gives the [`Key`]s of these.
pub fn insert<'r>(dialect: Dialect, rows: impl IntoIterator<Item = &'r Row>) -> Statement {
    INSERT.with_rows(dialect, rows, Row::write)
}

static DIGESTS: Template = Template::of_batch(
    DIGEST,
    KEY,
    "WITH {batch} SELECT {events.columns} FROM batch {join} events
         ON events.tenant_id = batch.tenant_id AND events.source = batch.source AND events.id = batch.id
     ORDER BY events.tenant_id, events.source, events.id",
);

/// The digests of those of the events that were accepted: see [`decode_digest`].
pub fn digests(dialect: Dialect, keys: &[Key]) -> Statement {
    DIGESTS.with(
        dialect,
        vec![batch(keys, |key, cells| {
            cells.text(key.tenant.as_str()).text(&key.source).text(&key.id);
        })],
    )
}

/// Reads a row of [`digests`].
pub fn decode_digest(cells: &[SqlValue]) -> Result<(Key, String), RowError> {
    let mut row = Reader::new(DIGEST, cells);
    let key = Key { tenant: row.id(TenantId::parse)?, source: row.text()?, id: row.text()? };
    Ok((key, row.text()?))
}

static GET: Template =
    Template::new(COLUMNS, "SELECT {columns} FROM events WHERE tenant_id = ?1 AND source = ?2 AND id = ?3");

/// One event: its [`Row`].
pub fn get(dialect: Dialect, key: &Key) -> Statement {
    GET.with(dialect, vec![SqlValue::text(key.tenant.as_str()), SqlValue::text(&*key.source), SqlValue::text(&*key.id)])
}

static PRUNE: Template = Template::new(
    COLUMNS,
    "DELETE FROM events WHERE (tenant_id, source, id) IN (
         SELECT tenant_id, source, id FROM events WHERE received_at < ?1 ORDER BY received_at LIMIT ?2)",
);

/// Forgets events of any tenant that were accepted before then, the oldest first.
pub fn prune(dialect: Dialect, before: i64, limit: u32) -> Statement {
    PRUNE.with(dialect, vec![SqlValue::Int(before), SqlValue::Int(limit.into())])
}

impl Row {
    /// Its name.
    pub fn key(&self) -> Key {
        Key { tenant: self.tenant.clone(), source: self.source.clone(), id: self.id.clone() }
    }

    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(&self.source).text(&self.id).text(&self.r#type);
        cells.text(&self.digest).text(&self.payload).int(self.timestamp).int(self.chain_depth);
        cells.opt_text(self.caused_by.as_ref().map(ExecutionId::as_str)).int(self.received_at);
    }

    /// Reads a row of [`get`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            source: row.text()?,
            id: row.text()?,
            r#type: row.text()?,
            digest: row.text()?,
            payload: row.text()?,
            timestamp: row.int()?,
            chain_depth: row.int()?,
            caused_by: row.opt_id(ExecutionId::parse)?,
            received_at: row.int()?,
        })
    }
}

impl Key {
    /// Reads a row of [`insert`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(KEY, cells);
        Ok(Self { tenant: row.id(TenantId::parse)?, source: row.text()?, id: row.text()? })
    }
}
