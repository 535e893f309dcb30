//! Random histories: both databases give the same answers, and are the same in the end.

use std::{collections::BTreeMap, fmt, sync::Arc};

use alcove_store::{
    Dialect, Sql, SqlValue, Statement, StoreError,
    tables::{
        approvals, apps, audit, counters, dead_letters, emitted_events, events, executions, journal, locks, notices,
        tenants, timers, versions,
    },
};
use proptest::{
    collection::vec,
    prelude::{Just, Strategy, any, prop_oneof},
    sample::select,
    strategy::BoxedStrategy,
    test_runner::{Config, TestCaseError, TestRunner},
};

use crate::{
    databases::{Database, Rows, columns, dump, memory, perform, postgres},
    samples::{
        ODD, app, app_key, app_row, approval_row, audit_row, counter_row, dead_letter_row, effect, emit, event_key,
        event_row, full, journal_row, lock_row, notice_row, queued, run, run_key, tenant, timer_row, version_row,
    },
};

/// Histories, and statements of each at most.
const HISTORIES: u32 = 96;
const STATEMENTS_MAX: usize = 40;

/// One statement of a history.
#[derive(Clone)]
struct Step(Arc<dyn Fn(Dialect) -> Statement + Send + Sync>);

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let statement = (self.0)(Dialect::Sqlite);
        write!(f, "{} {:?}", statement.sql.as_str(), statement.params)
    }
}

fn step(make: impl Fn(Dialect) -> Statement + Send + Sync + 'static) -> Step {
    Step(Arc::new(make))
}

/// A statement for each set of arguments.
fn steps<T: fmt::Debug + Send + Sync + 'static>(
    arguments: impl Strategy<Value = T> + 'static,
    make: fn(Dialect, &T) -> Statement,
) -> BoxedStrategy<Step> {
    arguments.prop_map(move |arguments| step(move |d| make(d, &arguments))).boxed()
}

fn of() -> impl Strategy<Value = &'static str> {
    select(vec!["t1", "t2"])
}

fn name() -> impl Strategy<Value = &'static str> {
    select(vec!["a", "b", "A", "a-b"])
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), Just(ODD.to_owned()), "[ -~\u{80}-\u{2ff}]{0,6}"]
}

fn time() -> impl Strategy<Value = i64> {
    prop_oneof![0..9_i64, Just(i64::MIN), Just(i64::MAX)]
}

/// Rows of which each has another name: what a statement that changes rows asks for.
fn distinct<T: fmt::Debug + 'static, K: Ord>(
    rows: impl Strategy<Value = T> + 'static,
    key: fn(&T) -> K,
) -> impl Strategy<Value = Vec<T>> {
    vec(rows, 0..4).prop_map(move |rows| {
        let by_key: BTreeMap<K, T> = rows.into_iter().map(|row| (key(&row), row)).collect();
        by_key.into_values().collect()
    })
}

fn execution() -> impl Strategy<Value = executions::Row> {
    use executions::State::{Failed, Queued, Running, Succeeded, Waiting};
    let state = select(vec![Queued, Queued, Running, Waiting, Succeeded, Failed]);
    (of(), name(), name(), state, time(), any::<bool>(), text(), vec(any::<u8>(), 0..5)).prop_map(
        |(of, id, of_app, state, at, rich, text, bytes)| {
            let row = if rich { full(of, id) } else { queued(of, id, at) };
            let ended_at = state.eq(&Succeeded).then_some(at);
            // A run that goes on has a node.
            let node = if state == Running { Some(of_app.to_owned()) } else { row.node.clone() };
            let reason = Some(text);
            executions::Row { app: app(of_app), state, node, queued_at: at, ended_at, reason, run: bytes, ..row }
        },
    )
}

fn run_keys() -> impl Strategy<Value = Vec<executions::Key>> {
    distinct((of(), name()).prop_map(|(of, id)| run_key(of, id)), Clone::clone)
}

fn of_tenants() -> BoxedStrategy<Step> {
    let app_keys = || distinct((of(), name()).prop_map(|(of, id)| app_key(of, id)), Clone::clone);
    let key = || (of(), name()).prop_map(|(of, id)| app_key(of, id));
    let version = (of(), name(), 0..3_u32).prop_map(|(of, id, version)| version_row(of, id, version));
    let counter = (of(), name(), any::<i64>()).prop_map(|(of, name, n)| counter_row(of, name, n));
    prop_oneof![
        steps((of(), text()), |d, (of, text)| tenants::ensure(d, &tenant(of), text, 1)),
        steps(of(), |d, of| tenants::bump_generation(d, &[&tenant(of), &tenant("t3")])),
        steps(of(), |d, _| tenants::generations(d, &[&tenant("t1"), &tenant("t2")])),
        steps((of(), name()), |d, (of, id)| apps::insert(d, &[app_row(of, id)])),
        steps((key(), text()), |d, (key, why)| apps::set_status(d, key, apps::Status::Paused, Some(why), 3)),
        steps((key(), text()), |d, (key, name)| apps::set_version(d, key, 2, name, "{}", 4)),
        steps(key(), |d, key| apps::set_active_version(d, key, 1, "{}", 5)),
        steps((app_keys(), 0..3_u32), |d, (keys, n)| {
            apps::count_failures(d, &keys.iter().map(|key| (key, *n)).collect::<Vec<_>>())
        }),
        steps(app_keys(), |d, keys| apps::clear_failures(d, &keys.iter().collect::<Vec<_>>())),
        steps(app_keys(), |d, keys| apps::standings_for_update(d, &keys.iter().collect::<Vec<_>>())),
        steps((of(), name()), |d, (of, after)| apps::list(d, &tenant(of), after, 3)),
        steps(vec(version, 0..3), |d, rows| versions::insert(d, rows)),
        steps((of(), name()), |d, (of, after)| versions::active(d, (of, after), 2)),
        steps((of(), name()), |d, (of, after)| versions::active_of(d, &tenant(of), after, 2)),
        steps((of(), 0..3_u32), |d, (of, n)| versions::by_digest(d, &tenant(of), &format!("d{n}"))),
        steps(distinct(counter, |row| (row.tenant.clone(), row.name.clone())), |d, rows| counters::add(d, rows)),
        steps((of(), 0..3_u64), |d, (of, seq)| audit::insert(d, &[audit_row(of, *seq)])),
        steps(of(), |d, of| audit::lasts(d, &[&tenant(of)])),
        steps((of(), name(), time()), |d, (of, id, at)| notices::insert(d, &[notice_row(of, id, *at)])),
        steps((of(), name(), time()), |d, (of, id, at)| notices::list(d, &tenant(of), (*at, id), 2)),
    ]
    .boxed()
}

fn of_runs() -> BoxedStrategy<Step> {
    let change = (execution(), any::<bool>())
        .prop_map(|(row, drops_input)| executions::Change { drops_input, ..executions::Change::of(&row) });
    let claim = (of(), name(), 0..3_u64).prop_map(|(of, id, token)| executions::Claim {
        key: run_key(of, id),
        node: "n".to_owned(),
        token,
        run: vec![1],
        started_at: 7,
    });
    let state = || select(vec![None, Some(executions::State::Queued), Some(executions::State::Succeeded)]);
    let filter = (proptest::option::of(name()), state(), proptest::option::of((time(), name()))).prop_map(
        |(of_app, state, before)| executions::Filter {
            app: of_app.map(app),
            state,
            before: before.map(|(queued_at, id)| executions::Before { queued_at, id: run(id) }),
        },
    );
    let entry = (of(), name(), 0..3_u32).prop_map(|(of, id, seq)| journal_row(of, id, seq));
    let lock = || (of(), name(), name()).prop_map(|(of, of_app, holder)| lock_row(of, of_app, holder));
    prop_oneof![
        steps(vec(execution(), 0..4), |d, rows| executions::insert(d, rows)),
        steps(vec(execution(), 0..4), |d, rows| executions::insert_new(d, rows)),
        steps(distinct(change, |row| (row.tenant.clone(), row.id.clone())), |d, rows| executions::update(d, rows)),
        steps(distinct(claim, |claim| claim.key.clone()), |d, claims| executions::claim(d, claims)),
        steps((of(), filter), |d, (of, filter)| executions::list(d, &tenant(of), filter, 3)),
        steps(run_keys(), |d, keys| executions::lock(d, keys)),
        steps(run_keys(), |d, keys| executions::delete(d, keys)),
        steps((of(), name()), |d, (of, id)| executions::queued(d, &tenant(of), &app(id), 2)),
        steps((of(), name()), |d, (of, id)| executions::open_of_app(d, &tenant(of), &app(id), "a", 2)),
        steps((of(), time()), |d, (of, at)| executions::ended(d, &tenant(of), *at, 2)),
        steps(of(), |d, of| executions::running_per_app(d, &tenant(of))),
        steps(of(), |d, _| executions::apps_with_queue(d)),
        steps(of(), |d, _| executions::orphans(d, 3)),
        steps(vec(entry, 0..3), |d, rows| journal::append(d, rows)),
        steps(run_keys(), |d, keys| journal::next_seq(d, keys)),
        steps((of(), name()), |d, (of, id)| journal::read(d, &tenant(of), &run(id))),
        steps(run_keys(), |d, keys| journal::delete(d, keys)),
        steps(vec(lock(), 0..3), |d, rows| locks::try_acquire(d, rows)),
        steps(vec(lock(), 0..3), |d, rows| locks::release(d, rows)),
    ]
    .boxed()
}

fn of_work() -> BoxedStrategy<Step> {
    use timers::Kind::{Cron, Delay, Run};
    let event = (of(), name(), 0..9_i64, text())
        .prop_map(|(of, id, at, payload)| events::Row { payload, ..event_row(of, id, at) });
    let timer = || {
        (of(), select(vec![Cron, Delay, Run]), name(), time())
            .prop_map(|(of, kind, owner, at)| timer_row(of, kind, owner, at))
    };
    let answer = (of(), name(), text()).prop_map(|(of, id, by)| approvals::Close {
        tenant: tenant(of),
        id: effect(id),
        status: approvals::Status::Rejected,
        decided_by: Some(by),
        decided_at: 8,
    });
    let closed = (of(), name()).prop_map(|(of, id)| dead_letters::Close {
        tenant: tenant(of),
        execution: run(id),
        status: dead_letters::Status::Redriven,
        closed_at: 8,
        closed_by: None,
    });
    prop_oneof![
        steps(vec(event, 0..4), |d, rows| events::insert(d, rows)),
        steps((of(), name()), |d, (of, id)| events::digests(d, &[event_key(of, id)])),
        steps((of(), name()), |_, (of, id)| emit(of, id)),
        steps(of(), |d, _| emitted_events::take(d, 3)),
        steps((of(), name()), |d, (of, id)| {
            emitted_events::delete(d, &[emitted_events::Key { tenant: tenant(of), id: (*id).to_owned() }])
        }),
        steps(distinct(timer(), |row| row.key.clone()), |d, rows| timers::arm(d, rows)),
        steps(distinct(timer(), |row| row.key.clone()), |d, rows| {
            timers::cancel(d, &rows.iter().map(|row| row.key.clone()).collect::<Vec<_>>())
        }),
        steps(of(), |d, _| timers::next_due(d)),
        steps(of(), |d, of| timers::of_app(d, &tenant(of), &app("a"))),
        steps((of(), name(), time()), |d, (of, id, at)| approvals::insert(d, &[approval_row(of, id, *at)])),
        steps(answer, |d, answer| approvals::close(d, std::slice::from_ref(answer))),
        steps((of(), name(), time()), |d, (of, id, at)| {
            approvals::list(d, &tenant(of), approvals::Status::Open, (*at, id), 2)
        }),
        steps((of(), name(), time()), |d, (of, id, at)| dead_letters::insert(d, &[dead_letter_row(of, id, *at)])),
        steps(closed, |d, closed| dead_letters::close(d, std::slice::from_ref(closed))),
        steps((of(), name(), time()), |d, (of, id, at)| {
            dead_letters::list(d, &tenant(of), dead_letters::Status::Open, (*at, id), 2)
        }),
    ]
    .boxed()
}

/// What a history comes to: the answer of each statement, `None` for a refusal, and everything that is stored.
type Told = (Vec<Option<Rows>>, Vec<(String, Rows)>);

/// Performs a history and undoes it, so that the next one finds an empty database.
async fn tell(db: &Database, tables: &[(String, Vec<String>)], history: &[Step]) -> Result<Told, StoreError> {
    let mut tx = db.begin().await;
    let mut answers = Vec::new();
    for Step(make) in history {
        tx.mark().await?;
        let statement = make(tx.dialect());
        match perform(&mut tx, statement.clone()).await {
            Ok(mut rows) => {
                tx.release_mark().await?;
                // What a writing statement gives has no order.
                if !statement.sql.as_str().contains("ORDER BY") {
                    rows.sort();
                }
                answers.push(Some(rows));
            }
            Err(error) if error.is_refusal() => {
                tx.rollback_to_mark().await?;
                answers.push(None);
            }
            Err(error) => return Err(error),
        }
    }
    let all = dump(&mut tx, tables, "1 = 1").await;
    tx.rollback().await;
    Ok((answers, all))
}

#[test]
fn random_histories_give_the_same_answers_and_the_same_rows_in_both_databases() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (sqlite, postgres, tables) = runtime.block_on(async { (memory().await, postgres().await, columns().await) });
    let history = vec(prop_oneof![of_tenants(), of_runs(), of_runs(), of_work()], 1..STATEMENTS_MAX);
    let config = Config { cases: HISTORIES, failure_persistence: None, ..Config::default() };
    let told = TestRunner::new(config).run(&history, |history| {
        let told = async |db| {
            let told = tell(db, &tables, &history).await;
            told.map_err(|error| TestCaseError::fail(format!("{error:?}")))
        };
        let (left, right) = runtime.block_on(async { (told(&sqlite).await, told(&postgres).await) });
        let (left, right) = (left?, right?);
        for (at, (left, right)) in left.0.iter().zip(&right.0).enumerate() {
            proptest::prop_assert_eq!(left, right, "{:?}", history[at]);
        }
        proptest::prop_assert_eq!(left.1, right.1);
        Ok(())
    });
    told.unwrap_or_else(|failure| panic!("{failure}"));
    runtime.block_on(async {
        let nothing = Statement::new(Sql::fixed("SELECT count(*) FROM executions"), Vec::new());
        assert_eq!(sqlite.store.query(&nothing).await.unwrap(), [[SqlValue::Int(0)]]);
    });
}
