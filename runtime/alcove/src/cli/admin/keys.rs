//! Keys.

use alcove_control::{Administration, NewOperatorKey, NewTenantKey, Operator};
use serde_json::json;

use super::{Complaint, Done, Place, complaint, expiry};

/// What is said beside a key.
const ONCE: &str = "keep it: it is shown here and never again";

#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// Of which tenant.
    #[arg(long)]
    tenant: String,
    /// Whose: `person:ann`, `service:ci`, `agent:helper`.
    #[arg(long)]
    subject: String,
    /// A role that they are given for the whole tenant: `viewer`, `runner`, `author`, `approver`, `admin`.
    #[arg(long)]
    role: String,
    /// What people call the key.
    #[arg(long)]
    name: Option<String>,
    /// How long it is valid, such as `12h` or `90d`; for ever, unless it is said.
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
    #[command(flatten)]
    pub(super) place: Place,
}

#[derive(Debug, clap::Args)]
pub(super) struct CreateOperator {
    /// What people call the key.
    #[arg(long, default_value = "operator")]
    name: String,
    /// How long it is valid, such as `12h` or `90d`; for ever, unless it is said.
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
    #[command(flatten)]
    pub(super) place: Place,
}

#[derive(Debug, clap::Args)]
pub(super) struct Revoke {
    /// The key's id, `key_…`; it is not the key.
    key: String,
    /// Of which tenant; without one, an operator's key is meant.
    #[arg(long)]
    tenant: Option<String>,
    #[command(flatten)]
    pub(super) place: Place,
}

impl Create {
    pub(super) async fn run(&self, admin: &Administration) -> Result<Done, Complaint> {
        let new = NewTenantKey {
            subject: self.subject.clone(),
            role: self.role.clone(),
            name: self.name.clone(),
            expires_at: self.expires.as_deref().map(expiry::from_now).transpose()?,
        };
        let made = admin.create_tenant_key(&Operator::console(), &self.tenant, &new).await;
        let made = made.map_err(|error| complaint(&error))?;
        let lines = vec![made.key.clone(), format!("{} of {}; {ONCE}", made.about.id, made.about.subject)];
        Ok(Done { lines, json: json!(made) })
    }
}

impl CreateOperator {
    pub(super) async fn run(&self, admin: &Administration) -> Result<Done, Complaint> {
        let expires_at = self.expires.as_deref().map(expiry::from_now).transpose()?;
        let new = NewOperatorKey { name: &self.name, expires_at: expires_at.as_deref() };
        let made = admin.create_operator_key(&Operator::console(), &new).await;
        let (id, key) = made.map_err(|error| complaint(&error))?;
        let json = json!({ "key": key, "id": id, "name": self.name, "expires_at": expires_at });
        Ok(Done { lines: vec![key, format!("{id}; {ONCE}")], json })
    }
}

impl Revoke {
    pub(super) async fn run(&self, admin: &Administration) -> Result<Done, Complaint> {
        let by = Operator::console();
        let revoked = match &self.tenant {
            Some(tenant) => admin.revoke_tenant_key(&by, tenant, &self.key).await,
            None => admin.revoke_operator_key(&by, &self.key).await,
        };
        revoked.map_err(|error| complaint(&error))?;
        Ok(Done { lines: vec![format!("the key `{}` is revoked", self.key)], json: json!({ "revoked": self.key }) })
    }
}
