//! The life of an approval: the instance is gone while people decide, and what they agreed to is what happens.

use alcove_journal::{
    entry::Edit,
    transition::{Timer, TimerKind, Verdict},
};
use alcove_plan::value::Value;
use alcove_store::tables::approvals;

use super::stage::Stage;
use crate::{EditError, validate_edits};

const ASKS: &str = r#"{
    "schema": "alcove/app@1", "name": "Asks", "trigger": { "type": "manual" },
    "pipeline": [{ "id": "all", "connector": "users" }],
    "actions": [
        { "type": "send_notification", "params": { "user_id": "u1", "message": "before" } },
        { "type": "request_approval",
          "params": { "title": "Pay {{steps.all.count}}?", "message": "All of them", "roles": ["owner"] } },
        { "type": "for_each", "items": "{{steps.all.data}}", "as": "user", "actions": [
            { "id": "pay", "type": "award_xp", "params": { "user_id": "{{user.id}}", "amount": 10 } },
            { "type": "send_notification",
              "params": { "user_id": "{{user.id}}", "message": "you have {{actions.pay.xp_total}}" } }
        ] }
    ]
}"#;

async fn asked() -> (Stage, alcove_ids::ExecutionId, approvals::Row) {
    let config = ASKS.replace(r#", "roles": ["owner"]"#, "");
    let stage = Stage::new(&config).await;
    let id = stage.accept(None).await;
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "waiting", "{row:?}");
    let store = &stage.scene.store;
    let rows = store
        .query(&approvals::list(store.dialect(), &stage.app.tenant, approvals::Status::Open, (i64::MIN, ""), 10))
        .await
        .unwrap();
    let approval = approvals::Row::decode(&rows[0]).unwrap();
    (stage, id, approval)
}

#[tokio::test]
async fn people_see_what_would_follow_and_nothing_of_it_has_happened() {
    let (stage, id, approval) = asked().await;
    assert_eq!((approval.title.as_str(), approval.message.as_str()), ("Pay 3?", "All of them"));
    let preview: serde_json::Value = serde_json::from_str(&approval.preview).unwrap();
    let calls = preview.as_array().unwrap();
    assert_eq!(calls.len(), 6, "{preview}");
    assert_eq!(calls[0]["action"], "award_xp");
    assert_eq!(calls[0]["params"]["user_id"], "u1");
    assert_eq!(calls[2]["indices"][0], 1);
    assert_eq!(stage.scene.count("notifications").await, 1);
    let kinds = ["started", "query page", "local effects", "approval requested", "suspended"];
    assert_eq!(stage.kinds(&id).await, kinds);
}

#[tokio::test]
async fn what_was_approved_happens_once_and_what_came_before_is_not_repeated() {
    let (stage, id, _) = asked().await;
    stage.decide(&id, Verdict::Approve).await;
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "succeeded", "{row:?}");
    let effects = stage.effects().await;
    assert_eq!(effects[..4], ["u1 before", "u1 you have 10", "u2 you have 10", "u3 you have 10"]);
}

#[tokio::test]
async fn what_was_rejected_or_has_expired_never_happens() {
    for expires in [false, true] {
        let (stage, id, _) = asked().await;
        if expires {
            let due_us = stage.stored(&id).await.due_at.unwrap();
            stage.scene.clock.advance(std::time::Duration::from_hours(7 * 24));
            let timer = Timer { kind: TimerKind::Approval, due_us };
            stage.step(&id, alcove_journal::transition::Event::TimerFired(timer)).await;
        } else {
            stage.decide(&id, Verdict::Reject).await;
        }
        assert_eq!(stage.stored(&id).await.state.as_str(), "cancelled");
        assert_eq!(stage.scene.count("notifications").await, 1);
    }
}

fn edit(action: u32, indices: &[u32], param: &str, value: Value) -> Edit {
    Edit { action, indices: indices.to_vec(), path: vec![param.to_owned()], value }
}

#[tokio::test]
async fn what_was_modified_happens_as_it_was_modified_and_only_there() {
    let (stage, id, _) = asked().await;
    let edits = vec![
        edit(2, &[1], "amount", Value::Int(3)),
        edit(3, &[0], "message", Value::from("hello")),
        edit(3, &[2], "user_id", Value::from("u1")),
    ];
    validate_edits(&stage.scene.platform, &stage.app.plan, &edits).unwrap();
    stage.decide(&id, Verdict::Modify(edits)).await;
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "succeeded", "{row:?}");
    let effects = stage.effects().await;
    assert_eq!(effects[..4], ["u1 before", "u1 hello", "u1 you have 10", "u2 you have 3"]);
}

#[tokio::test]
async fn a_modification_is_held_against_the_catalog() {
    let (stage, _, _) = asked().await;
    let refused = |edits: &[Edit]| validate_edits(&stage.scene.platform, &stage.app.plan, edits).unwrap_err();
    let amount = |value: Value| edit(2, &[0], "amount", value);
    assert!(matches!(refused(&[amount(Value::from("ten"))]), EditError::Refused { .. }));
    assert!(matches!(refused(&[amount(Value::Null)]), EditError::Refused { .. }));
    assert!(matches!(refused(&[edit(2, &[0], "reason", Value::from("x"))]), EditError::NoParam { .. }));
    assert!(matches!(refused(&[edit(2, &[], "amount", Value::Int(1))]), EditError::Indices { .. }));
    assert!(matches!(refused(&[edit(2, &[5_000], "amount", Value::Int(1))]), EditError::Indices { .. }));
    assert!(matches!(refused(&[amount(Value::Int(1)), amount(Value::Int(2))]), EditError::Twice { .. }));
    let before = edit(0, &[], "message", Value::from("x"));
    assert!(matches!(refused(&[before]), EditError::NotBehindApproval { action: 0 }));
    assert!(matches!(refused(&[edit(9, &[], "x", Value::Null)]), EditError::NotBehindApproval { action: 9 }));
}

const ASKS_TWICE: &str = r#"{
    "schema": "alcove/app@1", "name": "Asks twice", "trigger": { "type": "manual" },
    "actions": [
        { "type": "request_approval", "params": { "title": "One?", "message": "?" } },
        { "type": "send_notification", "params": { "user_id": "u1", "message": "one" } },
        { "type": "request_approval", "params": { "title": "Two?", "message": "?" } },
        { "type": "send_notification", "params": { "user_id": "u1", "message": "two" } }
    ]
}"#;

#[tokio::test]
async fn one_approval_opens_the_way_to_the_next_and_no_further() {
    let stage = Stage::new(ASKS_TWICE).await;
    let id = stage.accept(None).await;
    assert_eq!(stage.carry(&id).await.state.as_str(), "waiting");
    stage.decide(&id, Verdict::Approve).await;
    assert_eq!(stage.carry(&id).await.state.as_str(), "waiting");
    assert_eq!(stage.effects().await[0], "u1 one");
    assert_eq!(stage.scene.count("notifications").await, 1);
    stage.decide(&id, Verdict::Approve).await;
    assert_eq!(stage.carry(&id).await.state.as_str(), "succeeded");
    assert_eq!(stage.scene.count("notifications").await, 2);
}
