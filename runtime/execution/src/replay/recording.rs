//! What a replay begins with: a plan and the journal of one of its runs.

use alcove_ids::{AppId, ExecutionId, TenantId};
use alcove_store::{
    Store, StoreError,
    tables::{
        RowError,
        executions::{self, Before, Filter},
        journal, versions,
    },
};

/// The largest journal that is read, in bytes: many times what a run's own limits let it grow to.
pub(crate) const JOURNAL_BYTES_MAX: usize = 256 << 20;

/// Runs that are listed at a time.
const RUNS_PER_PAGE: u32 = 500;

/// A run as it was recorded. The bytes come from a database or a file, and are not checked here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// The run.
    pub execution: ExecutionId,
    /// Of which app.
    pub app: AppId,
    /// Of which of its versions.
    pub version: u32,
    /// The plan of that version.
    pub plan: Vec<u8>,
    /// Its journal: records, one after the other.
    pub journal: Vec<u8>,
}

/// Why there is no recording of a run.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The tenant has no such run.
    #[error("there is no execution `{execution}`")]
    Unknown {
        /// Which.
        execution: ExecutionId,
    },
    /// It has not begun, and a run that was skipped never will; or its journal was pruned.
    #[error("execution `{execution}` has no journal: it is `{state}`")]
    NoJournal {
        /// Which.
        execution: ExecutionId,
        /// Where it is.
        state: &'static str,
    },
    /// Its version is not there.
    #[error("version {version} of app `{app}` is not there any more")]
    NoPlan {
        /// The app.
        app: AppId,
        /// The version.
        version: u32,
    },
    /// More than is read.
    #[error("the journal has more than {JOURNAL_BYTES_MAX} bytes")]
    TooLarge,
    /// A stored row is none. A defect.
    #[error(transparent)]
    Row(#[from] RowError),
    /// The database did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Recording {
    /// Reads a run from the database. A run that goes on meanwhile is recorded up to some commit of its own.
    pub async fn read(store: &Store, tenant: &TenantId, execution: &ExecutionId) -> Result<Self, RecordingError> {
        let dialect = store.dialect();
        let rows = store.query_of(tenant.as_str(), &executions::get(dialect, tenant, execution)).await?;
        let row = rows.first().ok_or_else(|| RecordingError::Unknown { execution: execution.clone() })?;
        Self::of_row(store, executions::Row::decode(row)?).await
    }

    /// The last runs of an app that have begun, the newest first.
    pub async fn latest(
        store: &Store,
        tenant: &TenantId,
        app: &AppId,
        most: usize,
    ) -> Result<Vec<ExecutionId>, RecordingError> {
        let mut filter = Filter { app: Some(app.clone()), ..Filter::default() };
        let mut found = Vec::new();
        loop {
            let rows = store
                .query_of(tenant.as_str(), &executions::list(store.dialect(), tenant, &filter, RUNS_PER_PAGE))
                .await?;
            for cells in &rows {
                let row = executions::Row::decode(cells)?;
                filter.before = Some(Before { queued_at: row.queued_at, id: row.id.clone() });
                if row.started_at.is_some() {
                    found.push(row.id);
                }
                if found.len() >= most {
                    return Ok(found);
                }
            }
            if rows.is_empty() {
                return Ok(found);
            }
        }
    }

    /// Reads the plan and the journal of a run.
    async fn of_row(store: &Store, row: executions::Row) -> Result<Self, RecordingError> {
        let (dialect, tenant) = (store.dialect(), &row.tenant);
        let mut bytes = Vec::new();
        for cells in store.query_of(tenant.as_str(), &journal::read(dialect, tenant, &row.id)).await? {
            bytes.extend(journal::Row::decode(&cells)?.records);
            if bytes.len() > JOURNAL_BYTES_MAX {
                return Err(RecordingError::TooLarge);
            }
        }
        if bytes.is_empty() {
            return Err(RecordingError::NoJournal { execution: row.id, state: row.state.as_str() });
        }
        let version = store.query_of(tenant.as_str(), &versions::get(dialect, tenant, &row.app, row.version)).await?;
        let Some(version) = version.first() else {
            return Err(RecordingError::NoPlan { app: row.app, version: row.version });
        };
        let plan = versions::Row::decode(version)?.plan;
        Ok(Self { execution: row.id, app: row.app, version: row.version, plan, journal: bytes })
    }
}
