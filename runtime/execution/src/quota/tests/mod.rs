//! Quotas over real databases: at the limit, and one past it, however many ask at the same time.

mod effects;
mod history;
mod runs;

use std::sync::Arc;

use alcove_ids::{EffectId, ExecutionId};
use alcove_journal::{
    effects::{Buffer, Coming},
    entry::{Effect, Entry, Record, Started},
};
use alcove_plan::{codec::Outcome, envelope::Digest, settings::OnQuotaExceeded, value::Value};
use alcove_platform::{EffectCall, Scope};
use alcove_store::tables::{
    counters, events,
    executions::{self, Trigger},
    tenants,
};
use serde_json::json;

use super::*;
use crate::{
    CommitError, EngineConfig, TenantSettings, Tier,
    commit::{Accept, Answer, Barrier, End, FIRST_TOKEN, RunRef, Summary, Unit},
    testing::{Database, Installed, Scene, databases},
};

/// An app that sends one e-mail for each event.
fn app(reaction: &str) -> String {
    json!({
        "schema": "alcove/app@1",
        "name": "Mail",
        "trigger": { "type": "event", "event": "user.created" },
        "actions": [{
            "type": "send_email",
            "params": { "to": "{{event.user_id}}", "subject": "Hello", "body": "Welcome" },
        }],
        "settings": { "concurrency": "parallel", "on_quota_exceeded": reaction },
    })
    .to_string()
}

/// A tenant of the free tier with that app, on a node over this database.
async fn scene(database: Database, reaction: &str) -> (Scene, Installed) {
    let scene = Scene::new(database).await;
    let installed = scene.install("t", "app", &app(reaction)).await;
    hold_to(&scene, &installed, Some(Tier::Free)).await;
    (scene, installed)
}

/// From now on the tenant has this tier.
async fn hold_to(scene: &Scene, installed: &Installed, tier: Option<Tier>) {
    let settings = TenantSettings { tier, ..TenantSettings::default() };
    scene.write(tenants::set_settings(scene.store.dialect(), &installed.tenant, &settings.to_json())).await;
    scene.tenants.forget(&installed.tenant);
}

/// An event with a run of the app.
fn accept(installed: &Installed, id: &str) -> Accept {
    let event = events::Row {
        tenant: installed.tenant.clone(),
        source: "test".to_owned(),
        id: id.to_owned(),
        r#type: "user.created".to_owned(),
        digest: Digest::of(b"body").to_string(),
        payload: "{}".to_owned(),
        timestamp: 0,
        chain_depth: 0,
        caused_by: None,
        received_at: 0,
    };
    let runs = vec![installed.queued(id, Trigger::Event)];
    Accept {
        tenant: installed.tenant.clone(),
        generation: Some(0),
        event: Some(event),
        runs,
        timers: Vec::new(),
        with: None,
    }
}

fn accepting(installed: &Installed, id: &str) -> Unit {
    Unit::Accept(Box::new(accept(installed, id)))
}

/// A request of a person.
fn request(installed: &Installed, id: &str) -> Unit {
    let runs = vec![installed.queued(id, Trigger::Manual)];
    Unit::Accept(Box::new(Accept { event: None, generation: None, runs, ..accept(installed, id) }))
}

/// A whole run in one unit: its event, so many e-mails, each in an iteration of its own, and its end.
fn mails(scene: &Scene, installed: &Installed, id: &str, count: u32, reaction: OnQuotaExceeded) -> Unit {
    let accept = accept(installed, id);
    let execution = accept.runs[0].id.clone();
    let event = alcove_journal::transition::Event::Finished { token: FIRST_TOKEN, report: Vec::new() };
    let barrier = Barrier {
        run: RunRef::Direct(Box::new(accept)),
        scope: scope(scene, installed, &execution),
        records: vec![opening(installed)],
        batch: Some(batch(installed, &execution, count)),
        then: Vec::new(),
        end: Some(End { event, summary: Summary::default(), question: None }),
        called: Vec::new(),
        spending: Spending::new(reaction),
    };
    Unit::Barrier(Box::new(barrier))
}

fn batch(installed: &Installed, execution: &ExecutionId, count: u32) -> alcove_journal::effects::Batch<EffectCall> {
    let mut buffer = Buffer::new();
    for index in 0..count {
        let id = EffectId::derive(execution, 0, &[index]);
        let (indices, digest) = (vec![index], Digest([0; 32]));
        let effect = Effect { id: id.clone(), action: 0, indices: indices.clone(), digest, shown: Value::Null };
        let action = Arc::clone(&installed.plan.actions[0]);
        let values = vec![Value::str("ada@example.com")];
        let call = EffectCall { effect_id: id, action, values, indices, recover_depth: 1 };
        buffer.local(effect, call, Coming::Local { outputs_read: false, has_handler: false });
    }
    buffer.take()
}

fn scope(scene: &Scene, installed: &Installed, execution: &ExecutionId) -> Scope {
    Scope {
        tenant: installed.tenant.clone(),
        app: installed.app.clone(),
        execution: execution.clone(),
        now: scene.node.clock.now(),
        chain_depth: 0,
    }
}

fn opening(installed: &Installed) -> Record {
    let started = Started {
        plan: installed.plan.digest(),
        executor: Digest([0; 32]),
        builtins_version: 1,
        tz_version: "2026a".to_owned(),
        input: Vec::new(),
    };
    Record { at_us: 0, entry: Entry::Started(started) }
}

/// What is counted of a resource now.
async fn counted(scene: &Scene, installed: &Installed, resource: Resource) -> i64 {
    let counter = Counter::at(&installed.tenant, resource, scene.clock_us()).unwrap();
    let get = counters::get(scene.store.dialect(), &installed.tenant, resource.name(), counter.window_start);
    let rows = scene.store.query(&get).await.unwrap();
    rows.first().map_or(0, |row| counters::Row::decode(row).unwrap().value)
}

/// All runs of the tenant.
async fn runs(scene: &Scene, installed: &Installed) -> Vec<executions::Row> {
    let list = executions::list(scene.store.dialect(), &installed.tenant, &executions::Filter::default(), 10_000);
    let rows = scene.store.query(&list).await.unwrap();
    rows.iter().map(|row| executions::Row::decode(row).unwrap()).collect()
}

/// How many runs are in a state.
async fn count_in(scene: &Scene, installed: &Installed, state: executions::State) -> usize {
    runs(scene, installed).await.iter().filter(|row| row.state == state).count()
}

fn performed(answer: &Result<Answer, CommitError>) -> usize {
    match answer {
        Ok(Answer::Done { outcomes, .. }) => {
            outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Performed(_))).count()
        }
        answer => panic!("{answer:?}"),
    }
}
