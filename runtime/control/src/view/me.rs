//! The caller.

use std::collections::BTreeMap;

use alcove_ids::AppId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Permission, Principal, identity::written};

/// Who calls, and what they may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MeView {
    /// Their tenant.
    pub tenant: String,
    /// Who they are: `person:ann`, `service:ci`, `agent:helper`.
    pub subject: String,
    /// The key that they have shown, if it is a stored one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What they may do and as whom, in the whole tenant.
    #[serde(flatten)]
    pub everywhere: Rights,
    /// The apps with which they may do more, by id.
    pub apps: BTreeMap<String, Rights>,
}

/// What somebody may do somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rights {
    /// Their roles, as far as their key leaves them.
    pub roles: Vec<String>,
    /// `read`, `write`, `run`, `approve`, `admin`.
    pub permissions: Vec<&'static str>,
}

impl Rights {
    fn of(by: &Principal, app: Option<&AppId>) -> Self {
        let permissions = Permission::ALL.into_iter().filter(|permission| by.may(*permission, app));
        let mut roles: Vec<String> = by.roles_at(app).map(str::to_owned).collect();
        roles.sort();
        roles.dedup();
        Self { roles, permissions: permissions.map(Permission::name).collect() }
    }
}

impl From<&Principal> for MeView {
    fn from(by: &Principal) -> Self {
        let everywhere = Rights::of(by, None);
        let apps = by.roles.apps().chain(by.scope.iter().flat_map(crate::Roles::apps));
        let apps = apps.map(|app| (app.to_string(), Rights::of(by, Some(app))));
        let apps = apps.filter(|(_, rights)| *rights != everywhere).collect();
        Self { tenant: by.tenant.to_string(), subject: written(&by.subject), key: by.key.clone(), everywhere, apps }
    }
}
