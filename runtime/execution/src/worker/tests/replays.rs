//! Replays of what workers have carried: the journal alone gives the same run, and whatever was changed about it is
//! found.

use std::path::PathBuf;

use alcove_ids::ExecutionId;
use alcove_journal::{
    entry::{Edit, Entry, Record, write_journal},
    transition::Verdict,
};
use alcove_plan::{envelope::Digest, value::Value};
use alcove_platform::Platform;
use alcove_store::{Store, tables::journal};

use super::{
    provider::{HOST, Mood, Outsider},
    stage::Stage,
};
use crate::{Bundle, Recording, ReplayReport, ReplayStatus, Replayer};

/// Reads, outputs that are read, a handler, loops of both kinds, lines of the log.
const MUCH: &str = r#"{
    "schema": "alcove/app@1", "name": "Much", "trigger": { "type": "manual" },
    "pipeline": [
        { "id": "all", "connector": "users" },
        { "id": "rewards", "connector": "rewards", "fields": ["id", "user_id"] }
    ],
    "actions": [
        { "id": "bonus", "type": "award_xp", "params": { "user_id": "u1", "amount": 10 } },
        { "type": "for_each", "items": "{{steps.all.data}}", "as": "user", "actions": [
            { "id": "one", "type": "award_xp", "params": { "user_id": "{{user.id}}", "amount": 1 } },
            { "type": "send_notification",
              "params": { "user_id": "{{user.id}}", "message": "you have {{actions.one.xp_total}}" } }
        ] },
        { "type": "for_each", "items": "{{steps.rewards.data}}", "as": "reward",
          "on_item_error": "continue", "actions": [
            { "type": "send_notification", "params": { "user_id": "{{reward.user_id}}", "message": "{{reward.id}}" } }
        ] },
        { "type": "award_xp", "params": { "user_id": "nobody", "amount": 5 }, "on_failure": [
            { "type": "send_notification", "params": { "user_id": "u3", "message": "handled" } }
        ] }
    ]
}"#;

const FAILS: &str = r#"{
    "schema": "alcove/app@1", "name": "Fails", "trigger": { "type": "manual" },
    "actions": [
        { "type": "send_notification", "params": { "user_id": "u1", "message": "before" } },
        { "type": "award_xp", "params": { "user_id": "nobody", "amount": 5 } }
    ]
}"#;

const ASKS: &str = r#"{
    "schema": "alcove/app@1", "name": "Asks", "trigger": { "type": "manual" },
    "actions": [
        { "type": "send_notification", "params": { "user_id": "u1", "message": "before" } },
        { "type": "request_approval", "params": { "title": "Pay?", "message": "All" } },
        { "type": "award_xp", "params": { "user_id": "u2", "amount": 10 } }
    ]
}"#;

async fn much() -> (Stage, ExecutionId) {
    let stage = Stage::new(MUCH).await;
    let rewards = r#"[{"id": "w1", "user_id": "u1"}, {"id": "w2", "user_id": "gone"}, {"id": "w3", "user_id": "u2"}]"#;
    stage.scene.load(&stage.app, "rewards", rewards).await;
    let id = stage.accept(None).await;
    (stage, id)
}

fn replayer(stage: &Stage) -> Replayer {
    Replayer::new(stage.node().runtime.clone(), stage.node().platform.clone())
}

async fn recording(stage: &Stage, id: &ExecutionId) -> Recording {
    Recording::read(&stage.scene.store, &stage.app.tenant, id).await.unwrap()
}

async fn replay(stage: &Stage, id: &ExecutionId) -> ReplayReport {
    replayer(stage).replay(&recording(stage, id).await).await.unwrap()
}

/// Replays the run with another journal than its own.
async fn replay_changed(stage: &Stage, id: &ExecutionId, change: impl FnOnce(&mut Vec<Record>)) -> ReplayReport {
    let mut records = stage.journal(id).await;
    change(&mut records);
    let recording = Recording { journal: write_journal(&records), ..recording(stage, id).await };
    replayer(stage).replay(&recording).await.unwrap()
}

fn assert_replayed(report: &ReplayReport, run: &str) {
    assert_eq!((report.status, report.run), (ReplayStatus::Replayed, run), "{report:?}");
    assert!(report.other_build.is_empty(), "{report:?}");
}

#[tokio::test]
async fn a_run_that_succeeded_replays_with_all_its_effects_and_reads() {
    let (stage, id) = much().await;
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "succeeded", "{row:?}");
    let report = replay(&stage, &id).await;
    assert_replayed(&report, "succeeded");
    assert_eq!((report.effects, report.reads), (12, 2), "{report:?}");
    assert_eq!(report.stopped_at, None);
}

#[tokio::test]
async fn a_run_that_failed_replays_to_the_same_failure_at_the_same_place() {
    let stage = Stage::new(FAILS).await;
    let id = stage.accept(None).await;
    let row = stage.carry(&id).await;
    assert_eq!(row.state.as_str(), "failed", "{row:?}");
    assert_replayed(&replay(&stage, &id).await, "failed");
}

#[tokio::test]
async fn a_replay_changes_no_table_and_needs_no_database() {
    let (stage, id) = much().await;
    stage.carry(&id).await;
    let tables = ["executions", "journal", "effects", "notifications", "emitted_events", "audit", "timers", "locks"];
    let mut before = Vec::new();
    for table in tables {
        before.push(stage.scene.count(table).await);
    }
    let (effects, commits) = (stage.effects().await, stage.scene.committer.counts());
    assert_replayed(&replay(&stage, &id).await, "succeeded");
    for (table, before) in tables.into_iter().zip(before) {
        assert_eq!(stage.scene.count(table).await, before, "{table}");
    }
    assert_eq!(stage.effects().await, effects);
    assert_eq!(stage.scene.committer.counts(), commits);

    let bytes = Bundle::of(recording(&stage, &id).await).encode();
    let nothing = Platform::new(Store::open_memory().await.unwrap(), alcove_catalog::Catalog::shipped());
    let elsewhere = Replayer::new(stage.node().runtime.clone(), nothing);
    let report = elsewhere.replay_bundle(&Bundle::decode(&bytes).unwrap()).await.unwrap();
    assert_replayed(&report, "succeeded");
}

#[tokio::test]
async fn what_is_waiting_replays_up_to_the_question_and_what_was_decided_replays_as_it_was() {
    let stage = Stage::new(ASKS).await;
    let id = stage.accept(None).await;
    assert_eq!(stage.carry(&id).await.state.as_str(), "waiting");
    let report = replay(&stage, &id).await;
    assert_replayed(&report, "waiting");
    assert_eq!(report.stopped_at.unwrap().place, "/actions/1");

    let edit = Edit { action: 2, indices: vec![], path: vec!["amount".to_owned()], value: Value::Int(3) };
    stage.decide(&id, Verdict::Modify(vec![edit])).await;
    assert_eq!(stage.carry(&id).await.state.as_str(), "succeeded");
    assert_replayed(&replay(&stage, &id).await, "succeeded");
    let unmodified = replay_changed(&stage, &id, |records| {
        for record in records {
            if let Entry::Decided(decided) = &mut record.entry {
                decided.decision = alcove_journal::entry::Decision::Approved;
            }
        }
    });
    assert_eq!(unmodified.await.diverged.unwrap().place, "/actions/2");
}

#[tokio::test]
async fn what_was_approved_or_rejected_replays() {
    for (verdict, run) in [(Verdict::Approve, "succeeded"), (Verdict::Reject, "cancelled")] {
        let stage = Stage::new(ASKS).await;
        let id = stage.accept(None).await;
        stage.carry(&id).await;
        stage.decide(&id, verdict).await;
        if run == "succeeded" {
            stage.carry(&id).await;
        }
        assert_replayed(&replay(&stage, &id).await, run);
    }
}

#[tokio::test]
async fn an_external_effect_is_answered_from_the_journal_and_not_sent() {
    let outsider = Outsider::start(Mood::Done).await;
    let config = format!(
        r#"{{ "schema": "alcove/app@1", "name": "Calls", "trigger": {{ "type": "manual" }}, "actions": [
            {{ "type": "webhook_call", "params": {{ "url": "{HOST}/hook", "timeout": "10s", "idempotent": true }} }},
            {{ "type": "send_notification", "params": {{ "user_id": "u1", "message": "after" }} }} ] }}"#
    );
    let stage = Stage::with_outside(&config, outsider.outside()).await;
    let id = stage.accept(None).await;
    assert_eq!(stage.carry(&id).await.state.as_str(), "succeeded");
    assert_replayed(&replay(&stage, &id).await, "succeeded");
    assert_eq!(outsider.done().len(), 1);
}

#[tokio::test]
async fn a_worker_that_is_struck_down_leaves_a_journal_that_replays_as_far_as_it_goes() {
    let mut commits = 0;
    loop {
        let (stage, id) = much().await;
        let done = stage.carry_until(&id, commits).await;
        if done || stage.stored(&id).await.state.as_str() == "succeeded" {
            assert!(commits > 4, "{commits}");
            return;
        }
        if !stage.journal(&id).await.is_empty() {
            let report = replay(&stage, &id).await;
            assert_eq!(report.status, ReplayStatus::Replayed, "after {commits} commits: {report:?}");
            assert_eq!(report.stopped_at.is_some(), report.run == "unfinished", "after {commits}: {report:?}");
        }
        stage.lose(&id).await;
        stage.carry(&id).await;
        assert_replayed(&replay(&stage, &id).await, "succeeded");
        commits += 1;
    }
}

#[tokio::test]
async fn a_run_that_was_tried_again_replays_as_it_went_in_the_end() {
    let config = FAILS.replace(
        r#""actions": ["#,
        r#""settings": { "retry": { "max_attempts": 2, "initial_delay": "1s" } }, "actions": ["#,
    );
    let stage = Stage::new(&config).await;
    let id = stage.accept(None).await;
    let row = stage.carry(&id).await;
    let report = replay(&stage, &id).await;
    assert_eq!(report.status, ReplayStatus::Replayed, "{row:?} {report:?}");
}

#[tokio::test]
async fn a_journal_that_was_tampered_with_is_found() {
    let (stage, id) = much().await;
    stage.carry(&id).await;
    let records = stage.journal(&id).await;
    let is = |kind: &'static str| records.iter().position(|record| record.entry.name() == kind).unwrap();
    let (effects, page, log, end) = (is("local effects"), is("query page"), is("log"), is("finished"));

    for left_out in [0, effects, page, log, end - 1] {
        let report = replay_changed(&stage, &id, |records| drop(records.remove(left_out))).await;
        assert_eq!(report.status, ReplayStatus::Diverged, "without record {left_out}: {report:?}");
    }
    let reordered = replay_changed(&stage, &id, |records| records.swap(page, effects)).await;
    assert_eq!(reordered.status, ReplayStatus::Diverged, "{reordered:?}");
    let changed = replay_changed(&stage, &id, |records| {
        if let Entry::LocalEffects(local) = &mut records[effects].entry {
            local.effects[0].effect.digest = Digest([7; 32]);
        }
    });
    let difference = changed.await.diverged.unwrap();
    assert_eq!(difference.place, "/actions/0", "{difference:?}");
    let said = replay_changed(&stage, &id, |records| {
        if let Entry::Log(line) = &mut records[log].entry {
            line.message.push('!');
        }
    });
    assert!(said.await.diverged.unwrap().expected.contains('!'));
    let answered = replay_changed(&stage, &id, |records| {
        if let Entry::QueryPage(page) = &mut records[page].entry {
            let answer = page.answer.as_mut().unwrap();
            let id = answer.windows(2).position(|bytes| bytes == b"u1").unwrap();
            answer[id + 1] = b'9';
        }
    });
    assert_eq!(answered.await.status, ReplayStatus::Diverged);
}

#[tokio::test]
async fn a_journal_of_another_build_is_replayed_and_its_build_is_named() {
    let (stage, id) = much().await;
    stage.carry(&id).await;
    let report = replay_changed(&stage, &id, |records| {
        if let Entry::Started(started) = &mut records[0].entry {
            started.executor = Digest([7; 32]);
        }
    });
    let report = report.await;
    assert_eq!((report.status, report.other_build[0].what), (ReplayStatus::Replayed, "executor"), "{report:?}");
    let other_plan = replay_changed(&stage, &id, |records| {
        if let Entry::Started(started) = &mut records[0].entry {
            started.plan = Digest([7; 32]);
        }
    });
    assert!(other_plan.await.diverged.unwrap().expected.starts_with("plan"));
}

#[tokio::test]
async fn one_byte_that_was_changed_in_a_bundle_is_found_wherever_it_is() {
    let (stage, id) = much().await;
    stage.carry(&id).await;
    let bundle = Bundle::of(recording(&stage, &id).await);
    let bytes = bundle.encode();
    assert_eq!(Bundle::decode(&bytes).unwrap(), bundle);
    for at in (0..bytes.len()).step_by(37).chain([bytes.len() - 1]) {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(Bundle::decode(&changed).is_err(), "byte {at}");
        assert!(Bundle::decode(&bytes[..at]).is_err(), "cut off at {at}");
    }
}

#[tokio::test]
async fn a_run_without_a_journal_is_not_replayed() {
    let (stage, id) = much().await;
    let read = Recording::read(&stage.scene.store, &stage.app.tenant, &id).await;
    assert!(read.unwrap_err().to_string().contains("`queued`"));
    let rows = journal::read(stage.scene.store.dialect(), &stage.app.tenant, &id);
    assert!(stage.scene.store.query(&rows).await.unwrap().is_empty());
    let other = alcove_ids::TenantId::parse("t2").unwrap();
    let read = Recording::read(&stage.scene.store, &other, &id).await;
    assert!(read.unwrap_err().to_string().contains("there is no execution"));
}

/// What was ever exported, by any version.
fn golden() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "tests", "golden", "bundles"].iter().collect()
}

/// `BLESS=1` writes files that are missing, and changes none.
async fn bless() {
    let (stage, id) = much().await;
    stage.carry(&id).await;
    let recording = recording(&stage, &id).await;
    let redacted = replayer(&stage).redact(&recording, &[1; 32]).await.unwrap();
    std::fs::create_dir_all(golden()).unwrap();
    for (name, bundle) in [("v1_run", Bundle::of(recording)), ("v1_redacted", redacted)] {
        let path = golden().join(format!("{name}.alcove-run"));
        if !path.exists() {
            std::fs::write(path, bundle.encode()).unwrap();
        }
    }
}

#[tokio::test]
async fn every_bundle_that_was_ever_written_replays() {
    if std::env::var_os("BLESS").is_some() {
        bless().await;
    }
    let stage = Stage::new(MUCH).await;
    let mut replayed = 0;
    for file in std::fs::read_dir(golden()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let bundle = Bundle::decode(&bytes).unwrap();
        assert_eq!(bundle.encode(), bytes);
        let report = replayer(&stage).replay_bundle(&bundle).await.unwrap();
        assert_eq!(
            (report.status, report.run, report.effects),
            (ReplayStatus::Replayed, "succeeded", 12),
            "{report:?}"
        );
        replayed += 1;
    }
    assert!(replayed >= 2, "{replayed}");
}
