//! Grants: a role for a member or a team, for one app or for all.

use alcove_ids::AppId;
use alcove_store::{
    StoreError,
    tables::{grants, members, teams},
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{Change, rules::may_give, who::Who};
use crate::{Control, ControlError, GrantView, List, Page, Permission, Principal, id::app_id, principal::subject_json};

/// A grant.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// A member or a team, such as `person:ann` or `team:ops`.
    pub subject: String,
    /// The role: `viewer`, `runner`, `author`, `approver`, `admin`, or one of the tenant's own.
    pub role: String,
    /// For which app; absent: for all of the tenant's.
    #[serde(default)]
    pub app: Option<String>,
}

impl Control {
    /// Gives a role. Who is admin of one app may give roles for that app; nobody gives more than they have. To
    /// give what is given already changes nothing.
    pub async fn give(&self, by: &Principal, new: &NewGrant) -> Result<GrantView, ControlError> {
        let (who, app) = (Who::parse(&new.subject)?, new.app.as_deref().map(app_id).transpose()?);
        must_govern(by, app.as_ref())?;
        may_give(by, &new.role, app.as_ref())?;
        let mut change = self.directory.change_own(&by.tenant, subject_json(&by.subject)).await?;
        must_be_there(&mut change, &who).await?;
        let key = grants::Key { tenant: by.tenant.clone(), subject: who.to_string(), role: new.role.clone(), app };
        let row = grants::Row { key, created_at: change.now, created_by: change.by.clone() };
        change.enqueue(grants::insert_new(change.dialect(), std::slice::from_ref(&row)));
        let detail = json!({ "subject": row.key.subject, "role": row.key.role, "app": new.app });
        change.commit("grant.given", detail).await?;
        Ok(row.into())
    }

    /// Takes a role back, from every key of the subject too.
    pub async fn take_back(&self, by: &Principal, grant: &NewGrant) -> Result<(), ControlError> {
        let app = grant.app.as_deref().map(app_id).transpose()?;
        must_govern(by, app.as_ref())?;
        let mut change = self.directory.change_own(&by.tenant, subject_json(&by.subject)).await?;
        let had_admin = change.has_admin().await?;
        let key =
            grants::Key { tenant: by.tenant.clone(), subject: grant.subject.clone(), role: grant.role.clone(), app };
        let delete = grants::delete(change.dialect(), &key);
        if change.perform(delete).await? == 0 {
            let id = format!("{} of {}", grant.role, grant.subject);
            return Err(ControlError::NotFound { what: "grant", id });
        }
        change.keep_admin(had_admin).await?;
        let detail = json!({ "subject": grant.subject, "role": grant.role, "app": grant.app });
        change.commit("grant.taken_back", detail).await
    }

    /// The grants of the caller's tenant, by subject, role and app.
    pub async fn grants(&self, by: &Principal, page: Page<'_>) -> Result<List<GrantView>, ControlError> {
        by.must(Permission::Admin)?;
        let (limit, store) = (page.limit()?, &self.directory.store);
        let mut parts = page.cursor.unwrap_or_default().splitn(3, ' ');
        // No part has a space in it, and a cursor of something else only begins the list elsewhere.
        let after = [(); 3].map(|()| parts.next().unwrap_or_default());
        let rows =
            store.query_of(by.tenant.as_str(), &grants::list(store.dialect(), &by.tenant, after, limit + 1)).await?;
        let rows = rows.iter().map(|cells| grants::Row::decode(cells)).collect::<Result<Vec<_>, _>>();
        let cursor = |row: &grants::Row| format!("{} {} {}", row.key.subject, row.key.role, row.key.app_text());
        Ok(List::of(rows.map_err(StoreError::from)?, limit, cursor).map(GrantView::from))
    }
}

/// Refuses who may not say who may do what with an app, or, without one, in the tenant.
fn must_govern(by: &Principal, app: Option<&AppId>) -> Result<(), ControlError> {
    match app {
        Some(app) => by.must_for(Permission::Admin, app),
        None => by.must(Permission::Admin),
    }
}

async fn must_be_there(change: &mut Change<'_>, who: &Who) -> Result<(), ControlError> {
    let (dialect, subject) = (change.dialect(), who.to_string());
    let (what, statement) = match who {
        Who::Member(_) => ("member", members::get(dialect, &change.tenant, &subject)),
        Who::Team(team) => ("team", teams::get(dialect, &change.tenant, team)),
    };
    let is_there = !change.rows(statement).await?.is_empty();
    if is_there { Ok(()) } else { Err(ControlError::NotFound { what, id: subject }) }
}
