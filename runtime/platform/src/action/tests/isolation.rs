//! Two tenants with the same ids everywhere: nothing that one does reads or changes what the other has.

use alcove_catalog::{ActionBinding, Catalog};
use alcove_plan::{
    codec::Outcome,
    types::{Kind, Type},
    value::Value,
};

use super::populate;
use crate::testing::{calls, dump, prepared, rows, scope, select, stages, text};

/// Values under which every action that needs none of the other tenant's rows succeeds.
fn value(name: &str, ty: Type) -> Value {
    match (name, ty) {
        ("user_id" | "author_id", _) => text("ann"),
        ("room_id", _) => text("den"),
        ("post_id", _) => text("p1"),
        ("to" | "reply_to" | "email", _) => text("ann@example.com"),
        ("link", _) => text("https://example.com"),
        ("event", _) => text("custom.x"),
        (_, Type::One(Kind::Int)) => Value::Int(60),
        (_, Type::One(Kind::Object)) => Value::object([("a", Value::Int(1))]),
        (_, Type::One(Kind::Time)) => Value::Time(scope("t1").now),
        _ => text("x"),
    }
}

#[tokio::test]
async fn no_action_of_one_tenant_reads_or_changes_the_others_rows() {
    for platform in stages().await {
        let (mine, theirs) = (scope("t1"), scope("t2"));
        populate(&platform, &mine).await;
        populate(&platform, &theirs).await;
        let before = dump(&platform, "t2").await;
        let entries = Catalog::shipped()
            .actions()
            .filter(|entry| !matches!(entry.binding, ActionBinding::Ai | ActionBinding::Http | ActionBinding::Api(_)));
        for entry in entries.filter(|entry| entry.name != "request_approval") {
            let written = |name: &str| if name == "fields" { "fields.status".to_owned() } else { name.to_owned() };
            let names: Vec<String> = entry.params.iter().map(|param| written(&param.name)).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let values: Vec<Value> = entry
                .params
                .iter()
                .map(|param| if param.name == "fields" { text("x") } else { value(&param.name, param.ty.ty) })
                .collect();
            let action = prepared(&platform, &entry.name, &names);
            let mine_before = dump(&platform, "t1").await;
            let outcomes = platform.perform(&mine, &calls(&mine, &action, vec![values])).await;
            assert!(matches!(outcomes[0], Outcome::Performed(_)), "{}: {outcomes:?}", entry.name);
            assert_ne!(dump(&platform, "t1").await, mine_before, "{} leaves a trace with its own tenant", entry.name);
            assert_eq!(dump(&platform, "t2").await, before, "{}", entry.name);
        }
        // The other tenant's run, of the very same ids, begins from its own rows.
        let xp = prepared(&platform, "award_xp", &["user_id", "amount"]);
        let outcomes = platform.perform(&theirs, &calls(&theirs, &xp, vec![vec![text("ann"), Value::Int(1)]])).await;
        assert_eq!(outcomes, [Outcome::Performed(vec![Value::Int(51)])]);
    }
}

#[tokio::test]
async fn no_connector_shows_one_tenant_the_others_rows() {
    for platform in stages().await {
        let (mine, theirs) = (scope("t1"), scope("t2"));
        for connector in Catalog::shipped().connectors() {
            let key = &connector.fields[0].name;
            for (scope, other) in [(&mine, "mine"), (&theirs, "theirs")] {
                let both = format!(r#"[{{"{key}":"same"}},{{"{key}":"{other}"}}]"#);
                crate::testing::load(&platform, scope, &connector.name, &both).await;
            }
            let names: Vec<&str> = connector.fields.iter().map(|field| field.name.as_str()).collect();
            for (scope, other) in [(&mine, "mine"), (&theirs, "theirs")] {
                let found = rows(&platform, scope, &select(&connector.name, &names), &[]).await.0;
                let keys: Vec<&str> = found.iter().map(|row| row[0].as_str().unwrap()).collect();
                let mut expected = ["same", other];
                expected.sort_unstable();
                assert_eq!(keys, expected, "{}", connector.name);
            }
        }
    }
}
