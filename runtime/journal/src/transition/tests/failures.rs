//! What becomes of runs that fail.

use alcove_plan::failure::CODES;

use super::*;
use crate::entry::{EffectResult, Outcome, RetryOf};

#[test]
fn only_what_may_pass_is_tried_again() {
    for code in CODES {
        let retried = matches!(after(&running(), failed(code)).state, State::Waiting(Waiting::Retry { .. }));
        assert_eq!(retried, matches!(code, Code::Connector | Code::External | Code::WallClock), "{code:?}");
    }
}

#[test]
fn a_retry_is_recorded_and_waits_for_its_timer() {
    let retried = on(&running(), failed(Code::External)).unwrap();
    assert_eq!(names(&retried.actions), ["retry", "suspended", "arm timer", "release"]);
    let Action::Append(Entry::Retry(retry)) = &retried.actions[0] else { panic!("{retried:?}") };
    assert_eq!((retry.of, retry.attempt, retry.due_us), (RetryOf::Run, 1, NOW_US + 1_000_000));
    assert_eq!(retry.reopens, Some(Asked::Effect(effect().id)));
    assert_eq!(retried.actions[2], Action::ArmTimer(Timer { kind: TimerKind::Retry, due_us: retry.due_us }));
}

#[test]
fn after_the_last_attempt_a_run_has_failed() {
    let second = Run { attempts: 1, ..running() };
    assert_eq!(after(&second, failed(Code::External)).attempts, 2);
    let third = Run { attempts: 2, ..running() };
    assert_eq!(after(&third, failed(Code::External)).state, State::Failed(stop(Code::External)));
    let policy = Policy { retry: None, ..policy() };
    let failed = running().on(failed(Code::External), &context(&policy)).unwrap();
    assert_eq!(failed.run.state, State::Failed(stop(Code::External)));
}

#[test]
fn a_failed_run_of_an_event_is_a_dead_letter_and_one_of_a_person_is_not() {
    let dead = on(&running(), failed(Code::Action)).unwrap();
    assert_eq!(names(&dead.actions), ["finish", "count failure", "dead letter", "release"]);
    let policy = Policy { keeps_dead_letters: false, notify_on_error: true, ..policy() };
    let failed = running().on(failed(Code::Action), &context(&policy)).unwrap();
    assert!(!failed.run.dead_letter);
    assert_eq!(names(&failed.actions), ["finish", "count failure", "notify admins", "release"]);
}

#[test]
fn the_app_is_paused_by_the_failure_that_fills_its_measure_and_once() {
    let policy = policy();
    let paused = |failures_in_row, app_is_active| {
        let context = Context { failures_in_row, app_is_active, ..context(&policy) };
        running().on(failed(Code::Action), &context).unwrap().actions
    };
    assert!(!paused(3, true).contains(&Action::PauseApp));
    assert!(!paused(5, false).contains(&Action::PauseApp));
    let actions = paused(4, true);
    let expected = ["finish", "count failure", "dead letter", "pause app", "notify admins", "audit", "release"];
    assert_eq!(names(&actions), expected);
    assert!(actions.contains(&Action::NotifyAdmins(Notice::AppPaused { failures: 5 })));
}

#[test]
fn an_unknown_outcome_is_always_put_before_a_person() {
    let policy = Policy { keeps_dead_letters: false, ..policy() };
    for run in [running(), cancelling()] {
        let unknown = run.on(failed(Code::UnknownOutcome), &context(&policy)).unwrap();
        assert!(unknown.run.dead_letter);
        assert_eq!(names(&unknown.actions), ["finish", "count failure", "dead letter", "notify admins", "release"]);
    }
}

#[test]
fn a_rejected_or_cancelled_run_has_not_failed() {
    for code in [Code::Approval, Code::Cancelled] {
        let ended = on(&running(), failed(code)).unwrap();
        assert_eq!(ended.run.state, State::Cancelled(stop(code).failure));
        assert_eq!(names(&ended.actions), ["finish", "release"]);
    }
}

#[test]
fn a_redriven_run_begins_anew_where_it_failed() {
    let dead = Run { attempts: 2, ..after(&running(), failed(Code::Action)) };
    let redriven = on(&dead, Event::Redriven { by: person("ann"), word: None }).unwrap();
    assert_eq!(redriven.run, Run::queued());
    assert_eq!(names(&redriven.actions), ["retry", "close dead letter", "audit", "enqueue"]);
    let Action::Append(Entry::Retry(retry)) = &redriven.actions[0] else { panic!("{redriven:?}") };
    assert_eq!((retry.of, &retry.reopens), (RetryOf::Person, &Some(Asked::Effect(effect().id))));
}

#[test]
fn an_unknown_outcome_is_not_repeated_without_somebodys_word() {
    let unknown = after(&running(), failed(Code::UnknownOutcome));
    let redrive = |run: &Run, word| on(run, Event::Redriven { by: person("ann"), word });
    assert_eq!(redrive(&unknown, None), Err(TransitionError::WordNeeded));
    let repeat = redrive(&unknown, Some(Word::Repeat)).unwrap();
    assert_eq!(names(&repeat.actions), ["retry", "close dead letter", "audit", "enqueue"]);
    let happened = redrive(&unknown, Some(Word::Happened { outputs: vec![Value::Int(1)] })).unwrap();
    assert_eq!(names(&happened.actions), ["retry", "result", "close dead letter", "audit", "enqueue"]);
    let outcome = Outcome::Performed(vec![Value::Int(1)]);
    let result = EffectResult { effect: effect().id, outcome };
    assert_eq!(happened.actions[1], Action::Append(Entry::Result(result)));
    let known = after(&running(), failed(Code::Action));
    assert_eq!(redrive(&known, Some(Word::Repeat)), Err(TransitionError::WordNotNeeded));
}

#[test]
fn only_a_failed_run_is_redriven() {
    for run in [Run::queued(), running(), waiting_for_approval(), after(&Run::queued(), cancel("enough"))] {
        assert!(on(&run, Event::Redriven { by: person("ann"), word: None }).is_err());
    }
}

#[test]
fn a_dead_letter_is_discarded_once() {
    let dead = after(&running(), failed(Code::Action));
    let discarded = on(&dead, Event::Discarded { by: person("ann") }).unwrap();
    assert_eq!(discarded.run, Run { dead_letter: false, ..dead });
    assert_eq!(names(&discarded.actions), ["close dead letter", "audit"]);
    let again = on(&discarded.run, Event::Discarded { by: person("ann") });
    assert_eq!(again, Err(TransitionError::NotDeadLetter));
}
