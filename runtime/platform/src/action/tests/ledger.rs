//! An effect happens once; a failure takes along what it must, and nothing else.

use alcove_plan::{codec::Outcome, value::Value};
use alcove_store::SqlValue;

use super::communities;
use crate::{
    EffectCall,
    testing::{calls, dump, failure, outputs, prepared, raw, text},
};

fn award(user: &str, amount: i64) -> Vec<Value> {
    vec![text(user), Value::Int(amount)]
}

/// The calls as those of two nested loops whose inner one goes on after a failed item.
fn in_items(calls: Vec<EffectCall>, indices: &[[u32; 2]]) -> Vec<EffectCall> {
    let place =
        |(call, indices): (EffectCall, &[u32; 2])| EffectCall { indices: indices.to_vec(), recover_depth: 2, ..call };
    calls.into_iter().zip(indices).map(place).collect()
}

#[tokio::test]
async fn an_effect_that_has_happened_gives_its_outcome_again_and_changes_nothing() {
    for (platform, scope) in communities("t1").await {
        let xp = prepared(&platform, "award_xp", &["user_id", "amount"]);
        let badge = prepared(&platform, "award_badge", &["user_id", "badge"]);
        let mut batch = calls(&scope, &xp, vec![award("ann", 10), award("ann", 1)]);
        batch.extend(calls(&scope, &badge, vec![vec![text("ann"), text("Star")]]));
        let first = platform.perform(&scope, &batch).await;
        let after = dump(&platform, "t1").await;
        // After a crash the values may be others: what counts is what happened.
        batch[0].values = award("ann", 999);
        assert_eq!(platform.perform(&scope, &batch).await, first);
        assert_eq!(dump(&platform, "t1").await, after);
        // Half old, half new.
        let more = calls(&scope, &xp, vec![award("ann", 10), award("ann", 1), award("ann", 100)]);
        let outcomes = platform.perform(&scope, &more).await;
        assert_eq!((&outcomes[..2], outputs(&outcomes[2])), (&first[..2], [Value::Int(161)].as_slice()));
    }
}

#[tokio::test]
async fn a_call_that_a_batch_holds_twice_happens_once() {
    for (platform, scope) in communities("t1").await {
        let xp = prepared(&platform, "award_xp", &["user_id", "amount"]);
        let mut batch = calls(&scope, &xp, vec![award("ann", 10)]);
        batch.push(batch[0].clone());
        let outcomes = platform.perform(&scope, &batch).await;
        assert_eq!(outcomes[0], outcomes[1]);
        assert_eq!(outputs(&outcomes[0]), [Value::Int(60)]);
    }
}

#[tokio::test]
async fn an_effect_that_was_another_action_is_a_defect() {
    for (platform, scope) in communities("t1").await {
        let xp = prepared(&platform, "award_xp", &["user_id", "amount"]);
        let batch = calls(&scope, &xp, vec![award("ann", 10)]);
        platform.perform(&scope, &batch).await;
        let other = EffectCall {
            action: prepared(&platform, "delete_state", &["key"]),
            values: vec![text("k")],
            ..batch[0].clone()
        };
        let outcome = platform.perform(&scope, &[other]).await;
        assert_eq!(failure(&outcome[0]), "E012: an effect that was `award_xp` before is `delete_state` now");
    }
}

#[tokio::test]
async fn a_failure_takes_along_what_follows_in_its_scope() {
    let awards = || vec![award("ann", 1), award("eve", 1), award("ann", 2), award("bob", 4), award("eve", 1)];
    for (platform, scope) in communities("t1").await {
        let xp = prepared(&platform, "award_xp", &["user_id", "amount"]);
        let stop = platform.perform(&scope, &calls(&scope, &xp, awards())).await;
        assert!(matches!(stop[0], Outcome::Performed(_)));
        assert_eq!(failure(&stop[1]), "E005: no user has the id `eve`");
        assert_eq!(stop[2..], [Outcome::NotPerformed, Outcome::NotPerformed, Outcome::NotPerformed]);
    }

    for (platform, scope) in communities("t1").await {
        let xp = prepared(&platform, "award_xp", &["user_id", "amount"]);
        let items = [[0, 0], [0, 1], [0, 1], [0, 2], [1, 1]];
        let go_on = platform.perform(&scope, &in_items(calls(&scope, &xp, awards()), &items)).await;
        assert_eq!(go_on[2], Outcome::NotPerformed, "the same item");
        assert_eq!(outputs(&go_on[3]), [Value::Int(4)], "another item");
        assert_eq!(failure(&go_on[4]), "E005: no user has the id `eve`");
        let ledger = raw(&platform, "SELECT count(*) FROM effects").await;
        assert_eq!(ledger[0][0], SqlValue::Int(2), "failed and left out calls leave no trace");
        assert_eq!(raw(&platform, "SELECT count(*) FROM emitted_events").await[0][0], SqlValue::Int(2));
    }
}

#[tokio::test]
async fn a_refused_item_fails_alone_though_the_database_refuses_its_batch() {
    for (platform, scope) in communities("t1").await {
        let xp = prepared(&platform, "award_xp", &["user_id", "amount"]);
        // Each fits alone; only their sum does not.
        let mut awards: Vec<_> = (0..40).map(|_| award("bob", 1)).collect();
        awards.insert(13, award("ann", i64::MAX - 100));
        awards.insert(29, award("ann", 51));
        awards.push(award("ann", 50));
        let items: Vec<[u32; 2]> = (0..43).map(|n| [n, 0]).collect();
        let outcomes = platform.perform(&scope, &in_items(calls(&scope, &xp, awards), &items)).await;
        assert_eq!(failure(&outcomes[29]), "E005: the XP of the user `ann` would go beyond what an integer holds");
        assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Performed(_))).count(), 42);
        assert_eq!(outputs(&outcomes[42]), [Value::Int(i64::MAX)]);
        assert_eq!(outputs(&outcomes[41]), [Value::Int(40)]);
    }
}
