//! What a transition goes by besides the run and the event: the app, its tenant, its plan.

use std::hash::{BuildHasher, RandomState};

use alcove_journal::transition::{Context, Event, Involved, Policy, Wait};
use alcove_plan::envelope::Digest;
use alcove_store::{
    SqlValue, Transaction,
    tables::{apps, executions, tenants},
};

use super::{TransitError, subject_from_json, writes::Tally};
use crate::{PlanError, TenantSettings, plans::Plans};

/// After how many failed runs in a row an app is paused whose plan does not say so.
const AUTO_PAUSE_AFTER: u32 = 5;

/// What holds at the moment of a transition.
#[derive(Clone, Debug)]
pub(crate) struct Circumstances {
    now_us: i64,
    seed: u64,
    failures_in_row: u32,
    app_is_active: bool,
    policy: Policy,
    involved: Option<Involved>,
}

impl Circumstances {
    /// Whether an event goes by nothing but the run and the time, so that [`Circumstances::none`] will do.
    pub(crate) fn matter_to(event: &Event) -> bool {
        match event {
            Event::Finished { .. }
            | Event::Skipped { .. }
            | Event::Yielded { .. }
            | Event::Leased { .. }
            | Event::Postponed { .. }
            | Event::CancelRequested { .. }
            | Event::Discarded { .. } => false,
            Event::Suspended { wait, .. } => matches!(wait, Wait::Approval { .. }),
            Event::Failed { .. }
            | Event::Decided(_)
            | Event::TimerFired(_)
            | Event::LeaseLost { .. }
            | Event::Redriven { .. } => true,
        }
    }

    /// Those of events to which none matter.
    pub(crate) fn none(now_us: i64) -> Self {
        let policy = Policy {
            retry: None,
            auto_pause_after: u32::MAX,
            notify_on_error: false,
            keeps_dead_letters: false,
            leases_lost_max: Policy::LEASES_LOST_MAX,
            own_approvals: false,
        };
        Self { now_us, seed: 0, failures_in_row: 0, app_is_active: false, policy, involved: None }
    }

    /// Those of a run. Its app stays as it is until the transaction ends.
    pub(crate) async fn read(
        transaction: &mut Transaction,
        plans: &Plans,
        row: &executions::Row,
        now_us: i64,
    ) -> Result<Self, TransitError> {
        let dialect = transaction.dialect();
        let app = transaction.enqueue(apps::get_for_update(dialect, &row.tenant, &row.app));
        let tenant = transaction.enqueue(tenants::get(dialect, &row.tenant));
        transaction.flush().await?;
        let app = apps::Row::decode(&one(transaction.take(app)?, "app")?)?;
        let tenant = tenants::Row::decode(&one(transaction.take(tenant)?, "tenant")?)?;

        let digest = Digest::from_hex(&row.digest).ok_or(TransitError::Missing { what: "plan" })?;
        let keeps_dead_letters = matches!(row.trigger, executions::Trigger::Event | executions::Trigger::Delayed);
        // As it is in this transaction, and not as it was a moment ago. Settings that do not read allow nothing.
        let own_approvals = TenantSettings::parse(&tenant.settings).is_ok_and(|settings| settings.own_approvals);
        let policy = match plans.get_in(transaction, &row.tenant, digest).await {
            Ok(plan) => Policy::from_settings(&plan.plan().settings, keeps_dead_letters, own_approvals),
            Err(PlanError::Store(error)) => return Err(error.into()),
            Err(_) => without_plan(keeps_dead_letters, own_approvals),
        };
        let subject = |json: &str| subject_from_json(json).ok_or(TransitError::Missing { what: "subject" });
        let author = subject(&app.author)?;
        let involved = Involved {
            activator: app.activator.as_deref().map_or_else(|| Ok(author.clone()), subject)?,
            starter: row.starter.as_deref().map(subject).transpose()?,
            author,
        };
        Ok(Self {
            now_us,
            // Chance enough for the spread of retries: each has keys of its own.
            seed: RandomState::new().hash_one(row.id.as_str()),
            failures_in_row: app.failures_in_row,
            app_is_active: app.status == apps::Status::Active,
            policy,
            involved: Some(involved),
        })
    }

    /// The same after what becomes of the app's record in this commit.
    pub(crate) fn after(mut self, tally: &Tally) -> Self {
        self.failures_in_row = tally.failures_after(self.failures_in_row);
        self.app_is_active &= !tally.pauses();
        self
    }

    /// What the state machine wants to know.
    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            now_us: self.now_us,
            seed: self.seed,
            failures_in_row: self.failures_in_row,
            app_is_active: self.app_is_active,
            policy: &self.policy,
        }
    }

    /// Puts into a request for approval who is involved, whoever the worker took them to be.
    pub(crate) fn complete(&self, event: Event) -> Event {
        match (event, &self.involved) {
            (Event::Suspended { token, wait }, Some(involved)) => {
                let wait = match wait {
                    Wait::Approval { effect, plan, preview, timeout_ms, roles, .. } => {
                        Wait::Approval { effect, plan, preview, timeout_ms, roles, involved: involved.clone() }
                    }
                    wait => wait,
                };
                Event::Suspended { token, wait }
            }
            (event, _) => event,
        }
    }
}

/// The policy of a run whose plan does not load any more: to try it again would change nothing, and people are to know
/// of it. The rest is as in an app that says nothing.
fn without_plan(keeps_dead_letters: bool, own_approvals: bool) -> Policy {
    Policy {
        retry: None,
        auto_pause_after: AUTO_PAUSE_AFTER,
        notify_on_error: true,
        keeps_dead_letters,
        leases_lost_max: Policy::LEASES_LOST_MAX,
        own_approvals,
    }
}

/// The only row of an answer.
pub(super) fn one(rows: Vec<Vec<SqlValue>>, what: &'static str) -> Result<Vec<SqlValue>, TransitError> {
    rows.into_iter().next().ok_or(TransitError::Missing { what })
}
