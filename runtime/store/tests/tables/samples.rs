//! Rows for tests.

use alcove_ids::{AppId, EffectId, ExecutionId, TenantId};
use alcove_store::{
    Dialect, Sql, SqlValue, Statement,
    tables::{
        api_keys, approvals, apps, audit, counters, dead_letters, egress_log, events, executions, grants, journal,
        locks, members, notices, plans, reservations, team_members, teams, tenants, timers, versions,
    },
};

/// Text that a statement could trip over.
pub(crate) const ODD: &str = "it's \"odd\" \\ {batch} ?1 $1\n\u{1f389}";

pub(crate) fn tenant(id: &str) -> TenantId {
    TenantId::parse(id).unwrap()
}

pub(crate) fn app(id: &str) -> AppId {
    AppId::parse(id).unwrap()
}

pub(crate) fn run(id: &str) -> ExecutionId {
    ExecutionId::parse(id).unwrap()
}

pub(crate) fn effect(id: &str) -> EffectId {
    EffectId::parse(id).unwrap()
}

pub(crate) fn app_key(of: &str, id: &str) -> apps::Key {
    apps::Key { tenant: tenant(of), id: app(id) }
}

pub(crate) fn run_key(of: &str, id: &str) -> executions::Key {
    executions::Key { tenant: tenant(of), id: run(id) }
}

pub(crate) fn app_row(of: &str, id: &str) -> apps::Row {
    apps::Row {
        tenant: tenant(of),
        id: app(id),
        name: ODD.to_owned(),
        status: apps::Status::Active,
        version: 2,
        active_version: Some(1),
        author: "{}".to_owned(),
        activator: None,
        failures_in_row: 0,
        reason: None,
        created_at: 1,
        updated_at: 2,
    }
}

pub(crate) fn version_row(of: &str, id: &str, version: u32) -> versions::Row {
    versions::Row {
        tenant: tenant(of),
        app: app(id),
        version,
        digest: format!("d{version}"),
        config: ODD.to_owned(),
        plan: vec![0, 255, 10],
        manifest: "{}".to_owned(),
        author: "{}".to_owned(),
        created_at: 7,
    }
}

pub(crate) fn plan_row(of: &str, digest: &str, created_at: i64) -> plans::Row {
    plans::Row {
        tenant: tenant(of),
        digest: digest.to_owned(),
        plan: vec![0, 255, 10],
        manifest: "{}".to_owned(),
        author: ODD.to_owned(),
        created_at,
    }
}

/// A run in the queue that knows as little as it may.
pub(crate) fn queued(of: &str, id: &str, queued_at: i64) -> executions::Row {
    executions::Row {
        tenant: tenant(of),
        id: run(id),
        app: app("a"),
        version: 1,
        digest: "d1".to_owned(),
        trigger: executions::Trigger::Event,
        event_source: None,
        event_id: None,
        delay: None,
        parent: None,
        chain_depth: 0,
        starter: None,
        state: executions::State::Queued,
        reason: None,
        run: vec![0],
        token: 0,
        node: None,
        attempts: 0,
        items: 0,
        input: None,
        queued_at,
        started_at: None,
        ended_at: None,
        due_at: None,
        result: None,
        error: None,
        usage: None,
        dead_letter: false,
    }
}

/// A run that knows everything.
pub(crate) fn full(of: &str, id: &str) -> executions::Row {
    executions::Row {
        event_source: Some(ODD.to_owned()),
        event_id: Some("e".to_owned()),
        delay: Some(3),
        parent: Some(run("p")),
        chain_depth: u32::MAX,
        starter: Some("{}".to_owned()),
        state: executions::State::Failed,
        reason: Some(ODD.to_owned()),
        run: vec![],
        token: u64::try_from(i64::MAX).unwrap(),
        node: Some("n".to_owned()),
        attempts: 4,
        items: 5,
        input: Some(vec![1, 2]),
        started_at: Some(i64::MIN),
        ended_at: Some(i64::MAX),
        due_at: Some(-1),
        result: Some("[1]".to_owned()),
        error: Some("{}".to_owned()),
        usage: Some("{}".to_owned()),
        dead_letter: true,
        ..queued(of, id, 9)
    }
}

pub(crate) fn journal_row(of: &str, id: &str, seq: u32) -> journal::Row {
    journal::Row { tenant: tenant(of), execution: run(id), seq, records: vec![u8::try_from(seq).unwrap(), 0] }
}

pub(crate) fn event_row(of: &str, id: &str, received_at: i64) -> events::Row {
    events::Row {
        tenant: tenant(of),
        source: "s".to_owned(),
        id: id.to_owned(),
        r#type: "t.x".to_owned(),
        digest: "abc".to_owned(),
        payload: ODD.to_owned(),
        timestamp: 3,
        chain_depth: 1,
        caused_by: Some(run("p")),
        received_at,
    }
}

pub(crate) fn event_key(of: &str, id: &str) -> events::Key {
    events::Key { tenant: tenant(of), source: "s".to_owned(), id: id.to_owned() }
}

pub(crate) fn timer_row(of: &str, kind: timers::Kind, owner: &str, due_at: i64) -> timers::Row {
    timers::Row {
        key: timers::Key { tenant: tenant(of), kind, owner: owner.to_owned(), key: String::new() },
        due_at,
        app: app("a"),
        version: Some(1),
        payload: "{}".to_owned(),
    }
}

pub(crate) fn approval_row(of: &str, id: &str, created_at: i64) -> approvals::Row {
    approvals::Row {
        tenant: tenant(of),
        id: effect(id),
        execution: run("r"),
        app: app("a"),
        title: ODD.to_owned(),
        message: String::new(),
        preview: "{}".to_owned(),
        request: "{}".to_owned(),
        status: approvals::Status::Open,
        expires_at: 100,
        decided_by: None,
        decided_at: None,
        created_at,
    }
}

pub(crate) fn dead_letter_row(of: &str, id: &str, created_at: i64) -> dead_letters::Row {
    dead_letters::Row {
        tenant: tenant(of),
        execution: run(id),
        app: app("a"),
        error: ODD.to_owned(),
        status: dead_letters::Status::Open,
        created_at,
        closed_at: None,
        closed_by: None,
    }
}

pub(crate) fn call_row(of: &str, id: &str) -> egress_log::Row {
    egress_log::Row {
        tenant: tenant(of),
        execution: run("r"),
        id: id.to_owned(),
        effect: effect("eff"),
        at: 3,
        method: "POST".to_owned(),
        target: ODD.to_owned(),
        status: Some(503),
        error: None,
        bytes_out: 7,
        bytes_in: 0,
        duration_ms: 12,
        hops: 1,
    }
}

pub(crate) fn notice_row(of: &str, id: &str, created_at: i64) -> notices::Row {
    notices::Row {
        tenant: tenant(of),
        id: id.to_owned(),
        kind: notices::Kind::RunFailed,
        app: app("a"),
        execution: Some(run("r")),
        message: ODD.to_owned(),
        created_at,
    }
}

pub(crate) fn note(of: &str, what: &str) -> audit::Note {
    audit::Note { tenant: tenant(of), at: 5, subject: "{}".to_owned(), what: what.to_owned(), detail: ODD.to_owned() }
}

/// A note in a place; its hash is no real one.
pub(crate) fn audit_row(of: &str, seq: u64) -> audit::Row {
    audit::Row { seq, note: note(of, "x"), hash: Some([seq.to_le_bytes()[0]; 32].into()) }
}

pub(crate) fn counter_row(of: &str, name: &str, value: i64) -> counters::Row {
    counters::Row { tenant: tenant(of), name: name.to_owned(), window_start: 60, value }
}

pub(crate) fn reservation_row(of: &str, id: &str, amount: i64) -> reservations::Row {
    reservations::Row {
        tenant: tenant(of),
        execution: run(id),
        effect: effect("eff"),
        name: "c".to_owned(),
        window_start: 60,
        amount,
    }
}

pub(crate) fn member_row(of: &str, subject: &str) -> members::Row {
    members::Row {
        tenant: tenant(of),
        subject: subject.to_owned(),
        name: ODD.to_owned(),
        created_at: 1,
        created_by: "{}".to_owned(),
    }
}

pub(crate) fn team_row(of: &str, id: &str) -> teams::Row {
    teams::Row {
        tenant: tenant(of),
        id: id.to_owned(),
        name: ODD.to_owned(),
        created_at: 1,
        created_by: "{}".to_owned(),
    }
}

pub(crate) fn team_member_row(of: &str, team: &str, subject: &str) -> team_members::Row {
    team_members::Row {
        tenant: tenant(of),
        team: team.to_owned(),
        subject: subject.to_owned(),
        created_at: 2,
        created_by: "{}".to_owned(),
    }
}

/// For the whole tenant, if there is no app.
pub(crate) fn grant_row(of: &str, subject: &str, role: &str, of_app: Option<&str>) -> grants::Row {
    let key =
        grants::Key { tenant: tenant(of), subject: subject.to_owned(), role: role.to_owned(), app: of_app.map(app) };
    grants::Row { key, created_at: 3, created_by: "{}".to_owned() }
}

/// A key of `person:ann` that hashes to something of its own.
pub(crate) fn key_row(of: &str, id: &str) -> api_keys::Row {
    api_keys::Row {
        tenant: tenant(of),
        id: id.to_owned(),
        subject: "person:ann".to_owned(),
        name: ODD.to_owned(),
        hash: *blake3::hash(format!("{of} {id}").as_bytes()).as_bytes(),
        prefix: "alc_1234".to_owned(),
        scope: None,
        created_at: 4,
        created_by: "{}".to_owned(),
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
    }
}

/// What the script of an action does: the outbox has no statement of its own to insert.
pub(crate) fn emit(of: &str, id: &str) -> Statement {
    let sql =
        "INSERT INTO emitted_events (tenant_id, id, type, payload, caused_by, execution_id, chain_depth, created_at)
               VALUES (?1, ?2, 't.x', '{}', 'eff', 'r', 2, 8)";
    Statement::new(Sql::fixed(sql), vec![SqlValue::text(of), SqlValue::text(id)])
}

/// What the platform does with an effect: the ledger has no statement of its own to insert.
pub(crate) fn happened(of: &str, id: &str) -> Statement {
    let sql =
        "INSERT INTO effects (tenant_id, execution_id, effect_id, action, outcome) VALUES (?1, ?2, 'eff', 'x', '[]')";
    Statement::new(Sql::fixed(sql), vec![SqlValue::text(of), SqlValue::text(id)])
}

/// The statements that give a tenant one row or more in each table.
pub(crate) fn everything(dialect: Dialect, of: &str) -> Vec<Statement> {
    let d = dialect;
    vec![
        tenants::ensure(d, &tenant(of), "{}", 1),
        members::insert(d, &[member_row(of, "person:ann")]),
        teams::insert(d, &[team_row(of, "ops")]),
        team_members::insert_new(d, &[team_member_row(of, "ops", "person:ann")]),
        grants::insert_new(d, &[grant_row(of, "person:ann", "admin", None)]),
        api_keys::insert(d, &[key_row(of, "k")]),
        apps::insert(d, &[app_row(of, "a"), app_row(of, "b")]),
        plans::add(d, &[plan_row(of, "d1", 1), plan_row(of, "d2", 2)]),
        versions::insert(d, &[version_row(of, "a", 1), version_row(of, "b", 1)]),
        executions::insert(d, &[queued(of, "q", 3), running(of, "r"), full(of, "f"), ended(of, "s")]),
        journal::append(d, &[journal_row(of, "r", 0), journal_row(of, "f", 0)]),
        locks::try_acquire(d, &[lock_row(of, "a", "r")]),
        emit(of, "e"),
        happened(of, "r"),
        events::insert(d, &[event_row(of, "e", 3)]),
        timers::arm(d, &[timer_row(of, timers::Kind::Cron, "a", 9), timer_row(of, timers::Kind::Run, "w", 4)]),
        approvals::insert(d, &[approval_row(of, "eff", 3)]),
        dead_letters::insert(d, &[dead_letter_row(of, "f", 3)]),
        counters::add(d, &[counter_row(of, "c", 3)]),
        reservations::insert(d, &[reservation_row(of, "r", 2)]),
        egress_log::insert(d, &[call_row(of, "c1")]),
        notices::insert(d, &[notice_row(of, "n", 3)]),
        audit::insert(d, &[audit_row(of, 0)]),
    ]
}

pub(crate) fn running(of: &str, id: &str) -> executions::Row {
    executions::Row {
        state: executions::State::Running,
        node: Some("n".to_owned()),
        token: 1,
        input: Some(vec![7]),
        started_at: Some(4),
        ..queued(of, id, 2)
    }
}

pub(crate) fn ended(of: &str, id: &str) -> executions::Row {
    executions::Row {
        state: executions::State::Succeeded,
        started_at: Some(2),
        ended_at: Some(3),
        usage: Some("{\"fuel\":1}".to_owned()),
        ..queued(of, id, 1)
    }
}

pub(crate) fn lock_row(of: &str, of_app: &str, holder: &str) -> locks::Row {
    locks::Row { tenant: tenant(of), app: app(of_app), execution: run(holder) }
}
