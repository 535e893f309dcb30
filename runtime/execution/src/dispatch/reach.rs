//! What the kill switch is pulled for.

use std::collections::BTreeSet;

use alcove_ids::{AppId, TenantId};

/// What is halted: nothing of it is started, and what was running is told to stop.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Everything on this node.
    Node,
    /// One tenant.
    Tenant(TenantId),
    /// One app.
    App(TenantId, AppId),
}

impl Reach {
    /// Whether the runs of an app are meant.
    pub(super) fn covers(&self, tenant: &TenantId, app: &AppId) -> bool {
        match self {
            Self::Node => true,
            Self::Tenant(halted) => halted == tenant,
            Self::App(of, halted) => of == tenant && halted == app,
        }
    }
}

/// What is halted on this node.
#[derive(Debug, Default)]
pub(super) struct Halted {
    reaches: BTreeSet<Reach>,
    /// Apps that were found not to be active.
    paused: BTreeSet<(TenantId, AppId)>,
}

impl Halted {
    pub(super) fn add(&mut self, reach: Reach) {
        self.reaches.insert(reach);
    }

    pub(super) fn remove(&mut self, reach: &Reach) {
        self.reaches.remove(reach);
    }

    pub(super) fn pause(&mut self, tenant: &TenantId, app: &AppId) {
        self.paused.insert((tenant.clone(), app.clone()));
    }

    pub(super) fn unpause(&mut self, tenant: &TenantId, app: &AppId) {
        self.paused.remove(&(tenant.clone(), app.clone()));
    }

    pub(super) fn paused(&self) -> impl Iterator<Item = &(TenantId, AppId)> {
        self.paused.iter()
    }

    /// Whether runs of the app may not be started.
    pub(super) fn covers(&self, tenant: &TenantId, app: &AppId) -> bool {
        let is_paused = !self.paused.is_empty() && self.paused.contains(&(tenant.clone(), app.clone()));
        is_paused || self.reaches.iter().any(|reach| reach.covers(tenant, app))
    }
}
