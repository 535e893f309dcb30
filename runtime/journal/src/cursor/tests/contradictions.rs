//! Records that are well-formed one by one, and no journal together.

use proptest::prelude::*;

use super::*;
use crate::entry::tests::any_record;

/// What is wrong with the last of these entries, and only with it.
fn wrong(entries: Vec<Entry>) -> Contradiction {
    let last = entries.len();
    let error = history(entries).unwrap_err();
    assert_eq!(error.record, last);
    error.problem
}

fn id(action: u32) -> EffectId {
    effect(action, 0).id
}

#[test]
fn a_journal_begins_with_its_start_and_has_one() {
    let error = History::read(Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "journal record 0, nothing: the run has not started");
    let error = History::read(vec![Record { at_us: 0, entry: local(&[0]) }]).unwrap_err();
    assert_eq!((error.kind, error.problem), ("local effects", Contradiction::NotStarted));
    assert_eq!(wrong(vec![Entry::Started(started())]), Contradiction::StartedTwice);
}

#[test]
fn nothing_but_a_persons_retry_of_a_failure_follows_the_end() {
    assert_eq!(wrong(vec![end(succeeded()), local(&[0])]), Contradiction::Ended);
    assert_eq!(wrong(vec![end(succeeded()), retry(RetryOf::Person, 0, None)]), Contradiction::Ended);
    let failed = || end(failing(Code::External));
    assert_eq!(wrong(vec![failed(), retry(RetryOf::Run, 1, None)]), Contradiction::Ended);
    assert!(history(vec![failed(), retry(RetryOf::Person, 0, None), local(&[0])]).is_ok());
}

#[test]
fn nothing_is_answered_twice() {
    assert_eq!(wrong(vec![page(0, 0, 1), page(0, 0, 1)]), Contradiction::ReadTwice { query: 0, page: 0 });
    let twice = Contradiction::EffectTwice { id: id(0) };
    assert_eq!(wrong(vec![local(&[0, 0])]), twice);
    assert_eq!(wrong(vec![local(&[0]), intent(0, External::Natural)]), twice);
    assert_eq!(wrong(vec![intent(0, External::Natural), local(&[0])]), twice);
    let settled = vec![intent(0, External::Natural), performed(0), performed(0)];
    assert_eq!(wrong(settled), Contradiction::NotBegun { id: id(0) });
    assert_eq!(wrong(vec![performed(0)]), Contradiction::NotBegun { id: id(0) });
}

#[test]
fn what_is_unproven_and_in_doubt_is_not_begun_again() {
    let again = |guarantee| vec![intent(0, guarantee), intent(0, guarantee)];
    assert_eq!(wrong(again(External::Unproven)), Contradiction::EffectTwice { id: id(0) });
    assert!(history(again(External::ForeignTx)).is_ok());
}

#[test]
fn an_id_stands_for_one_call() {
    let other = Entry::Intent(Intent { effect: effect(0, 1), deadline_us: 0, guarantee: External::Natural });
    assert_eq!(wrong(vec![intent(0, External::Natural), other]), Contradiction::OtherCall { id: id(0) });
}

#[test]
fn only_what_failed_is_tried_again_and_what_is_unknown_by_a_person_only() {
    let reopen = |of| retry(of, 1, Some(asked(0)));
    assert_eq!(wrong(vec![reopen(RetryOf::Run)]), Contradiction::NotFailed);
    let reread = || retry(RetryOf::Run, 1, Some(Asked::Read { query: 0, page: 0 }));
    assert_eq!(wrong(vec![page(0, 0, 1), reread()]), Contradiction::NotFailed);
    assert_eq!(wrong(vec![unread(0, 0), local(&[0]), reread()]), Contradiction::NotFailed);
    assert_eq!(wrong(vec![local(&[0]), reopen(RetryOf::Run)]), Contradiction::NotFailed);
    assert_eq!(wrong(vec![intent(0, External::Natural), reopen(RetryOf::Run)]), Contradiction::NotFailed);
    let unknown = |of| vec![intent(0, External::Unproven), failed(0, Code::UnknownOutcome), reopen(of)];
    assert_eq!(wrong(unknown(RetryOf::Run)), Contradiction::Unknown { id: id(0) });
    assert_eq!(wrong(unknown(RetryOf::Action)), Contradiction::Unknown { id: id(0) });
    assert!(history(unknown(RetryOf::Person)).is_ok());
}

#[test]
fn a_decision_follows_its_request_once() {
    let request =
        Entry::ApprovalRequested(ApprovalRequested { effect: effect(0, 0), preview: Digest([1; 32]), expires_us: 99 });
    let decided = Entry::Decided(Decided { effect: id(0), by: None, decision: Decision::Expired });
    assert_eq!(wrong(vec![decided.clone()]), Contradiction::NotAsked { id: id(0) });
    assert_eq!(wrong(vec![request.clone(), request.clone()]), Contradiction::EffectTwice { id: id(0) });
    assert_eq!(wrong(vec![request, decided.clone(), decided]), Contradiction::NotAsked { id: id(0) });
}

/// Entries about few questions, so that they meet.
fn any_entry() -> impl Strategy<Value = Entry> {
    let external = prop_oneof![
        Just(External::Natural),
        Just(External::Unproven),
        (0..3_000_u64).prop_map(|window_us| External::Keyed { window_us }),
    ];
    let code = prop_oneof![Just(Code::External), Just(Code::UnknownOutcome), Just(Code::Action)];
    let of = prop_oneof![Just(RetryOf::Action), Just(RetryOf::Run), Just(RetryOf::Person)];
    prop_oneof![
        (0..3_u32, external).prop_map(|(action, guarantee)| intent(action, guarantee)),
        (0..3_u32).prop_map(performed),
        (0..3_u32, code).prop_map(|(action, code)| failed(action, code)),
        prop::collection::vec(0..3_u32, 0..3).prop_map(|actions| local(&actions)),
        (0..2_u32, 0..2_u32).prop_map(|(query, number)| page(query, number, 1)),
        (0..2_u32, 0..2_u32).prop_map(|(query, number)| page_of_more(query, number, 1)),
        (0..2_u32, 0..2_u32).prop_map(|(query, number)| unread(query, number)),
        (0..2_u32, 0..2_u32).prop_map(|(query, page)| retry(RetryOf::Run, 1, Some(Asked::Read { query, page }))),
        (of, 0..3_u32).prop_map(|(of, action)| retry(of, 1, Some(asked(action)))),
        any_record().prop_map(|record| record.entry),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 5_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_journal_and_the_run_nothing_panics_or_is_permitted_twice(
        entries in prop::collection::vec(any_entry(), 0..12),
        calls in prop::collection::vec((0..4_u32, 0..2_i64, 0..4_000_i64), 0..12),
    ) {
        // As much of it as is a journal.
        let len = history(entries.clone()).map_or_else(|error| error.record - 1, |_| entries.len());
        let mut cursor = cursor(entries[..len].to_vec());
        let mut permitted = Vec::new();
        for (action, param, now_us) in calls {
            if action == 3 {
                let _ = cursor.start_query(0, digest_of_arguments(&[]));
                continue;
            }
            let answer = cursor.effect(&effect(action, param), now_us);
            let is_permitted = matches!(answer, EffectAnswer::Live { .. } | EffectAnswer::SendAgain { .. });
            if is_permitted && cursor.history().positions.contains_key(&asked(action)) {
                prop_assert!(!permitted.contains(&action));
                permitted.push(action);
            }
        }
        let _ = (cursor.lost(4_000), cursor.suspend(), cursor.end(&succeeded()));
    }
}
