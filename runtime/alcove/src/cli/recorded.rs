//! Recorded runs in a database, which commands read and leave as it is.

use alcove_execution::{Recording, RecordingError};
use alcove_ids::{ExecutionId, TenantId};
use alcove_store::Store;

use super::complaint::Complaint;

/// Where recorded runs are.
#[derive(Debug, clap::Args)]
pub(crate) struct Database {
    /// The database: `sqlite:FILE`, or `postgres://…`. It is only read; a server may run on it.
    #[arg(long = "database", value_name = "URL", required = false, requires = "tenant")]
    url: String,
    /// Whose run it is.
    #[arg(long, required = false, requires = "url")]
    tenant: String,
}

impl Database {
    /// Opens it.
    pub(crate) async fn open(&self) -> Result<(Store, TenantId), Complaint> {
        let tenant = TenantId::parse(&self.tenant).map_err(|error| Complaint::caused("usage", "--tenant", &error))?;
        let store = Store::open_to_read(&self.url).await;
        let store = store.map_err(|error| Complaint::caused("unavailable", "--database", &error))?;
        Ok((store, tenant))
    }

    /// A run by its id.
    pub(crate) async fn recording(&self, run: &str) -> Result<Recording, Complaint> {
        let execution = ExecutionId::parse(run).map_err(|error| Complaint::caused("usage", run, &error))?;
        let (store, tenant) = self.open().await?;
        let recording = Recording::read(&store, &tenant, &execution).await;
        store.close().await;
        recording.map_err(|error| complaint(run, &error))
    }
}

/// What a person is told about a run that cannot be had.
fn complaint(run: &str, error: &RecordingError) -> Complaint {
    let code = match error {
        RecordingError::Store(_) => "unavailable",
        _ => "unknown-run",
    };
    Complaint::caused(code, run, error)
}
