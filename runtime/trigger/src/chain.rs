//! Chains: apps that set each other off by the events that they cause.
//!
//! A chain that comes back to an app would never end; the platform cuts it after
//! [`CHAIN_DEPTH_MAX`](alcove_plan::limits::CHAIN_DEPTH_MAX) runs, but by then it has done everything eight times. So a
//! ring is refused where it would close: when an app is activated. Filters are not looked at: that one of them breaks
//! the ring cannot be proven from the plan, and what an event holds is known only when it comes.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
};

use alcove_catalog::Catalog;
use alcove_ids::AppId;
use alcove_plan::{capability::Manifest, plan::Plan};

use crate::index::Subscription;

/// Which events an app hears and which it causes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The app.
    pub app: AppId,
    /// The type of events that make it run.
    pub hears: Option<String>,
    /// The types of events that its runs may cause: those it emits, and those that its actions imply.
    pub causes: BTreeSet<String>,
}

/// Apps that set each other off for ever.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Cycle {
    /// Each app with the event by which it sets off the next; the last one sets off the first.
    pub links: Vec<(AppId, String)>,
}

impl Reach {
    /// What a plan says about an app.
    pub fn of(app: AppId, plan: &Plan, catalog: &Catalog) -> Self {
        Self { app, hears: plan.trigger.event().map(str::to_owned), causes: causes(plan, catalog) }
    }
}

impl From<&Subscription> for Reach {
    /// What the index knows about an app.
    fn from(subscription: &Subscription) -> Self {
        Self {
            app: subscription.app.clone(),
            hears: Some(subscription.event.to_string()),
            causes: subscription.causes.iter().map(ToString::to_string).collect(),
        }
    }
}

/// The types of events that runs of a plan may cause.
pub(crate) fn causes(plan: &Plan, catalog: &Catalog) -> BTreeSet<String> {
    let manifest = Manifest::derive(plan);
    let implied = manifest.actions.keys().filter_map(|name| catalog.action(name)).flat_map(|entry| &entry.emits);
    implied.chain(&manifest.events).cloned().collect()
}

/// Checks that activating `app` beside a tenant's active apps closes no ring. An entry of `active` for the same app is
/// left out: it is what the activation replaces. The ring that is named is a shortest one.
pub fn check_activation(app: &Reach, active: &[Reach]) -> Result<(), Cycle> {
    let mut hearers: BTreeMap<&str, Vec<&Reach>> = BTreeMap::new();
    let others = active.iter().filter(|other| other.app != app.app);
    for reach in others.chain([app]) {
        if let Some(event) = &reach.hears {
            hearers.entry(event).or_default().push(reach);
        }
    }
    // Breadth first over events: each is followed once, with the link that first led to it.
    let mut caused_by: BTreeMap<&str, &Reach> = BTreeMap::new();
    let mut queue = VecDeque::from([app]);
    while let Some(reach) = queue.pop_front() {
        for event in &reach.causes {
            if caused_by.contains_key(event.as_str()) {
                continue;
            }
            caused_by.insert(event, reach);
            if app.hears.as_ref() == Some(event) {
                return Err(ring(app, event, &caused_by));
            }
            queue.extend(hearers.get(event.as_str()).into_iter().flatten().copied());
        }
    }
    Ok(())
}

/// The way from `app` to itself, found backwards from the event that closes it.
fn ring(app: &Reach, closing: &str, caused_by: &BTreeMap<&str, &Reach>) -> Cycle {
    let mut links = Vec::new();
    let mut event = closing;
    while let Some(reach) = caused_by.get(event) {
        links.push((reach.app.clone(), event.to_owned()));
        if reach.app == app.app {
            break;
        }
        let Some(heard) = &reach.hears else { break };
        event = heard;
    }
    links.reverse();
    Cycle { links }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("apps would set each other off for ever: ")?;
        for (app, event) in &self.links {
            write!(f, "`{app}` —{event}→ ")?;
        }
        match self.links.first() {
            Some((app, _)) => write!(f, "`{app}`"),
            None => Ok(()),
        }
    }
}
