//! What a run is answered whose worker was lost between an intent and its result.

use super::*;

fn unknown(answer: EffectAnswer) -> Failure {
    match answer {
        EffectAnswer::Unknown(failure) => failure,
        answer => panic!("{answer:?}"),
    }
}

#[test]
fn before_the_deadline_the_run_waits_and_asks_again() {
    let mut cursor = cursor(vec![intent(0, External::Natural)]);
    let wait = EffectAnswer::NotBefore { until_us: 1_000 };
    assert_eq!(cursor.effect(&effect(0, 0), 999), wait);
    assert_eq!(cursor.effect(&effect(0, 0), 999), wait);
    let again = EffectAnswer::SendAgain { before_us: i64::MAX, attempts: 0 };
    assert_eq!(cursor.effect(&effect(0, 0), 1_000), again);
}

#[test]
fn a_key_is_used_again_in_its_window_which_begins_with_its_first_use() {
    let keyed = External::Keyed { window_us: 2_000 };
    // The second intent, at 20, does not lengthen the window.
    let twice = || vec![intent(0, keyed), intent(0, keyed)];
    let again = EffectAnswer::SendAgain { before_us: 2_010, attempts: 0 };
    assert_eq!(cursor(twice()).effect(&effect(0, 0), 2_009), again);
    assert_eq!(unknown(cursor(twice()).effect(&effect(0, 0), 2_010)).code, Code::UnknownOutcome);
}

#[test]
fn what_is_unproven_is_unknown_and_says_which_effect() {
    let failure = unknown(cursor(vec![intent(0, External::Unproven)]).effect(&effect(0, 0), 1_000));
    assert_eq!(failure.code, Code::UnknownOutcome);
    assert!(failure.message.contains(effect(0, 0).id.as_str()));
}

#[test]
fn other_parameters_are_never_sent_under_a_known_id() {
    let (place, _) = diverged(cursor(vec![intent(0, External::Natural)]).effect(&effect(0, 1), 1_000));
    assert_eq!(place, Place::Action { action: 0, indices: Vec::new() });
}

#[test]
fn several_in_doubt_are_judged_one_by_one() {
    let intents = vec![intent(0, External::Natural), intent(1, External::Unproven), intent(2, External::ForeignTx)];
    let mut cursor = cursor(intents);
    assert!(matches!(cursor.effect(&effect(0, 0), 1_000), EffectAnswer::SendAgain { .. }));
    unknown(cursor.effect(&effect(1, 0), 1_000));
    assert!(matches!(cursor.effect(&effect(2, 0), 1_000), EffectAnswer::SendAgain { .. }));
    assert!(cursor.is_past_end());
}

#[test]
fn what_a_stopped_run_leaves_in_doubt_for_good_is_reported() {
    let keyed = External::Keyed { window_us: 5_000 };
    let intents = vec![intent(0, External::Unproven), intent(1, External::Unproven), intent(2, keyed)];
    let mut cursor = cursor(intents);
    unknown(cursor.effect(&effect(0, 0), 1_000));
    // E013 stops the run: it does not come to the others.
    assert_eq!(cursor.end(&failing(Code::UnknownOutcome)), Ok(()));
    let ids = |now_us| cursor.lost(now_us).into_iter().map(|result| result.effect).collect::<Vec<_>>();
    assert_eq!(ids(1_000), [effect(1, 0).id], "the key still counts");
    assert_eq!(ids(6_000), [effect(1, 0).id, effect(2, 0).id]);
}

#[test]
fn after_a_fresh_answer_the_order_is_free_and_nothing_is_done_twice() {
    let mut cursor = cursor(vec![intent(0, External::Natural), local(&[1, 2])]);
    assert!(matches!(cursor.effect(&effect(0, 0), 1_000), EffectAnswer::SendAgain { .. }));
    assert_eq!(cursor.effect(&effect(2, 0), 1_000), done());
    assert_eq!(cursor.effect(&effect(7, 0), 1_000), EffectAnswer::Live { attempts: 0 }, "it is new");
    assert_eq!(cursor.effect(&effect(1, 0), 1_000), done());
    assert_eq!(diverged(cursor.effect(&effect(2, 0), 1_000)).0, Place::Action { action: 2, indices: Vec::new() });
}

#[test]
fn after_a_fresh_answer_other_parameters_still_diverge() {
    let mut cursor = cursor(vec![intent(0, External::Natural), local(&[1])]);
    assert!(matches!(cursor.effect(&effect(0, 0), 1_000), EffectAnswer::SendAgain { .. }));
    diverged(cursor.effect(&effect(1, 1), 1_000));
}

#[test]
fn what_a_failure_took_with_it_may_be_left_out_when_the_run_is_executed_again() {
    let begun = || vec![intent(0, External::Natural), intent(1, External::Natural), failed(0, Code::Action)];
    let mut stopped = cursor(begun());
    assert!(matches!(stopped.effect(&effect(0, 0), 1_000), EffectAnswer::Replayed(codec::Outcome::Failed(_))));
    assert_eq!(stopped.end(&failing(Code::Action)), Ok(()));

    // Its handler, 2, came after it: it may not be left out.
    let handled = || begun().into_iter().chain([performed(1), local(&[2])]).collect::<Vec<_>>();
    let mut early = cursor(handled());
    let _ = early.effect(&effect(0, 0), 1_000);
    assert!(early.end(&failing(Code::Action)).is_err());
    // Another item of the batch comes before the handler or after it.
    for order in [[0, 1, 2], [0, 2, 1]] {
        let mut through = cursor(handled());
        let answers = order.map(|action| through.effect(&effect(action, 0), 1_000));
        assert_eq!(answers[1..], [done(), done()]);
        assert_eq!(through.end(&succeeded()), Ok(()));
    }
}

#[test]
fn what_was_begun_with_a_success_may_not_be_left_out() {
    let mut cursor = cursor(vec![intent(0, External::Natural), intent(1, External::Natural), performed(0)]);
    assert_eq!(cursor.effect(&effect(0, 0), 1_000), done());
    assert!(cursor.end(&succeeded()).is_err());
}
