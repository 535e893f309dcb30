//! Bounds of a run that Wasmtime and the clock enforce.

use std::time::Duration;

use alcove_plan::{codec::Outcome, failure::Code};

use crate::{
    puppet::Orders,
    scene::{ALL, ONCE, Scene},
};

#[tokio::test]
async fn a_guest_that_spins_runs_out_of_fuel() {
    let mut scene = Scene::new();
    scene.limits.fuel = 1_000_000;
    let ended = scene.run(Orders::new().spin()).await;
    assert_eq!(ended.limit(), ("fuel", 1_000_000));
    assert_eq!(ended.failure().code, Code::Limit);
    assert_eq!(ended.result.usage.fuel, 1_000_000);
}

#[tokio::test]
async fn fuel_is_the_same_in_every_run_and_half_of_it_is_not_enough() {
    let run = |limit| async move {
        let mut scene = Scene::new();
        scene.limits.fuel = limit;
        scene.run(Orders::new().start(ALL, &[1]).log(0, 0, "x")).await.result
    };
    let fuel = run(1_000_000).await.usage.fuel;
    for (limit, enough) in [(fuel, true), (fuel / 2, false), (2 * fuel, true)] {
        let result = run(limit).await;
        assert_eq!(result.end.is_ok(), enough, "{limit} of {fuel}");
        assert_eq!(result.usage.fuel, limit.min(fuel));
    }
}

#[tokio::test]
async fn a_guest_that_spins_ends_with_its_wall_clock() {
    let mut scene = Scene::new();
    scene.limits.wall_clock = Duration::from_millis(50);
    let ended = scene.run(Orders::new().spin()).await;
    assert_eq!(ended.failure().code, Code::WallClock);
    assert_eq!(ended.limit(), ("wall_clock_ms", 50));
    assert!(ended.result.usage.wall >= Duration::from_millis(50));
    assert!(ended.result.usage.wall < Duration::from_secs(5));
}

#[tokio::test]
async fn a_host_call_that_takes_too_long_ends_with_the_wall_clock() {
    let mut scene = Scene::new();
    scene.limits.wall_clock = Duration::from_millis(50);
    scene.platform.delay = Duration::from_mins(1);
    let ended = scene.run(Orders::new().start(ALL, &[1]).next(ALL)).await;
    assert_eq!(ended.failure().code, Code::WallClock);
    assert_eq!(ended.platform.seen().len(), 1, "no call after the end");
}

#[tokio::test]
async fn a_cancelled_run_stops_while_it_spins_and_while_it_waits() {
    for (orders, delay) in [(Orders::new().spin(), 0), (Orders::new().start(ALL, &[1]), 60)] {
        let mut scene = Scene::new();
        scene.platform.delay = Duration::from_secs(delay);
        let cancel = scene.cancel.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            cancel.cancel();
        });
        let ended = scene.run(orders).await;
        assert_eq!(ended.failure().code, Code::Cancelled);
    }
}

#[tokio::test]
async fn a_run_that_was_cancelled_before_does_nothing() {
    let scene = Scene::new();
    scene.cancel.cancel();
    let ended = scene.run(Orders::new().calls(ONCE, &[(&[], &["x".into()])])).await;
    assert_eq!(ended.failure().code, Code::Cancelled);
    assert_eq!(ended.platform.seen(), []);
}

#[tokio::test]
async fn a_guest_that_spins_lets_others_run_on_the_same_thread() {
    let mut spinning = Scene::new();
    spinning.limits.wall_clock = Duration::from_secs(2);
    spinning.limits.fuel = u64::MAX;
    let spinning = tokio::spawn(spinning.run(Orders::new().spin()));
    tokio::task::yield_now().await;
    Scene::new().run(Orders::new().start(ALL, &[1])).await.answers();
    assert!(!spinning.is_finished());
    assert_eq!(spinning.await.unwrap().failure().code, Code::WallClock);
}

#[tokio::test]
async fn memory_grows_to_its_limit_and_not_a_page_further() {
    // The puppet begins with 16 pages of 64 KiB.
    let scene = || {
        let mut scene = Scene::new();
        scene.limits.memory_bytes = 32 << 16;
        scene
    };
    let ended = scene().run(Orders::new().grow(8).grow(8)).await;
    ended.answers();
    assert_eq!(ended.result.usage.peak_memory_bytes, 32 << 16);
    for orders in [Orders::new().grow(17), Orders::new().grow(16).grow(1), Orders::new().grow(65_000)] {
        let ended = scene().run(orders).await;
        assert_eq!(ended.limit(), ("memory", 32 << 16));
    }
}

#[tokio::test]
async fn a_guest_that_needs_more_than_its_limit_to_begin_with_fails_with_the_limit() {
    let mut scene = Scene::new();
    scene.limits.memory_bytes = 15 << 16;
    assert_eq!(scene.run(Orders::new()).await.limit(), ("memory", 15 << 16));
}

#[tokio::test]
async fn no_run_gets_more_memory_than_the_operator_allows() {
    let mut scene = Scene::new();
    scene.limits.memory_bytes = usize::MAX;
    assert_eq!(scene.run(Orders::new().grow(1_024)).await.limit(), ("memory", 64 << 20));
}

#[tokio::test]
async fn endless_recursion_ends_with_the_stack() {
    assert_eq!(Scene::new().run(Orders::new().recurse()).await.limit(), ("stack", 512 << 10));
}

#[tokio::test]
async fn a_trap_without_a_limit_is_a_defect_with_its_cause() {
    let ended = Scene::new().run(Orders::new().trap()).await;
    ended.assert_refused_unseen("unreachable");
}

#[tokio::test]
async fn one_call_copies_no_more_to_the_host_than_it_may() {
    let scene = || {
        let mut scene = Scene::new();
        scene.limits.hostcall_bytes = 1 << 20;
        scene
    };
    let ended = scene().run(Orders::new().report_memory(0, 1 << 20)).await;
    assert!(ended.result.end.is_ok());
    for orders in [
        Orders::new().grow(1).report_memory(0, (1 << 20) + 1),
        Orders::new().grow(1).log_memory(0, (1 << 20) + 1),
        Orders::new().grow(1).start_with_memory(ALL, 0, (1 << 20) + 1),
    ] {
        let ended = scene().run(orders).await;
        assert_eq!(ended.limit(), ("hostcall_bytes", 1 << 20));
        assert_eq!(ended.platform.seen(), []);
    }
}

#[tokio::test]
async fn a_guest_that_calls_the_host_for_ever_ends_with_its_limits() {
    let mut scene = Scene::new();
    scene.limits.fuel = 20_000_000;
    let ended = scene.run(Orders::new().log(0, 0, "again").repeat()).await;
    assert_eq!(ended.limit(), ("fuel", 20_000_000));
    assert!(ended.platform.seen().len() < 20_000);
}

#[tokio::test]
async fn what_stopped_a_run_is_its_end_whatever_the_guest_makes_of_it() {
    let stop = || {
        let mut scene = Scene::new();
        scene.platform.outcome =
            |_| Outcome::Failed(alcove_plan::failure::Failure::new(Code::UnknownOutcome, "the mail server hung up"));
        scene
    };
    let call = |orders: Orders| orders.calls(ONCE, &[(&[], &["x".into()])]);
    for after in [
        Orders::skipped as fn(Orders) -> Orders,
        Orders::trap,
        |orders| orders.failed(0, 3, "a quota"),
        |orders| orders.start(ALL, &[1]),
        |orders| orders,
    ] {
        let ended = stop().run(after(call(Orders::new()))).await;
        assert_eq!(ended.failure().code, Code::UnknownOutcome);
        assert_eq!(ended.failure().message, "the mail server hung up");
        assert_eq!(ended.platform.seen().len(), 1, "nothing after the end");
    }
}
