//! Reads what is queued and nobody has told of: at the start, after an overflow, and what other nodes have queued.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::Duration,
};

use alcove_ids::{AppId, TenantId};
use alcove_plan::envelope::Digest;
use alcove_store::{
    Dialect, StoreError,
    tables::{RowError, executions},
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    Overlap,
    scheduler::{QueuedRun, Scheduler, Share},
};
use crate::{PlanError, TenantSettings, node::Node};

/// Where several nodes share a queue, each looks so often for what another one has queued.
const PACE_SHARED: Duration = Duration::from_millis(200);
/// A look at the queue takes at most this part of the time.
const LOOKING_SHARE: u32 = 10;
/// The pause after the database did not answer.
const PAUSE: Duration = Duration::from_millis(250);
/// How often tenants' shares are read again, and those of idle tenants forgotten.
const SHARES_KEPT: Duration = Duration::from_secs(30);

/// Why something could not be read.
#[derive(Debug, thiserror::Error)]
enum ReadError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Row(#[from] RowError),
}

/// Reads until it is told to stop.
pub(super) async fn run(node: Arc<Node>, stop: CancellationToken) {
    let pace = pace(&node);
    // Nodes that were started together do not look together.
    let mut look = Instant::now();
    let (mut unpark, mut sweep) = (look + node.config.scan, look + SHARES_KEPT);
    let mut shift = pace.mul_f64(phase(node.standing.node().as_str()));
    loop {
        let now = Instant::now();
        if now >= look {
            // What fails is looked for again.
            let _ = discover(&node).await;
            look = Instant::now() + pace.max((Instant::now() - now) * LOOKING_SHARE) + shift;
            shift = Duration::ZERO;
        }
        if now >= unpark {
            // Another node may have given locks back.
            node.dispatcher.scheduler(Scheduler::released_anywhere);
            unpark = now + node.config.scan;
        }
        if now >= sweep {
            node.dispatcher.scheduler(Scheduler::sweep);
            sweep = now + SHARES_KEPT;
        }
        read_shares(&node).await;
        read_queues(&node).await;
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            () = node.dispatcher.readable() => {}
            () = tokio::time::sleep_until(look.min(unpark).min(sweep)) => {}
        }
    }
}

fn pace(node: &Node) -> Duration {
    match node.store.dialect() {
        Dialect::Sqlite => node.config.scan,
        Dialect::Postgres => node.config.scan.min(PACE_SHARED),
    }
}

/// A number from 0 to 1 that follows from a name.
fn phase(name: &str) -> f64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    f64::from(u32::try_from(hasher.finish() >> 32).unwrap_or_default()) / f64::from(u32::MAX)
}

/// Finds the apps that have a queue.
async fn discover(node: &Node) -> Result<(), ReadError> {
    let rows = node.store.query(&executions::apps_with_queue(node.store.dialect())).await?;
    let apps = rows.iter().map(|cells| executions::decode_app(cells)).collect::<Result<Vec<_>, _>>()?;
    node.dispatcher.scheduler(|scheduler| {
        for (tenant, app) in &apps {
            scheduler.discovered(tenant, app);
        }
    });
    Ok(())
}

/// Reads the shares of tenants that are new here. Whose share cannot be read has the usual one.
async fn read_shares(node: &Node) {
    let usual = Share { weight: 1, runs_max: node.config.runs_per_tenant_max };
    for tenant in node.dispatcher.scheduler(Scheduler::take_strangers) {
        let Ok(settings) = node.tenants.settings(&tenant).await else { continue };
        let share = share_of(&settings, usual);
        node.dispatcher.scheduler(|scheduler| scheduler.set_share(&tenant, share));
    }
}

/// What a tenant's settings say about its share; what they do not say is as usual.
fn share_of(settings: &TenantSettings, usual: Share) -> Share {
    let at_least_one = |said: Option<u32>, usual: u32| said.map_or(usual, |said| said.max(1));
    let (weight, runs_max) = (settings.weight, settings.runs_max);
    Share { weight: at_least_one(weight, usual.weight), runs_max: at_least_one(runs_max, usual.runs_max) }
}

/// Reads the queues of which this node knows too little.
async fn read_queues(node: &Node) {
    for (tenant, app) in node.dispatcher.scheduler(Scheduler::take_hungry) {
        let limit = node.dispatcher.scheduler(|scheduler| scheduler.load_max());
        let read = read_queue(node, &tenant, &app, limit).await;
        if read.is_err() {
            tokio::time::sleep(PAUSE).await;
        }
        node.dispatcher.scheduler(|scheduler| match read {
            Ok(runs) => {
                let complete = runs.len() < limit;
                scheduler.loaded(&tenant, &app, runs, complete);
            }
            Err(_) => scheduler.load_failed(&tenant, &app),
        });
    }
}

async fn read_queue(node: &Node, tenant: &TenantId, app: &AppId, limit: usize) -> Result<Vec<QueuedRun>, ReadError> {
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    let rows =
        node.store.query_of(tenant.as_str(), &executions::queued(node.store.dialect(), tenant, app, limit)).await?;
    let mut runs = Vec::with_capacity(rows.len());
    for cells in &rows {
        let queued = executions::Queued::decode(cells)?;
        let overlap = overlap_of(node, tenant, &queued.digest).await?;
        runs.push(QueuedRun { execution: queued.id, overlap });
    }
    Ok(runs)
}

/// What a plan says about other runs of the app. A plan that does not load is for a worker to complain of: it is given
/// to one, with care.
async fn overlap_of(node: &Node, tenant: &TenantId, digest: &str) -> Result<Overlap, ReadError> {
    let Some(digest) = Digest::from_hex(digest) else { return Ok(Overlap::Queue) };
    match node.plans.get(tenant, digest).await {
        Ok(plan) => Ok(Overlap::of(&plan.plan().settings)),
        Err(PlanError::Store(error)) => Err(error.into()),
        Err(_) => Ok(Overlap::Queue),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenants_settings_say_its_share_and_what_they_leave_out_is_as_usual() {
        let usual = Share { weight: 1, runs_max: 16 };
        let cases = [
            ("{}", usual),
            (r#"{"weight":3}"#, Share { weight: 3, ..usual }),
            (r#"{"runs_max":2,"weight":0}"#, Share { weight: 1, runs_max: 2 }),
            (r#"{"own_approvals":true}"#, usual),
        ];
        for (settings, share) in cases {
            assert_eq!(share_of(&TenantSettings::parse(settings).unwrap(), usual), share, "{settings}");
        }
    }

    #[test]
    fn names_are_spread_over_the_pace() {
        let phases = (0..100).map(|number| phase(&format!("node_{number}"))).collect::<Vec<_>>();
        assert!(phases.iter().all(|phase| (0.0..=1.0).contains(phase)));
        assert!(phases.iter().any(|phase| *phase < 0.2) && phases.iter().any(|phase| *phase > 0.8));
    }
}
