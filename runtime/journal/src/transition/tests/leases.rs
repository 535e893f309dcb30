//! How runs come to workers and leave them.

use super::*;
use crate::entry::{Ending, SkipReason};

#[test]
fn a_run_goes_from_the_queue_to_its_end() {
    let leased = on(&Run::queued(), Event::Leased { token: TOKEN }).unwrap();
    assert_eq!(leased.run.state, State::Running { token: TOKEN, cancelling: None });
    assert_eq!(leased.actions, []);
    let finished = on(&leased.run, Event::Finished { token: TOKEN, report: vec![1] }).unwrap();
    assert_eq!(finished.run.state, State::Succeeded);
    let ending = Ending::Succeeded { report: vec![1] };
    assert_eq!(finished.actions, [Action::Finish(ending), Action::ClearFailures, Action::Release]);
}

#[test]
fn a_run_is_leased_once() {
    let error = on(&running(), Event::Leased { token: Token(8) }).unwrap_err();
    assert_eq!(error.to_string(), "a run that is running cannot be leased");
}

#[test]
fn a_worker_that_lost_its_lease_changes_nothing() {
    let again = after(&after(&running(), Event::LeaseLost { token: TOKEN }), Event::Leased { token: Token(8) });
    for event in [
        Event::Finished { token: TOKEN, report: Vec::new() },
        Event::Skipped { token: Some(TOKEN), reason: SkipReason::Filter },
        failed(Code::External),
        suspended(Wait::Delay { until_us: 0 }),
        Event::LeaseLost { token: TOKEN },
        Event::Yielded { token: TOKEN },
    ] {
        assert_eq!(on(&again, event), Err(TransitionError::Fenced { held: Token(8), given: TOKEN }));
    }
}

#[test]
fn a_lost_run_is_given_to_the_next_worker() {
    let lost = on(&running(), Event::LeaseLost { token: TOKEN }).unwrap();
    assert_eq!((lost.run.state, lost.actions), (State::Queued, vec![Action::Release, Action::Enqueue]));
}

#[test]
fn a_run_that_loses_worker_after_worker_is_given_up() {
    let mut run = Run::queued();
    for _ in 0..2 {
        run = after(&after(&run, Event::Leased { token: TOKEN }), Event::LeaseLost { token: TOKEN });
        assert_eq!(run.state, State::Queued);
    }
    let given_up = on(&after(&run, Event::Leased { token: TOKEN }), Event::LeaseLost { token: TOKEN }).unwrap();
    let State::Failed(stop) = &given_up.run.state else { panic!("{:?}", given_up.run) };
    assert_eq!(stop.failure.code, Code::Internal);
    assert_eq!(stop.failure.message, "3 workers in a row lost the run; it is not given to another one");
    assert_eq!(names(&given_up.actions), ["finish", "count failure", "dead letter", "release"]);
}

#[test]
fn a_run_that_got_somewhere_begins_its_count_of_workers_anew() {
    let lost = after(&running(), Event::LeaseLost { token: TOKEN });
    assert_eq!(lost.leases_lost, 1);
    let leased = after(&lost, Event::Leased { token: TOKEN });
    assert_eq!(after(&leased, suspended(Wait::Delay { until_us: 0 })).leases_lost, 0);
    assert_eq!(after(&leased, failed(Code::External)).leases_lost, 0);
    assert_eq!(after(&leased, Event::Yielded { token: TOKEN }).leases_lost, 1, "it was not its own doing");
}

#[test]
fn a_run_is_skipped_before_its_lease_or_with_it() {
    let reason = SkipReason::Locked;
    let finish = || Action::Finish(Ending::Skipped { reason });
    let unleased = on(&Run::queued(), Event::Skipped { token: None, reason }).unwrap();
    assert_eq!((unleased.run.state, unleased.actions), (State::Skipped(reason), vec![finish()]));
    let leased = on(&running(), Event::Skipped { token: Some(TOKEN), reason }).unwrap();
    assert_eq!((leased.run.state, leased.actions), (State::Skipped(reason), vec![finish(), Action::Release]));
    assert!(on(&running(), Event::Skipped { token: None, reason }).is_err());
}

#[test]
fn a_run_without_quota_waits_for_it() {
    let postponed = on(&Run::queued(), Event::Postponed { until_us: 9 * NOW_US }).unwrap();
    let timer = Timer { kind: TimerKind::Delay, due_us: 9 * NOW_US };
    assert_eq!(postponed.actions, [Action::ArmTimer(timer)]);
    let policy = policy();
    let due = Context { now_us: 9 * NOW_US, ..context(&policy) };
    assert_eq!(
        on(&postponed.run, Event::TimerFired(timer)),
        Err(TransitionError::NotDue { due_us: 9 * NOW_US, now_us: NOW_US })
    );
    assert_eq!(postponed.run.on(Event::TimerFired(timer), &due).unwrap().actions, [Action::Enqueue]);
    assert!(on(&running(), Event::Postponed { until_us: 0 }).is_err());
}

#[test]
fn a_timer_of_another_wait_changes_nothing() {
    let waiting = after(&running(), suspended(Wait::Delay { until_us: 5 }));
    for timer in [Timer { kind: TimerKind::Delay, due_us: 6 }, Timer { kind: TimerKind::Retry, due_us: 5 }] {
        assert_eq!(on(&waiting, Event::TimerFired(timer)), Err(TransitionError::StaleTimer));
    }
    let right = Timer { kind: TimerKind::Delay, due_us: 5 };
    assert_eq!(after(&waiting, Event::TimerFired(right)).state, State::Queued);
    assert_eq!(on(&running(), Event::TimerFired(right)), Err(TransitionError::StaleTimer));
}

#[test]
fn what_waits_holds_no_lock_and_has_a_timer() {
    let waits = [
        (approval(), vec!["approval requested", "ask approval", "suspended", "arm timer", "release"]),
        (Wait::Retry { due_us: 5 }, vec!["suspended", "arm timer", "release"]),
        (Wait::Delay { until_us: 5 }, vec!["suspended", "arm timer", "release"]),
    ];
    for (wait, expected) in waits {
        assert_eq!(names(&on(&running(), suspended(wait)).unwrap().actions), expected);
    }
}

#[test]
fn a_run_without_a_worker_is_cancelled_at_once() {
    let queued = on(&Run::queued(), cancel("the app was deleted")).unwrap();
    let State::Cancelled(failure) = &queued.run.state else { panic!("{:?}", queued.run) };
    assert_eq!(failure.code, Code::Cancelled);
    assert_eq!(failure.message, "the run was cancelled: the app was deleted");
    assert_eq!(names(&queued.actions), ["finish"]);
    let waiting = on(&waiting_for_approval(), cancel("enough")).unwrap();
    assert_eq!(names(&waiting.actions), ["cancel timer", "close approval", "finish"]);
    assert!(on(&waiting.run, cancel("again")).is_err());
}

#[test]
fn a_run_with_a_worker_is_cancelled_when_the_worker_stops_or_is_gone() {
    let told = on(&running(), cancel("the app was deleted")).unwrap();
    assert_eq!(told.actions, [Action::Interrupt]);
    for event in [
        failed(Code::Cancelled),
        failed(Code::External),
        suspended(approval()),
        Event::LeaseLost { token: TOKEN },
        Event::Yielded { token: TOKEN },
    ] {
        let stopped = on(&told.run, event).unwrap();
        let State::Cancelled(failure) = &stopped.run.state else { panic!("{:?}", stopped.run) };
        assert_eq!(failure.message, "the run was cancelled: the app was deleted");
        assert_eq!(names(&stopped.actions), ["finish", "release"]);
    }
    let done = on(&told.run, Event::Finished { token: TOKEN, report: Vec::new() }).unwrap();
    assert_eq!(done.run.state, State::Succeeded, "it had done everything");
}

#[test]
fn the_first_reason_to_cancel_stays() {
    let twice = on(&cancelling(), cancel("another")).unwrap();
    assert_eq!(twice.run, cancelling());
    assert_eq!(twice.actions, [Action::Interrupt]);
}
