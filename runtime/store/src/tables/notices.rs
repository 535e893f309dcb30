//! `notices`: what a tenant's admins are told.

use alcove_ids::{AppId, ExecutionId, TenantId};

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
    /// What a notice is about.
    Kind {
        /// A run has failed.
        RunFailed = "run_failed",
        /// It is not known whether an effect happened, and a person must say.
        OutcomeUnknown = "outcome_unknown",
        /// An app was paused after too many failed runs in a row.
        AppPaused = "app_paused",
        /// Something that should have started runs could not be read.
        TriggerUnreadable = "trigger_unreadable",
    }
}

/// A notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub id: String,
    /// What it is about.
    pub kind: Kind,
    /// Which app.
    pub app: AppId,
    /// Which run of it.
    pub execution: Option<ExecutionId>,
    /// What happened, for a person.
    pub message: String,
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub created_at: i64,
}

const COLUMNS: &[Column] = &[
    text("tenant_id"),
    text("id"),
    text("kind"),
    text("app_id"),
    text("execution_id"),
    text("message"),
    int("created_at"),
];

static INSERT: Template =
    Template::of_batch(COLUMNS, COLUMNS, "WITH {batch} INSERT INTO notices ({columns}) SELECT * FROM batch");

/// Adds notices. One that is there already is refused, and all of them with it.
pub fn insert(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT.with(dialect, vec![batch(rows, Row::write)])
}

static INSERT_NEW: Template = Template::of_batch(
    COLUMNS,
    COLUMNS,
    "WITH {batch} INSERT INTO notices ({columns}) SELECT * FROM batch WHERE true
     ON CONFLICT (tenant_id, id) DO NOTHING",
);

/// Adds those of the notices that are not there yet, each of which is named once.
pub fn insert_new(dialect: Dialect, rows: &[Row]) -> Statement {
    INSERT_NEW.with(dialect, vec![batch(rows, Row::write)])
}

static LIST: Template = Template::new(
    COLUMNS,
    "SELECT {columns} FROM notices WHERE tenant_id = ?1 AND (created_at, id) < (?2, ?3)
     ORDER BY created_at DESC, id DESC LIMIT ?4",
);

/// The notices of a tenant before this one (`(i64::MAX, "")`: all), newest first: their [`Row`]s.
pub fn list(dialect: Dialect, tenant: &TenantId, before: (i64, &str), limit: u32) -> Statement {
    let (created_at, id) = before;
    LIST.with(
        dialect,
        vec![
            SqlValue::text(tenant.as_str()),
            SqlValue::Int(created_at),
            SqlValue::text(id),
            SqlValue::Int(limit.into()),
        ],
    )
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(&self.id).text(self.kind.as_str()).text(self.app.as_str());
        cells.opt_text(self.execution.as_ref().map(ExecutionId::as_str)).text(&self.message).int(self.created_at);
    }

    /// Reads a row of [`list`].
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            id: row.text()?,
            kind: row.word(Kind::parse)?,
            app: row.id(AppId::parse)?,
            execution: row.opt_id(ExecutionId::parse)?,
            message: row.text()?,
            created_at: row.int()?,
        })
    }
}
