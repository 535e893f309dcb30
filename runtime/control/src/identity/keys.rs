//! Keys: made, listed, ended, exchanged.

use std::time::Duration;

use alcove_execution::{Resource, one_more};
use alcove_ids::AppId;
use alcove_plan::value::Timestamp;
use alcove_store::{
    SqlValue, StoreError,
    tables::{api_keys, grants, members},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::{
    Change,
    rules::may_make_key,
    token::{Kind, Token},
    who::{Who, is_name, written},
};
use crate::{
    Control, ControlError, KeyView, List, NewKeyView, Page, Permission, Principal, Roles,
    id::{app_id, random_key},
    principal::subject_json,
};

/// Valid keys of a tenant, whatever its tier.
const KEYS_MAX: u64 = 10_000;
/// The longest name of a key, in bytes.
const NAME_BYTES_MAX: usize = 200;
/// Roles in the scope of a key.
const SCOPE_MAX: usize = 100;
/// The longest that a key goes on beside the one that takes its place.
const GRACE_MAX: Duration = Duration::from_hours(7 * 24);
/// How long an ended key is still listed, in microseconds.
const ENDED_KEPT_US: i64 = 30 * 86_400_000_000;

/// A role, for one app or for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopedRole {
    /// The role.
    pub role: String,
    /// The app; absent: all of the tenant's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
}

/// A new key.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKey {
    /// Whose: a member, such as `person:ann` or `service:ci`.
    pub subject: String,
    /// What people call it.
    pub name: String,
    /// What it may at the most; absent: whatever its subject may.
    #[serde(default)]
    pub scope: Option<Vec<ScopedRole>>,
    /// From when on it is not valid, RFC 3339; absent: never.
    #[serde(default)]
    pub expires_at: Option<String>,
}

/// How a key is exchanged.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// How long the old key stays valid, in seconds, at most 604800 (7 days); absent: not at all.
    #[serde(default)]
    pub grace_seconds: u64,
}

/// A key that is made.
pub(crate) struct Made<'m> {
    pub(crate) subject: &'m str,
    pub(crate) name: &'m str,
    pub(crate) scope: Option<String>,
    pub(crate) expires_at: Option<i64>,
}

impl Control {
    /// Makes a key for a member of the caller's tenant. It is shown here and never again.
    pub async fn create_key(&self, by: &Principal, new: &NewKey) -> Result<NewKeyView, ControlError> {
        by.must(Permission::Admin)?;
        let subject = written(&Who::member(&new.subject)?);
        let scope = new.scope.as_deref().map(read_scope).transpose()?;
        let stored = new.scope.as_ref().and_then(|scope| serde_json::to_string(scope).ok());
        let mut change = self.directory.change_own(&by.tenant, subject_json(&by.subject)).await?;
        let expires_at = new.expires_at.as_deref().map(|text| end_of(text, change.now)).transpose()?;
        let member = members::get(change.dialect(), &change.tenant, &subject);
        if change.rows(member).await?.is_empty() {
            return Err(ControlError::NotFound { what: "member", id: subject });
        }
        may_make_key(by, &roles_of(&mut change, &subject).await?, scope.as_ref())?;
        let made = Made { subject: &subject, name: &new.name, scope: stored, expires_at };
        let (row, token) = insert_key(&mut change, made).await?;
        let detail = json!({ "key": row.id, "of": subject, "scope": new.scope, "expires_at": new.expires_at });
        change.commit("key.created", detail).await?;
        Ok(NewKeyView { key: token.into_text(), about: row.into() })
    }

    /// The keys of the caller's tenant, by id. Those that ended are listed for another 30 days.
    pub async fn keys(&self, by: &Principal, page: Page<'_>) -> Result<List<KeyView>, ControlError> {
        by.must(Permission::Admin)?;
        let limit = page.limit()?;
        let store = &self.directory.store;
        let after = page.cursor.unwrap_or_default();
        let rows =
            store.query_of(by.tenant.as_str(), &api_keys::list(store.dialect(), &by.tenant, after, limit + 1)).await?;
        let rows = rows.iter().map(|cells| api_keys::Row::decode(cells)).collect::<Result<Vec<_>, _>>();
        Ok(List::of(rows.map_err(StoreError::from)?, limit, |row| row.id.clone()).map(KeyView::from))
    }

    /// Ends a key: it is refused from now on here, and two seconds later everywhere.
    pub async fn revoke_key(&self, by: &Principal, key: &str) -> Result<(), ControlError> {
        by.must(Permission::Admin)?;
        let mut change = self.directory.change_own(&by.tenant, subject_json(&by.subject)).await?;
        let revoke = api_keys::revoke(change.dialect(), &by.tenant, key, change.now);
        if change.perform(revoke).await? == 0 {
            return Err(ControlError::NotFound { what: "valid key", id: key.to_owned() });
        }
        change.commit("key.revoked", json!({ "key": key })).await
    }

    /// Gives a new key for one that is valid: of the same subject, with the same scope and the same end. The
    /// old one ends with the grace period. Whoever holds a key may exchange it, and admins may exchange all.
    pub async fn rotate_key(&self, by: &Principal, key: &str, how: &Rotation) -> Result<NewKeyView, ControlError> {
        if by.key.as_deref() != Some(key) {
            by.must(Permission::Admin)?;
        }
        if how.grace_seconds > GRACE_MAX.as_secs() {
            let message =
                format!("`grace_seconds` is {}; at most {} are allowed", how.grace_seconds, GRACE_MAX.as_secs());
            return Err(ControlError::Invalid(message));
        }
        let mut change = self.directory.change_own(&by.tenant, subject_json(&by.subject)).await?;
        let (dialect, now) = (change.dialect(), change.now);
        let rows = change.rows(api_keys::get(dialect, &by.tenant, key)).await?;
        let old = rows.first().map(|cells| api_keys::Row::decode(cells)).transpose().map_err(StoreError::from)?;
        let old = old.filter(|old| old.revoked_at.is_none() && old.expires_at.is_none_or(|end| end > now));
        let old = old.ok_or_else(|| ControlError::NotFound { what: "valid key", id: key.to_owned() })?;
        let scope = old.scope.as_deref().map(roles_of_scope).transpose()?;
        if by.key.as_deref() != Some(key) {
            may_make_key(by, &roles_of(&mut change, &old.subject).await?, scope.as_ref())?;
        }
        let grace_us = i64::try_from(how.grace_seconds).unwrap_or_default().saturating_mul(1_000_000);
        change.enqueue(match grace_us {
            0 => api_keys::revoke(dialect, &by.tenant, key, now),
            grace_us => api_keys::expire(dialect, &by.tenant, key, now.saturating_add(grace_us)),
        });
        let made =
            Made { subject: &old.subject, name: &old.name, scope: old.scope.clone(), expires_at: old.expires_at };
        let (row, token) = insert_key(&mut change, made).await?;
        let detail = json!({ "key": key, "new_key": row.id, "grace_seconds": how.grace_seconds });
        change.commit("key.rotated", detail).await?;
        Ok(NewKeyView { key: token.into_text(), about: row.into() })
    }
}

/// Adds a key, if the tenant may have one more.
pub(crate) async fn insert_key(
    change: &mut Change<'_>,
    made: Made<'_>,
) -> Result<(api_keys::Row, Token), ControlError> {
    let (name, dialect, now) = (made.name, change.dialect(), change.now);
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        let message = format!("`name` has {} bytes; it must have 1 to {NAME_BYTES_MAX}", name.len());
        return Err(ControlError::Invalid(message));
    }
    change.enqueue(api_keys::prune(dialect, &change.tenant, now.saturating_sub(ENDED_KEPT_US)));
    let count = api_keys::count_valid(dialect, &change.tenant, now);
    let count = change.rows(count).await?.first().and_then(|row| row.first()).and_then(SqlValue::as_int);
    let count = count.and_then(|count| u64::try_from(count).ok()).unwrap_or_default();
    let tier = change.settings()?.and_then(|settings| settings.tier);
    one_more(tier, Resource::ApiKeys, count).map_err(ControlError::Quota)?;
    if count >= KEYS_MAX {
        return Err(ControlError::Conflict(format!(
            "the tenant has {count} valid keys; at most {KEYS_MAX} are allowed"
        )));
    }
    let token = Token::new(Kind::Tenant)?;
    let row = api_keys::Row {
        tenant: change.tenant.clone(),
        id: random_key()?,
        subject: made.subject.to_owned(),
        name: name.to_owned(),
        hash: token.hash(),
        prefix: token.shown(),
        scope: made.scope,
        created_at: now,
        created_by: change.by.clone(),
        expires_at: made.expires_at,
        revoked_at: None,
        last_used_at: None,
    };
    change.perform(api_keys::insert(dialect, std::slice::from_ref(&row))).await?;
    Ok((row, token))
}

/// What a subject has been granted.
async fn roles_of(change: &mut Change<'_>, subject: &str) -> Result<Roles, ControlError> {
    let mut roles = Roles::default();
    for cells in change.rows(grants::effective(change.dialect(), &change.tenant, subject)).await? {
        let grant = grants::Row::decode(&cells).map_err(StoreError::from)?;
        roles.add(&grant.key.role, grant.key.app);
    }
    Ok(roles)
}

/// The end of a key: RFC 3339, and not over yet.
pub(crate) fn end_of(text: &str, now: i64) -> Result<i64, ControlError> {
    let wrong = || ControlError::Invalid(format!("`expires_at` is `{text}`; it must be a time to come, RFC 3339"));
    Timestamp::parse(text).map(Timestamp::micros).filter(|at| *at > now).ok_or_else(wrong)
}

/// The roles of a stored scope.
pub(super) fn roles_of_scope(stored: &str) -> Result<Roles, ControlError> {
    let scope: Vec<ScopedRole> = serde_json::from_str(stored)
        .map_err(|error| ControlError::Internal(format!("the scope of a key does not read: {error}")))?;
    read_scope(&scope)
}

fn read_scope(scope: &[ScopedRole]) -> Result<Roles, ControlError> {
    if scope.len() > SCOPE_MAX {
        let message = format!("`scope` has {} roles; at most {SCOPE_MAX} are allowed", scope.len());
        return Err(ControlError::Invalid(message));
    }
    let mut roles = Roles::default();
    for ScopedRole { role, app } in scope {
        if !is_name(role) {
            return Err(ControlError::Invalid(format!("`scope` names the role `{role}`, which none can be")));
        }
        let app: Option<AppId> = app.as_deref().map(app_id).transpose()?;
        roles.add(role, app);
    }
    Ok(roles)
}
