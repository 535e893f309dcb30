//! Who floods delays others by one turn at the most.

use std::collections::VecDeque;

use proptest::{
    collection::vec,
    prelude::{Strategy, any},
    prop_assert, prop_assert_eq, proptest,
};

use super::*;

#[test]
fn ten_thousand_queued_runs_of_a_tenant_do_not_delay_anothers_single_run_by_a_turn() {
    for slots in [1, 4, 64] {
        let mut scheduler = remembering(slots, 128);
        (0..10_000).for_each(|number| queue(&mut scheduler, "flood/a", number, PARALLEL));
        start_all(&mut scheduler);
        queue(&mut scheduler, "single/b", 0, PARALLEL);
        assert_eq!(start_all(&mut scheduler), [""; 0], "all slots are taken");
        end(&mut scheduler, "flood/a");
        assert_eq!(start_all(&mut scheduler), ["single:b:0"], "the first slot that is free is its own");
    }
}

#[test]
fn a_tenant_that_always_has_one_more_run_gets_its_share_and_no_more() {
    let mut scheduler = scheduler(1);
    (0..100).for_each(|number| queue(&mut scheduler, "flood/a", number, PARALLEL));
    let mut started = Vec::new();
    for number in 0..40 {
        queue(&mut scheduler, "steady/a", number, PARALLEL);
        let name = start(&mut scheduler).unwrap();
        end(&mut scheduler, &format!("{}/a", name.split(':').next().unwrap()));
        started.push(name);
    }
    assert_eq!(started.iter().filter(|name| name.starts_with("steady")).count(), 20);
}

#[test]
fn tenants_start_runs_as_often_as_their_weight_says() {
    let mut scheduler = scheduler(1);
    for (name, weight) in [("one", 1), ("two", 2), ("five", 5)] {
        (0..1_000).for_each(|number| queue(&mut scheduler, &format!("{name}/a"), number, PARALLEL));
        scheduler.set_share(&tenant(name), Share { weight, ..SHARE });
    }
    let mut counts = BTreeMap::<String, u32>::new();
    for _ in 0..800 {
        let name = start(&mut scheduler).unwrap().split(':').next().unwrap().to_owned();
        end(&mut scheduler, &format!("{name}/a"));
        *counts.entry(name).or_default() += 1;
    }
    let near = |name: &str, expected: u32| counts.get(name).unwrap().abs_diff(expected) <= 5;
    assert!(near("one", 100) && near("two", 200) && near("five", 500), "{counts:?}");
}

/// A world of tenants whose runs are queued, started and ended in any order, with a queue beside the scheduler that
/// knows everything, as the database does.
struct World {
    scheduler: Scheduler,
    slots: u32,
    weights: Vec<u32>,
    /// Runs in the database's queue, the oldest first.
    queued: Vec<VecDeque<usize>>,
    running: Vec<u32>,
    /// For each tenant that waits for its turn: how many runs each tenant has started meanwhile.
    waits: Vec<Option<Vec<u32>>>,
    arrived: usize,
}

#[derive(Clone, Debug)]
enum Step {
    Queue { tenant: usize, runs: usize },
    Start,
    End { tenant: usize },
    Direct { tenant: usize },
}

const TENANTS: usize = 5;

impl World {
    fn new(slots: u32, weights: Vec<u32>) -> Self {
        let mut scheduler = remembering(slots, 8);
        for (index, weight) in weights.iter().enumerate() {
            scheduler.discovered(&name(index), &app("a"));
            scheduler.set_share(&name(index), Share { weight: *weight, ..SHARE });
        }
        let mut world = Self {
            scheduler,
            slots,
            weights,
            queued: vec![VecDeque::new(); TENANTS],
            running: vec![0; TENANTS],
            waits: vec![None; TENANTS],
            arrived: 0,
        };
        world.read();
        world
    }

    /// Reads what is to be read, as the database has it.
    fn read(&mut self) {
        for (tenant, app) in self.scheduler.take_hungry() {
            let index = (0..TENANTS).find(|index| name(*index) == tenant).unwrap();
            let most = self.scheduler.load_max();
            let runs = self.queued[index].iter().take(most).map(|run| numbered(*run)).collect::<Vec<_>>();
            let complete = runs.len() < most;
            self.scheduler.loaded(&tenant, &app, runs, complete);
        }
    }

    fn queue(&mut self, tenant: usize, runs: usize) {
        for _ in 0..runs {
            self.arrived += 1;
            self.queued[tenant].push_back(self.arrived);
            self.scheduler.push(&name(tenant), &app("a"), numbered(self.arrived));
        }
        if runs > 0 && self.waits[tenant].is_none() {
            self.waits[tenant] = Some(vec![0; TENANTS]);
        }
        self.read();
    }

    /// Starts a run, and checks that it is the oldest of its tenant and that nobody was passed over for too long.
    fn start(&mut self) -> bool {
        let Some(start) = self.scheduler.next() else { return false };
        self.scheduler.claimed(&start.tenant, &start.app, &start.run.execution);
        let started = (0..TENANTS).find(|index| name(*index) == start.tenant).unwrap();
        let oldest = self.queued[started].pop_front().unwrap();
        assert_eq!(start.run, numbered(oldest), "the oldest run comes first");
        self.note_turn(started);
        self.waits[started] = (!self.queued[started].is_empty()).then(|| vec![0; TENANTS]);
        self.read();
        true
    }

    fn note_turn(&mut self, started: usize) {
        self.running[started] += 1;
        for waiting in (0..TENANTS).filter(|index| *index != started) {
            let Some(passed) = &mut self.waits[waiting] else { continue };
            passed[started] += 1;
            // A turn is as many runs as the weights allow while the other one starts one.
            let turn = self.weights[started].div_ceil(self.weights[waiting]);
            assert!(passed[started] <= turn, "{waiting} waits, {started} started {passed:?}");
        }
    }

    fn end(&mut self, tenant: usize) {
        if self.running[tenant] > 0 {
            self.running[tenant] -= 1;
            self.scheduler.ended(&name(tenant), &app("a"));
            self.read();
        }
    }

    /// Asks for a slot: it is given exactly if nobody waits and one is free.
    fn direct(&mut self, tenant: usize) {
        let is_free = self.running.iter().sum::<u32>() < self.slots && self.queued.iter().all(VecDeque::is_empty);
        assert_eq!(self.scheduler.admit(&name(tenant), &app("a"), PARALLEL), is_free);
        if is_free {
            self.note_turn(tenant);
        }
    }
}

fn name(index: usize) -> TenantId {
    tenant(&format!("tenant{index}"))
}

fn numbered(number: usize) -> QueuedRun {
    run(&format!("run{number}"), PARALLEL)
}

fn step() -> impl Strategy<Value = Step> {
    (0..10_u8, 0..TENANTS, any::<bool>()).prop_map(|(kind, tenant, is_flood)| match kind {
        0..=1 => Step::Queue { tenant, runs: if is_flood { 40 } else { 1 } },
        2..=5 => Step::Start,
        6..=8 => Step::End { tenant },
        _ => Step::Direct { tenant },
    })
}

proptest! {
    #[test]
    fn whatever_arrives_and_ends_nobody_waits_for_more_than_a_turn_of_another_and_no_run_is_lost(
        slots in 1..6_u32,
        weights in vec(1..5_u32, TENANTS),
        steps in vec(step(), 1..200),
    ) {
        let mut world = World::new(slots, weights);
        for step in steps {
            match step {
                Step::Queue { tenant, runs } => world.queue(tenant, runs),
                Step::Start => {
                    let is_free = world.running.iter().sum::<u32>() < slots;
                    let may = is_free && world.queued.iter().any(|queue| !queue.is_empty());
                    prop_assert_eq!(world.start(), may, "a slot stays empty only if nobody waits");
                }
                Step::End { tenant } => world.end(tenant),
                Step::Direct { tenant } => world.direct(tenant),
            }
            prop_assert!(world.scheduler.running() <= slots);
            prop_assert_eq!(world.scheduler.running(), world.running.iter().sum::<u32>());
        }
        while world.queued.iter().any(|queue| !queue.is_empty()) {
            (0..TENANTS).for_each(|tenant| world.end(tenant));
            while world.start() {}
        }
    }
}
