//! What the API says of itself.

use std::{env, fs, path::Path};

use hyper::Method;
use serde_json::Value;

use crate::world::World;

#[test]
fn the_document_in_the_tree_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    if env::var_os("BLESS").is_some() {
        fs::write(&path, alcove_api::openapi()).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap();
    assert!(
        known == alcove_api::openapi(),
        "the API has changed: look at what `cargo xtask bless` makes of the document"
    );
}

#[tokio::test]
async fn the_document_is_for_everybody() {
    let world = World::new().await;
    let document = world.stranger().get("/openapi.json").await.expect(200);
    assert_eq!(document, serde_json::from_str::<Value>(alcove_api::openapi()).unwrap());
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document: Value = serde_json::from_str(alcove_api::openapi()).unwrap();
    let mut open = vec![&document];
    while let Some(value) = open.pop() {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
        }
        match value {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_page_for_people_may_run_nothing() {
    let world = World::new().await;
    let answer = world.stranger().send(Method::GET, "/docs", &[], Vec::new()).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(answer.header("content-security-policy").unwrap().starts_with("default-src 'none';"));
    let style = world.stranger().get("/docs/style.css").await;
    assert_eq!((style.status, style.header("x-content-type-options")), (200, Some("nosniff")));
}
