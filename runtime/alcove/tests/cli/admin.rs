//! `alcove admin`: from an empty database to a key that opens a server.

use serde_json::Value;

use crate::{node::Node, program::Program};

const DATABASE: [&str; 4] = ["--database", "sqlite:node.db", "--format", "json"];

/// What a command prints, if it does what it should.
fn done(program: &Program, args: &[&str]) -> Value {
    let ended = program.call([&["admin"], args, &DATABASE].concat());
    assert_eq!(ended.code, 0, "{args:?}: {ended:?}");
    serde_json::from_str(&ended.out).unwrap()
}

/// The word for what is wrong with a command.
fn refused(program: &Program, args: &[&str]) -> String {
    let ended = program.call([&["admin"], args, &DATABASE].concat());
    assert_eq!(ended.code, 2, "{args:?}: {ended:?}");
    let printed: Value = serde_json::from_str(&ended.out).unwrap();
    printed["diagnostics"][0]["code"].as_str().unwrap().to_owned()
}

#[test]
fn a_tenant_and_its_first_key_are_made_and_the_key_opens_the_server_until_it_is_revoked() {
    let program = Program::new();
    let made = done(&program, &["create-tenant", "acme", "--tier", "pro"]);
    assert_eq!((&made["tenant"]["id"], &made["tenant"]["tier"]), (&"acme".into(), &"pro".into()));
    let key = ["create-key", "--tenant", "acme", "--subject", "person:ann", "--role", "admin", "--expires", "90d"];
    let ann = done(&program, &key);
    let operator = done(&program, &["create-operator-key"]);
    let text = |made: &Value, member: &str| made[member].as_str().unwrap().to_owned();
    assert!(text(&ann, "key").starts_with("alc_") && text(&operator, "key").starts_with("alcop_"));
    assert!(ann["expires_at"].is_string());
    let listed = done(&program, &["list-tenants"]);
    assert_eq!(listed["tenants"][0]["id"], "acme");

    let node = Node::start_with(&program, &[]);
    let (status, me) = node.get_with(&text(&ann, "key"), "/v1/me");
    assert_eq!((&*status, &me["subject"]), ("HTTP/1.1 200 OK", &"person:ann".into()), "{me}");
    let (status, _) = node.get_with(&text(&operator, "key"), "/v1/admin/tenants/acme");
    assert_eq!(status, "HTTP/1.1 200 OK");
    drop(node);

    done(&program, &["revoke-key", &text(&ann, "id"), "--tenant", "acme"]);
    done(&program, &["revoke-key", &text(&operator, "id")]);
    let node = Node::start_with(&program, &[]);
    for key in [text(&ann, "key"), text(&operator, "key"), "hunter2".to_owned()] {
        assert_eq!(node.get_with(&key, "/v1/me").0, "HTTP/1.1 401 Unauthorized");
    }
}

#[test]
fn what_cannot_be_made_is_refused_and_says_why() {
    let program = Program::new();
    done(&program, &["create-tenant", "acme"]);
    assert_eq!(refused(&program, &["create-tenant", "acme"]), "refused");
    assert_eq!(refused(&program, &["create-tenant", "_platform"]), "refused");
    assert_eq!(refused(&program, &["create-tenant", "globex", "--tier", "gold"]), "usage");
    let key = |tenant: &'static str, subject: &'static str| {
        ["create-key", "--tenant", tenant, "--subject", subject, "--role", "admin"]
    };
    assert_eq!(refused(&program, &key("nobody", "person:ann")), "refused");
    assert_eq!(refused(&program, &key("acme", "ann")), "refused");
    assert_eq!(refused(&program, &["create-operator-key", "--expires", "soon"]), "usage");
    assert_eq!(refused(&program, &["revoke-key", "key_0"]), "refused");
}
