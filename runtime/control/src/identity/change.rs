//! What all changes of a tenant's people do alike: one transaction under the tenant's lock, with a note of the log.

use alcove_execution::TenantSettings;
use alcove_ids::TenantId;
use alcove_store::{
    Dialect, SqlValue, Statement, StoreError, Transaction, audit,
    tables::{
        members,
        tenants::{self, Row},
    },
};
use serde_json::Value;

use super::Directory;
use crate::ControlError;

/// The role without which nobody can say who may do what.
const ADMIN: &str = "admin";

/// A change that is being made.
pub(crate) struct Change<'d> {
    directory: &'d Directory,
    pub(crate) tenant: TenantId,
    /// Who makes it, as JSON.
    pub(crate) by: String,
    /// When, in microseconds since 1970-01-01T00:00:00Z.
    pub(crate) now: i64,
    transaction: Transaction,
    row: Option<Row>,
}

impl Directory {
    /// Begins to change something of a tenant, which is locked until the end.
    pub(crate) async fn change(&self, tenant: &TenantId, by: String) -> Result<Change<'_>, ControlError> {
        let now = self.now_us();
        let mut transaction = self.store.begin().await?;
        transaction.for_tenant(tenant.as_str());
        let lock = transaction.enqueue(tenants::lock(transaction.dialect(), &[tenant]));
        transaction.flush().await?;
        let rows = transaction.take(lock)?;
        let row = rows.first().map(|cells| Row::decode(cells)).transpose().map_err(StoreError::from)?;
        Ok(Change { directory: self, tenant: tenant.clone(), by, now, transaction, row })
    }

    /// The same for a tenant's own people. A tenant that was never made, as that of a developer, is from now on.
    pub(crate) async fn change_own(&self, tenant: &TenantId, by: String) -> Result<Change<'_>, ControlError> {
        let mut change = self.change(tenant, by).await?;
        if change.row.is_none() {
            let settings = TenantSettings::default().to_json();
            change.perform(tenants::ensure(change.dialect(), tenant, &settings, change.now)).await?;
        }
        Ok(change)
    }
}

impl Change<'_> {
    pub(crate) fn dialect(&self) -> Dialect {
        self.transaction.dialect()
    }

    /// What was agreed with the tenant; `None`: it is not there.
    pub(crate) fn settings(&self) -> Result<Option<TenantSettings>, ControlError> {
        let settings = self.row.as_ref().map(|row| TenantSettings::parse(&row.settings)).transpose();
        Ok(settings.map_err(StoreError::from)?)
    }

    /// Lets a statement be performed with the next one that is waited for.
    pub(crate) fn enqueue(&mut self, statement: Statement) {
        self.transaction.enqueue(statement);
    }

    /// Performs a statement; gives how many rows it has changed.
    pub(crate) async fn perform(&mut self, statement: Statement) -> Result<u64, ControlError> {
        Ok(self.transaction.execute(&statement.sql, &statement.params).await?)
    }

    /// The rows of a statement.
    pub(crate) async fn rows(&mut self, statement: Statement) -> Result<Vec<Vec<SqlValue>>, ControlError> {
        Ok(self.transaction.query(&statement.sql, &statement.params).await?)
    }

    /// Whether the tenant has a member who is its admin.
    pub(crate) async fn has_admin(&mut self) -> Result<bool, ControlError> {
        let admins = members::with_role(self.dialect(), &self.tenant, ADMIN, 1);
        Ok(!self.rows(admins).await?.is_empty())
    }

    /// Refuses what takes the last admin away.
    pub(crate) async fn keep_admin(&mut self, had_admin: bool) -> Result<(), ControlError> {
        if had_admin && !self.has_admin().await? {
            let message = "this would take the tenant's last admin away: make another member admin before";
            return Err(ControlError::Conflict(message.to_owned()));
        }
        Ok(())
    }

    /// Makes it durable, with a note of the log.
    pub(crate) async fn commit(mut self, what: &str, detail: Value) -> Result<(), ControlError> {
        let note = audit::Note {
            tenant: self.tenant,
            at: self.now,
            subject: self.by,
            what: what.to_owned(),
            detail: detail.to_string(),
        };
        audit::append(&mut self.transaction, &[note]).await?;
        self.transaction.commit().await?;
        self.directory.forget();
        Ok(())
    }
}
