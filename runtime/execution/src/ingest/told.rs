//! Events that come with a row of the platform's tables: another system of record, such as a shop, tells both.

use alcove_catalog::{Catalog, ingest};
use alcove_ids::TenantId;
use alcove_store::{Statement, StoreError};

use super::{
    AcceptError, IncomingEvent, Reply,
    accept::{Queued, queued},
};
use crate::{
    Engine,
    commit::{Accept, CommitError},
};

/// A row as another system of record has told it.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldRow {
    /// The connector that has such rows.
    pub connector: &'static str,
    /// The row, as an object by the connector's fields.
    pub row: serde_json::Value,
}

impl Engine {
    /// Accepts an event, as [`accept`](Self::accept) does, and in the same commit writes the row that it is about, so
    /// that whatever the event starts finds it. A duplicate writes nothing. A row that was updated later stays as it
    /// is.
    ///
    /// # Errors
    ///
    /// Those of [`accept`](Self::accept); [`AcceptError::Event`] and [`AcceptError::Told`] for the row.
    pub async fn accept_told(
        &self,
        tenant: &TenantId,
        event: IncomingEvent,
        row: Option<&ToldRow>,
    ) -> Result<Reply, AcceptError> {
        let with = row.map(|row| self.statement(tenant, row)).transpose()?;
        self.accept_with(tenant, event, with, None).await
    }

    /// Writes a row that no event is about.
    ///
    /// # Errors
    ///
    /// As of [`accept_told`](Self::accept_told) for the row.
    pub async fn keep_told(&self, tenant: &TenantId, row: &ToldRow) -> Result<(), AcceptError> {
        let with = Some(self.statement(tenant, row)?);
        let (tenant, runs, timers) = (tenant.clone(), Vec::new(), Vec::new());
        let accept = Accept { tenant, generation: None, event: None, runs, timers, with };
        match queued(self.node(), accept, None).await? {
            Queued::Accepted(_) => Ok(()),
            Queued::Refused(answer) => Err(CommitError::Defect(format!("a row was answered {answer:?}")).into()),
        }
    }

    /// The member with this e-mail address, in any case.
    pub async fn member_by_email(&self, tenant: &TenantId, email: &str) -> Result<Option<String>, StoreError> {
        self.node().platform.member_by_email(tenant, email).await
    }

    /// How many pieces of a shop's product there are, if the product is known.
    pub async fn inventory(&self, tenant: &TenantId, product: &str) -> Result<Option<i64>, StoreError> {
        self.node().platform.inventory(tenant, product).await
    }

    fn statement(&self, tenant: &TenantId, told: &ToldRow) -> Result<Statement, AcceptError> {
        let node = self.node();
        let missing = || CommitError::Defect(format!("there is no connector `{}`", told.connector));
        let connector = Catalog::shipped().connector(told.connector).ok_or_else(missing)?;
        let cells = ingest::row(connector, &told.row, node.clock.now())?;
        Ok(node.platform.keep_row(tenant, told.connector, &cells)?)
    }
}
