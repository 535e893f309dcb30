//! The order in which queued runs are started.

mod bounds;
mod fairness;
mod locks;
mod memory;

use super::*;

const SHARE: Share = Share { weight: 1, runs_max: u32::MAX };

const PARALLEL: Overlap = Overlap::Parallel { runs_max: u32::MAX };

fn scheduler(runs_max: u32) -> Scheduler {
    remembering(runs_max, usize::MAX)
}

fn remembering(runs_max: u32, remembered_max: usize) -> Scheduler {
    Scheduler::new(Bounds { runs_max, remembered_max }, SHARE)
}

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

fn app(name: &str) -> AppId {
    AppId::parse(name).unwrap()
}

fn run(name: &str, overlap: Overlap) -> QueuedRun {
    QueuedRun { execution: ExecutionId::parse(name).unwrap(), overlap }
}

/// Queues a run whose name is its tenant, its app and a number.
fn queue(scheduler: &mut Scheduler, of: &str, number: usize, overlap: Overlap) {
    let (whose, which) = of.split_once('/').unwrap();
    scheduler.push(&tenant(whose), &app(which), run(&format!("{whose}:{which}:{number}"), overlap));
}

/// Starts what may be started, and gives the names.
fn start_all(scheduler: &mut Scheduler) -> Vec<String> {
    std::iter::from_fn(|| start(scheduler)).collect()
}

fn start(scheduler: &mut Scheduler) -> Option<String> {
    let start = scheduler.next()?;
    scheduler.claimed(&start.tenant, &start.app, &start.run.execution);
    Some(start.run.execution.as_str().to_owned())
}

fn end(scheduler: &mut Scheduler, of: &str) {
    let (whose, which) = of.split_once('/').unwrap();
    scheduler.ended(&tenant(whose), &app(which));
}
