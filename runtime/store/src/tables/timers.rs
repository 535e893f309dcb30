//! `timers`: what fires at a time.

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
    /// What a timer is for.
    Kind {
        /// The schedule of an app.
        Cron = "cron",
        /// A delay of an app after an event.
        Delay = "delay",
        /// A run that waits: for a decision, a retry or a time.
        Run = "run",
    }
}

/// A timer. There is one for each [`Key`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub key: Key,
    /// When it fires, in microseconds since 1970-01-01T00:00:00Z.
    pub due_at: i64,
    /// The app that it belongs to, whoever owns it.
    pub app: AppId,
    /// The version of the app that it was armed by, if it is pinned to one.
    pub version: Option<u32>,
    /// What is to be known when it fires, as JSON.
    pub payload: String,
}

/// The name of a timer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Whose.
    pub tenant: TenantId,
    /// What for.
    pub kind: Kind,
    /// The app of a schedule or delay; the execution that waits.
    pub owner: String,
    /// Which of the owner's timers of this kind; empty where there is one.
    pub key: String,
}

const COLUMNS: &[Column] = &[
    text("tenant_id"),
    text("kind"),
    text("owner"),
    text("key"),
    int("due_at"),
    text("app_id"),
    int("version"),
    text("payload"),
];
const KEY: &[Column] = &[text("tenant_id"), text("kind"), text("owner"), text("key")];

static ARM: Template = Template::of_batch(
    COLUMNS,
    COLUMNS,
    "WITH {batch} INSERT INTO timers ({columns}) SELECT * FROM batch WHERE true
     ON CONFLICT (tenant_id, kind, owner, \"key\") DO UPDATE SET due_at = excluded.due_at, app_id = excluded.app_id,
         version = excluded.version, payload = excluded.payload",
);

/// Arms timers, each of which is named once. One that is armed already fires at the new time only.
pub fn arm(dialect: Dialect, rows: &[Row]) -> Statement {
    ARM.with(dialect, vec![batch(rows, Row::write)])
}

static CANCEL: Template = Template::of_batch(
    COLUMNS,
    KEY,
    "WITH {batch} DELETE FROM timers
     WHERE (tenant_id, kind, owner, \"key\") IN (SELECT tenant_id, kind, owner, \"key\" FROM batch)",
);

/// Timers that must not fire any more, or have fired.
pub fn cancel(dialect: Dialect, keys: &[Key]) -> Statement {
    CANCEL.with(dialect, vec![batch(keys, Key::write)])
}

static DUE: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM timers WHERE due_at <= ?1 AND kind <> 'run' ORDER BY due_at LIMIT ?2 {skip locked}",
);

/// Schedules and delays that are due, of all tenants, the earliest first: [`Row`]s, locked until the transaction ends.
/// Those that another node has locked are left to it.
pub fn due(dialect: Dialect, now: i64, limit: u32) -> Statement {
    DUE.with(dialect, vec![SqlValue::Int(now), SqlValue::Int(limit.into())])
}

static DUE_RUNS: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM timers WHERE due_at <= ?1 AND kind = 'run' AND (due_at, tenant_id, owner) > (?2, ?3, ?4)
     ORDER BY due_at, tenant_id, owner LIMIT ?5",
);

/// Timers of runs that are due, of all tenants, the earliest first, after this one (`None`: from the first):
/// [`Row`]s. They are not locked: whoever fires one locks the run, which alone arms and cancels it.
pub fn due_runs(dialect: Dialect, now: i64, after: Option<&Row>, limit: u32) -> Statement {
    let (due_at, tenant, owner) =
        after.map_or((i64::MIN, "", ""), |row| (row.due_at, row.key.tenant.as_str(), row.key.owner.as_str()));
    let after = [SqlValue::Int(due_at), SqlValue::text(tenant), SqlValue::text(owner)];
    DUE_RUNS.with(dialect, [SqlValue::Int(now)].into_iter().chain(after).chain([SqlValue::Int(limit.into())]).collect())
}

static CANCEL_DUE: Template = Template::new(
    COLUMNS,
    "DELETE FROM timers WHERE tenant_id = ?1 AND kind = ?2 AND owner = ?3 AND \"key\" = ?4 AND due_at = ?5",
);

/// Takes a timer away that has fired, unless it was armed for another time meanwhile.
pub fn cancel_due(dialect: Dialect, row: &Row) -> Statement {
    let Key { tenant, kind, owner, key } = &row.key;
    CANCEL_DUE.with(
        dialect,
        vec![
            SqlValue::text(tenant.as_str()),
            SqlValue::text(kind.as_str()),
            SqlValue::text(owner.as_str()),
            SqlValue::text(key.as_str()),
            SqlValue::Int(row.due_at),
        ],
    )
}

static NEXT_DUE: Template = Template::new(COLUMNS, "SELECT min(due_at) FROM timers");

/// When the next timer of any tenant fires: one row with one cell, NULL if none is armed.
pub fn next_due(dialect: Dialect) -> Statement {
    NEXT_DUE.with(dialect, Vec::new())
}

static OF_APP: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM timers WHERE tenant_id = ?1 AND app_id = ?2 ORDER BY kind, owner, \"key\"",
);

/// All timers of an app: their [`Row`]s.
pub fn of_app(dialect: Dialect, tenant: &TenantId, app: &AppId) -> Statement {
    OF_APP.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(app.as_str())])
}

static CANCEL_OF_APP: Template =
    Template::new(COLUMNS, "DELETE FROM timers WHERE tenant_id = ?1 AND app_id = ?2 AND kind = ?3");

/// Cancels all timers of an app that are of this kind.
pub fn cancel_of_app(dialect: Dialect, tenant: &TenantId, app: &AppId, kind: Kind) -> Statement {
    CANCEL_OF_APP.with(
        dialect,
        vec![SqlValue::text(tenant.as_str()), SqlValue::text(app.as_str()), SqlValue::text(kind.as_str())],
    )
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        self.key.write(cells);
        cells.int(self.due_at).text(self.app.as_str()).opt_int(self.version).text(&self.payload);
    }

    /// Reads a row of a statement that gives timers.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            key: Key {
                tenant: row.id(TenantId::parse)?,
                kind: row.word(Kind::parse)?,
                owner: row.text()?,
                key: row.text()?,
            },
            due_at: row.int()?,
            app: row.id(AppId::parse)?,
            version: row.opt_int()?,
            payload: row.text()?,
        })
    }
}

impl Key {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(self.kind.as_str()).text(&self.owner).text(&self.key);
    }
}
