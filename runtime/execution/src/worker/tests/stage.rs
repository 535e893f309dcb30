//! An app, its runs, and a worker that may be struck down at any commit.

use std::sync::Arc;

use alcove_ids::ExecutionId;
use alcove_journal::{
    cursor::History,
    entry::{Entry, Record, read_journal},
    transition::{Decider, Event, Ruling, Run, Subject, SubjectKind, Token, Verdict},
};
use alcove_plan::{codec::encode_value, value::Value};
use alcove_store::{
    Sql, SqlValue, Statement,
    tables::{executions, journal},
};

use crate::{
    EngineConfig, Outside,
    commit::{Accept, Answer, Claim, Lease, Unit},
    dispatch::Interruption,
    testing::{Installed, Scene, memory},
    transition::apply_in,
    worker,
};

/// One app on one node.
pub(super) struct Stage {
    pub(super) scene: Scene,
    pub(super) app: Installed,
}

impl Stage {
    /// An app with three users.
    pub(super) async fn new(config: &str) -> Self {
        Self::with_outside(config, Outside::default()).await
    }

    /// The same, with this around it.
    pub(super) async fn with_outside(config: &str, outside: Outside) -> Self {
        let scene = Scene::with_outside(memory().await, EngineConfig::default(), outside);
        let app = scene.install("t1", "app", config).await;
        scene.load(&app, "users", r#"[{"id": "u1", "name": "Ada"}, {"id": "u2"}, {"id": "u3"}]"#).await;
        Self { scene, app }
    }

    /// Accepts a run, with what started it.
    pub(super) async fn accept(&self, input: Option<Value>) -> ExecutionId {
        let row = self.row("manual:1", input);
        let id = row.id.clone();
        let answer = self.submit(Unit::Accept(Box::new(self.acceptance(row)))).await;
        assert!(matches!(answer, Answer::Accepted { .. }), "{answer:?}");
        id
    }

    pub(super) fn row(&self, key: &str, input: Option<Value>) -> executions::Row {
        let input = input.map(|input| encode_value(&input));
        executions::Row { input, ..self.app.queued(key, executions::Trigger::Manual) }
    }

    pub(super) fn acceptance(&self, row: executions::Row) -> Accept {
        Accept {
            tenant: self.app.tenant.clone(),
            generation: None,
            event: None,
            runs: vec![row],
            timers: Vec::new(),
            with: None,
        }
    }

    async fn submit(&self, unit: Unit) -> Answer {
        self.scene.committer.submit(unit).await.unwrap()
    }

    /// Takes a run from the queue.
    pub(super) async fn claim(&self, id: &ExecutionId) -> Lease {
        let (tenant, app) = (self.app.tenant.clone(), self.app.app.clone());
        let claim = Claim { tenant, app, execution: id.clone(), lock: false };
        match self.submit(Unit::Claim(claim)).await {
            Answer::Claimed(lease) => *lease,
            answer => panic!("the run is not to be had: {answer:?}"),
        }
    }

    /// Takes a run from the queue and carries it as far as it goes.
    pub(super) async fn carry(&self, id: &ExecutionId) -> executions::Row {
        let lease = self.claim(id).await;
        worker::run(&self.scene.node, lease, &Interruption::default()).await;
        self.stored(id).await
    }

    /// The same, but the worker is struck down after so many commits. Gives whether it was done before.
    pub(super) async fn carry_until(&self, id: &ExecutionId, commits: u64) -> bool {
        let lease = self.claim(id).await;
        let before = self.units();
        let interruption = Interruption::default();
        let struck = async {
            while self.units() < before + commits {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            () = struck => false,
            () = worker::run(&self.scene.node, lease, &interruption) => true,
        }
    }

    /// Units that were committed so far.
    pub(super) fn units(&self) -> u64 {
        self.scene.committer.counts().units
    }

    /// The worker's lease is over: the run goes back into the queue, if it has not ended.
    pub(super) async fn lose(&self, id: &ExecutionId) {
        let token = Token(self.stored(id).await.token);
        self.step(id, Event::LeaseLost { token }).await;
    }

    /// Something happens to the run.
    pub(super) async fn step(&self, id: &ExecutionId, event: Event) {
        let mut transaction = self.scene.store.begin().await.unwrap();
        transaction.for_tenant(self.app.tenant.as_str());
        apply_in(&mut transaction, &self.scene.node, &self.app.tenant, id, event).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// Somebody who had no part in the run decides about its approval.
    pub(super) async fn decide(&self, id: &ExecutionId, verdict: Verdict) {
        let run = Run::decode(&self.stored(id).await.run).unwrap();
        let alcove_journal::transition::State::Waiting(alcove_journal::transition::Waiting::Approval(request)) =
            run.state
        else {
            panic!("the run does not wait for an approval");
        };
        let by = Decider { subject: Subject { kind: SubjectKind::Person, id: "eve".to_owned() }, roles: Vec::new() };
        self.step(id, Event::Decided(Ruling { by, binding: request.binding, verdict })).await;
    }

    /// The row of a run.
    pub(super) async fn stored(&self, id: &ExecutionId) -> executions::Row {
        self.scene.row(&self.app.tenant, id).await.unwrap()
    }

    /// Everything that the journal has.
    pub(super) async fn journal(&self, id: &ExecutionId) -> Vec<Record> {
        let store = &self.scene.store;
        let rows = store.query(&journal::read(store.dialect(), &self.app.tenant, id)).await.unwrap();
        let bytes: Vec<u8> = rows.iter().flat_map(|row| journal::Row::decode(row).unwrap().records).collect();
        let records = read_journal(&bytes).unwrap();
        // Whatever the test is about: it is the journal of a run.
        assert!(records.is_empty() || History::read(records.clone()).is_ok());
        records
    }

    /// The kinds of the journal's entries, in order.
    pub(super) async fn kinds(&self, id: &ExecutionId) -> Vec<&'static str> {
        self.journal(id).await.iter().map(|record| record.entry.name()).collect()
    }

    /// The lines of the run's log.
    pub(super) async fn lines(&self, id: &ExecutionId) -> Vec<String> {
        let line = |record: Record| match record.entry {
            Entry::Log(log) => Some(log.message),
            _ => None,
        };
        self.journal(id).await.into_iter().filter_map(line).collect()
    }

    /// What the tables hold that effects change, as text.
    pub(super) async fn effects(&self) -> Vec<String> {
        let mut all = Vec::new();
        for sql in [
            "SELECT user_id, message FROM notifications ORDER BY user_id, message",
            "SELECT id, CAST(xp_total AS TEXT) FROM users ORDER BY id",
            "SELECT effect_id, action FROM effects ORDER BY effect_id",
        ] {
            let rows = self.scene.store.query(&Statement::new(Sql::fixed(sql), Vec::new())).await.unwrap();
            all.extend(rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join(" ")));
        }
        all
    }

    pub(super) fn node(&self) -> &Arc<crate::node::Node> {
        &self.scene.node
    }
}

fn text(cell: &SqlValue) -> String {
    match cell {
        SqlValue::Text(text) => text.to_string(),
        cell => format!("{cell:?}"),
    }
}
