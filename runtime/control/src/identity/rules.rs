//! What somebody may give: nothing that they do not have.

use alcove_ids::AppId;

use super::who::is_name;
use crate::{ControlError, Permission, Principal, Roles, roles::granted_by};

/// Refuses to let somebody give a role for an app, or, without one, for the whole tenant. One of the table's needs
/// everything that it grants. A tenant's own role grants nothing, so that admins may bring it in.
pub(super) fn may_give(by: &Principal, role: &str, app: Option<&AppId>) -> Result<(), ControlError> {
    if !is_name(role) {
        let message = format!("`{role}` cannot be a role: it needs 1 to 100 letters, digits and `_-.@+`");
        return Err(ControlError::Invalid(message));
    }
    let has = match granted_by(role) {
        Some(granted) => granted.iter().all(|permission| by.may(*permission, app)),
        None => by.scope.as_ref().is_none_or(|scope| scope.at(app).any(|scoped| scoped == role)),
    };
    if has { Ok(()) } else { Err(ControlError::Refused(format!("the role `{role}` grants more than its giver has"))) }
}

/// Refuses to let somebody make a key that may more than they: one of a subject with these roles, within this scope.
pub(super) fn may_make_key(by: &Principal, roles: &Roles, scope: Option<&Roles>) -> Result<(), ControlError> {
    let apps = roles.apps().chain(scope.into_iter().flat_map(Roles::apps)).map(Some);
    for app in apps.chain([None]) {
        for permission in Permission::ALL {
            let key_may = roles.grant(permission, app) && scope.is_none_or(|scope| scope.grant(permission, app));
            if key_may && !by.may(permission, app) {
                let message =
                    format!("the key would have the permission `{}`, and its maker has not", permission.name());
                return Err(ControlError::Refused(message));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use alcove_ids::TenantId;

    use super::*;

    fn app(id: &str) -> AppId {
        AppId::parse(id).unwrap()
    }

    fn somebody(has: &[(&str, Option<&str>)], scope: Option<&[(&str, Option<&str>)]>) -> Principal {
        let admin = Principal::admin(TenantId::parse("t").unwrap(), "ann");
        Principal { roles: Roles::of(has), scope: scope.map(Roles::of), ..admin }
    }

    #[test]
    fn nobody_gives_a_role_that_grants_more_than_they_have() {
        let admin = somebody(&[("admin", None)], None);
        let of_app = somebody(&[("admin", Some("a"))], None);
        let scoped = somebody(&[("admin", None)], Some(&[("author", None)]));
        let cases = [
            (&admin, "admin", None, true),
            (&admin, "finance", None, true),
            (&admin, "author", Some("a"), true),
            (&of_app, "admin", Some("a"), true),
            (&of_app, "viewer", Some("b"), false),
            (&of_app, "viewer", None, false),
            (&scoped, "author", None, true),
            (&scoped, "approver", None, false),
            (&scoped, "admin", Some("a"), false),
            (&scoped, "finance", None, false),
            (&admin, "", None, false),
            (&admin, "a role", None, false),
        ];
        for (by, role, of, expected) in cases {
            let of = of.map(app);
            assert_eq!(may_give(by, role, of.as_ref()).is_ok(), expected, "{role} {of:?}");
        }
    }

    #[test]
    fn nobody_makes_a_key_that_may_more_than_they() {
        let admin = somebody(&[("admin", None)], None);
        let scoped = somebody(&[("admin", None)], Some(&[("viewer", None), ("author", Some("a"))]));
        let all = Roles::of(&[("admin", None)]);
        let cases = [
            (&admin, None, true),
            (&admin, Some(Roles::of(&[("viewer", None)])), true),
            (&scoped, None, false),
            (&scoped, Some(Roles::of(&[("viewer", None)])), true),
            (&scoped, Some(Roles::of(&[("author", Some("a"))])), true),
            (&scoped, Some(Roles::of(&[("author", Some("b"))])), false),
            (&scoped, Some(Roles::of(&[("author", None)])), false),
            (&scoped, Some(Roles::default()), true),
        ];
        for (by, scope, expected) in cases {
            assert_eq!(may_make_key(by, &all, scope.as_ref()).is_ok(), expected, "{scope:?}");
        }
        assert!(may_make_key(&scoped, &Roles::of(&[("viewer", None)]), None).is_ok());
    }
}
