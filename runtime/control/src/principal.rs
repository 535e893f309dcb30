//! Who calls.

use alcove_ids::TenantId;
use alcove_journal::transition::{Decider, Subject, SubjectKind};

/// Somebody who was authenticated, and for whom everything is done that they ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// Whose apps, runs and events: nothing of another tenant can be named.
    pub tenant: TenantId,
    /// Who.
    pub subject: Subject,
    /// The roles that they have: those of [`ROLES`](crate::ROLES) grant permissions; others are a tenant's own, which
    /// approvals may ask for.
    pub roles: Vec<String>,
}

impl Principal {
    /// A person who may do everything in a tenant.
    pub fn admin(tenant: TenantId, person: &str) -> Self {
        let subject = Subject { kind: SubjectKind::Person, id: person.to_owned() };
        Self { tenant, subject, roles: vec!["admin".to_owned()] }
    }

    /// As somebody who decides about an approval.
    pub(crate) fn decider(&self) -> Decider {
        Decider { subject: self.subject.clone(), roles: self.roles.clone() }
    }
}
