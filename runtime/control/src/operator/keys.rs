//! Keys that operators make: for the first admins of tenants, and their own.

use alcove_ids::TenantId;
use alcove_store::{
    audit,
    tables::{api_keys, grants, members, operator_keys},
};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{Administration, Operator};
use crate::{
    ControlError, NewKeyView,
    id::random_key,
    identity::{Kind, Made, Token, Who, end_of, insert_key, is_name, written},
};

/// A key for a member of a tenant, who is made if they are not there.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTenantKey {
    /// Whose: such as `person:ann`.
    pub subject: String,
    /// A role that the member is given for the whole tenant.
    pub role: String,
    /// What people call the key; absent: after who made it.
    #[serde(default)]
    pub name: Option<String>,
    /// From when on it is not valid, RFC 3339; absent: never.
    #[serde(default)]
    pub expires_at: Option<String>,
}

/// A key of an operator.
#[derive(Clone, Debug)]
pub struct NewOperatorKey<'k> {
    /// What people call it.
    pub name: &'k str,
    /// From when on it is not valid, RFC 3339; `None`: never.
    pub expires_at: Option<&'k str>,
}

impl Administration {
    /// Makes a key for a member of a tenant, and the member and their role if they are not there.
    pub async fn create_tenant_key(
        &self,
        by: &Operator,
        tenant: &str,
        new: &NewTenantKey,
    ) -> Result<NewKeyView, ControlError> {
        let subject = written(&Who::member(&new.subject)?);
        if !is_name(&new.role) {
            return Err(ControlError::Invalid(format!("`{}` cannot be a role", new.role)));
        }
        let (mut change, _) = self.begin(by, tenant).await?;
        let (dialect, now) = (change.dialect(), change.now);
        let expires_at = new.expires_at.as_deref().map(|text| end_of(text, now)).transpose()?;
        if change.rows(members::get(dialect, &change.tenant, &subject)).await?.is_empty() {
            let member = members::Row {
                tenant: change.tenant.clone(),
                subject: subject.clone(),
                name: String::new(),
                created_at: now,
                created_by: change.by.clone(),
            };
            change.enqueue(members::insert(dialect, &[member]));
        }
        let key =
            grants::Key { tenant: change.tenant.clone(), subject: subject.clone(), role: new.role.clone(), app: None };
        let grant = grants::Row { key, created_at: now, created_by: change.by.clone() };
        change.enqueue(grants::insert_new(dialect, &[grant]));
        let name = new.name.as_deref().unwrap_or("made by an operator");
        let (row, token) = insert_key(&mut change, Made { subject: &subject, name, scope: None, expires_at }).await?;
        let detail = json!({ "key": row.id, "of": subject, "role": new.role, "expires_at": new.expires_at });
        change.commit("key.created", detail).await?;
        Ok(NewKeyView { key: token.into_text(), about: row.into() })
    }

    /// Ends a key of a tenant.
    pub async fn revoke_tenant_key(&self, by: &Operator, tenant: &str, key: &str) -> Result<(), ControlError> {
        let (mut change, _) = self.begin(by, tenant).await?;
        let revoke = api_keys::revoke(change.dialect(), &change.tenant, key, change.now);
        if change.perform(revoke).await? == 0 {
            return Err(no_key(key));
        }
        change.commit("key.revoked", json!({ "key": key })).await
    }

    /// Makes a key for an operator; gives its id and the key itself, which is shown here and never again.
    pub async fn create_operator_key(
        &self,
        by: &Operator,
        new: &NewOperatorKey<'_>,
    ) -> Result<(String, String), ControlError> {
        if new.name.is_empty() || new.name.len() > 200 {
            return Err(ControlError::Invalid("`name` must have 1 to 200 bytes".to_owned()));
        }
        let now = self.directory.now_us();
        let expires_at = new.expires_at.map(|text| end_of(text, now)).transpose()?;
        let (id, token) = (random_key()?, Token::new(Kind::Operator)?);
        let row = operator_keys::Row {
            id: id.clone(),
            name: new.name.to_owned(),
            hash: token.hash(),
            prefix: token.shown(),
            created_at: now,
            expires_at,
            revoked_at: None,
            last_used_at: None,
        };
        let mut transaction = self.directory.store.begin().await?;
        transaction.for_tenant(audit::PLATFORM);
        transaction.enqueue(operator_keys::insert(transaction.dialect(), &[row]));
        let note = platform_note(by, now, "operator_key.created", &id)?;
        audit::append(&mut transaction, &[note]).await?;
        transaction.commit().await?;
        Ok((id, token.into_text()))
    }

    /// Ends a key of an operator.
    pub async fn revoke_operator_key(&self, by: &Operator, key: &str) -> Result<(), ControlError> {
        let now = self.directory.now_us();
        let mut transaction = self.directory.store.begin().await?;
        transaction.for_tenant(audit::PLATFORM);
        let revoke = operator_keys::revoke(transaction.dialect(), key, now);
        if transaction.execute(&revoke.sql, &revoke.params).await? == 0 {
            return Err(no_key(key));
        }
        audit::append(&mut transaction, &[platform_note(by, now, "operator_key.revoked", key)?]).await?;
        transaction.commit().await?;
        self.directory.forget();
        Ok(())
    }
}

/// A note in the platform's own log.
fn platform_note(by: &Operator, at: i64, what: &str, key: &str) -> Result<audit::Note, ControlError> {
    let tenant = TenantId::parse(audit::PLATFORM).map_err(|error| ControlError::Internal(error.to_string()))?;
    let detail = json!({ "key": key }).to_string();
    Ok(audit::Note { tenant, at, subject: by.subject(), what: what.to_owned(), detail })
}

fn no_key(key: &str) -> ControlError {
    ControlError::NotFound { what: "valid key", id: key.to_owned() }
}
