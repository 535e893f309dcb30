//! Random calls of several runs: a batch does what its calls do one by one, and does the same in both databases.

use alcove_ids::{AppId, EffectId, ExecutionId, TenantId};
use alcove_plan::{
    codec::Outcome,
    value::{Timestamp, Value},
};
use alcove_store::{Dialect, Transaction};
use proptest::{prelude::*, sample::select as one_of, test_runner::TestRunner};

use super::populate;
use crate::{
    Allowance, Blocked, EffectCall, Platform, RunCalls, Scope,
    action::{run::Run, wave},
    testing::{dump, prepared, raw, scope, stages, text},
};

/// A call: an action, the parameters that it is given, their values, and whether its failure stops the run.
type Call = (&'static str, &'static [&'static str], Vec<Value>, bool);

fn of(name: &'static str, params: &'static [&'static str], values: Vec<Vec<Value>>) -> BoxedStrategy<Call> {
    (one_of(values), any::<bool>()).prop_map(move |(values, stops)| (name, params, values, stops)).boxed()
}

/// Every value of one list with every value of the other.
fn pairs(left: &[Value], right: &[Value]) -> Vec<Vec<Value>> {
    left.iter().flat_map(|left| right.iter().map(|right| vec![left.clone(), right.clone()])).collect()
}

fn a_call() -> impl Strategy<Value = Call> {
    let users = ["ann", "bob", "ann", "bob", "eve"].map(text);
    let (keys, rooms) = (["k", "l", "ä\n\"\\"].map(text), ["den", "den", "attic"].map(text));
    let amounts = [1, 30, 75, -20, i64::MAX - 60].map(Value::Int);
    let scores = [Value::Num("2.50".parse().unwrap())];
    let object = Value::object([("b", Value::Num("1.50".parse().unwrap())), ("a", Value::Null)]);
    prop_oneof![
        3 => of("award_xp", &["user_id", "amount"], pairs(&users, &amounts)),
        2 => of("award_badge", &["user_id", "badge"], pairs(&users, &["Star", "Sun"].map(text))),
        2 => of("add_to_room", &["room_id", "user_id"], pairs(&rooms, &users)),
        2 => of("set_state", &["key", "value"], pairs(&keys, &[Value::Int(1), object.clone()])),
        1 => of("get_state", &["key", "default"], pairs(&keys, &[Value::Null, object.clone()])),
        1 => of("delete_state", &["key"], keys.iter().map(|key| vec![key.clone()]).collect()),
        1 => of("create_post", &["room_id", "content"], pairs(&rooms, &[text("a \"quoted\"\n\u{1} text ä")])),
        1 => of("flag_post", &["post_id", "reason"], pairs(&["p1", "p2"].map(text), &["spam", "ham"].map(text))),
        1 => of("update_user", &["user_id", "fields.status"], pairs(&users, &["away", "back"].map(text))),
        1 => of("update_user", &["user_id", "fields.engagement_score"], pairs(&users, &scores)),
        1 => of("send_notification", &["user_id", "message"], pairs(&users, &[text("hi")])),
        1 => of("create_mission", &["name", "xp_reward"], pairs(&[text("m")], &[Value::Int(3)])),
        1 => of("emit_event", &["event", "payload"], pairs(&[text("custom.x"), text("x")], &[object])),
    ]
}

/// The runs of a case: whose state each one sees, and its calls.
fn some_runs() -> impl Strategy<Value = Vec<(&'static str, Vec<Call>)>> {
    let run = (one_of(vec!["first", "second"]), prop::collection::vec(a_call(), 0..9));
    prop::collection::vec(run, 1..4)
}

fn scopes(tenant: &str, runs: &[(&str, Vec<Call>)]) -> Vec<Scope> {
    let start = scope(tenant);
    let scope = |(number, (app, _)): (i64, &(&str, Vec<Call>))| Scope {
        tenant: TenantId::parse(tenant).unwrap(),
        app: AppId::parse(app).unwrap(),
        execution: ExecutionId::parse(&format!("run_{number}")).unwrap(),
        now: Timestamp::from_micros(start.now.micros() + number).unwrap(),
        chain_depth: 0,
    };
    (0..).zip(runs).map(scope).collect()
}

fn effects(platform: &Platform, scope: &Scope, calls: &[Call]) -> Vec<EffectCall> {
    let effect = |(at, (name, params, values, stops)): (u32, &Call)| EffectCall {
        effect_id: EffectId::derive(&scope.execution, at, &[]),
        action: prepared(platform, name, params),
        values: values.clone(),
        indices: vec![at],
        recover_depth: u8::from(!stops),
    };
    (0..).zip(calls).map(effect).collect()
}

async fn begin(platform: &Platform, tenant: &str) -> Transaction {
    let mut transaction = platform.store().begin().await.unwrap();
    transaction.for_tenant(tenant);
    transaction
}

/// All calls in one batch.
async fn together(platform: &Platform, runs: &[RunCalls<'_>]) -> Vec<Vec<Outcome>> {
    let mut transaction = begin(platform, runs[0].scope.tenant.as_str()).await;
    let outcomes = platform.perform_in(&mut transaction, runs).await.unwrap();
    transaction.commit().await.unwrap();
    outcomes
}

/// The same calls in the same order, each in a batch of its own.
async fn one_by_one(platform: &Platform, runs: &[RunCalls<'_>]) -> Vec<Vec<Outcome>> {
    let recorded = std::collections::BTreeMap::new();
    let cut: Vec<Run<'_>> = runs.iter().map(|run| Run::new(run, &recorded)).collect();
    let mut blocked = vec![Blocked::default(); runs.len()];
    let mut outcomes: Vec<Vec<Outcome>> = runs.iter().map(|run| vec![Outcome::Suspended; run.calls.len()]).collect();
    let mut transaction = begin(platform, runs[0].scope.tenant.as_str()).await;
    for member in wave::groups(&cut).iter().flat_map(|group| &group.members) {
        let RunCalls { scope, calls, allowance } = runs[member.run];
        let call = &calls[member.at];
        let outcome = if blocked[member.run].holds(call) {
            Outcome::NotPerformed
        } else {
            let alone = [RunCalls { scope, calls: std::slice::from_ref(call), allowance }];
            platform.perform_in(&mut transaction, &alone).await.unwrap().remove(0).remove(0)
        };
        blocked[member.run].note(call, &outcome);
        outcomes[member.run][member.at] = outcome;
    }
    transaction.commit().await.unwrap();
    outcomes
}

/// The events of a tenant, in the order in which they were emitted.
async fn emitted(platform: &Platform, tenant: &str) -> Vec<String> {
    let order = if platform.store().dialect() == Dialect::Sqlite { "rowid" } else { "position" };
    let sql = format!("SELECT id FROM emitted_events WHERE tenant_id = '{tenant}' ORDER BY {order}");
    raw(platform, &sql).await.iter().map(|row| row[0].as_str().unwrap().to_owned()).collect()
}

async fn check(platforms: [&Platform; 3], tenant: &str, runs: &[(&str, Vec<Call>)]) -> Result<(), TestCaseError> {
    let scopes = scopes(tenant, runs);
    let mut found = Vec::new();
    for (at, platform) in platforms.into_iter().enumerate() {
        populate(platform, &scopes[0]).await;
        let effects: Vec<Vec<EffectCall>> =
            scopes.iter().zip(runs).map(|(scope, (_, calls))| effects(platform, scope, calls)).collect();
        let runs: Vec<RunCalls<'_>> = scopes
            .iter()
            .zip(&effects)
            .map(|(scope, calls)| RunCalls { scope, calls, allowance: Allowance::FREE })
            .collect();
        let outcomes = if at == 0 { one_by_one(platform, &runs).await } else { together(platform, &runs).await };
        found.push((outcomes, dump(platform, tenant).await, emitted(platform, tenant).await));
    }
    prop_assert_eq!(&found[0].0, &found[1].0, "outcomes of a batch are those of its calls");
    prop_assert_eq!(&found[0].1, &found[1].1, "a batch does what its calls do");
    prop_assert_eq!(&found[1].0, &found[2].0, "outcomes are the same in both databases");
    prop_assert_eq!(&found[1].1, &found[2].1, "both databases do the same");
    prop_assert_eq!(&found[1].2, &found[2].2, "events come in the same order");
    Ok(())
}

#[test]
fn a_batch_is_the_same_as_its_calls_one_by_one_and_as_in_the_other_database() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ([sqlite, postgres], reference) =
        runtime.block_on(async { (stages().await, crate::testing::platform().await) });
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() });
    let case = std::cell::Cell::new(0);
    let agree = |runs: Vec<(&str, Vec<Call>)>| {
        case.set(case.get() + 1);
        runtime.block_on(check([&reference, &sqlite, &postgres], &format!("t{}", case.get()), &runs))
    };
    runner.run(&some_runs(), agree).unwrap();
}
