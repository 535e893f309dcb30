//! Runs and their journals.

use std::slice;

use alcove_store::{
    Dialect, SqlValue, Statement,
    tables::{
        apps,
        executions::{self, Before, Change, Claim, Filter, Held, Key, Queued, Row, State, Trigger},
        journal, nodes,
    },
};

use crate::{
    databases::{Database, databases},
    samples::{app, app_key, app_row, ended, full, journal_row, queued, run, run_key, running, tenant},
};

async fn get(db: &Database, of: &str, id: &str) -> Option<Row> {
    db.read(|d| executions::get(d, &tenant(of), &run(id)), Row::decode).await.pop()
}

async fn ids(db: &Database, make: impl Fn(Dialect) -> Statement) -> Vec<String> {
    db.read(make, Row::decode).await.iter().map(|row| row.id.to_string()).collect()
}

async fn names(db: &Database, make: impl Fn(Dialect) -> Statement) -> Vec<String> {
    db.read(make, Key::decode).await.iter().map(|key| format!("{}/{}", key.tenant, key.id)).collect()
}

#[tokio::test]
async fn a_run_is_found_as_it_was_stored_whatever_it_holds() {
    for db in databases().await {
        let rows = [full("t1", "r"), queued("t1", "q", 5), full("t2", "r")];
        db.run(|d| executions::insert(d, &rows)).await;
        for row in &rows {
            let (of, id) = (&row.tenant, &row.id);
            for get in [executions::get, executions::get_for_update] {
                assert_eq!(db.read(|d| get(d, of, id), Row::decode).await, slice::from_ref(row), "{}", db.name);
            }
        }
        assert_eq!(get(&db, "t1", "none").await, None);
    }
}

#[tokio::test]
async fn a_run_is_stored_once() {
    for db in databases().await {
        let row = queued("t1", "r", 1);
        db.run(|d| executions::insert(d, slice::from_ref(&row))).await;
        let both = [queued("t1", "new", 2), full("t1", "r")];
        assert!(db.attempt(|d| executions::insert(d, &both)).await.unwrap_err().is_refusal(), "{}", db.name);
        assert_eq!(get(&db, "t1", "new").await, None, "a refused batch leaves nothing behind");
        assert_eq!(names(&db, |d| executions::insert_new(d, &both)).await, ["t1/new"], "{}", db.name);
        assert_eq!(get(&db, "t1", "r").await, Some(row));
        assert!(get(&db, "t1", "new").await.is_some());
    }
}

#[tokio::test]
async fn a_change_stores_all_of_it_and_nothing_else() {
    for db in databases().await {
        let rows = [queued("t1", "r", 1), running("t1", "s"), queued("t2", "r", 1)];
        db.run(|d| executions::insert(d, &rows)).await;
        let unchanged: Vec<Change> = rows.iter().map(Change::of).collect();
        db.run(|d| executions::update(d, &unchanged)).await;
        for row in &rows {
            assert_eq!(get(&db, row.tenant.as_str(), row.id.as_str()).await.as_ref(), Some(row), "{}", db.name);
        }
        let first = Change { started_at: Some(10), node: Some("n".to_owned()), ..Change::of(&rows[0]) };
        let second = Change {
            state: State::Failed,
            reason: Some("why".to_owned()),
            run: vec![9],
            token: 8,
            node: None,
            attempts: 7,
            items: 6,
            started_at: Some(11),
            ended_at: Some(12),
            due_at: Some(13),
            result: Some("1".to_owned()),
            error: Some("2".to_owned()),
            usage: Some("3".to_owned()),
            dead_letter: true,
            drops_input: true,
            ..Change::of(&rows[1])
        };
        db.run(|d| executions::update(d, &[first.clone(), second.clone()])).await;
        let started = Row { started_at: Some(10), node: Some("n".to_owned()), ..rows[0].clone() };
        assert_eq!(get(&db, "t1", "r").await, Some(started), "{}", db.name);
        let failed = get(&db, "t1", "s").await.unwrap();
        assert_eq!((failed.started_at, failed.input.as_ref()), (Some(4), None), "it was started once");
        assert_eq!(Change { started_at: Some(11), drops_input: true, ..Change::of(&failed) }, second, "{}", db.name);
        assert_eq!(get(&db, "t2", "r").await.as_ref(), Some(&rows[2]));
        let silent = Change { usage: None, ..Change::of(&failed) };
        db.run(|d| executions::update(d, slice::from_ref(&silent))).await;
        assert_eq!(get(&db, "t1", "s").await, Some(failed), "usage that is not known stays");
    }
}

#[tokio::test]
async fn only_a_queued_run_of_an_active_app_is_claimed_and_only_under_the_token_that_was_seen() {
    for db in databases().await {
        let rows = [queued("t1", "q", 1), queued("t1", "seen", 1), running("t1", "r"), queued("t2", "q", 1)];
        db.run(|d| executions::insert(d, &rows)).await;
        db.run(|d| apps::insert(d, &[app_row("t1", "a"), app_row("t2", "a")])).await;
        let claim = |id: &str, token| Claim {
            key: run_key("t1", id),
            node: "m".to_owned(),
            token,
            run: vec![5],
            started_at: 20,
        };
        let claims = [claim("q", 0), claim("seen", 1), claim("r", 1), claim("none", 0)];
        let expected = Row {
            state: State::Running,
            token: 1,
            node: Some("m".to_owned()),
            run: vec![5],
            started_at: Some(20),
            ..rows[0].clone()
        };
        let set_status = async |status| db.run(|d| apps::set_status(d, &app_key("t1", "a"), status, None, 1)).await;
        set_status(apps::Status::Paused).await;
        assert!(db.run(|d| executions::claim(d, &claims)).await.is_empty(), "the app is paused");
        set_status(apps::Status::Active).await;
        let claimed = db.read(|d| executions::claim(d, &claims), Row::decode).await;
        assert_eq!(claimed, slice::from_ref(&expected), "{}", db.name);
        assert_eq!(get(&db, "t1", "q").await, Some(expected));
        for row in &rows[1..] {
            assert_eq!(get(&db, row.tenant.as_str(), row.id.as_str()).await.as_ref(), Some(row), "{}", db.name);
        }
        assert!(db.run(|d| executions::claim(d, &claims)).await.is_empty(), "it is claimed once");
    }
}

#[tokio::test]
async fn locked_runs_come_in_the_order_of_their_names() {
    for db in databases().await {
        let rows = [running("t2", "a"), running("t1", "b"), queued("t1", "a", 1)];
        db.run(|d| executions::insert(d, &rows)).await;
        let keys = [run_key("t2", "a"), run_key("t1", "b"), run_key("t1", "none"), run_key("t1", "a")];
        let held = db.read(|d| executions::lock(d, &keys), Held::decode).await;
        let found: Vec<_> = held.iter().map(|held| format!("{}/{}", held.key.tenant, held.key.id)).collect();
        assert_eq!(found, ["t1/a", "t1/b", "t2/a"], "{}", db.name);
        let expected = Held {
            key: run_key("t2", "a"),
            app: app("a"),
            state: State::Running,
            token: 1,
            node: Some("n".to_owned()),
            run: vec![0],
        };
        assert_eq!(held[2], expected);
    }
}

#[tokio::test]
async fn lists_are_filtered_and_paged_newest_first() {
    for db in databases().await {
        let of_b = |row: Row| Row { app: app("b"), ..row };
        let rows = [
            queued("t1", "q1", 10),
            queued("t1", "q2", 10),
            of_b(queued("t1", "q3", 11)),
            running("t1", "r"),
            ended("t1", "s"),
            queued("t2", "q", 12),
        ];
        db.run(|d| executions::insert(d, &rows)).await;
        let list = async |filter: Filter, limit| ids(&db, |d| executions::list(d, &tenant("t1"), &filter, limit)).await;
        assert_eq!(list(Filter::default(), 9).await, ["q3", "q2", "q1", "r", "s"], "{}", db.name);
        assert_eq!(list(Filter::default(), 2).await, ["q3", "q2"]);
        let before = Some(Before { queued_at: 10, id: run("q2") });
        assert_eq!(list(Filter { before: before.clone(), ..Filter::default() }, 2).await, ["q1", "r"]);
        let of_app = Filter { app: Some(app("b")), ..Filter::default() };
        assert_eq!(list(of_app, 9).await, ["q3"]);
        let succeeded = Filter { state: Some(State::Succeeded), ..Filter::default() };
        assert_eq!(list(succeeded, 9).await, ["s"]);
        let all = Filter { app: Some(app("a")), state: Some(State::Queued), before };
        assert_eq!(list(all, 9).await, ["q1"], "{}", db.name);
    }
}

#[tokio::test]
async fn work_lists_hold_what_waits_and_what_goes_on() {
    for db in databases().await {
        let rows = [
            queued("t1", "q1", 10),
            queued("t1", "q2", 9),
            running("t1", "r1"),
            Row { node: Some("other".to_owned()), ..running("t1", "r2") },
            Row { state: State::Waiting, ..queued("t1", "w", 1) },
            ended("t1", "s"),
            running("t2", "r1"),
            queued("t3", "q", 1),
        ];
        db.run(|d| executions::insert(d, &rows)).await;
        db.run(|d| apps::insert(d, &[app_row("t1", "a"), app_row("t3", "a")])).await;
        let queue = async |limit| {
            let queue = db.read(|d| executions::queued(d, &tenant("t1"), &app("a"), limit), Queued::decode).await;
            queue.iter().map(|queued| queued.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(queue(9).await, ["q2", "q1"], "{}", db.name);
        assert_eq!(queue(1).await, ["q2"]);
        let with_queue = async || db.read(executions::apps_with_queue, executions::decode_app).await;
        assert_eq!(with_queue().await, [(tenant("t1"), app("a")), (tenant("t3"), app("a"))], "{}", db.name);
        db.run(|d| apps::set_status(d, &app_key("t1", "a"), apps::Status::Paused, None, 1)).await;
        assert_eq!(with_queue().await, [(tenant("t3"), app("a"))], "{}", db.name);
        let held = async |make: &dyn Fn(Dialect) -> Statement| {
            let held = db.read(make, Held::decode).await;
            held.iter().map(|held| format!("{}/{}", held.key.tenant, held.key.id)).collect::<Vec<_>>()
        };
        assert_eq!(held(&|d| executions::running_of(d, "n")).await, ["t1/r1", "t2/r1"], "{}", db.name);
        db.run(|d| nodes::register(d, "n", 1, 9, 9)).await;
        assert_eq!(held(&|d| executions::orphans(d, 9)).await, ["t1/r2"], "{}", db.name);
        let per_app = db.run(|d| executions::running_per_app(d, &tenant("t1"))).await;
        assert_eq!(per_app, [[SqlValue::text("a"), SqlValue::Int(2)]], "{}", db.name);
        let open = names(&db, |d| executions::open_of_app(d, &tenant("t1"), &app("a"), "", 9)).await;
        assert_eq!(open, ["t1/q1", "t1/q2", "t1/r1", "t1/r2", "t1/w"]);
        let rest = names(&db, |d| executions::open_of_app(d, &tenant("t1"), &app("a"), "r1", 1)).await;
        assert_eq!(rest, ["t1/r2"], "{}", db.name);
    }
}

#[tokio::test]
async fn runs_that_ended_long_ago_are_forgotten_but_no_dead_letters() {
    for db in databases().await {
        let ended_at = |id: &str, at| Row { ended_at: Some(at), ..ended("t1", id) };
        let rows =
            [ended_at("a", 5), ended_at("b", 6), Row { dead_letter: true, ..ended_at("c", 5) }, queued("t1", "q", 1)];
        db.run(|d| executions::insert(d, &rows)).await;
        db.run(|d| journal::append(d, &[journal_row("t1", "a", 0), journal_row("t1", "b", 0)])).await;
        assert_eq!(names(&db, |d| executions::ended(d, &tenant("t1"), 6, 9)).await, ["t1/a"], "{}", db.name);
        assert!(names(&db, |d| executions::ended(d, &tenant("t2"), 6, 9)).await.is_empty());
        db.run(|d| executions::delete(d, &[run_key("t1", "a")])).await;
        db.run(|d| journal::delete(d, &[run_key("t1", "a")])).await;
        let left = ids(&db, |d| executions::list(d, &tenant("t1"), &Filter::default(), 9)).await;
        assert_eq!(left, ["q", "c", "b"], "{}", db.name);
        assert!(db.run(|d| journal::read(d, &tenant("t1"), &run("a"))).await.is_empty());
        assert_eq!(db.run(|d| journal::read(d, &tenant("t1"), &run("b"))).await.len(), 1);
    }
}

#[tokio::test]
async fn a_journal_is_read_in_order_and_each_number_is_taken_once() {
    for db in databases().await {
        let rows = [journal_row("t1", "r", 1), journal_row("t1", "r", 0), journal_row("t2", "r", 0)];
        db.run(|d| journal::append(d, &rows)).await;
        let read = db.read(|d| journal::read(d, &tenant("t1"), &run("r")), journal::Row::decode).await;
        assert_eq!(read, [rows[1].clone(), rows[0].clone()], "{}", db.name);
        assert!(db.attempt(|d| journal::append(d, &rows[..1])).await.unwrap_err().is_refusal(), "{}", db.name);
        let keys = [run_key("t2", "r"), run_key("t1", "r"), run_key("t1", "none")];
        let next = db.read(|d| journal::next_seq(d, &keys), journal::decode_next_seq).await;
        assert_eq!(next, [(run_key("t1", "none"), 0), (run_key("t1", "r"), 2), (run_key("t2", "r"), 1)]);
    }
}

#[test]
fn a_word_stands_for_what_it_came_from_and_no_other_word_does() {
    use State::{Cancelled, Failed, Queued, Running, Skipped, Succeeded, Waiting};
    for state in [Queued, Running, Waiting, Succeeded, Failed, Skipped, Cancelled] {
        assert_eq!(State::parse(state.as_str()), Some(state));
    }
    for trigger in [Trigger::Manual, Trigger::Event, Trigger::Scheduled, Trigger::Delayed] {
        assert_eq!(Trigger::parse(trigger.as_str()), Some(trigger));
    }
    assert_eq!(State::parse("Queued"), None);
}
