//! What one active app waits for.

use alcove_catalog::{Catalog, Guarantee};
use alcove_ids::AppId;
use alcove_plan::{
    action::REQUEST_APPROVAL,
    envelope::Digest,
    plan::Plan,
    program::Program,
    settings::Concurrency,
    trigger::{Delay, Trigger},
};

use super::filter::{Filter, FilterError};
use crate::chain;

/// What one active app waits for, without its plan.
#[derive(Clone, Debug)]
pub struct Subscription {
    /// The app.
    pub app: AppId,
    /// Its active version.
    pub version: u32,
    /// The plan of that version.
    pub digest: Digest,
    /// The type of events that it waits for.
    pub event: Box<str>,
    /// When its runs begin.
    pub start: Start,
    /// What happens when a run is due while another runs.
    pub concurrency: Concurrency,
    /// Whether a run may be carried out before it was accepted in a commit of its own: it begins at once, never waits
    /// for another run or a person, and all its effects are of the journal's database.
    pub direct: bool,
    /// Which events it lets through; `None`: all.
    pub filter: Option<Filter>,
    /// The types of events that its runs may cause, in their order.
    pub causes: Box<[Box<str>]>,
}

/// When runs begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// With the event.
    AtOnce,
    /// After each of these delays, one run for each.
    Delayed(Box<[Delay]>),
}

impl Subscription {
    /// What a version of an app waits for; `None` where it waits for no event. The plan is a verified one.
    pub fn of(
        app: AppId,
        version: u32,
        digest: Digest,
        (plan, program): (&Plan, &Program),
        catalog: &Catalog,
    ) -> Result<Option<Self>, FilterError> {
        let (event, start) = match &plan.trigger {
            Trigger::Event { event } => (event, Start::AtOnce),
            Trigger::Delayed { event, delays } => (event, Start::Delayed(delays.as_slice().into())),
            Trigger::Manual | Trigger::Scheduled { .. } => return Ok(None),
        };
        let concurrency = plan.settings.concurrency;
        let direct = start == Start::AtOnce && concurrency == Concurrency::Parallel && is_local(plan, catalog);
        let filter = Filter::cut(program)?;
        let causes = chain::causes(plan, catalog).into_iter().map(String::into_boxed_str).collect();
        let event = event.as_str().into();
        Ok(Some(Self { app, version, digest, event, start, concurrency, direct, filter, causes }))
    }
}

/// Whether everything that a plan does is done in the journal's own transaction, without a person.
fn is_local(plan: &Plan, catalog: &Catalog) -> bool {
    plan.actions.iter().all(|action| {
        let guarantee = catalog.action(&action.name).map(|entry| entry.guarantee);
        action.name != REQUEST_APPROVAL && guarantee == Some(Guarantee::Local)
    })
}
