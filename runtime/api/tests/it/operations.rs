//! What holds for every operation of the table.

use alcove_api::OPERATIONS;
use alcove_control::Permission;
use hyper::Method;

use crate::world::World;

/// A body that each operation can read.
fn body(path: &str) -> &'static str {
    match path {
        "/v1/events" => r#"{"type":"user.created","id":"e1","payload":{"user_id":"u1"}}"#,
        "/v1/apps/{app}:rollback" => r#"{"version":1}"#,
        "/v1/approvals/{approval}:approve" | "/v1/approvals/{approval}:reject" => r#"{"plan":"","preview_digest":""}"#,
        "/v1/approvals/{approval}:modify" => r#"{"plan":"","preview_digest":"","edits":[]}"#,
        "/v1/members" => r#"{"subject":"person:x"}"#,
        "/v1/teams" => r#"{"id":"x"}"#,
        "/v1/grants" => r#"{"subject":"person:x","role":"viewer"}"#,
        "/v1/keys" => r#"{"subject":"person:x","name":"x"}"#,
        _ => "",
    }
}

fn filled(path: &str) -> String {
    let path = path.replace("{version}", "1").replace("{range}", "1..2");
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |path, part| path + "x" + part.split_once('}').map_or("", |(_, rest)| rest))
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
    for operation in OPERATIONS {
        let lacking: &[&str] = match operation.permission() {
            None => continue,
            Some(Permission::Read) => &["nobody"],
            Some(Permission::Write) => &["nobody", "vic", "bob", "rob"],
            Some(Permission::Run) => &["nobody", "vic", "bob"],
            Some(Permission::Approve) => &["nobody", "vic", "cleo", "rob"],
            Some(Permission::Admin) => &["nobody", "vic", "cleo", "bob", "rob"],
        };
        let path = operation.path;
        for name in lacking {
            let method = Method::from_bytes(operation.method.as_bytes()).unwrap();
            // What is listed is read without a body.
            let body = if method == Method::POST { body(path) } else { "" };
            let answer = world.caller(name).send(method, &filled(path), &[], body.into()).await;
            answer.problem(403, "denied");
        }
    }
}
