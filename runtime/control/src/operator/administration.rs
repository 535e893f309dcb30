//! Tenants, as rows.

use alcove_execution::{TenantSettings, TenantStatus};
use alcove_ids::TenantId;
use alcove_store::{
    StoreError,
    tables::tenants::{self, Row},
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{Operator, TenantChange};
use crate::{ControlError, Directory, List, Page, TenantView, identity::Change};

/// What operators do with a database alone. Clones share it.
#[derive(Clone)]
pub struct Administration {
    pub(super) directory: Directory,
}

/// A new tenant.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTenant {
    /// Its id: 1 to 128 letters, digits and `_-.`, the first no `_`. It stays taken for ever.
    pub id: String,
    /// What is agreed with it.
    #[serde(default)]
    pub settings: TenantChange,
}

impl Administration {
    /// What operators do with this database.
    pub fn new(directory: Directory) -> Self {
        Self { directory }
    }

    /// Makes a tenant.
    pub async fn create_tenant(&self, by: &Operator, new: &NewTenant) -> Result<TenantView, ControlError> {
        let tenant = new_id(&new.id)?;
        let mut settings = TenantSettings::default();
        new.settings.apply(&mut settings)?;
        let mut change = self.directory.change(&tenant, by.subject()).await?;
        let (dialect, now) = (change.dialect(), change.now);
        if change.perform(tenants::ensure(dialect, &tenant, &settings.to_json(), now)).await? == 0 {
            return Err(ControlError::Conflict(format!("there is a tenant `{tenant}` already, or there was one")));
        }
        change.commit("tenant.created", json!({ "settings": settings })).await?;
        Ok(TenantView::new(&tenant, settings, now))
    }

    /// The tenants, by id, also those that were deleted.
    pub async fn tenants(&self, _by: &Operator, page: Page<'_>) -> Result<List<TenantView>, ControlError> {
        let (limit, store) = (page.limit()?, &self.directory.store);
        let rows = store.query(&tenants::list(store.dialect(), page.cursor.unwrap_or_default(), limit + 1)).await?;
        let views = rows.iter().map(|cells| view(&Row::decode(cells).map_err(StoreError::from)?));
        let views = views.collect::<Result<Vec<_>, ControlError>>()?;
        Ok(List::of(views, limit, |view| view.id.clone()))
    }

    /// A tenant.
    pub async fn tenant(&self, _by: &Operator, tenant: &str) -> Result<TenantView, ControlError> {
        let (id, store) = (tenant_id(tenant)?, &self.directory.store);
        let rows = store.query(&tenants::get(store.dialect(), &id)).await?;
        view(&Row::decode(rows.first().ok_or_else(|| missing(tenant))?).map_err(StoreError::from)?)
    }

    /// Changes what was agreed with a tenant. A running server goes by it within two seconds.
    pub async fn change_tenant(
        &self,
        by: &Operator,
        tenant: &str,
        changed: &TenantChange,
    ) -> Result<TenantView, ControlError> {
        let (mut change, mut settings) = self.begin(by, tenant).await?;
        changed.apply(&mut settings)?;
        store(&mut change, &settings);
        change.commit("tenant.changed", json!({ "settings": settings })).await?;
        self.tenant(by, tenant).await
    }

    /// Gives a tenant another status, if it may have that after the one it has.
    pub(super) async fn set_status(
        &self,
        by: &Operator,
        tenant: &str,
        status: TenantStatus,
        reason: Option<&str>,
    ) -> Result<TenantView, ControlError> {
        let (mut change, mut settings) = self.begin(by, tenant).await?;
        let what = match status {
            TenantStatus::Active => "tenant.resumed",
            TenantStatus::Suspended => "tenant.suspended",
            TenantStatus::Deleted => "tenant.deleted",
        };
        settings.status = status;
        store(&mut change, &settings);
        change.commit(what, json!({ "reason": reason })).await?;
        self.tenant(by, tenant).await
    }

    /// Begins to change a tenant that is there and not deleted.
    pub(super) async fn begin(
        &self,
        by: &Operator,
        tenant: &str,
    ) -> Result<(Change<'_>, TenantSettings), ControlError> {
        let change = self.directory.change(&tenant_id(tenant)?, by.subject()).await?;
        let settings = change.settings()?.ok_or_else(|| missing(tenant))?;
        if settings.status == TenantStatus::Deleted {
            return Err(ControlError::Conflict(format!("the tenant `{tenant}` was deleted")));
        }
        Ok((change, settings))
    }
}

fn store(change: &mut Change<'_>, settings: &TenantSettings) {
    let set = tenants::set_settings(change.dialect(), &change.tenant, &settings.to_json());
    change.enqueue(set);
}

fn view(row: &Row) -> Result<TenantView, ControlError> {
    let settings = TenantSettings::parse(&row.settings).map_err(StoreError::from)?;
    Ok(TenantView::new(&row.tenant, settings, row.created_at))
}

/// The tenant of an id. What is no id names nothing that is there.
pub(super) fn tenant_id(text: &str) -> Result<TenantId, ControlError> {
    TenantId::parse(text).map_err(|_| missing(text))
}

fn missing(tenant: &str) -> ControlError {
    ControlError::NotFound { what: "tenant", id: tenant.to_owned() }
}

/// An id that somebody chose. A colon would make it a verb in a path, and names with a low line are the
/// platform's own, as that of its log.
fn new_id(id: &str) -> Result<TenantId, ControlError> {
    match TenantId::parse(id) {
        Ok(tenant) if !id.contains(':') && !id.starts_with('_') => Ok(tenant),
        Ok(_) => Err(ControlError::Invalid(format!("`{id}`: the id of a tenant has no colon and begins with no `_`"))),
        Err(error) => Err(ControlError::Invalid(format!("`{id}` cannot be the id of a tenant: {error}"))),
    }
}
