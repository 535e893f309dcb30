//! Tenants that have everything of the same name.

use alcove_store::{
    Dialect, SqlValue, Statement,
    tables::{
        api_keys, approvals, apps, audit, counters, dead_letters, effects, egress_log, emitted_events, events,
        executions, grants, journal, locks, members, notices, plans, reservations, team_members, teams, tenants,
        timers, versions,
    },
};

use crate::{
    databases::{columns, databases, dump, perform, query},
    samples::{
        app, app_key, app_row, approval_row, audit_row, call_row, counter_row, dead_letter_row, effect, event_key,
        event_row, everything, grant_row, journal_row, key_row, lock_row, member_row, notice_row, queued,
        reservation_row, run, run_key, running, team_member_row, team_row, tenant, timer_row, version_row,
    },
};

/// The statements that read rows of a tenant, with arguments under which each finds one.
pub(crate) fn reads(d: Dialect, of: &str) -> Vec<Statement> {
    let t = &tenant(of);
    let (a, r) = (&app("a"), &run("r"));
    let filter = executions::Filter::default();
    let of_app = executions::Filter { app: Some(a.clone()), ..filter.clone() };
    let failed = executions::Filter { state: Some(executions::State::Failed), ..filter.clone() };
    vec![
        tenants::get(d, t),
        tenants::generations(d, &[t]),
        tenants::lock(d, &[t]),
        tenants::of(d, &[t]),
        members::get(d, t, "person:ann"),
        members::list(d, t, "", 9),
        members::with_role(d, t, "admin", 9),
        teams::get(d, t, "ops"),
        teams::list(d, t, "", 9),
        team_members::of_team(d, t, "ops", "", 9),
        team_members::of_subject(d, t, "person:ann"),
        grants::effective(d, t, "person:ann"),
        grants::list(d, t, ["", "", ""], 9),
        api_keys::by_hash(d, &key_row(of, "k").hash),
        api_keys::get(d, t, "k"),
        api_keys::list(d, t, "", 9),
        api_keys::count_valid(d, t, 9),
        apps::get(d, t, a),
        apps::get_for_update(d, t, a),
        apps::list(d, t, "", 9),
        apps::count(d, t),
        apps::active_versions(d, t, "", 9),
        apps::standings(d, &[&app_key(of, "a")]),
        apps::standings_for_update(d, &[&app_key(of, "a")]),
        plans::get(d, t, "d1"),
        versions::get(d, t, a, 1),
        versions::by_digest(d, t, "d1"),
        versions::list(d, t, a, u32::MAX, 9),
        versions::active_of(d, t, "", 9),
        versions::plans(d, t, &[(a.clone(), 1)]),
        executions::get(d, t, r),
        executions::get_for_update(d, t, r),
        executions::list(d, t, &filter, 9),
        executions::list(d, t, &of_app, 9),
        executions::list(d, t, &failed, 9),
        executions::lock(d, &[run_key(of, "r")]),
        executions::queued(d, t, a, 9),
        executions::running_per_app(d, t),
        executions::open_of_app(d, t, a, "", 9),
        executions::open_of_tenant(d, t, "", 9),
        executions::running_of_tenant(d, t, "", 9),
        executions::ended(d, t, 99, 9),
        executions::newest_but(d, t, 0),
        journal::read(d, t, r),
        journal::read_all(d, &[run_key(of, "r")]),
        journal::next_seq(d, &[run_key(of, "r")]),
        locks::holder(d, t, a),
        events::get(d, &event_key(of, "e")),
        events::digests(d, &[event_key(of, "e")]),
        timers::of_app(d, t, a),
        approvals::get(d, t, &effect("eff")),
        approvals::list(d, t, approvals::Status::Open, (i64::MIN, ""), 9),
        dead_letters::get(d, t, &run("f")),
        dead_letters::list(d, t, dead_letters::Status::Open, (i64::MIN, ""), 9),
        counters::get(d, t, "c", 60),
        counters::from(d, t, 60),
        reservations::of_run(d, t, r),
        reservations::sums(d, t),
        egress_log::of_run(d, t, r, "", 9),
        notices::list(d, t, (i64::MAX, ""), 9),
        audit::list(d, t, 0, 9),
        audit::lasts(d, &[t]),
    ]
}

/// The statements that change rows of a tenant, with arguments under which each changes one.
pub(crate) fn writes(d: Dialect, of: &str) -> Vec<Statement> {
    [of_people(d, of), of_apps(d, of), of_runs(d, of)].concat()
}

fn of_people(d: Dialect, of: &str) -> Vec<Statement> {
    let t = &tenant(of);
    vec![
        tenants::ensure(d, &tenant("t9"), "{}", 1),
        tenants::set_settings(d, t, "[]"),
        members::insert(d, &[member_row(of, "person:bob")]),
        members::delete(d, t, "person:bob"),
        teams::insert(d, &[team_row(of, "new")]),
        teams::delete(d, t, "new"),
        team_members::insert_new(d, &[team_member_row(of, "ops", "person:bob")]),
        team_members::delete(d, t, "ops", "person:bob"),
        team_members::delete_of_subject(d, t, "person:ann"),
        team_members::delete_of_team(d, t, "ops"),
        grants::insert_new(d, &[grant_row(of, "person:ann", "viewer", Some("a"))]),
        grants::delete(d, &grant_row(of, "person:ann", "viewer", Some("a")).key),
        grants::delete_of_subject(d, t, "person:ann"),
        api_keys::insert(d, &[key_row(of, "new")]),
        api_keys::used(d, t, "k", 9),
        api_keys::expire(d, t, "k", 99),
        api_keys::revoke(d, t, "k", 9),
        api_keys::revoke_of_subject(d, t, "person:ann", 9),
        api_keys::prune(d, t, 99),
    ]
}

fn of_apps(d: Dialect, of: &str) -> Vec<Statement> {
    let t = &tenant(of);
    let key = &app_key(of, "a");
    vec![
        tenants::bump_generation(d, &[t]),
        apps::insert(d, &[app_row(of, "new")]),
        apps::set_status(d, key, apps::Status::Paused, None, 9),
        apps::set_version(d, key, 9, "n", "{}", 9),
        apps::set_active_version(d, key, 9, "{}", 9),
        apps::count_failures(d, &[(key, 1)]),
        apps::clear_failures(d, &[key]),
        versions::insert(d, &[version_row(of, "a", 9)]),
    ]
}

fn of_runs(d: Dialect, of: &str) -> Vec<Statement> {
    let t = &tenant(of);
    let claim =
        executions::Claim { key: run_key(of, "q"), node: "m".to_owned(), token: 0, run: vec![1], started_at: 9 };
    let change = executions::Change { reason: Some("x".to_owned()), ..executions::Change::of(&running(of, "r")) };
    let emitted = emitted_events::Key { tenant: t.clone(), id: "e".to_owned() };
    let answer = approvals::Close {
        tenant: t.clone(),
        id: effect("eff"),
        status: approvals::Status::Approved,
        decided_by: None,
        decided_at: 9,
    };
    let closed = dead_letters::Close {
        tenant: t.clone(),
        execution: run("f"),
        status: dead_letters::Status::Discarded,
        closed_at: 9,
        closed_by: None,
    };
    vec![
        executions::insert(d, &[queued(of, "new", 9)]),
        executions::insert_new(d, &[queued(of, "newer", 9)]),
        executions::claim(d, &[claim]),
        executions::update(d, &[change]),
        executions::delete(d, &[run_key(of, "r")]),
        journal::append(d, &[journal_row(of, "r", 1)]),
        journal::delete(d, &[run_key(of, "r")]),
        effects::delete(d, &[run_key(of, "r")]),
        locks::try_acquire(d, &[lock_row(of, "b", "r")]),
        locks::release(d, &[lock_row(of, "a", "r")]),
        events::insert(d, &[event_row(of, "f", 9)]),
        emitted_events::delete(d, &[emitted]),
        timers::arm(d, &[timer_row(of, timers::Kind::Cron, "a", 99)]),
        timers::cancel(d, &[timer_row(of, timers::Kind::Run, "w", 9).key]),
        timers::cancel_due(d, &timer_row(of, timers::Kind::Run, "w", 9)),
        timers::cancel_of_app(d, t, &app("a"), timers::Kind::Cron),
        approvals::insert(d, &[approval_row(of, "new", 9)]),
        approvals::close(d, &[answer]),
        approvals::prune(d, t, 99),
        dead_letters::insert(d, &[dead_letter_row(of, "r", 9)]),
        dead_letters::close(d, &[closed]),
        dead_letters::delete(d, &[run_key(of, "f")]),
        counters::add(d, &[counter_row(of, "c", 9)]),
        counters::prune(d, t, 99),
        reservations::insert(d, &[reservation_row(of, "q", 9)]),
        reservations::delete(d, &[reservation_row(of, "q", 9)]),
        reservations::delete_of_run(d, t, &run("r")),
        reservations::prune(d, t, 99),
        egress_log::insert(d, &[call_row(of, "c2")]),
        egress_log::delete(d, &[run_key(of, "r")]),
        notices::insert(d, &[notice_row(of, "new", 9)]),
        notices::insert_new(d, &[notice_row(of, "newer", 9)]),
        audit::insert(d, &[audit_row(of, 1)]),
    ]
}

#[tokio::test]
async fn no_statement_gives_or_touches_a_row_of_another_tenant() {
    let mut tables = columns().await;
    tables.retain(|(_, columns)| columns.iter().any(|column| column == "tenant_id"));
    for db in databases().await {
        let d = db.store.dialect();
        let mut tx = db.begin().await;
        for statement in everything(d, "t1").into_iter().chain(everything(d, "t2")) {
            tx.enqueue(statement);
        }
        tx.flush().await.unwrap();
        let others = dump(&mut tx, &tables, "tenant_id = 't2'").await;
        for statement in reads(d, "t1").into_iter().chain(writes(d, "t1")) {
            let rows = perform(&mut tx, statement.clone()).await.unwrap();
            let other = rows.iter().flatten().find(|cell| **cell == SqlValue::text("t2"));
            assert_eq!(other, None, "{}: {}", db.name, statement.sql.as_str());
            let now = dump(&mut tx, &tables, "tenant_id = 't2'").await;
            assert_eq!(now, others, "{}: {}", db.name, statement.sql.as_str());
        }
        tx.rollback().await;
    }
}

#[tokio::test]
async fn every_reading_statement_finds_what_is_there() {
    for db in databases().await {
        let d = db.store.dialect();
        let mut tx = db.begin().await;
        for statement in everything(d, "t1") {
            tx.enqueue(statement);
        }
        tx.flush().await.unwrap();
        for statement in reads(d, "t1") {
            let rows = perform(&mut tx, statement.clone()).await.unwrap();
            assert!(!rows.is_empty(), "{}: {}", db.name, statement.sql.as_str());
        }
        tx.rollback().await;
    }
}

#[tokio::test]
async fn a_transaction_that_named_its_tenant_meets_a_wall_before_any_other() {
    let db = crate::databases::postgres().await;
    let d = db.store.dialect();
    let mut tx = db.begin().await;
    for statement in everything(d, "t1").into_iter().chain(everything(d, "t2")) {
        tx.enqueue(statement);
    }
    tx.commit().await.unwrap();
    let mut tx = db.store.begin().await.unwrap();
    tx.for_tenant("t1");
    for statement in reads(d, "t2") {
        // The next number of a journal that nobody sees is 0, and so is a count.
        let rows = perform(&mut tx, statement.clone()).await.unwrap();
        let counts = ["max(seq)", "count(*)"].iter().any(|count| statement.sql.as_str().contains(count));
        let nothing = rows.iter().all(|row| counts && row.last() == Some(&SqlValue::Int(0)));
        assert!(nothing, "{}", statement.sql.as_str());
    }
    assert_eq!(query(&mut tx, &|d| timers::due(d, 99, 9)).await.unwrap().len(), 1);
    assert_eq!(query(&mut tx, &|d| timers::due_runs(d, 99, None, 9)).await.unwrap().len(), 1);
    tx.mark().await.unwrap();
    assert!(query(&mut tx, &|d| locks::try_acquire(d, &[lock_row("t2", "z", "r")])).await.is_err());
    tx.rollback_to_mark().await.unwrap();
    assert_eq!(query(&mut tx, &|d| locks::try_acquire(d, &[lock_row("t1", "z", "r")])).await.unwrap().len(), 1);
    tx.rollback().await;
}
