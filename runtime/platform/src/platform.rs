//! The platform: the catalog's entries over one store.

use std::sync::Arc;

use alcove_catalog::Catalog;
use alcove_ids::TenantId;
use alcove_plan::{action::Action, codec::Outcome, failure::Failure, query::Query, value::Value};
use alcove_store::{Sql, SqlValue, Statement, Store, StoreError, Transaction};

use crate::{
    Allowance, Cursor, EffectCall, PrepareError, PreparedAction, PreparedQuery, RunCalls, Scope, action,
    query::unavailable,
};

/// Connectors and actions on the platform's tables. Clones share the database.
#[derive(Clone, Debug)]
pub struct Platform {
    store: Store,
    catalog: &'static Catalog,
}

impl Platform {
    /// The entries of this catalog over this database.
    pub fn new(store: Store, catalog: &'static Catalog) -> Self {
        Self { store, catalog }
    }

    /// Holds a plan's query against the catalog and makes its statement.
    pub fn prepare_query(&self, query: &Query) -> Result<PreparedQuery, PrepareError> {
        PreparedQuery::new(self.catalog, self.store.dialect(), query)
    }

    /// Holds a plan's action against the catalog.
    pub fn prepare_action(&self, action: &Action) -> Result<Arc<PreparedAction>, PrepareError> {
        PreparedAction::new(self.catalog, self.store.dialect(), action).map(Arc::new)
    }

    /// Opens a query with one value for each of its holes. E012: a value that does not fit. E004: the database does not
    /// answer.
    pub async fn open(&self, scope: &Scope, query: &PreparedQuery, args: &[Value]) -> Result<Cursor, Failure> {
        let params = query.bind(scope, args)?;
        let rows = self.store.rows_of(scope.tenant.as_str(), query.statement(), params).await;
        Cursor::new(rows.map_err(|error| unavailable(&error))?, query.columns(), query.rows_default()).await
    }

    /// Performs effects in order, in one transaction with their rows in the ledger; one outcome for each.
    ///
    /// An effect that is in the ledger gets its recorded outcome and does not happen again. A call fails alone; the
    /// later ones in the same recover scope are then not performed.
    pub async fn perform(&self, scope: &Scope, calls: &[EffectCall]) -> Vec<Outcome> {
        self.perform_allowed(RunCalls { scope, calls, allowance: Allowance::FREE }).await
    }

    /// [Performs effects](Self::perform) of a run as far as the quotas of its tenant go.
    pub async fn perform_allowed(&self, run: RunCalls<'_>) -> Vec<Outcome> {
        action::perform(&self.store, run).await
    }

    /// How many keys the state of a tenant's apps has.
    pub async fn state_keys(&self, tenant: &TenantId) -> Result<u64, StoreError> {
        let count = Sql::fixed("SELECT count(*) FROM app_state WHERE tenant_id = ?1");
        let rows =
            self.store.query_of(tenant.as_str(), &Statement::new(count, vec![SqlValue::text(tenant.as_str())])).await?;
        let count = rows.first().and_then(|row| row.first()).and_then(SqlValue::as_int);
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
    }

    /// Performs effects of many runs of one tenant inside the caller's transaction: one list of outcomes for each run,
    /// one outcome for each of its calls. The effects of a run happen in its order. A call fails alone, and takes along
    /// the later ones in its recover scope; whatever becomes of a run's calls, it harms no other run.
    ///
    /// What the caller has enqueued is performed with it, in the same round trip where nothing stands against any call.
    /// The ledger's rows are enqueued last and travel with what the caller does next; only then is it sure that no
    /// effect was in the ledger before. A run of another tenant than the first run's fails. In PostgreSQL it waits
    /// until no other transaction performs effects of the tenant, unless no script of its own reads what one changes.
    ///
    /// # Errors
    ///
    /// The database does not answer, or refuses what the caller had enqueued, or the effect of a call is in the ledger,
    /// which is for the caller to know before. The transaction is of no use then.
    pub async fn perform_in(
        &self,
        transaction: &mut Transaction,
        runs: &[RunCalls<'_>],
    ) -> Result<Vec<Vec<Outcome>>, StoreError> {
        action::perform_in(transaction, runs).await
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn catalog(&self) -> &'static Catalog {
        self.catalog
    }
}
