//! Where it is looked up who shows a key.

use std::{sync::Arc, time::Duration};

use alcove_execution::Clock;
use alcove_store::{
    Recent, Statement, Store, StoreError,
    tables::{api_keys, grants, operator_keys},
};

use super::{
    Caller, CallerError,
    keys::roles_of_scope,
    token::{self, Kind},
    who::Who,
};
use crate::{ControlError, Operator, Principal, Roles};

/// For how long a node believes what it has read about a key: so much later at most, what was revoked on another node
/// is refused here.
pub const AGE_MAX: Duration = Duration::from_secs(2);
/// Keys that are remembered for that long.
const KEPT_MAX: usize = 4_096;
/// How exact the time is at which a key was shown last.
const USED_EVERY_US: i64 = 3_600_000_000;

/// The members of all tenants and the operators, as a database has them. Clones share what was read.
#[derive(Clone)]
pub struct Directory {
    pub(crate) store: Store,
    clock: Arc<dyn Clock>,
    known: Arc<Recent<[u8; 32], Known>>,
}

/// What is known of a key that is not revoked.
#[derive(Clone, Debug)]
struct Known {
    caller: Caller,
    expires_at: Option<i64>,
}

impl Directory {
    /// The directory in this database.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, known: Arc::new(Recent::new(AGE_MAX, KEPT_MAX)) }
    }

    /// Who shows a key. Keys are found by what they hash to, so that no comparison tells how much of one was right.
    pub(crate) async fn caller(&self, token: &str) -> Result<Caller, CallerError> {
        let kind = token::kind(token).ok_or(CallerError::Unknown)?;
        let (hash, now) = (token::hash(token), self.now_us());
        let known = if let Some(known) = self.known.get(&hash, now) {
            known
        } else {
            let known = match kind {
                Kind::Tenant => self.member(&hash, now).await?,
                Kind::Operator => self.operator(&hash, now).await?,
            };
            let known = known.ok_or(CallerError::Unknown)?;
            self.known.keep(hash, known.clone(), now);
            known
        };
        if known.expires_at.is_some_and(|end| end <= now) {
            return Err(CallerError::Expired);
        }
        Ok(known.caller)
    }

    /// What is known of this node's keys is read again.
    pub(crate) fn forget(&self) {
        self.known.clear();
    }

    /// What time it is, in microseconds since 1970-01-01T00:00:00Z.
    pub(crate) fn now_us(&self) -> i64 {
        self.clock.now().micros()
    }

    async fn member(&self, hash: &[u8; 32], now: i64) -> Result<Option<Known>, ControlError> {
        let dialect = self.store.dialect();
        let rows = self.store.query(&api_keys::by_hash(dialect, hash)).await?;
        let Some(cells) = rows.first() else { return Ok(None) };
        let row = api_keys::Row::decode(cells).map_err(StoreError::from)?;
        if row.revoked_at.is_some() {
            return Ok(None);
        }
        let mut roles = Roles::default();
        for cells in
            self.store.query_of(row.tenant.as_str(), &grants::effective(dialect, &row.tenant, &row.subject)).await?
        {
            let grant = grants::Row::decode(&cells).map_err(StoreError::from)?;
            roles.add(&grant.key.role, grant.key.app);
        }
        if is_due(row.last_used_at, now) {
            self.note_use(Some(row.tenant.as_str()), api_keys::used(dialect, &row.tenant, &row.id, now)).await;
        }
        let scope = row.scope.as_deref().map(roles_of_scope).transpose()?;
        let subject = Who::member(&row.subject)?;
        let principal = Principal { scope, key: Some(row.id), ..Principal::new(row.tenant, subject, roles) };
        Ok(Some(Known { caller: Caller::Tenant(principal), expires_at: row.expires_at }))
    }

    async fn operator(&self, hash: &[u8; 32], now: i64) -> Result<Option<Known>, ControlError> {
        let dialect = self.store.dialect();
        let rows = self.store.query(&operator_keys::by_hash(dialect, hash)).await?;
        let Some(cells) = rows.first() else { return Ok(None) };
        let row = operator_keys::Row::decode(cells).map_err(StoreError::from)?;
        if row.revoked_at.is_some() {
            return Ok(None);
        }
        if is_due(row.last_used_at, now) {
            self.note_use(None, operator_keys::used(dialect, &row.id, now)).await;
        }
        Ok(Some(Known { caller: Caller::Operator(Operator::with_key(&row.id)), expires_at: row.expires_at }))
    }

    /// Notes that a key was shown. That this fails keeps nobody out: it is noted the next time.
    async fn note_use(&self, tenant: Option<&str>, statement: Statement) {
        let Ok(mut transaction) = self.store.begin().await else { return };
        if let Some(tenant) = tenant {
            transaction.for_tenant(tenant);
        }
        transaction.enqueue(statement);
        drop(transaction.commit().await);
    }
}

fn is_due(last_used_at: Option<i64>, now: i64) -> bool {
    last_used_at.is_none_or(|last| now.saturating_sub(last) >= USED_EVERY_US)
}
