//! Who may do what. What no line of the table grants is denied.

use alcove_ids::AppId;

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
    /// To say who may do what, and to give up what was promised: dead letters, and outcomes that nobody knows.
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
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Read, Self::Write, Self::Run, Self::Approve, Self::Admin];

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
    /// Refuses who lacks a permission for the whole tenant.
    pub(crate) fn must(&self, permission: Permission) -> Result<(), ControlError> {
        if self.may(permission, None) { Ok(()) } else { Err(ControlError::Denied { permission }) }
    }

    /// Refuses who lacks a permission for an app.
    pub(crate) fn must_for(&self, permission: Permission, app: &AppId) -> Result<(), ControlError> {
        if self.may(permission, Some(app)) { Ok(()) } else { Err(ControlError::Denied { permission }) }
    }

    /// Refuses who has a permission for nothing at all. What it is for is asked when that is known.
    pub(crate) fn must_somewhere(&self, permission: Permission) -> Result<(), ControlError> {
        let somewhere = self.may(permission, None) || self.roles.apps().any(|app| self.may(permission, Some(app)));
        if somewhere { Ok(()) } else { Err(ControlError::Denied { permission }) }
    }

    /// Refuses who lacks a permission for the app of something that has an id of its own. Who may not even read it is
    /// told what they would be told if it were not there.
    pub(crate) fn must_for_one_of(
        &self,
        permission: Permission,
        app: &AppId,
        what: &'static str,
        id: &str,
    ) -> Result<(), ControlError> {
        if !self.may(Permission::Read, Some(app)) {
            return Err(ControlError::NotFound { what, id: id.to_owned() });
        }
        self.must_for(permission, app)
    }
}

#[cfg(test)]
mod tests {
    use alcove_ids::{AppId, TenantId};
    use alcove_journal::transition::{Subject, SubjectKind};

    use super::{Permission, ROLES};
    use crate::{ControlError, Principal, Roles};

    const ALL: [Permission; 5] = Permission::ALL;

    fn app(id: &str) -> AppId {
        AppId::parse(id).unwrap()
    }

    fn somebody(roles: Roles) -> Principal {
        let subject = Subject { kind: SubjectKind::Key, id: "k".to_owned() };
        Principal::new(TenantId::parse("t").unwrap(), subject, roles)
    }

    #[test]
    fn a_role_grants_what_its_line_says_everywhere_and_nothing_else() {
        for (role, granted) in ROLES {
            let who = somebody(Roles::of(&[(role, None)]));
            for permission in ALL {
                let expected = granted.contains(&permission);
                let answers = [
                    who.must(permission).is_ok(),
                    who.must_for(permission, &app("a")).is_ok(),
                    who.must_somewhere(permission).is_ok(),
                ];
                assert_eq!(answers, [expected; 3], "{role} {}", permission.name());
            }
        }
    }

    #[test]
    fn a_role_for_an_app_grants_it_for_that_app_alone() {
        for (role, granted) in ROLES {
            let who = somebody(Roles::of(&[(role, Some("a"))]));
            for permission in ALL {
                let expected = granted.contains(&permission);
                let answers = [
                    who.must_for(permission, &app("a")).is_ok(),
                    who.must_somewhere(permission).is_ok(),
                    who.must_for(permission, &app("b")).is_ok(),
                    who.must(permission).is_ok(),
                ];
                assert_eq!(answers, [expected, expected, false, false], "{role} {}", permission.name());
            }
        }
    }

    #[test]
    fn a_key_grants_what_its_subject_and_its_scope_both_do() {
        type Listed = &'static [(&'static str, Option<&'static str>)];
        let cases: [(Listed, Listed, [bool; 4]); 6] = [
            // What somebody has, what the key leaves: whether they may read all, write all, read a, write a.
            (&[("admin", None)], &[("viewer", None)], [true, false, true, false]),
            (&[("admin", None)], &[("author", Some("a"))], [false, false, true, true]),
            (&[("viewer", None)], &[("admin", None)], [true, false, true, false]),
            (&[("author", Some("a"))], &[("admin", None)], [false, false, true, true]),
            (&[("author", Some("b"))], &[("author", Some("a"))], [false, false, false, false]),
            (&[("admin", None)], &[], [false, false, false, false]),
        ];
        for (has, scope, expected) in cases {
            let who = Principal { scope: Some(Roles::of(scope)), ..somebody(Roles::of(has)) };
            let (read, write, a) = (Permission::Read, Permission::Write, app("a"));
            let may = [(read, None), (write, None), (read, Some(&a)), (write, Some(&a))];
            assert_eq!(may.map(|(permission, app)| who.may(permission, app)), expected, "{has:?} {scope:?}");
        }
    }

    #[test]
    fn the_roles_that_approvals_ask_for_are_those_of_the_app_and_of_the_key() {
        let has = Roles::of(&[("approver", None), ("finance", Some("a")), ("legal", Some("b"))]);
        let who = somebody(has.clone());
        assert_eq!(who.decider(&app("a")).roles, ["approver", "finance"]);
        let scoped = Principal { scope: Some(Roles::of(&[("finance", None)])), ..somebody(has) };
        assert_eq!(scoped.decider(&app("a")).roles, ["finance"]);
        assert!(scoped.decider(&app("b")).roles.is_empty());
    }

    #[test]
    fn what_somebody_may_not_read_is_not_there_for_them() {
        let who = somebody(Roles::of(&[("viewer", Some("a"))]));
        let must = |of: &str| who.must_for_one_of(Permission::Run, &app(of), "execution", "x");
        assert!(matches!(must("a"), Err(ControlError::Denied { permission: Permission::Run })));
        assert!(matches!(must("b"), Err(ControlError::NotFound { what: "execution", .. })));
    }

    #[test]
    fn who_has_no_role_or_one_that_is_unknown_may_do_nothing() {
        for of in [&[][..], &["Admin"], &["finance"], &[""]] {
            let who = somebody(of.iter().copied().collect());
            assert!(ALL.iter().all(|permission| who.must_somewhere(*permission).is_err()), "{of:?}");
        }
    }
}
