//! The committer over real databases.

mod barriers;
mod batches;
mod claims;
mod events;
mod pressure;

use alcove_ids::{EffectId, ExecutionId};
use alcove_journal::{
    effects::{Buffer, Coming},
    entry::{Effect, Entry, Record, Started},
    transition::{Event, Token},
};
use alcove_plan::{envelope::Digest, settings::OnQuotaExceeded, value::Value};
use alcove_platform::{EffectCall, Scope};
use alcove_store::tables::{
    events as rows,
    executions::{self, Trigger},
};

use super::*;
use crate::{
    quota::Spending,
    testing::{Installed, Scene},
};

/// An app whose runs may overlap, with one local effect.
const WELCOME: &str = r#"{
    "schema": "alcove/app@1",
    "name": "Welcome",
    "trigger": { "type": "event", "event": "user.created" },
    "actions": [{ "type": "award_xp", "params": { "user_id": "{{event.user_id}}", "amount": 10 } }],
    "settings": { "concurrency": "parallel", "notify_on_error": true, "auto_pause_after": 2 }
}"#;

const USERS: &str = r#"[{ "id": "u1", "name": "Ada" }, { "id": "u2", "name": "Grace" }]"#;

/// A tenant with the app and its users.
async fn welcome(scene: &Scene, tenant: &str) -> Installed {
    let installed = scene.install(tenant, "app", WELCOME).await;
    scene.load(&installed, "users", USERS).await;
    installed
}

/// An event with a run of the app.
fn accept(installed: &Installed, id: &str, body: &str) -> Accept {
    let event = rows::Row {
        tenant: installed.tenant.clone(),
        source: "test".to_owned(),
        id: id.to_owned(),
        r#type: "user.created".to_owned(),
        digest: Digest::of(body.as_bytes()).to_string(),
        payload: "{}".to_owned(),
        timestamp: 0,
        chain_depth: 0,
        caused_by: None,
        received_at: 0,
    };
    Accept {
        tenant: installed.tenant.clone(),
        generation: Some(0),
        event: Some(event),
        runs: vec![installed.queued(id, Trigger::Event)],
        timers: Vec::new(),
        with: None,
    }
}

/// A barrier with one award of XP to each of these users.
fn barrier(installed: &Installed, run: RunRef, execution: &ExecutionId, users: &[&str], end: Option<Event>) -> Barrier {
    let scope = Scope {
        tenant: installed.tenant.clone(),
        app: installed.app.clone(),
        execution: execution.clone(),
        now: alcove_plan::value::Timestamp::parse("2026-11-20T12:00:00Z").unwrap(),
        chain_depth: 0,
    };
    let mut buffer = Buffer::new();
    for (index, user) in (0..).zip(users) {
        let id = EffectId::derive(execution, 0, &[index]);
        let (indices, digest) = (vec![index], Digest([0; 32]));
        let effect = Effect { id: id.clone(), action: 0, indices: indices.clone(), digest, shown: Value::Null };
        let action = Arc::clone(&installed.plan.actions[0]);
        let call = EffectCall { effect_id: id, action, values: vec![(*user).into()], indices, recover_depth: 0 };
        let coming = Coming::Local { outputs_read: false, has_handler: false };
        assert_eq!(buffer.local(effect, call, coming), None);
    }
    let started = Started {
        plan: installed.plan.digest(),
        executor: Digest([0; 32]),
        builtins_version: 1,
        tz_version: "2026a".to_owned(),
        input: Vec::new(),
    };
    let opening = Record { at_us: 0, entry: Entry::Started(started) };
    Barrier {
        run,
        scope,
        records: vec![opening],
        batch: Some(buffer.take()),
        then: Vec::new(),
        end: end.map(|event| End { event, summary: Summary::default(), question: None }),
        called: Vec::new(),
        spending: Spending::new(OnQuotaExceeded::Skip),
    }
}

/// A whole run in one unit: its event, one effect, its end.
fn direct(installed: &Installed, id: &str, user: &str) -> Unit {
    let accept = accept(installed, id, "body");
    let execution = accept.runs[0].id.clone();
    let end = Event::Finished { token: FIRST_TOKEN, report: Vec::new() };
    let run = RunRef::Direct(Box::new(accept));
    Unit::Barrier(Box::new(barrier(installed, run, &execution, &[user], Some(end))))
}

/// A run that was accepted and claimed.
async fn leased(scene: &Scene, installed: &Installed, id: &str) -> Lease {
    let accept = accept(installed, id, "body");
    let execution = accept.runs[0].id.clone();
    let accepted = scene.committer.submit(Unit::Accept(Box::new(accept))).await.unwrap();
    assert!(matches!(accepted, Answer::Accepted { .. }), "{accepted:?}");
    match scene.committer.submit(claim(installed, &execution, false)).await.unwrap() {
        Answer::Claimed(lease) => *lease,
        answer => panic!("{answer:?}"),
    }
}

fn claim(installed: &Installed, execution: &ExecutionId, lock: bool) -> Unit {
    let (tenant, app) = (installed.tenant.clone(), installed.app.clone());
    Unit::Claim(Claim { tenant, app, execution: execution.clone(), lock })
}

/// A barrier of a run that was claimed.
fn held(installed: &Installed, lease: &Lease, users: &[&str], end: Option<Event>) -> Unit {
    let run = RunRef::Leased { token: lease.token };
    Unit::Barrier(Box::new(barrier(installed, run, &lease.row.id, users, end)))
}

fn finished(token: Token) -> Event {
    Event::Finished { token, report: Vec::new() }
}

/// The state of a run, if it is stored.
async fn state(scene: &Scene, installed: &Installed, id: &str) -> Option<executions::State> {
    let execution = ExecutionId::of_trigger(&installed.tenant, &installed.app, id, 0);
    scene.row(&installed.tenant, &execution).await.map(|row| row.state)
}
