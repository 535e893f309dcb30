//! What a guest may do with an action.

use alcove_host::Call;
use alcove_plan::{
    codec::{BatchWriter, Outcome},
    failure::{Code, Failure},
    value::Value,
};

use crate::{
    platform::{Platform, Seen},
    puppet::Orders,
    scene::{ALL, EMAIL, Ended, NESTED, ONCE, Scene, WITHHELD, outcomes},
};

fn done() -> Outcome {
    Outcome::Performed(vec![])
}

fn with_outcome(outcome: fn(&Call) -> Outcome) -> Scene {
    Scene { platform: Platform { outcome, ..Platform::new() }, ..Scene::new() }
}

/// E-mails for the items of a range, in batches of so many calls.
fn emails(items: std::ops::Range<u32>, batch: usize) -> Orders {
    let items: Vec<u32> = items.collect();
    items.chunks(batch).fold(Orders::new(), |orders, items| {
        let mut calls = BatchWriter::new();
        for item in items {
            calls.call(0, &[*item], &[Value::Null]);
        }
        orders.perform(&[EMAIL], &calls.finish())
    })
}

fn all_outcomes(ended: &Ended) -> Vec<Outcome> {
    ended.answers().iter().flat_map(|answer| outcomes(answer, 0)).collect()
}

#[tokio::test]
async fn calls_reach_the_platform_in_order_with_checked_values() {
    let mut batch = BatchWriter::new();
    batch.call(1, &[], &["hello".into()]);
    batch.call(0, &[2_999], &[Value::Int(7)]);
    let ended = Scene::new().run(Orders::new().perform(&[EMAIL, ONCE], &batch.finish())).await;
    assert_eq!(all_outcomes(&ended), [done(), done()]);
    let call = |action, indices: &[u32], value| Call { action, indices: indices.to_vec(), values: vec![value] };
    assert_eq!(ended.platform.performed(), [call(0, &[], "hello".into()), call(1, &[2_999], Value::Num(7.into())),]);
    assert_eq!(ended.result.usage.effects, 2);
    assert_eq!(ended.result.usage.counters, [1, 0]);
}

#[tokio::test]
async fn an_action_without_a_handle_cannot_be_performed() {
    let mut batch = BatchWriter::new();
    batch.call(0, &[], &[]);
    let ended = Scene::new().run(Orders::new().perform(&[WITHHELD], &batch.finish())).await;
    ended.assert_refused_unseen("the executor trapped");
}

#[tokio::test]
async fn handles_that_are_made_up_or_of_queries_are_a_trap() {
    let mut batch = BatchWriter::new();
    batch.call(0, &[], &["x".into()]);
    let batch = batch.finish();
    // The host gives two queries first: they have the first two numbers of the guest's table.
    for handle in [0, 1, 2, 6, 1_000_000, u32::MAX] {
        let ended = Scene::new().run(Orders::new().perform_made_up(&[handle], &batch)).await;
        ended.assert_refused_unseen("the executor trapped");
    }
}

#[tokio::test]
async fn a_malformed_batch_performs_nothing_not_even_its_good_calls() {
    type Bad = fn(&mut BatchWriter);
    let cases: [(Bad, &str); 8] = [
        (|batch| batch.call(1, &[], &["x".into()]), "names action 1 of 1"),
        (|batch| batch.call(u32::MAX, &[], &[]), "names action 4294967295 of 1"),
        (|batch| batch.call(0, &[0], &["x".into()]), "indices [0]"),
        (|batch| batch.call(0, &[0, 0], &["x".into()]), "indices [0, 0]"),
        (|batch| batch.call(0, &[0, 0, 0], &["x".into()]), "too many loop indices"),
        (|batch| batch.call(0, &[], &[Value::Null]), "null where string is wanted"),
        (|batch| batch.call(0, &[], &[Value::Bool(true)]), "boolean where string is wanted"),
        (|batch| batch.call(0, &[], &["x".into(), "y".into()]), "bytes left over"),
    ];
    for (bad, message) in cases {
        let mut batch = BatchWriter::new();
        batch.call(0, &[], &["good".into()]);
        bad(&mut batch);
        let ended = Scene::new().run(Orders::new().perform(&[ONCE], &batch.finish())).await;
        ended.assert_refused_unseen(message);
    }
}

#[tokio::test]
async fn indices_reach_the_last_item_of_each_loop_and_not_further() {
    let nested = |indices: [u32; 2]| async move {
        let scene = with_outcome(|_| Outcome::Performed(vec![Value::Null]));
        scene.run(Orders::new().calls(NESTED, &[(&indices, &[])])).await
    };
    assert_eq!(nested([2, 1]).await.platform.performed().len(), 1);
    for indices in [[3, 0], [0, 2], [u32::MAX, 0], [0, u32::MAX]] {
        nested(indices).await.assert_refused_unseen("the loops around its action have [3, 2] items at most");
    }
    let ended = Scene::new().run(Orders::new().calls(NESTED, &[(&[0], &[])])).await;
    ended.assert_refused_unseen("indices [0]");
}

#[tokio::test]
async fn a_batch_holds_1_024_calls_and_not_one_more() {
    let ended = Scene::new().run(emails(0..1_024, 1_024)).await;
    assert_eq!(all_outcomes(&ended).len(), 1_024);
    let ended = Scene::new().run(emails(0..1_025, 1_025)).await;
    ended.assert_refused_unseen("too many calls");
}

#[tokio::test]
async fn a_batch_of_more_than_2_mib_is_refused_before_it_is_decoded() {
    let mut scene = Scene::new();
    scene.limits.message_bytes = 100;
    let ended = scene.run(Orders::new().perform(&[ONCE], &[0; 101])).await;
    assert_eq!(ended.limit(), ("message_bytes", 100));
    assert_eq!(ended.platform.seen(), []);
}

#[tokio::test]
async fn the_same_effect_is_performed_once_and_its_outcome_given_again() {
    let scene =
        with_outcome(|call| Outcome::Performed(vec![Value::Int(call.indices.iter().map(|i| i64::from(*i)).sum())]));
    let orders = Orders::new()
        .calls(NESTED, &[(&[1, 0], &[]), (&[1, 0], &[]), (&[0, 1], &[])])
        .calls(NESTED, &[(&[0, 1], &[]), (&[2, 1], &[])]);
    let ended = scene.run(orders).await;
    let outcomes: Vec<_> = ended.answers().iter().map(|answer| outcomes(answer, 1)).collect();
    let sum = |n| Outcome::Performed(vec![Value::Int(n)]);
    assert_eq!(outcomes, [vec![sum(1), sum(1), sum(1)], vec![sum(1), sum(3)]]);
    let performed: Vec<_> = ended.platform.performed().into_iter().map(|call| call.indices).collect();
    assert_eq!(performed, [[1, 0], [0, 1], [2, 1]]);
    assert_eq!(ended.result.usage.effects, 3);
}

#[tokio::test]
async fn an_outcome_that_was_not_kept_stops_the_run_rather_than_repeat_the_effect() {
    let mut scene = with_outcome(|_| Outcome::Performed(vec!["longer than the budget".into()]));
    scene.limits.outcome_bytes = 10;
    let ended = scene.run(Orders::new().calls(NESTED, &[(&[0, 0], &[])]).calls(NESTED, &[(&[0, 0], &[])])).await;
    assert!(ended.failure().message.contains("asked for again too late"));
    assert_eq!(ended.platform.performed().len(), 1);
}

#[tokio::test]
async fn the_2_001st_email_is_refused_and_the_2_000_before_it_are_sent() {
    for batch in [1, 7, 1_000, 1_024] {
        let ended = Scene::new().run(emails(0..2_000, batch)).await;
        assert_eq!(all_outcomes(&ended).len(), 2_000);
        assert_eq!(ended.result.usage.counters, [2_000, 0]);

        let ended = Scene::new().run(emails(0..2_100, batch).calls(ONCE, &[(&[], &["x".into()])])).await;
        assert_eq!(ended.limit(), ("emails", 2_000));
        assert_eq!(ended.failure().code, Code::Limit);
        assert_eq!(ended.platform.performed().len(), 2_000, "and nothing after");
        assert_eq!(ended.result.usage.counters, [2_000, 0]);
    }
}

#[tokio::test]
async fn a_call_that_is_not_performed_counts_for_no_limit() {
    // Item 1 fails at its first e-mail, so the platform leaves out nothing else: each item has one. The limit is
    // reached by what was performed or failed.
    fn outcome(call: &Call) -> Outcome {
        if call.indices == [1] { Outcome::NotPerformed } else { Outcome::Performed(vec![]) }
    }
    let mut scene = with_outcome(outcome);
    scene.limits.counters[0].max = 3;
    let ended = scene.run(emails(0..4, 4)).await;
    assert_eq!(all_outcomes(&ended), [done(), Outcome::NotPerformed, done(), done()]);
    assert_eq!(ended.result.usage.counters, [3, 0]);
    // A fifth is one too many: the third performed was the last.
    let mut scene = with_outcome(outcome);
    scene.limits.counters[0].max = 3;
    assert_eq!(scene.run(emails(0..5, 5)).await.limit(), ("emails", 3));
}

#[tokio::test]
async fn effects_of_all_kinds_together_have_a_limit() {
    for (max, ok) in [(5, true), (4, false)] {
        let mut scene = Scene::new();
        scene.limits.effects = max;
        let ended = scene.run(emails(0..4, 2).calls(ONCE, &[(&[], &["x".into()])])).await;
        assert_eq!(ended.result.end.is_ok(), ok);
        assert_eq!(ended.result.usage.effects, max);
        if !ok {
            assert_eq!(ended.limit(), ("effects", 4));
        }
    }
}

#[tokio::test]
async fn a_failed_call_takes_its_item_with_it_across_the_parts_of_a_batch() {
    // The second call of the batch is the same effect as the first, so the host asks the platform in two parts; the
    // failure of item 1 in the first part must still be known in the second.
    let fail = |call: &Call| match call.indices.as_slice() {
        [1, 0] => Outcome::Failed(Failure::new(Code::Action, "refused")),
        _ => Outcome::Performed(vec![Value::Null]),
    };
    let calls: [(&[u32], &[Value]); 5] =
        [(&[1, 0], &[]), (&[1, 0], &[]), (&[1, 1], &[]), (&[2, 0], &[]), (&[0, 0], &[])];
    let ended = with_outcome(fail).run(Orders::new().calls(NESTED, &calls)).await;
    let outcomes = outcomes(&ended.answers()[0], 1);
    let (failed, performed) =
        (Outcome::Failed(Failure::new(Code::Action, "refused")), Outcome::Performed(vec![Value::Null]));
    // The first failure covers the second call as well: it is in the same item.
    assert_eq!(outcomes, [failed, Outcome::NotPerformed, Outcome::NotPerformed, performed.clone(), performed]);
    assert_eq!(ended.platform.performed().len(), 3);
}

#[tokio::test]
async fn a_failure_that_does_not_stop_the_run_leaves_it_going() {
    let ended = with_outcome(|_| Outcome::Failed(Failure::new(Code::External, "down")))
        .run(Orders::new().calls(ONCE, &[(&[], &["x".into()])]).start(ALL, &[1]))
        .await;
    assert_eq!(ended.answers().len(), 2);
    assert_eq!(ended.platform.seen().len(), 2);
}

#[tokio::test]
async fn a_platform_that_breaks_its_contract_is_found_out() {
    let ended = with_outcome(|_| Outcome::Performed(vec![Value::Null]))
        .run(Orders::new().calls(ONCE, &[(&[], &["x".into()])]))
        .await;
    assert!(ended.failure().message.contains("1 of 0 outputs"));
    assert!(matches!(ended.platform.seen()[0], Seen::Perform(_)));
}
