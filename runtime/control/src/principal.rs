//! Who calls.

use alcove_ids::{AppId, TenantId};
use alcove_journal::transition::{Decider, Subject, SubjectKind};

use serde_json::json;

use crate::{Permission, Roles};

/// Somebody who was authenticated, and for whom everything is done that they ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Whose apps, runs and events: nothing of another tenant can be named.
    pub tenant: TenantId,
    /// Who.
    pub subject: Subject,
    /// The roles that they have, themselves or through their teams.
    pub roles: Roles,
    /// What the key may at the most that they have shown; `None`: whatever they may.
    pub scope: Option<Roles>,
    /// The id of that key, if it is a stored one.
    pub key: Option<String>,
}

impl Principal {
    /// Somebody with these roles, who has not shown a stored key.
    pub fn new(tenant: TenantId, subject: Subject, roles: Roles) -> Self {
        Self { tenant, subject, roles, scope: None, key: None }
    }

    /// A person who may do everything in a tenant.
    pub fn admin(tenant: TenantId, person: &str) -> Self {
        let subject = Subject { kind: SubjectKind::Person, id: person.to_owned() };
        Self::new(tenant, subject, ["admin"].into_iter().collect())
    }

    /// Whether they have a permission for an app, or, without one, for the whole tenant: by their roles, and within the
    /// scope of their key.
    pub fn may(&self, permission: Permission, app: Option<&AppId>) -> bool {
        let in_scope = self.scope.as_ref().is_none_or(|scope| scope.grant(permission, app));
        in_scope && self.roles.grant(permission, app)
    }

    /// The roles that they act in: those that they have and that their key leaves them.
    pub(crate) fn roles_at<'p>(&'p self, app: Option<&'p AppId>) -> impl Iterator<Item = &'p str> {
        let in_scope =
            move |role: &str| self.scope.as_ref().is_none_or(|scope| scope.at(app).any(|scoped| scoped == role));
        self.roles.at(app).filter(move |role| in_scope(role))
    }

    /// As somebody who decides about an approval of this app.
    pub(crate) fn decider(&self, app: &AppId) -> Decider {
        let roles = self.roles_at(Some(app)).map(str::to_owned).collect();
        Decider { subject: self.subject.clone(), roles }
    }
}

/// A subject as rows and the log keep it.
pub(crate) fn subject_json(subject: &Subject) -> String {
    let kind = match subject.kind {
        SubjectKind::Person => "person",
        SubjectKind::Key => "key",
        SubjectKind::Agent => "agent",
    };
    json!({ "kind": kind, "id": subject.id }).to_string()
}
