//! A worker that is struck down after any of its commits: another one continues, and nothing is done twice or left out.

use alcove_journal::entry::Entry;

use super::stage::Stage;

/// Reads, outputs that are read, a handler, a loop that goes on after a failed item, lines of the log.
const EVERYTHING: &str = r#"{
    "schema": "alcove/app@1", "name": "Everything", "trigger": { "type": "manual" },
    "pipeline": [
        { "id": "all", "connector": "users" },
        { "id": "rewards", "connector": "rewards", "fields": ["id", "user_id"] }
    ],
    "actions": [
        { "type": "send_notification", "params": { "user_id": "u1", "message": "begin" } },
        { "id": "bonus", "type": "award_xp", "params": { "user_id": "u1", "amount": 10 } },
        { "type": "for_each", "items": "{{steps.all.data}}", "as": "user", "actions": [
            { "id": "one", "type": "award_xp", "params": { "user_id": "{{user.id}}", "amount": 1 } },
            { "type": "send_notification",
              "params": { "user_id": "{{user.id}}", "message": "you have {{actions.one.xp_total}}" } }
        ] },
        { "type": "for_each", "items": "{{steps.rewards.data}}", "as": "reward", "on_item_error": "continue",
          "actions": [
            { "type": "send_notification", "params": { "user_id": "{{reward.user_id}}", "message": "{{reward.id}}" } }
        ] },
        { "type": "award_xp", "params": { "user_id": "nobody", "amount": 5 }, "on_failure": [
            { "type": "send_notification", "params": { "user_id": "u3", "message": "handled" } }
        ] },
        { "type": "send_notification", "params": { "user_id": "u1", "message": "end {{actions.bonus.xp_total}}" } }
    ]
}"#;

async fn everything() -> Stage {
    let stage = Stage::new(EVERYTHING).await;
    let rewards = r#"[{"id": "w1", "user_id": "u1"}, {"id": "w2", "user_id": "gone"}, {"id": "w3", "user_id": "u2"}]"#;
    stage.scene.load(&stage.app, "rewards", rewards).await;
    stage
}

/// What is compared: what was done, how the run ended, what it said.
async fn uninterrupted() -> (Vec<String>, Option<String>, Vec<String>, u64) {
    let stage = everything().await;
    let id = stage.accept(None).await;
    let before = stage.units();
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "succeeded", "{row:?}");
    (stage.effects().await, row.result, stage.lines(&id).await, stage.units() - before - 1)
}

#[tokio::test]
async fn a_worker_that_is_struck_down_after_any_commit_has_another_one_do_the_rest_once() {
    let (effects, result, lines, commits) = uninterrupted().await;
    assert!(commits > 5, "{commits} commits");
    assert!(!lines.is_empty());
    for struck_after in 0..commits {
        let stage = everything().await;
        let id = stage.accept(None).await;
        assert!(!stage.carry_until(&id, struck_after).await, "struck after {struck_after} commits");
        stage.lose(&id).await;
        let row = stage.carry(&id).await;
        assert_eq!(row.state.as_str(), "succeeded", "struck after {struck_after} commits: {row:?}");
        assert_eq!(stage.effects().await, effects, "struck after {struck_after} commits");
        assert_eq!(row.result, result, "struck after {struck_after} commits");
        assert_eq!(stage.lines(&id).await, lines, "struck after {struck_after} commits");
    }
}

#[tokio::test]
async fn a_worker_that_is_struck_down_after_every_commit_still_comes_to_the_end() {
    let (effects, result, lines, _) = uninterrupted().await;
    let stage = everything().await;
    let id = stage.accept(None).await;
    let mut struck = 0;
    while !stage.carry_until(&id, 1).await {
        if stage.stored(&id).await.state.as_str() == "succeeded" {
            break;
        }
        struck += 1;
        assert!(struck < 100, "the run does not end");
        stage.lose(&id).await;
    }
    assert!(struck >= 5, "struck {struck} times");
    let row = stage.stored(&id).await;
    assert_eq!((row.state.as_str(), row.result), ("succeeded", result));
    assert_eq!(stage.effects().await, effects);
    assert_eq!(stage.lines(&id).await, lines);
}

#[tokio::test]
async fn a_worker_that_has_lost_its_run_changes_nothing_more() {
    let stage = everything().await;
    let id = stage.accept(None).await;
    let late = stage.claim(&id).await;
    stage.lose(&id).await;
    let row = stage.carry(&id).await;
    let (effects, journal) = (stage.effects().await, stage.journal(&id).await);
    crate::worker::run(stage.node(), late, &crate::dispatch::Interruption::default()).await;
    assert_eq!(stage.stored(&id).await, row);
    assert_eq!(stage.effects().await, effects);
    assert_eq!(stage.journal(&id).await, journal);
}

#[tokio::test]
async fn a_reading_that_was_torn_is_read_again() {
    let stage = Stage::new(
        r#"{
            "schema": "alcove/app@1", "name": "Torn", "trigger": { "type": "manual" },
            "pipeline": [{ "id": "all", "connector": "users", "fields": ["id", "bio"], "limit": 5000 }],
            "actions": [
                { "type": "send_notification", "params": { "user_id": "u1", "message": "{{steps.all.count}}" } },
                { "type": "for_each", "items": "{{steps.all.data}}", "as": "user", "actions": [
                    { "type": "send_notification", "when": { "field": "user.bio", "op": "eq", "value": "none" },
                      "params": { "user_id": "u1", "message": "never" } }
                ] }
            ]
        }"#,
    )
    .await;
    let about = "x".repeat(4_000);
    let users: Vec<String> = (10..1_010).map(|n| format!(r#"{{"id": "u{n}", "bio": "{about}"}}"#)).collect();
    stage.scene.load(&stage.app, "users", &format!("[{}]", users.join(","))).await;
    let id = stage.accept(None).await;
    // Pages are durable before the last of them where they are large.
    assert!(!stage.carry_until(&id, 1).await);
    let torn = stage.kinds(&id).await;
    assert!(torn.iter().all(|kind| ["started", "query page"].contains(kind)) && torn.len() > 1, "{torn:?}");
    stage.lose(&id).await;
    let more = r#"[{"id": "new"}]"#;
    stage.scene.load(&stage.app, "users", more).await;
    assert_eq!(stage.carry(&id).await.state.as_str(), "succeeded");
    let pages = stage.journal(&id).await.into_iter().filter(|record| match &record.entry {
        Entry::QueryPage(page) => page.page == 0,
        _ => false,
    });
    assert_eq!(pages.count(), 2, "the query was read from its first page again");
    assert_eq!(stage.effects().await[0], "u1 1004");
}
