//! Roles, and what each is for.

use std::collections::{BTreeMap, BTreeSet};

use alcove_ids::AppId;

use crate::{Permission, ROLES};

/// Roles that somebody has, each for the whole tenant or for one app. Those of [`ROLES`] grant permissions; others
/// are a tenant's own, which approvals may ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    everywhere: BTreeSet<String>,
    apps: BTreeMap<AppId, BTreeSet<String>>,
}

impl Roles {
    /// One more: for an app, or, without one, for the whole tenant.
    pub fn add(&mut self, role: &str, app: Option<AppId>) {
        let roles = match app {
            None => &mut self.everywhere,
            Some(app) => self.apps.entry(app).or_default(),
        };
        roles.insert(role.to_owned());
    }

    /// Roles, each for an app if one is named.
    #[cfg(test)]
    pub(crate) fn of(all: &[(&str, Option<&str>)]) -> Self {
        let mut roles = Self::default();
        for (role, app) in all {
            roles.add(role, app.map(|app| AppId::parse(app).expect("a test names apps that can be")));
        }
        roles
    }

    /// Whether one of them grants a permission for an app, or, without one, for the whole tenant.
    pub(crate) fn grant(&self, permission: Permission, app: Option<&AppId>) -> bool {
        self.at(app).any(|role| granted_by(role).is_some_and(|granted| granted.contains(&permission)))
    }

    /// The roles for an app, or, without one, for the whole tenant. Whoever has a role for all apps has it for each.
    pub(crate) fn at(&self, app: Option<&AppId>) -> impl Iterator<Item = &str> {
        let there = app.and_then(|app| self.apps.get(app));
        self.everywhere.iter().chain(there.into_iter().flatten()).map(String::as_str)
    }

    /// The apps for which there are roles that do not hold everywhere.
    pub(crate) fn apps(&self) -> impl Iterator<Item = &AppId> {
        self.apps.keys()
    }
}

impl<S: Into<String>> FromIterator<S> for Roles {
    /// Roles for the whole tenant.
    fn from_iter<I: IntoIterator<Item = S>>(roles: I) -> Self {
        Self { everywhere: roles.into_iter().map(Into::into).collect(), apps: BTreeMap::new() }
    }
}

/// What a role grants; `None`: it is a tenant's own.
pub(crate) fn granted_by(role: &str) -> Option<&'static [Permission]> {
    ROLES.iter().find(|(name, _)| *name == role).map(|(_, granted)| *granted)
}
