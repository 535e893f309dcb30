//! What waits for a person: approvals and dead letters.

use alcove_store::tables::{approvals, dead_letters};

use crate::{
    databases::databases,
    samples::{approval_row, dead_letter_row, effect, run, tenant},
};

#[tokio::test]
async fn a_question_is_asked_once_listed_and_answered_once() {
    use approvals::{Close, Row, Status};
    for db in databases().await {
        let rows = [approval_row("t1", "y", 1), approval_row("t1", "x", 1), approval_row("t1", "z", 0)];
        db.run(|d| approvals::insert(d, &rows)).await;
        assert!(db.attempt(|d| approvals::insert(d, &rows[..1])).await.unwrap_err().is_refusal(), "{}", db.name);
        let list = async |status, after: (i64, &str), limit| {
            let rows = db.read(|d| approvals::list(d, &tenant("t1"), status, after, limit), Row::decode).await;
            rows.iter().map(|row| row.id.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(list(Status::Open, (i64::MIN, ""), 9).await, ["z", "x", "y"], "{}", db.name);
        assert_eq!(list(Status::Open, (1, "x"), 9).await, ["y"]);
        let close = |id, status, decided_by: Option<&str>, decided_at| Close {
            tenant: tenant("t1"),
            id: effect(id),
            status,
            decided_by: decided_by.map(str::to_owned),
            decided_at,
        };
        let closes = [close("x", Status::Approved, Some("{}"), 8), close("y", Status::Expired, None, 9)];
        db.run(|d| approvals::close(d, &closes)).await;
        db.run(|d| approvals::close(d, &[close("x", Status::Rejected, None, 10)])).await;
        let answered =
            Row { status: Status::Approved, decided_by: Some("{}".to_owned()), decided_at: Some(8), ..rows[1].clone() };
        let get = async |id| db.read(|d| approvals::get(d, &tenant("t1"), &effect(id)), Row::decode).await;
        assert_eq!(get("x").await, [answered], "{}", db.name);
        assert_eq!(get("z").await, rows[2..]);
        assert_eq!(list(Status::Open, (i64::MIN, ""), 9).await, ["z"]);
        assert_eq!(list(Status::Expired, (i64::MIN, ""), 9).await, ["y"]);
    }
}

#[tokio::test]
async fn a_dead_letter_is_closed_once_and_opened_again_when_the_run_fails_again() {
    use dead_letters::{Close, Row, Status};
    for db in databases().await {
        let rows = [dead_letter_row("t1", "b", 1), dead_letter_row("t1", "a", 1)];
        db.run(|d| dead_letters::insert(d, &rows)).await;
        let list = async |status, after: (i64, &str)| {
            let rows = db.read(|d| dead_letters::list(d, &tenant("t1"), status, after, 9), Row::decode).await;
            rows.iter().map(|row| row.execution.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(list(Status::Open, (i64::MIN, "")).await, ["a", "b"], "{}", db.name);
        assert_eq!(list(Status::Open, (1, "a")).await, ["b"]);
        let close = |status, closed_at| Close {
            tenant: tenant("t1"),
            execution: run("a"),
            status,
            closed_at,
            closed_by: Some("{}".to_owned()),
        };
        db.run(|d| dead_letters::close(d, &[close(Status::Redriven, 5)])).await;
        db.run(|d| dead_letters::close(d, &[close(Status::Discarded, 6)])).await;
        let get = async || db.read(|d| dead_letters::get(d, &tenant("t1"), &run("a")), Row::decode).await;
        let closed =
            Row { status: Status::Redriven, closed_at: Some(5), closed_by: Some("{}".to_owned()), ..rows[1].clone() };
        assert_eq!(get().await, [closed], "{}", db.name);
        let again = dead_letter_row("t1", "a", 7);
        db.run(|d| dead_letters::insert(d, std::slice::from_ref(&again))).await;
        assert_eq!(get().await, [again], "{}", db.name);
    }
}
