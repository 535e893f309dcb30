//! Members: people, services and agents who can have keys.

use alcove_store::{
    StoreError,
    tables::{api_keys, grants, members, team_members},
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{
    rules::may_give,
    who::{Who, written},
};
use crate::{Control, ControlError, List, MemberView, Page, Permission, Principal, principal::subject_json};

/// The longest name of a member or a team, in bytes.
pub(super) const NAME_BYTES_MAX: usize = 200;
/// Roles that a new member may be given at once.
const ROLES_MAX: usize = 50;

/// A new member.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// `person:`, `service:` or `agent:`, and a name.
    pub subject: String,
    /// What people call them.
    #[serde(default)]
    pub name: String,
    /// Roles for the whole tenant that they are given at once.
    #[serde(default)]
    pub roles: Vec<String>,
}

impl Control {
    /// Takes a member into the caller's tenant.
    pub async fn create_member(&self, by: &Principal, new: &NewMember) -> Result<MemberView, ControlError> {
        by.must(Permission::Admin)?;
        let subject = written(&Who::member(&new.subject)?);
        check_name(&new.name)?;
        if new.roles.len() > ROLES_MAX {
            let message = format!("`roles` has {} roles; at most {ROLES_MAX} are allowed at once", new.roles.len());
            return Err(ControlError::Invalid(message));
        }
        for role in &new.roles {
            may_give(by, role, None)?;
        }
        let mut change = self.directory.change_own(&by.tenant, subject_json(&by.subject)).await?;
        let dialect = change.dialect();
        if !change.rows(members::get(dialect, &by.tenant, &subject)).await?.is_empty() {
            return Err(ControlError::Conflict(format!("`{subject}` is a member already")));
        }
        let row = members::Row {
            tenant: by.tenant.clone(),
            subject: subject.clone(),
            name: new.name.clone(),
            created_at: change.now,
            created_by: change.by.clone(),
        };
        change.enqueue(members::insert(dialect, std::slice::from_ref(&row)));
        let key = |role: &String| grants::Key {
            tenant: by.tenant.clone(),
            subject: subject.clone(),
            role: role.clone(),
            app: None,
        };
        let mut keys: Vec<grants::Key> = new.roles.iter().map(key).collect();
        keys.sort();
        keys.dedup();
        let given = |key| grants::Row { key, created_at: change.now, created_by: change.by.clone() };
        let given: Vec<grants::Row> = keys.into_iter().map(given).collect();
        if !given.is_empty() {
            change.enqueue(grants::insert_new(dialect, &given));
        }
        change.commit("member.added", json!({ "member": subject, "roles": new.roles })).await?;
        Ok(MemberView::new(row, Vec::new(), given))
    }

    /// The members of the caller's tenant, by subject, without what they were granted.
    pub async fn members(&self, by: &Principal, page: Page<'_>) -> Result<List<MemberView>, ControlError> {
        by.must(Permission::Admin)?;
        let (limit, store) = (page.limit()?, &self.directory.store);
        let after = page.cursor.unwrap_or_default();
        let rows =
            store.query_of(by.tenant.as_str(), &members::list(store.dialect(), &by.tenant, after, limit + 1)).await?;
        let rows = rows.iter().map(|cells| members::Row::decode(cells)).collect::<Result<Vec<_>, _>>();
        Ok(List::of(rows.map_err(StoreError::from)?, limit, |row| row.subject.clone()).map(MemberView::from))
    }

    /// A member, with their teams and all that they have.
    pub async fn member(&self, by: &Principal, subject: &str) -> Result<MemberView, ControlError> {
        by.must(Permission::Admin)?;
        let store = &self.directory.store;
        let rows = store.query_of(by.tenant.as_str(), &members::get(store.dialect(), &by.tenant, subject)).await?;
        let row = rows.first().ok_or_else(|| missing(subject))?;
        let row = members::Row::decode(row).map_err(StoreError::from)?;
        let teams =
            store.query_of(by.tenant.as_str(), &team_members::of_subject(store.dialect(), &by.tenant, subject)).await?;
        let teams = teams.iter().map(|cells| team_members::Row::decode(cells)).collect::<Result<Vec<_>, _>>();
        let granted =
            store.query_of(by.tenant.as_str(), &grants::effective(store.dialect(), &by.tenant, subject)).await?;
        let granted = granted.iter().map(|cells| grants::Row::decode(cells)).collect::<Result<Vec<_>, _>>();
        let teams = teams.map_err(StoreError::from)?.into_iter().map(|row| row.team).collect();
        Ok(MemberView::new(row, teams, granted.map_err(StoreError::from)?))
    }

    /// Takes a member out: their keys end, and nothing of what they were granted is left.
    pub async fn delete_member(&self, by: &Principal, subject: &str) -> Result<(), ControlError> {
        by.must(Permission::Admin)?;
        let mut change = self.directory.change_own(&by.tenant, subject_json(&by.subject)).await?;
        let (dialect, now) = (change.dialect(), change.now);
        let had_admin = change.has_admin().await?;
        if change.perform(members::delete(dialect, &by.tenant, subject)).await? == 0 {
            return Err(missing(subject));
        }
        change.enqueue(grants::delete_of_subject(dialect, &by.tenant, subject));
        change.enqueue(team_members::delete_of_subject(dialect, &by.tenant, subject));
        let revoked = change.perform(api_keys::revoke_of_subject(dialect, &by.tenant, subject, now)).await?;
        change.keep_admin(had_admin).await?;
        change.commit("member.removed", json!({ "member": subject, "keys_revoked": revoked })).await
    }
}

pub(super) fn missing(subject: &str) -> ControlError {
    ControlError::NotFound { what: "member", id: subject.to_owned() }
}

/// Refuses a name that is too long.
pub(super) fn check_name(name: &str) -> Result<(), ControlError> {
    if name.len() <= NAME_BYTES_MAX {
        return Ok(());
    }
    Err(ControlError::Invalid(format!("`name` has {} bytes; at most {NAME_BYTES_MAX} are allowed", name.len())))
}
