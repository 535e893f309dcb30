//! What a run is answered whose failures were put aside.

use super::*;

const LIVE: EffectAnswer = EffectAnswer::Live { attempts: 0 };

#[test]
fn the_runs_retry_opens_the_failed_effect_and_nothing_else() {
    let mut cursor = cursor(vec![
        intent(0, External::Unproven),
        failed(0, Code::External),
        local(&[1]),
        intent(2, External::Unproven),
        failed(2, Code::External),
        retry(RetryOf::Run, 1, Some(asked(2))),
    ]);
    assert_eq!(cursor.history().attempts(), 1);
    assert_eq!(
        cursor.effect(&effect(0, 0), 0),
        EffectAnswer::Replayed(codec::Outcome::Failed(failure(Code::External)))
    );
    assert_eq!(cursor.effect(&effect(1, 0), 0), done());
    assert_eq!(cursor.effect(&effect(2, 0), 0), LIVE);
}

#[test]
fn a_retry_resumes_inside_the_handler_that_has_begun() {
    // Action 0 failed, its handler did 1 and failed in 2.
    let mut cursor = cursor(vec![
        intent(0, External::Natural),
        failed(0, Code::Action),
        local(&[1]),
        intent(2, External::Natural),
        failed(2, Code::External),
        retry(RetryOf::Run, 1, Some(asked(2))),
        intent(2, External::Natural),
        performed(2),
    ]);
    assert_eq!(cursor.effect(&effect(0, 0), 0), EffectAnswer::Replayed(codec::Outcome::Failed(failure(Code::Action))));
    assert_eq!(cursor.effect(&effect(1, 0), 0), done());
    assert_eq!(cursor.effect(&effect(2, 0), 0), done());
}

#[test]
fn an_actions_retry_is_counted_and_waits_until_it_is_due() {
    let mut cursor = cursor(vec![intent(0, External::Unproven), retry(RetryOf::Action, 2, Some(asked(0)))]);
    assert_eq!(cursor.effect(&effect(0, 0), 4_999), EffectAnswer::NotBefore { until_us: 5_000 });
    assert_eq!(cursor.effect(&effect(0, 0), 5_000), EffectAnswer::Live { attempts: 2 });
}

#[test]
fn attempts_are_remembered_while_the_next_one_is_in_doubt_and_begin_anew_with_the_run() {
    let again =
        || vec![intent(0, External::Natural), retry(RetryOf::Action, 2, Some(asked(0))), intent(0, External::Natural)];
    let expected = EffectAnswer::SendAgain { before_us: i64::MAX, attempts: 2 };
    assert_eq!(cursor(again()).effect(&effect(0, 0), 1_000), expected);
    let mut entries = again();
    entries.extend([failed(0, Code::External), retry(RetryOf::Run, 1, Some(asked(0)))]);
    assert_eq!(cursor(entries).effect(&effect(0, 0), 0), LIVE);
}

#[test]
fn a_persons_word_settles_what_is_unknown_or_has_it_repeated() {
    let repeat = || {
        vec![
            intent(0, External::Unproven),
            failed(0, Code::UnknownOutcome),
            end(failing(Code::UnknownOutcome)),
            retry(RetryOf::Person, 0, Some(asked(0))),
        ]
    };
    let mut repeated = cursor(repeat());
    assert_eq!(repeated.history().ending(), None);
    assert_eq!(repeated.effect(&effect(0, 0), 0), LIVE);
    let mut happened = repeat();
    happened.push(performed(0));
    assert_eq!(cursor(happened).effect(&effect(0, 0), 0), done());
}

#[test]
fn what_failed_last_is_found() {
    let mut entries = vec![intent(0, External::Natural), failed(0, Code::External), local(&[1])];
    let found = |entries: &[Entry]| {
        history(entries.to_vec()).unwrap().last_failure().map(|(asked, failure)| (asked, failure.code))
    };
    assert_eq!(found(&entries), Some((asked(0), Code::External)));
    entries.push(unread(3, 1));
    assert_eq!(found(&entries), Some((Asked::Read { query: 3, page: 1 }, Code::Connector)));
    assert_eq!(found(&[local(&[1])]), None);
}

#[test]
fn a_local_effect_that_failed_is_performed_again_and_recorded_again() {
    let failed = || {
        let effects = vec![LocalEffect { effect: effect(0, 0), outcome: Outcome::Failed(failure(Code::Connector)) }];
        vec![Entry::LocalEffects(LocalEffects { effects }), retry(RetryOf::Run, 1, Some(asked(0)))]
    };
    assert_eq!(cursor(failed()).effect(&effect(0, 0), 0), LIVE);
    let mut again = failed();
    again.push(local(&[0]));
    assert_eq!(cursor(again).effect(&effect(0, 0), 0), done());
}
