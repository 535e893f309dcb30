//! What all changes of an app do alike: one transaction under the tenant's lock, with an entry of the audit log.

use alcove_ids::{AppId, TenantId};
use alcove_journal::transition::Subject;
use alcove_plan::value::Timestamp;
use alcove_store::{
    Dialect, SqlValue, Transaction, audit,
    tables::{apps, tenants, versions},
};
use serde_json::Value;

use super::{AppChange, ChangedBy, LifecycleError, after, submission::Checked};
use crate::{
    node::Node,
    quota::{Resource, one_more},
    transition::{After, subject_to_json},
};

/// What a tenant's settings are until somebody sets them.
const SETTINGS: &str = "{}";

/// A change that is being made.
pub(super) struct Change<'n> {
    pub(super) node: &'n Node,
    pub(super) tenant: &'n TenantId,
    pub(super) by: &'n Subject,
    changed_by: ChangedBy<'n>,
    pub(super) transaction: Transaction,
    /// When it is made.
    pub(super) now: Timestamp,
    /// The same, in microseconds since 1970-01-01T00:00:00Z.
    pub(super) now_us: i64,
    /// When the app was changed last, before this.
    pub(super) seen_at: i64,
    /// Who is to hear of it, once it is durable.
    pub(super) after: Vec<After>,
}

impl<'n> Change<'n> {
    /// Begins. The tenant is locked, and is there from now on: changes of its apps are made one after the other.
    pub(super) async fn begin(
        node: &'n Node,
        tenant: &'n TenantId,
        by: impl Into<ChangedBy<'n>> + Send,
    ) -> Result<Self, LifecycleError> {
        let changed_by = by.into();
        let now = node.clock.now();
        let now_us = now.micros();
        let mut transaction = node.store.begin().await?;
        let dialect = transaction.dialect();
        transaction.for_tenant(tenant.as_str());
        transaction.enqueue(tenants::ensure(dialect, tenant, SETTINGS, now_us));
        transaction.enqueue(tenants::lock(dialect, &[tenant]));
        transaction.flush().await?;
        Ok(Self {
            node,
            tenant,
            by: changed_by.who,
            changed_by,
            transaction,
            now,
            now_us,
            seen_at: now_us,
            after: Vec::new(),
        })
    }

    pub(super) fn dialect(&self) -> Dialect {
        self.transaction.dialect()
    }

    /// The app of this id, deleted or not, locked until the end.
    pub(super) async fn find(&mut self, app: &AppId) -> Result<Option<apps::Row>, LifecycleError> {
        let ticket = self.transaction.enqueue(apps::get_for_update(self.dialect(), self.tenant, app));
        self.transaction.flush().await?;
        let rows = self.transaction.take(ticket)?;
        Ok(rows.first().map(|cells| apps::Row::decode(cells)).transpose()?)
    }

    /// Checks that the tenant's tier allows one more app. Nobody else adds one until the end.
    pub(super) async fn has_room(&mut self) -> Result<(), LifecycleError> {
        let settings = self.node.tenants.settings_in(&mut self.transaction, self.tenant).await?;
        if settings.tier.is_none() {
            return Ok(());
        }
        let count = self.transaction.enqueue(apps::count(self.dialect(), self.tenant));
        self.transaction.flush().await?;
        let rows = self.transaction.take(count)?;
        let count = rows.first().and_then(|row| row.first()).and_then(SqlValue::as_int).unwrap_or(0);
        one_more(settings.tier, Resource::Apps, count.unsigned_abs()).map_err(LifecycleError::Quota)
    }

    /// The app to which something is done, and where that leads.
    pub(super) async fn app(&mut self, app: &AppId, change: AppChange) -> Result<apps::Row, LifecycleError> {
        let found = self.find(app).await?.filter(|row| row.status != apps::Status::Deleted);
        let mut row = found.ok_or_else(|| LifecycleError::NoApp { app: app.clone() })?;
        if !self.changed_by.may_change(&row) {
            return Err(LifecycleError::Changed { app: app.clone() });
        }
        self.seen_at = row.updated_at;
        let status = row.status;
        row.status = after(status, change).ok_or(LifecycleError::NoSuchChange { status, change })?;
        row.updated_at = self.now_us;
        Ok(row)
    }

    /// The version of an app.
    pub(super) async fn version(&mut self, app: &AppId, version: u32) -> Result<versions::Row, LifecycleError> {
        let ticket = self.transaction.enqueue(versions::get(self.dialect(), self.tenant, app, version));
        self.transaction.flush().await?;
        let rows = self.transaction.take(ticket)?;
        let row = rows.first().ok_or_else(|| LifecycleError::NoVersion { app: app.clone(), version })?;
        Ok(versions::Row::decode(row)?)
    }

    /// Gives the app the status of its row, and says why.
    pub(super) fn set_status(&mut self, row: &mut apps::Row, reason: &str) {
        row.reason = Some(reason.to_owned());
        let (dialect, key) = (self.dialect(), Self::key(row));
        self.transaction.enqueue(apps::set_status(dialect, &key, row.status, Some(reason), self.now_us));
        self.rematch();
    }

    /// The name of an app.
    pub(super) fn key(row: &apps::Row) -> apps::Key {
        apps::Key { tenant: row.tenant.clone(), id: row.id.clone() }
    }

    /// Stores a version.
    pub(super) fn add_version(&mut self, app: &AppId, version: u32, submitted: &Checked<'_>) {
        let row = versions::Row {
            tenant: self.tenant.clone(),
            app: app.clone(),
            version,
            digest: submitted.digest().to_string(),
            config: submitted.config.to_owned(),
            plan: submitted.bytes.to_vec(),
            manifest: submitted.manifest(),
            author: subject_to_json(self.by),
            created_at: self.now_us,
        };
        let insert = versions::insert(self.dialect(), &[row]);
        self.transaction.enqueue(insert);
    }

    /// From here on events are matched anew: what they start has changed.
    pub(super) fn rematch(&mut self) {
        let bump = tenants::bump_generation(self.dialect(), &[self.tenant]);
        self.transaction.enqueue(bump);
        self.after.push(After::AppsChanged { tenant: self.tenant.clone() });
    }

    /// Makes it durable, with an entry of the audit log, and tells who is to hear of it.
    pub(super) async fn commit(self, app: &AppId, what: &str, detail: Value) -> Result<(), LifecycleError> {
        self.commit_plain(what, with_app(app, detail)).await
    }

    /// The same, of what is no app's.
    pub(super) async fn commit_plain(mut self, what: &str, detail: Value) -> Result<(), LifecycleError> {
        let entry = audit::Note {
            tenant: self.tenant.clone(),
            at: self.now_us,
            subject: subject_to_json(self.by),
            what: what.to_owned(),
            detail: detail.to_string(),
        };
        audit::append(&mut self.transaction, &[entry]).await?;
        self.transaction.commit().await?;
        self.node.wakes.tell(self.after);
        Ok(())
    }
}

fn with_app(app: &AppId, mut detail: Value) -> Value {
    if let Value::Object(members) = &mut detail {
        members.insert("app".to_owned(), app.as_str().into());
    }
    detail
}
