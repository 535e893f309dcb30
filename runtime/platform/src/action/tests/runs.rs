//! Calls of many runs in one transaction of the caller.

use alcove_ids::{AppId, EffectId, ExecutionId};
use alcove_plan::{
    codec::Outcome,
    failure::LimitHit,
    limits::STATE_KEYS_MAX,
    value::{Timestamp, Value},
};
use alcove_store::{Sql, SqlValue, Statement, StoreError};

use super::communities;
use crate::{
    Allowance, EffectCall, Platform, RunCalls, Scope,
    testing::{calls, dump, failure, outputs, prepared, raw, scope, text},
};

/// The run of that number, of an app, each a second after the one before.
fn run(number: i64, app: &str) -> Scope {
    let start = scope("t1");
    Scope {
        app: AppId::parse(app).unwrap(),
        execution: ExecutionId::parse(&format!("run_{number}")).unwrap(),
        now: Timestamp::from_micros(start.now.micros() + number * 1_000_000).unwrap(),
        ..start
    }
}

/// A call of an action, at a position of its run.
fn call(platform: &Platform, scope: &Scope, at: u32, name: &str, params: &[&str], values: Vec<Value>) -> EffectCall {
    let action = prepared(platform, name, params);
    let call = calls(scope, &action, vec![values]).remove(0);
    EffectCall { effect_id: EffectId::derive(&scope.execution, at, &[]), indices: vec![at], ..call }
}

fn award(platform: &Platform, scope: &Scope, at: u32, user: &str, amount: i64) -> EffectCall {
    call(platform, scope, at, "award_xp", &["user_id", "amount"], vec![text(user), Value::Int(amount)])
}

fn notify(platform: &Platform, scope: &Scope, at: u32) -> EffectCall {
    call(platform, scope, at, "send_notification", &["user_id", "message"], vec![text("ann"), text("hi")])
}

fn set(platform: &Platform, scope: &Scope, at: u32) -> EffectCall {
    call(platform, scope, at, "set_state", &["key", "value"], vec![text(&format!("k{at}")), Value::Int(1)])
}

/// Performs the runs in one transaction, after a statement of the caller's own, and commits.
async fn perform(platform: &Platform, runs: &[(&Scope, Vec<EffectCall>)]) -> Result<Vec<Vec<Outcome>>, StoreError> {
    let runs: Vec<RunCalls<'_>> =
        runs.iter().map(|(scope, calls)| RunCalls { scope, calls, allowance: Allowance::FREE }).collect();
    let mut transaction = platform.store().begin().await?;
    transaction.for_tenant("t1");
    let note =
        "INSERT INTO app_state (tenant_id, app_id, \"key\", value, updated_at) VALUES ('t1', 'caller', ?1, '1', 0)";
    transaction.enqueue(Statement::new(Sql::built(note), vec![SqlValue::text("k")]));
    let outcomes = platform.perform_in(&mut transaction, &runs).await?;
    transaction.commit().await?;
    let found = raw(platform, "SELECT count(*) FROM app_state WHERE app_id = 'caller'").await;
    assert_eq!(found, [[SqlValue::Int(1)]], "what the caller enqueued has happened too");
    Ok(outcomes)
}

async fn column(platform: &Platform, sql: &str) -> Vec<String> {
    raw(platform, sql).await.iter().map(|row| row[0].as_str().unwrap().to_owned()).collect()
}

fn values(outcomes: &[Outcome]) -> Vec<Value> {
    outcomes.iter().map(|outcome| outputs(outcome).first().cloned().unwrap_or_default()).collect()
}

#[tokio::test]
async fn runs_of_two_apps_share_a_batch_and_each_call_is_its_own_runs() {
    for (platform, _) in communities("t1").await {
        let (one, two) = (run(1, "first"), run(2, "second"));
        let of = |scope: &Scope| {
            let state = call(&platform, scope, 3, "get_state", &["key"], vec![text("k0")]);
            vec![
                award(&platform, scope, 0, "ann", 30),
                notify(&platform, scope, 1),
                award(&platform, scope, 2, "ann", 5),
                state,
            ]
        };
        let runs = [(&one, [vec![set(&platform, &one, 9)], of(&one)].concat()), (&two, of(&two))];
        let outcomes = perform(&platform, &runs).await.unwrap();
        assert_eq!(values(&outcomes[0][1..2]), [Value::Int(110)], "after the first stretch of the other run");
        assert_eq!(values(&outcomes[1][..1]), [Value::Int(80)]);
        let users = raw(&platform, "SELECT xp_total, updated_at FROM users WHERE id = 'ann'").await;
        assert_eq!(users, [[SqlValue::Int(120), SqlValue::Int(one.now.micros())]]);
        let sent = raw(&platform, "SELECT created_at FROM notifications ORDER BY 1").await;
        assert_eq!(sent, [[SqlValue::Int(one.now.micros())], [SqlValue::Int(two.now.micros())]]);
        let events = "SELECT DISTINCT execution_id FROM emitted_events ORDER BY 1";
        assert_eq!(column(&platform, events).await, ["run_1", "run_2"]);
        let ledger = "SELECT execution_id FROM effects ORDER BY 1";
        assert_eq!(
            column(&platform, ledger).await,
            ["run_1", "run_1", "run_1", "run_1", "run_1", "run_2", "run_2", "run_2", "run_2"]
        );
        let state = raw(&platform, "SELECT \"key\" FROM app_state WHERE app_id = 'first'").await;
        assert_eq!(state, [[SqlValue::text("k9")]]);
    }
}

#[tokio::test]
async fn a_bad_call_of_one_run_harms_no_other_run() {
    for (platform, _) in communities("t1").await {
        let (one, two, three) = (run(1, "app"), run(2, "app"), run(3, "app"));
        let bad = vec![
            award(&platform, &two, 0, "ann", 1),
            award(&platform, &two, 1, "eve", 1),
            award(&platform, &two, 2, "ann", 7),
        ];
        let too_much = vec![award(&platform, &three, 0, "bob", i64::MAX), award(&platform, &three, 1, "bob", 1)];
        let good = vec![award(&platform, &one, 0, "ann", 10), award(&platform, &one, 1, "bob", 0)];
        let outcomes = perform(&platform, &[(&one, good), (&two, bad), (&three, too_much)]).await.unwrap();
        assert_eq!(values(&outcomes[0]), [60, 0].map(Value::Int));
        assert_eq!(values(&outcomes[1][..1]), [Value::Int(61)]);
        assert_eq!(failure(&outcomes[1][1]), "E005: no user has the id `eve`");
        assert_eq!(outcomes[1][2], Outcome::NotPerformed);
        assert_eq!(values(&outcomes[2][..1]), [Value::Int(i64::MAX)]);
        assert_eq!(failure(&outcomes[2][1]), "E005: the XP of the user `bob` would go beyond what an integer holds");
        let ledger = raw(&platform, "SELECT count(*) FROM effects").await;
        assert_eq!(ledger, [[SqlValue::Int(4)]]);
    }
}

#[tokio::test]
async fn an_app_that_meets_its_limit_does_not_keep_another_from_its_own() {
    for (platform, _) in communities("t1").await {
        let (full, other) = (run(1, "full"), run(2, "other"));
        let many = (0..=STATE_KEYS_MAX).map(|at| set(&platform, &full, at)).collect();
        let few = (0..2).map(|at| set(&platform, &other, at)).collect();
        let outcomes = perform(&platform, &[(&full, many), (&other, few)]).await.unwrap();
        let (fit, beyond) = outcomes[0].split_at(STATE_KEYS_MAX as usize);
        assert!(fit.iter().chain(&outcomes[1]).all(|outcome| matches!(outcome, Outcome::Performed(_))));
        let Outcome::Failed(failure) = &beyond[0] else { panic!("{beyond:?}") };
        let limit = LimitHit { name: "state_keys".to_owned(), value: u64::from(STATE_KEYS_MAX) };
        assert_eq!(failure.limit, Some(limit));
    }
}

#[tokio::test]
async fn an_effect_that_is_in_the_ledger_refuses_the_batch_and_nothing_of_it_happens() {
    for (platform, _) in communities("t1").await {
        let (one, two) = (run(1, "app"), run(2, "app"));
        let first = vec![award(&platform, &one, 0, "ann", 1)];
        assert!(matches!(platform.perform(&one, &first).await[0], Outcome::Performed(_)));
        let before = dump(&platform, "t1").await;
        let fresh = vec![award(&platform, &two, 0, "ann", 1)];
        let refused = perform(&platform, &[(&two, fresh.clone()), (&one, first.clone())]).await.unwrap_err();
        assert!(refused.is_refusal(), "{refused:?}");
        assert_eq!(dump(&platform, "t1").await, before);
        assert_eq!(values(&perform(&platform, &[(&two, fresh)]).await.unwrap()[0]), [Value::Int(52)]);
    }
}

#[tokio::test]
async fn what_the_database_refuses_of_the_caller_is_the_callers_to_know() {
    for (platform, scope) in communities("t1").await {
        let mut transaction = platform.store().begin().await.unwrap();
        transaction.for_tenant("t1");
        let again = "INSERT INTO rooms SELECT * FROM rooms WHERE tenant_id = 't1' AND id = 'den'";
        transaction.enqueue(Statement::new(Sql::built(again), vec![]));
        let calls = [award(&platform, &scope, 0, "ann", 1)];
        let refused = platform
            .perform_in(&mut transaction, &[RunCalls { scope: &scope, calls: &calls, allowance: Allowance::FREE }])
            .await;
        assert!(refused.unwrap_err().is_refusal());
        drop(transaction);
        let xp = raw(&platform, "SELECT xp_total FROM users WHERE id = 'ann'").await;
        assert_eq!(xp, [[SqlValue::Int(50)]]);
    }
}

#[tokio::test]
async fn a_run_of_another_tenant_is_refused_and_the_others_are_not() {
    for (platform, mine) in communities("t1").await {
        let theirs = Scope { execution: ExecutionId::parse("run_2").unwrap(), ..scope("t2") };
        super::populate(&platform, &theirs).await;
        let before = dump(&platform, "t2").await;
        let [own, foreign] = [&mine, &theirs]
            .map(|scope| vec![award(&platform, scope, 0, "ann", 1), award(&platform, scope, 1, "ann", 1)]);
        let outcomes = perform(&platform, &[(&mine, own), (&theirs, foreign)]).await.unwrap();
        assert_eq!(values(&outcomes[0]), [51, 52].map(Value::Int));
        assert_eq!(failure(&outcomes[1][0]), "E012: a batch holds runs of more than one tenant");
        assert_eq!(outcomes[1][1], Outcome::NotPerformed);
        assert_eq!(dump(&platform, "t2").await, before);
    }
}
