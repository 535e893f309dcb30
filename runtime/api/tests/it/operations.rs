//! What holds for every operation of the table.

use alcove_api::OPERATIONS;
use alcove_control::Permission;
use hyper::Method;

use crate::world::World;

/// What each operation needs. It has a line for every operation that is not open to all.
const NEEDS: &[(&str, &str, Permission)] = &[
    ("POST", "/v1/apps:validate", Permission::Read),
    ("GET", "/v1/apps", Permission::Read),
    ("POST", "/v1/apps", Permission::Write),
    ("GET", "/v1/apps/{app}", Permission::Read),
    ("PUT", "/v1/apps/{app}", Permission::Write),
    ("DELETE", "/v1/apps/{app}", Permission::Write),
    ("POST", "/v1/apps/{app}:activate", Permission::Write),
    ("POST", "/v1/apps/{app}:pause", Permission::Write),
    ("POST", "/v1/apps/{app}:resume", Permission::Write),
    ("POST", "/v1/apps/{app}:rollback", Permission::Write),
    ("POST", "/v1/apps/{app}:run", Permission::Run),
    ("GET", "/v1/apps/{app}/versions", Permission::Read),
    ("GET", "/v1/apps/{app}/versions/{version}", Permission::Read),
    ("POST", "/v1/events", Permission::Run),
    ("GET", "/v1/executions", Permission::Read),
    ("GET", "/v1/executions/{execution}", Permission::Read),
    ("GET", "/v1/executions/{execution}/log", Permission::Read),
    ("POST", "/v1/executions/{execution}:cancel", Permission::Run),
    ("POST", "/v1/executions/{execution}:replay", Permission::Read),
    ("POST", "/v1/executions/{execution}:retry", Permission::Run),
    ("GET", "/v1/approvals", Permission::Read),
    ("GET", "/v1/approvals/{approval}", Permission::Read),
    ("POST", "/v1/approvals/{approval}:approve", Permission::Approve),
    ("POST", "/v1/approvals/{approval}:reject", Permission::Approve),
    ("POST", "/v1/approvals/{approval}:modify", Permission::Approve),
    ("GET", "/v1/dead-letters", Permission::Read),
    ("GET", "/v1/dead-letters/{execution}", Permission::Read),
    ("POST", "/v1/dead-letters/{execution}:redrive", Permission::Admin),
    ("POST", "/v1/dead-letters/{execution}:discard", Permission::Admin),
];

/// A body that each operation can read.
fn body(path: &str) -> &'static str {
    match path {
        "/v1/events" => r#"{"type":"user.created","id":"e1","payload":{"user_id":"u1"}}"#,
        "/v1/apps/{app}:rollback" => r#"{"version":1}"#,
        "/v1/approvals/{approval}:approve" | "/v1/approvals/{approval}:reject" => r#"{"plan":"","preview_digest":""}"#,
        "/v1/approvals/{approval}:modify" => r#"{"plan":"","preview_digest":"","edits":[]}"#,
        _ => "",
    }
}

fn filled(path: &str) -> String {
    let path = path.replace("{version}", "1");
    ["{app}", "{execution}", "{approval}"].iter().fold(path, |path, hole| path.replace(hole, "x"))
}

#[tokio::test]
async fn every_operation_that_is_not_open_needs_a_key_that_is_known() {
    let world = World::new().await;
    let mut impostor = world.stranger();
    impostor.key = Some("a-key-that-nobody-has");
    for operation in OPERATIONS.iter().filter(|operation| !operation.is_open()) {
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
        for caller in [world.stranger(), impostor.clone()] {
            let answer = caller.send(method.clone(), &filled(operation.path), &[], Vec::new()).await;
            answer.problem(401, "unauthenticated");
            assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer"));
        }
    }
}

#[tokio::test]
async fn every_operation_is_denied_to_whoever_lacks_its_permission() {
    let world = World::new().await;
    let listed = OPERATIONS.iter().filter(|operation| !operation.is_open());
    let listed: Vec<_> = listed.map(|operation| (operation.method, operation.path)).collect();
    let needed: Vec<_> = NEEDS.iter().map(|(method, path, _)| (*method, *path)).collect();
    assert_eq!(listed, needed, "say in this test what a new operation needs");
    for (method, path, permission) in NEEDS {
        let lacking: &[&str] = match permission {
            Permission::Read => &["nobody"],
            Permission::Write => &["nobody", "vic", "bob", "rob"],
            Permission::Run => &["nobody", "vic", "bob"],
            Permission::Approve => &["nobody", "vic", "cleo", "rob"],
            Permission::Admin => &["nobody", "vic", "cleo", "bob", "rob"],
        };
        for name in lacking {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = world.caller(name).send(method, &filled(path), &[], body(path).into()).await;
            answer.problem(403, "denied");
        }
    }
}
