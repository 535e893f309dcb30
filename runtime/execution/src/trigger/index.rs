//! What the tenants' apps wait for, in memory, and how it follows what is stored.

use std::{collections::BTreeMap, sync::Arc};

use alcove_catalog::Catalog;
use alcove_ids::{AppId, TenantId};
use alcove_plan::{
    value::{Timestamp, Value},
    verify,
};
use alcove_store::{
    Dialect, SqlValue, Statement, Store, StoreError, Transaction,
    tables::{
        RowError, apps,
        notices::{self, Kind},
        tenants,
        versions::{self, ActivePlan},
    },
};
use alcove_trigger::index::{FilterError, Matches, Subscription, Triggers};
use tokio::sync::Mutex;

/// Apps and tenants that are read at a time.
const PAGE: u32 = 500;
/// Plans that are read at a time, each of some KiB.
const PLANS_PAGE: usize = 200;

/// The index of the tenants' apps by event. Clones share it.
///
/// It is read from memory and may be stale: whoever writes what it answered compares the generation of the answer with
/// the stored one, and if they differ has the tenant [read again](Self::refresh).
#[derive(Clone)]
pub(crate) struct Index {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    triggers: Triggers,
    /// Active apps that wait for no event, with their versions, so that their plans are not read again. Whoever reads
    /// holds it: one at a time.
    others: Mutex<BTreeMap<TenantId, BTreeMap<AppId, u32>>>,
}

/// Why the index could not be read.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The database did not give it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored row does not read.
    #[error(transparent)]
    Row(#[from] RowError),
}

/// Where the index is read from.
pub(crate) enum Source<'s> {
    /// What is committed.
    Store(&'s Store),
    /// What a transaction sees.
    Transaction(&'s mut Transaction),
}

/// Why an app cannot be told of its events.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnreadableError {
    #[error(transparent)]
    Plan(#[from] verify::LoadError),
    #[error(transparent)]
    Filter(#[from] FilterError),
}

/// What is known of a tenant while it is read.
#[derive(Default)]
struct Reading {
    subscriptions: Vec<Arc<Subscription>>,
    others: BTreeMap<AppId, u32>,
    /// What admins are told.
    notices: Vec<notices::Row>,
}

impl Source<'_> {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Store(store) => store.dialect(),
            Self::Transaction(transaction) => transaction.dialect(),
        }
    }

    pub(crate) async fn query(&mut self, statement: Statement) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        match self {
            Self::Store(store) => store.query(&statement).await,
            Self::Transaction(transaction) => {
                let ticket = transaction.enqueue(statement);
                transaction.flush().await?;
                transaction.take(ticket)
            }
        }
    }
}

impl Index {
    /// An index that knows of no app yet.
    pub(crate) fn new(store: Store) -> Self {
        Self { shared: Arc::new(Shared { store, triggers: Triggers::default(), others: Mutex::default() }) }
    }

    /// The runs that an event makes, as far as is known.
    pub(crate) fn matching(&self, tenant: &TenantId, event_type: &str, event: &Value, now: Timestamp) -> Matches {
        self.shared.triggers.matching(tenant, event_type, event, now)
    }

    /// The state of a tenant's apps that is known; 0 if there is none.
    pub(crate) fn generation(&self, tenant: &TenantId) -> u64 {
        self.shared.triggers.generation(tenant)
    }

    /// Reads all tenants, so that the first event of each finds its apps.
    pub(crate) async fn load(&self, now: Timestamp) -> Result<(), IndexError> {
        let mut others = self.shared.others.lock().await;
        // Generations first: what changes meanwhile is seen as a change.
        let generations = self.generations().await?;
        let mut readings: BTreeMap<TenantId, Reading> = BTreeMap::new();
        let mut after = (String::new(), String::new());
        loop {
            let page = self.query(versions::active(self.shared.store.dialect(), (&after.0, &after.1), PAGE)).await?;
            let page = page.iter().map(|row| ActivePlan::decode(row)).collect::<Result<Vec<_>, _>>()?;
            let Some(last) = page.last() else { break };
            after = (last.tenant.to_string(), last.app.to_string());
            let tenant = last.tenant.clone();
            for plan in page {
                readings.entry(plan.tenant.clone()).or_default().add(plan, now);
            }
            // The tenants before the one that the page ends in are complete.
            let rest = readings.split_off(&tenant);
            self.keep(std::mem::replace(&mut readings, rest), &generations, &mut others).await?;
        }
        self.keep(readings, &generations, &mut others).await
    }

    /// Reads what has changed of a tenant's apps. Whoever asks meanwhile waits, and finds it done.
    pub(crate) async fn refresh(&self, tenant: &TenantId, now: Timestamp) -> Result<(), IndexError> {
        let mut others = self.shared.others.lock().await;
        let notices = self.catch_up(&mut Source::Store(&self.shared.store), tenant, &mut others, now).await?;
        self.tell(tenant, notices).await
    }

    /// What a tenant's apps wait for, read by a transaction that has locked the tenant and has not changed what is
    /// active.
    /// `None`: somebody else reads the index at the moment, who may wait for this very transaction.
    pub(crate) async fn subscriptions_in(
        &self,
        transaction: &mut Transaction,
        tenant: &TenantId,
        now: Timestamp,
    ) -> Result<Option<Vec<Arc<Subscription>>>, IndexError> {
        let Ok(mut others) = self.shared.others.try_lock() else { return Ok(None) };
        let notices = self.catch_up(&mut Source::Transaction(transaction), tenant, &mut others, now).await?;
        if !notices.is_empty() {
            transaction.enqueue(notices::insert_new(transaction.dialect(), &notices));
        }
        Ok(Some(self.shared.triggers.subscriptions(tenant)))
    }

    /// Takes over the tenant's state that a source has; gives what admins are to be told.
    async fn catch_up(
        &self,
        source: &mut Source<'_>,
        tenant: &TenantId,
        others: &mut BTreeMap<TenantId, BTreeMap<AppId, u32>>,
        now: Timestamp,
    ) -> Result<Vec<notices::Row>, IndexError> {
        let dialect = source.dialect();
        let row = source.query(tenants::get(dialect, tenant)).await?;
        let Some(row) = row.first() else { return Ok(Vec::new()) };
        let generation = tenants::Row::decode(row)?.generation;
        if generation == self.generation(tenant) {
            return Ok(Vec::new());
        }
        let known = self.shared.triggers.subscriptions(tenant);
        let known: BTreeMap<&AppId, &Arc<Subscription>> = known.iter().map(|one| (&one.app, one)).collect();
        let silent = others.get(tenant);
        let mut reading = Reading::default();
        let mut changed = Vec::new();
        for (app, version) in active(source, tenant).await? {
            match (known.get(&app), silent.and_then(|silent| silent.get(&app))) {
                (Some(one), _) if one.version == version => reading.subscriptions.push(Arc::clone(one)),
                (_, Some(known)) if *known == version => {
                    reading.others.insert(app, version);
                }
                _ => changed.push((app, version)),
            }
        }
        for page in changed.chunks(PLANS_PAGE) {
            for row in source.query(versions::plans(dialect, tenant, page)).await? {
                reading.add(ActivePlan::decode(&row)?, now);
            }
        }
        self.shared.triggers.replace_tenant(tenant, generation, reading.subscriptions);
        others.insert(tenant.clone(), reading.others);
        Ok(reading.notices)
    }

    async fn keep(
        &self,
        readings: BTreeMap<TenantId, Reading>,
        generations: &BTreeMap<TenantId, u64>,
        others: &mut BTreeMap<TenantId, BTreeMap<AppId, u32>>,
    ) -> Result<(), IndexError> {
        for (tenant, reading) in readings {
            self.tell(&tenant, reading.notices).await?;
            // A tenant that has come meanwhile is read with its first event.
            let Some(generation) = generations.get(&tenant) else { continue };
            self.shared.triggers.replace_tenant(&tenant, *generation, reading.subscriptions);
            others.insert(tenant, reading.others);
        }
        Ok(())
    }

    async fn tell(&self, tenant: &TenantId, notices: Vec<notices::Row>) -> Result<(), IndexError> {
        if notices.is_empty() {
            return Ok(());
        }
        let mut transaction = self.shared.store.begin().await?;
        transaction.for_tenant(tenant.as_str());
        transaction.enqueue(notices::insert_new(transaction.dialect(), &notices));
        Ok(transaction.commit().await?)
    }

    async fn generations(&self) -> Result<BTreeMap<TenantId, u64>, IndexError> {
        let mut generations = BTreeMap::new();
        let mut after = String::new();
        loop {
            let page = self.query(tenants::list(self.shared.store.dialect(), &after, PAGE)).await?;
            for row in &page {
                let row = tenants::Row::decode(row)?;
                after = row.tenant.to_string();
                generations.insert(row.tenant, row.generation);
            }
            if page.is_empty() {
                return Ok(generations);
            }
        }
    }

    async fn query(&self, statement: Statement) -> Result<Vec<Vec<SqlValue>>, StoreError> {
        self.shared.store.query(&statement).await
    }
}

impl Reading {
    /// Adds an app. One whose plan does not read cannot be told of its events: the tenant's admins are, and the other
    /// apps go on.
    fn add(&mut self, stored: ActivePlan, now: Timestamp) {
        match subscription(&stored) {
            Ok(Some(subscription)) => return self.subscriptions.push(Arc::new(subscription)),
            Ok(None) => {}
            Err(error) => self.notices.push(notice(&stored, &error, now)),
        }
        self.others.insert(stored.app, stored.version);
    }
}

fn notice(stored: &ActivePlan, error: &UnreadableError, now: Timestamp) -> notices::Row {
    let ActivePlan { tenant, app, version, .. } = stored;
    notices::Row {
        tenant: tenant.clone(),
        id: format!("{app}:{version}:{}", Kind::TriggerUnreadable.as_str()),
        kind: Kind::TriggerUnreadable,
        app: app.clone(),
        execution: None,
        message: format!(
            "the plan of version {version} of app `{app}` does not read, so no event starts it: {error}; \
             submit the app again"
        ),
        created_at: now.micros(),
    }
}

/// The active apps of a tenant, each with its version.
async fn active(source: &mut Source<'_>, tenant: &TenantId) -> Result<Vec<(AppId, u32)>, IndexError> {
    let mut active: Vec<(AppId, u32)> = Vec::new();
    loop {
        let after = active.last().map_or("", |(app, _)| app.as_str());
        let statement = apps::active_versions(source.dialect(), tenant, after, PAGE);
        let page = source.query(statement).await?;
        for row in &page {
            active.push(apps::decode_active_version(row)?);
        }
        if page.is_empty() {
            return Ok(active);
        }
    }
}

/// What an active app waits for; `None`: for no event.
pub(crate) fn subscription(stored: &ActivePlan) -> Result<Option<Subscription>, UnreadableError> {
    let sealed = verify::load(&stored.plan)?;
    let (app, version) = (stored.app.clone(), stored.version);
    let plan = (&sealed.plan, &sealed.program);
    Ok(Subscription::of(app, version, sealed.digest, plan, Catalog::shipped())?)
}
