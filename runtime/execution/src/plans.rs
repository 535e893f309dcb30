//! Plans that are ready to run, kept for the next run.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use alcove_ids::TenantId;
use alcove_plan::envelope::Digest;
use alcove_platform::Platform;
use alcove_store::{Sql, SqlValue, Store, StoreError, Transaction};

use crate::{LoadError, LoadedPlan};

const PLAN: Sql = Sql::fixed("SELECT plan FROM versions WHERE tenant_id = ?1 AND digest = ?2 LIMIT 1");

/// Plans of this node, the least used of which is forgotten first. Clones share them.
#[derive(Clone)]
pub(crate) struct Plans {
    store: Store,
    platform: Platform,
    kept: Arc<Mutex<Kept>>,
}

/// Why a plan cannot run.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The tenant has no version with this digest.
    #[error("there is no plan `{digest}`")]
    Unknown {
        /// Its digest.
        digest: Digest,
    },
    /// What is stored is not what was stored.
    #[error("the plan `{wanted}` has changed since it was stored: its bytes have the digest `{found}`")]
    Changed {
        /// The digest by which it is known.
        wanted: Digest,
        /// The digest of the bytes.
        found: Digest,
    },
    /// It does not load.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The database did not give it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Key = (TenantId, [u8; 32]);

struct Kept {
    plans: BTreeMap<Key, (u64, Arc<LoadedPlan>)>,
    by_use: BTreeMap<u64, Key>,
    uses: u64,
    most: usize,
}

impl Plans {
    /// Keeps so many plans of this store.
    pub(crate) fn new(store: Store, platform: Platform, most: usize) -> Self {
        let kept = Kept { plans: BTreeMap::new(), by_use: BTreeMap::new(), uses: 0, most };
        Self { store, platform, kept: Arc::new(Mutex::new(kept)) }
    }

    /// The plan of a digest.
    pub(crate) async fn get(&self, tenant: &TenantId, digest: Digest) -> Result<Arc<LoadedPlan>, PlanError> {
        if let Some(plan) = self.kept(tenant, digest) {
            return Ok(plan);
        }
        let mut rows = self.store.rows_of(tenant.as_str(), PLAN, params(tenant, digest)).await?;
        let row = rows.next().await?.and_then(|rows| rows.into_iter().next());
        self.load(tenant, digest, row)
    }

    /// The plan of a digest, for whoever writes at the moment.
    pub(crate) async fn get_in(
        &self,
        transaction: &mut Transaction,
        tenant: &TenantId,
        digest: Digest,
    ) -> Result<Arc<LoadedPlan>, PlanError> {
        if let Some(plan) = self.kept(tenant, digest) {
            return Ok(plan);
        }
        let row = transaction.query(&PLAN, &params(tenant, digest)).await?.into_iter().next();
        self.load(tenant, digest, row)
    }

    /// The plan of a digest, if it is in memory.
    pub(crate) fn kept(&self, tenant: &TenantId, digest: Digest) -> Option<Arc<LoadedPlan>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).take_up(&(tenant.clone(), digest.0))
    }

    /// Loads a plan from what is stored; the bytes are verified again, and are the very ones of the digest.
    fn load(
        &self,
        tenant: &TenantId,
        digest: Digest,
        row: Option<Vec<SqlValue>>,
    ) -> Result<Arc<LoadedPlan>, PlanError> {
        let Some(SqlValue::Blob(bytes)) = row.and_then(|row| row.into_iter().next()) else {
            return Err(PlanError::Unknown { digest });
        };
        let plan = LoadedPlan::load(&bytes, &self.platform)?;
        if plan.digest() != digest {
            return Err(PlanError::Changed { wanted: digest, found: plan.digest() });
        }
        let plan = Arc::new(plan);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.keep((tenant.clone(), digest.0), Arc::clone(&plan));
        Ok(plan)
    }
}

impl Kept {
    fn take_up(&mut self, key: &Key) -> Option<Arc<LoadedPlan>> {
        let (used, plan) = self.plans.get_mut(key)?;
        self.by_use.remove(used);
        self.uses += 1;
        *used = self.uses;
        self.by_use.insert(self.uses, key.clone());
        Some(Arc::clone(plan))
    }

    fn keep(&mut self, key: Key, plan: Arc<LoadedPlan>) {
        self.uses += 1;
        if let Some((used, _)) = self.plans.insert(key.clone(), (self.uses, plan)) {
            self.by_use.remove(&used);
        }
        self.by_use.insert(self.uses, key);
        while self.plans.len() > self.most.max(1) {
            let Some((_, oldest)) = self.by_use.pop_first() else { return };
            self.plans.remove(&oldest);
        }
    }
}

fn params(tenant: &TenantId, digest: Digest) -> Vec<SqlValue> {
    vec![SqlValue::text(tenant.as_str()), SqlValue::text(digest.to_string())]
}
