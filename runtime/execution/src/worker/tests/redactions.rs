//! Runs that are exported with tokens: no personal value is left in them, and they replay.

use alcove_ids::ExecutionId;
use alcove_plan::value::Value;

use super::stage::Stage;
use crate::{Bundle, Recording, RedactError, Redaction, ReplayStatus, Replayer};

/// Personal values in rows, in the event, in parameters, inside texts, in the log, and in state.
const CANARIES: [&str; 4] = [
    "canary-one@example.com",
    "canary-two@example.com",
    "canary-three@other.example",
    "0x00112233445566778899aabbccddeeff00112233",
];

const WRITES: &str = r#"{
    "schema": "alcove/app@1", "name": "Writes", "trigger": { "type": "manual" },
    "settings": { "log_values": "full" },
    "pipeline": [{ "id": "all", "connector": "users", "fields": ["id", "email", "web3_account"] }],
    "actions": [
        { "type": "set_state", "params": { "key": "last", "value": "{{event.sender}}" } },
        { "type": "for_each", "items": "{{steps.all.data}}", "as": "user", "actions": [
            { "type": "send_notification", "params": {
                "user_id": "{{user.id}}", "message": "{{user.email}} with {{user.web3_account}}, from {{event.sender}}"
            } }
        ] },
        { "type": "send_notification", "params": { "user_id": "nobody", "message": "{{event.sender}}" },
          "on_failure": [{ "type": "send_notification", "params": { "user_id": "u1", "message": "handled" } }] }
    ]
}"#;

async fn run(config: &str) -> (Stage, ExecutionId) {
    let stage = Stage::new(config).await;
    let users = format!(
        r#"[{{"id": "c1", "email": "{}", "web3_account": "{}"}}, {{"id": "c2", "email": "{}"}}]"#,
        CANARIES[0], CANARIES[3], CANARIES[1]
    );
    stage.scene.load(&stage.app, "users", &users).await;
    let event = Value::object([("id", Value::from("e1")), ("sender", Value::from(CANARIES[2]))]);
    let id = stage.accept(Some(event)).await;
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "succeeded", "{row:?}");
    (stage, id)
}

fn replayer(stage: &Stage) -> Replayer {
    Replayer::new(stage.node().runtime.clone(), stage.node().platform.clone())
}

async fn recording(stage: &Stage, id: &ExecutionId) -> Recording {
    Recording::read(&stage.scene.store, &stage.app.tenant, id).await.unwrap()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()))
}

#[tokio::test]
async fn no_personal_value_is_left_in_a_redacted_bundle_and_it_replays() {
    let (stage, id) = run(WRITES).await;
    let recording = recording(&stage, &id).await;
    let open = Bundle::of(recording.clone()).encode();
    let bundle = replayer(&stage).redact(&recording, &[3; 32]).await.unwrap();
    assert_eq!(bundle.redaction, Redaction::Whole);
    let bytes = bundle.encode();
    for canary in CANARIES {
        assert!(holds(&open, canary), "{canary} was never there");
        assert!(!holds(&bytes, canary), "{canary}");
    }
    let report = replayer(&stage).replay_bundle(&Bundle::decode(&bytes).unwrap()).await.unwrap();
    assert_eq!((report.status, report.run), (ReplayStatus::Replayed, "succeeded"), "{report:?}");
    assert_eq!(report.effects, replayer(&stage).replay(&recording).await.unwrap().effects);

    let again = replayer(&stage).redact(&recording, &[3; 32]).await.unwrap();
    assert_eq!(again, bundle, "the same key gives the same tokens");
    let other = replayer(&stage).redact(&recording, &[4; 32]).await.unwrap();
    assert_ne!(other, bundle, "another key gives others");
}

#[tokio::test]
async fn a_run_that_takes_another_course_with_tokens_replays_up_to_there_and_says_so() {
    let config = r#"{
        "schema": "alcove/app@1", "name": "Looks", "trigger": { "type": "manual" },
        "actions": [
            { "type": "send_notification", "params": { "user_id": "u1", "message": "{{event.sender}}" } },
            { "type": "condition", "if": { "field": "event.sender", "op": "starts_with", "value": "canary" }, "then": [
                { "type": "send_notification", "params": { "user_id": "u2", "message": "one of ours" } }
            ] }
        ]
    }"#;
    let (stage, id) = run(config).await;
    let recording = recording(&stage, &id).await;
    let bundle = replayer(&stage).redact(&recording, &[3; 32]).await.unwrap();
    let Redaction::Until(until) = &bundle.redaction else { panic!("{:?}", bundle.redaction) };
    assert_eq!(until.place, "/actions/1/then/0", "{until:?}");
    let report = replayer(&stage).replay_bundle(&bundle).await.unwrap();
    assert_eq!(report.status, ReplayStatus::Replayed, "{report:?}");
    assert!(report.stopped_at.unwrap().reason.starts_with("not comparable"));
    assert!(!holds(&bundle.encode(), CANARIES[2]));
}

#[tokio::test]
async fn a_plan_that_names_a_personal_value_is_not_exported_with_tokens() {
    let config = WRITES.replace("handled", CANARIES[1]);
    let (stage, id) = run(&config).await;
    let refused = replayer(&stage).redact(&recording(&stage, &id).await, &[3; 32]).await;
    assert!(matches!(refused, Err(RedactError::Left { place: "the plan" })), "{refused:?}");
}
