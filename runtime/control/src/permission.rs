//! Who may do what. What no line of the table grants is denied.

use crate::{ControlError, Principal};

/// What a use case asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// To see apps, runs, approvals and dead letters.
    Read,
    /// To make, change and govern apps.
    Write,
    /// To start runs: send events, run apps, retry and cancel.
    Run,
    /// To decide about approvals.
    Approve,
    /// To give up what was promised: dead letters, and outcomes that nobody knows.
    Admin,
}

/// Each role with what it grants.
pub const ROLES: [(&str, &[Permission]); 5] = [
    ("viewer", &[Permission::Read]),
    ("runner", &[Permission::Read, Permission::Run]),
    ("author", &[Permission::Read, Permission::Write, Permission::Run]),
    ("approver", &[Permission::Read, Permission::Approve]),
    ("admin", &[Permission::Read, Permission::Write, Permission::Run, Permission::Approve, Permission::Admin]),
];

impl Permission {
    /// The word that messages use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Run => "run",
            Self::Approve => "approve",
            Self::Admin => "admin",
        }
    }
}

impl Principal {
    /// Refuses who lacks a permission.
    pub(crate) fn must(&self, permission: Permission) -> Result<(), ControlError> {
        let granted = |role: &String| ROLES.iter().any(|(name, all)| name == role && all.contains(&permission));
        if self.roles.iter().any(granted) { Ok(()) } else { Err(ControlError::Denied { permission }) }
    }
}

#[cfg(test)]
mod tests {
    use alcove_ids::TenantId;
    use alcove_journal::transition::{Subject, SubjectKind};

    use super::{Permission, ROLES};
    use crate::Principal;

    const ALL: [Permission; 5] =
        [Permission::Read, Permission::Write, Permission::Run, Permission::Approve, Permission::Admin];

    fn somebody(roles: &[&str]) -> Principal {
        Principal {
            tenant: TenantId::parse("t").unwrap(),
            subject: Subject { kind: SubjectKind::Key, id: "k".to_owned() },
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
        }
    }

    #[test]
    fn a_role_grants_what_its_line_says_and_nothing_else() {
        for (role, granted) in ROLES {
            for permission in ALL {
                let may = somebody(&[role]).must(permission).is_ok();
                assert_eq!(may, granted.contains(&permission), "{role} {}", permission.name());
            }
        }
    }

    #[test]
    fn who_has_no_role_or_one_that_is_unknown_may_do_nothing() {
        for roles in [&[][..], &["Admin"], &["finance"], &[""]] {
            assert!(ALL.iter().all(|permission| somebody(roles).must(*permission).is_err()), "{roles:?}");
        }
    }
}
