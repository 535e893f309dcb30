//! `locks`: which run of an app goes on, where no two may at a time.

use alcove_ids::{AppId, ExecutionId, TenantId};

use super::{
    RowError,
    batch::{Cells, batch},
    cells::Reader,
    column::{Column, text},
    template::Template,
};
use crate::{Dialect, SqlValue, Statement};

/// A lock and the run that holds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// Whose.
    pub tenant: TenantId,
    /// Of which app.
    pub app: AppId,
    /// Who holds it.
    pub execution: ExecutionId,
}

const COLUMNS: &[Column] = &[text("tenant_id"), text("app_id"), text("execution_id")];

static TRY_ACQUIRE: Template = Template::of_batch(
    COLUMNS,
    COLUMNS,
    "WITH {batch} INSERT INTO locks ({columns}) SELECT * FROM batch WHERE true
     ON CONFLICT (tenant_id, app_id) DO NOTHING RETURNING {columns}",
);

/// Takes those of the locks that nobody holds; gives these [`Row`]s. Of two runs of one app the first gets it.
pub fn try_acquire(dialect: Dialect, rows: &[Row]) -> Statement {
    TRY_ACQUIRE.with(dialect, vec![batch(rows, Row::write)])
}

static RELEASE: Template = Template::of_batch(
    COLUMNS,
    COLUMNS,
    "WITH {batch} DELETE FROM locks WHERE (tenant_id, app_id, execution_id) IN (SELECT {columns} FROM batch)",
);

/// Gives locks back, those that these runs hold.
pub fn release(dialect: Dialect, rows: &[Row]) -> Statement {
    RELEASE.with(dialect, vec![batch(rows, Row::write)])
}

static HOLDER: Template = Template::new(COLUMNS, "SELECT {columns} FROM locks WHERE tenant_id = ?1 AND app_id = ?2");

/// Who holds the lock of an app: its [`Row`], if somebody does.
pub fn holder(dialect: Dialect, tenant: &TenantId, app: &AppId) -> Statement {
    HOLDER.with(dialect, vec![SqlValue::text(tenant.as_str()), SqlValue::text(app.as_str())])
}

impl Row {
    fn write(&self, cells: &mut Cells) {
        cells.text(self.tenant.as_str()).text(self.app.as_str()).text(self.execution.as_str());
    }

    /// Reads a row of a statement that gives locks.
    pub fn decode(cells: &[SqlValue]) -> Result<Self, RowError> {
        let mut row = Reader::new(COLUMNS, cells);
        Ok(Self {
            tenant: row.id(TenantId::parse)?,
            app: row.id(AppId::parse)?,
            execution: row.id(ExecutionId::parse)?,
        })
    }
}
