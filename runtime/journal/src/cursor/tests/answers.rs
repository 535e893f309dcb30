//! What a run is answered that keeps to its journal, and one that does not.

use super::*;

#[test]
fn a_journal_answers_in_its_order_and_then_the_run_is_live() {
    let mut cursor = cursor(vec![page_of_more(0, 0, 7), page(0, 1, 8), local(&[0, 1])]);
    assert_eq!(cursor.begin(&started()), Ok(()));
    assert_eq!(cursor.start_query(0, digest_of_arguments(&[])), ReadAnswer::Replayed(Ok(rows(7, false))));
    assert_eq!(cursor.next_page(0), ReadAnswer::Replayed(Ok(rows(8, true))));
    assert_eq!(cursor.effect(&effect(0, 0), 0), done());
    assert!(!cursor.is_past_end());
    assert_eq!(cursor.effect(&effect(1, 0), 0), done());
    assert!(cursor.is_past_end());
    assert_eq!(cursor.effect(&effect(2, 0), 0), EffectAnswer::Live { attempts: 0 });
    assert_eq!(cursor.end(&succeeded()), Ok(()));
}

#[test]
fn a_run_is_executed_with_what_it_is_pinned_to() {
    let others = [
        ("plan", Started { plan: Digest::of(b"other"), ..started() }),
        ("executor", Started { executor: Digest::of(b"other"), ..started() }),
        ("builtins `2`, where the journal has builtins `1`", Started { builtins_version: 2, ..started() }),
        ("time zones `2026b`", Started { tz_version: "2026b".to_owned(), ..started() }),
        ("input", Started { input: vec![2], ..started() }),
    ];
    for (text, other) in others {
        let divergence = cursor(Vec::new()).begin(&other).unwrap_err();
        assert_eq!(divergence.place(), Place::Run);
        assert!(divergence.to_string().contains(text), "{divergence}");
    }
}

#[test]
fn other_parameters_diverge_and_the_place_is_named() {
    let (place, text) = diverged(cursor(vec![local(&[3])]).effect(&effect(3, 1), 0));
    assert_eq!(place, Place::Action { action: 3, indices: Vec::new() });
    assert!(text.starts_with("the run diverged from its journal: it came to action 3 at [] (effect eff_"), "{text}");
}

#[test]
fn another_order_diverges() {
    let (place, _) = diverged(cursor(vec![local(&[0, 1])]).effect(&effect(1, 0), 0));
    assert_eq!(place, Place::Action { action: 1, indices: Vec::new() });
}

#[test]
fn another_query_other_arguments_and_a_call_for_a_query_diverge() {
    for (query, argument) in [(1, None), (0, Some(Value::Null))] {
        let arguments = digest_of_arguments(&argument.into_iter().collect::<Vec<_>>());
        match cursor(vec![page(0, 0, 7)]).start_query(query, arguments) {
            ReadAnswer::Diverged(divergence) => assert_eq!(divergence.place(), Place::Query(query)),
            answer => panic!("{answer:?}"),
        }
    }
    assert_eq!(diverged(cursor(vec![page(0, 0, 7)]).effect(&effect(0, 0), 0)).0, effect_place(0));
}

fn effect_place(action: u32) -> Place {
    Place::Action { action, indices: Vec::new() }
}

#[test]
fn an_end_that_comes_too_early_diverges_at_what_was_left_out() {
    let divergence = cursor(vec![local(&[5])]).end(&succeeded()).unwrap_err();
    assert_eq!(divergence.place(), effect_place(5));
    assert!(cursor(vec![local(&[5])]).suspend().is_err());
}

#[test]
fn a_run_that_is_stopped_from_outside_may_stop_anywhere() {
    for ending in
        [failing(Code::Cancelled), failing(Code::WallClock), Ending::Cancelled { failure: failure(Code::Cancelled) }]
    {
        assert_eq!(cursor(vec![local(&[5])]).end(&ending), Ok(()));
    }
    assert!(cursor(vec![local(&[5])]).end(&failing(Code::Limit)).is_err());
}

#[test]
fn another_end_than_the_recorded_one_diverges() {
    assert_eq!(cursor(vec![end(succeeded())]).end(&succeeded()), Ok(()));
    let divergence = cursor(vec![end(succeeded())]).end(&failing(Code::Action)).unwrap_err();
    assert!(divergence.to_string().contains("the end (failed at place 0, E005: it failed)"), "{divergence}");
    let cancelled = Ending::Cancelled { failure: failure(Code::Cancelled) };
    assert_eq!(cursor(vec![end(cancelled)]).end(&succeeded()), Ok(()), "it was cancelled after its last question");
}

#[test]
fn a_run_that_has_diverged_gets_no_other_answer() {
    let mut cursor = cursor(vec![local(&[0])]);
    let first = diverged(cursor.effect(&effect(1, 0), 0));
    assert_eq!(diverged(cursor.effect(&effect(0, 0), 0)), first);
    assert!(matches!(cursor.start_query(0, digest_of_arguments(&[])), ReadAnswer::Diverged(_)));
    assert!(cursor.end(&succeeded()).is_err());
    assert!(cursor.suspend().is_err());
}

#[test]
fn an_effect_that_is_asked_for_twice_diverges() {
    let mut cursor = cursor(vec![local(&[0])]);
    assert_eq!(cursor.effect(&effect(0, 0), 0), done());
    assert_eq!(diverged(cursor.effect(&effect(0, 0), 0)).0, effect_place(0));
}

#[test]
fn a_divergence_is_a_defect_that_nobody_tries_again() {
    let EffectAnswer::Diverged(divergence) = cursor(vec![local(&[0])]).effect(&effect(1, 0), 0) else {
        panic!("it diverges");
    };
    assert_eq!(divergence.failure().code, Code::Internal);
    assert_eq!(divergence.failure().message, divergence.to_string());
}

#[test]
fn an_approval_waits_until_it_is_decided() {
    let request = || {
        Entry::ApprovalRequested(ApprovalRequested { effect: effect(0, 0), preview: Digest([1; 32]), expires_us: 99 })
    };
    let decided = |decision| Entry::Decided(Decided { effect: effect(0, 0).id, by: Some("ann".to_owned()), decision });
    let waiting = EffectAnswer::Replayed(codec::Outcome::Suspended);
    assert_eq!(cursor(vec![request()]).effect(&effect(0, 0), 0), waiting);
    for decision in [Decision::Approved, Decision::Modified(Vec::new())] {
        let mut cursor = cursor(vec![request(), decided(decision.clone())]);
        assert_eq!(cursor.effect(&effect(0, 0), 0), done());
        assert_eq!(cursor.history().decisions().collect::<Vec<_>>(), [(&effect(0, 0), &decision)]);
    }
    for decision in [Decision::Rejected, Decision::Expired] {
        match cursor(vec![request(), decided(decision)]).effect(&effect(0, 0), 0) {
            EffectAnswer::Replayed(codec::Outcome::Failed(failure)) => assert_eq!(failure.code, Code::Approval),
            answer => panic!("{answer:?}"),
        }
    }
}
