//! Other versions in the shadow of recorded runs.

use alcove_catalog::Catalog;

use super::stage::Stage;
use crate::{Recording, Replayer, ShadowError, ShadowReport, ShadowRun, ShadowStatus, Shadowed};

const GREETS: &str = r#"{
    "schema": "alcove/app@1", "name": "Greets", "trigger": { "type": "manual" },
    "pipeline": [{ "id": "all", "connector": "users", "fields": ["id", "name", "email"] }],
    "actions": [
        { "id": "bonus", "type": "award_xp", "params": { "user_id": "u1", "amount": 10 } },
        { "type": "for_each", "items": "{{steps.all.data}}", "as": "user", "actions": [
            { "type": "send_notification", "params": { "user_id": "{{user.id}}", "message": "hello {{user.name}}" } }
        ] },
        { "type": "send_notification", "params": { "user_id": "u1", "message": "{{actions.bonus.xp_total}} points" } }
    ]
}"#;

/// Runs one version, and the other one in its shadow; nothing may change.
async fn shadow(recorded: &str, other: &str) -> ShadowRun {
    let stage = Stage::new(recorded).await;
    let id = stage.accept(None).await;
    stage.carry(&id).await;
    let before = (stage.effects().await, stage.scene.committer.counts(), stage.scene.count("journal").await);
    let run = shadow_of(&stage, other).await.unwrap();
    let after = (stage.effects().await, stage.scene.committer.counts(), stage.scene.count("journal").await);
    assert_eq!(before, after, "a shadow run has changed something");
    run
}

async fn shadow_of(stage: &Stage, other: &str) -> Result<ShadowRun, ShadowError> {
    let (store, tenant) = (&stage.scene.store, &stage.app.tenant);
    let runs = Recording::latest(store, tenant, &stage.app.app, 10).await.unwrap();
    assert_eq!(runs.len(), 1);
    let recording = Recording::read(store, tenant, &runs[0]).await.unwrap();
    let replayer = Replayer::new(stage.node().runtime.clone(), stage.node().platform.clone());
    let compiled = alcove_compiler::compile(other.as_bytes(), Catalog::shipped());
    let compiled = compiled.compiled.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    Shadowed::load(replayer, &compiled.bytes).unwrap().run(&recording).await
}

fn places(effects: &[crate::ShadowEffect]) -> Vec<&str> {
    effects.iter().map(|effect| effect.path.as_str()).collect()
}

#[tokio::test]
async fn the_same_version_does_the_same() {
    let run = shadow(GREETS, GREETS).await;
    assert_eq!((run.status, run.effects.unchanged), (ShadowStatus::Same, 5), "{run:?}");
    let summary = ShadowReport::of(vec![run.clone(), run]).summary;
    assert_eq!((summary.runs, summary.same, summary.different), (2, 2, 0));
}

#[tokio::test]
async fn a_changed_text_is_shown_for_each_iteration_with_both_texts() {
    let run = shadow(GREETS, &GREETS.replace("hello", "good day")).await;
    assert_eq!((run.status, run.effects.unchanged), (ShadowStatus::Different, 2), "{run:?}");
    let changed = &run.effects.changed;
    assert_eq!(changed.len(), 3, "{run:?}");
    assert_eq!((changed[0].differs.clone(), changed[1].now.indices.clone()), (vec!["message".to_owned()], vec![1]));
    assert_eq!(
        (&changed[0].recorded["message"], &changed[0].now.params["message"]),
        (&serde_json::json!("hello Ada"), &serde_json::json!("good day Ada"))
    );
    assert!(run.effects.added.is_empty() && run.effects.removed.is_empty());
}

#[tokio::test]
async fn an_action_that_is_left_out_is_removed_and_one_that_moved_is_unchanged() {
    let bonus = r#"{ "id": "bonus", "type": "award_xp", "params": { "user_id": "u1", "amount": 10 } },"#;
    let without = GREETS.replace(bonus, "").replace("{{actions.bonus.xp_total}}", "10");
    let run = shadow(GREETS, &without).await;
    assert_eq!((run.status, run.effects.unchanged), (ShadowStatus::Different, 4), "{run:?}");
    assert_eq!(places(&run.effects.removed), ["/actions/0"]);
    let run = shadow(&without, GREETS).await;
    assert_eq!(places(&run.effects.added), ["/actions/0", "/actions/2"], "outputs of what is new are null: {run:?}");
}

#[tokio::test]
async fn fewer_fields_of_the_same_query_are_known_and_another_query_is_not() {
    let fewer = GREETS.replace(r#"["id", "name", "email"]"#, r#"["name", "id"]"#);
    let run = shadow(GREETS, &fewer).await;
    assert_eq!(run.status, ShadowStatus::Same, "{run:?}");
    for (other, arguments) in [
        (GREETS.replace("email", "level").replace("{{user.name}}", "{{user.level}}"), "[]"),
        (GREETS.replace(r#""connector": "users","#, r#""connector": "users", "limit": 2,"#), "[]"),
        (
            GREETS.replace(
                r#""connector": "users","#,
                r#""connector": "users", "filter": { "field": "name", "op": "eq", "value": "{{execution_id}}" },"#,
            ),
            "run_",
        ),
    ] {
        let run = shadow(GREETS, &other).await;
        assert_eq!(run.status, ShadowStatus::Incomplete, "{run:?}");
        let [question] = run.unanswered.as_slice() else { panic!("{run:?}") };
        assert_eq!((question.kind, question.name.as_str(), question.path.as_str()), ("query", "users", "/pipeline/0"));
        assert!(question.arguments.to_string().contains(arguments), "{question:?}");
        assert_eq!(run.effects.removed.len(), 3, "no rows, no iterations: {run:?}");
    }
}

#[tokio::test]
async fn a_version_that_fails_where_the_other_did_not_has_failed() {
    let fails = GREETS.replace(r#""amount": 10"#, r#""amount": "{{event.amount}}""#);
    let run = shadow(GREETS, &fails).await;
    assert_eq!((run.status, run.now.as_str()), (ShadowStatus::Failed, "failed"), "{run:?}");
    assert!(run.error.as_ref().unwrap().contains("/actions/0"), "{run:?}");
}

#[tokio::test]
async fn an_approval_is_answered_as_it_was_and_a_new_one_is_a_question() {
    let ask = r#"{ "type": "request_approval", "params": { "title": "Go on?", "message": "All" } },"#;
    let asks = GREETS.replace(r#"{ "type": "for_each""#, &format!(r#"{ask}{{ "type": "for_each""#));
    let run = shadow(&asks, &asks).await;
    assert_eq!((run.status, run.now.as_str()), (ShadowStatus::Same, "waiting"), "{run:?}");
    let run = shadow(GREETS, &asks).await;
    assert_eq!((run.status, run.unanswered[0].kind), (ShadowStatus::Incomplete, "approval"), "{run:?}");
    assert_eq!(run.effects.unchanged, 5, "{run:?}");
}

#[tokio::test]
async fn a_version_with_another_trigger_would_not_have_run() {
    let other = GREETS.replace(r#"{ "type": "manual" }"#, r#"{ "type": "event", "event": "user.created" }"#);
    let run = shadow(GREETS, &other).await;
    assert_eq!((run.status, run.unanswered[0].kind), (ShadowStatus::Incomplete, "trigger"), "{run:?}");
}
