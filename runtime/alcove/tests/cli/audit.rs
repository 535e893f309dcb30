//! `audit`: the log of who changed what, checked and exported beside the server that writes it.

use alcove_store::{Sql, Store};
use ring::{
    rand::SystemRandom,
    signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey},
};
use serde_json::{Value, json};

use crate::{
    node::Node,
    program::{Ended, Program},
};

const APP: &str = r#"{ "schema": "alcove/app@1", "name": "Nothing", "trigger": { "type": "manual" },
    "actions": [{ "type": "set_state", "params": { "key": "k", "value": "v" } }] }"#;

/// A database whose tenant has three notes in its log: an app was created, paused and resumed.
fn changed() -> Program {
    let program = Program::new();
    let node = Node::start(&program);
    node.post("/v1/apps?id=nothing&status=active", APP);
    node.post("/v1/apps/nothing:pause", "");
    node.post("/v1/apps/nothing:resume", "");
    drop(node);
    program
}

fn audit(program: &Program, args: &[&str]) -> Ended {
    let database = ["--database", "sqlite:node.db", "--tenant", "t1"];
    program.call(["audit"].iter().chain(args).chain(&database).copied())
}

fn report(program: &Program, args: &[&str]) -> (i32, Value) {
    let ended = audit(program, &[args, &["--format", "json"]].concat());
    (ended.code, ended.json())
}

/// What somebody does who may write the file.
fn tamper(program: &Program, statements: &[&'static str]) {
    let tokio = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    tokio.block_on(async {
        let store = Store::open_file(&program.path("node.db")).await.unwrap();
        let mut transaction = store.begin().await.unwrap();
        for sql in statements {
            transaction.execute(&Sql::fixed(sql), &[]).await.unwrap();
        }
        transaction.commit().await.unwrap();
        store.close().await;
    });
}

#[test]
fn a_log_is_exported_note_by_note_and_its_last_hash_is_its_head() {
    let program = changed();
    let (code, whole) = report(&program, &["verify"]);
    assert_eq!((code, &whole["status"], &whole["unchained"]), (0, &json!("whole"), &json!(0)), "{whole}");
    let exported = audit(&program, &["export"]);
    assert_eq!(exported.code, 0, "{exported:?}");
    let notes: Vec<Value> = exported.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json!(notes.len()), whole["entries"]);
    assert_eq!(notes.last().unwrap()["hash"], whole["head"]);
    assert!(notes.iter().any(|note| note["what"] == "app.paused" && note["detail"]["app"] == "nothing"), "{notes:?}");
    let rest = audit(&program, &["export", "--from", "1"]);
    assert_eq!(rest.out.lines().count(), notes.len() - 1);
    let human = audit(&program, &["verify"]);
    assert!(human.out.starts_with("whole: ") && human.out.contains(whole["head"].as_str().unwrap()), "{human:?}");
}

#[test]
fn a_log_that_was_changed_or_cut_short_is_found_and_the_place_is_named() {
    let program = changed();
    let (_, head) = report(&program, &["head"]);
    let head = head["head"].as_str().unwrap();
    assert_eq!(report(&program, &["verify", "--head", head]).0, 0);
    let last = "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)";
    tamper(&program, &["DROP TRIGGER audit_is_not_shortened", last]);
    assert_eq!(report(&program, &["verify"]).0, 0, "nobody can know without the head");
    let (code, short) = report(&program, &["verify", "--head", head]);
    assert_eq!((code, &short["status"], &short["problem"]), (1, &json!("broken"), &json!("truncated")), "{short}");
    tamper(&program, &["DROP TRIGGER audit_is_not_changed", "UPDATE audit SET what = 'app.deleted' WHERE seq = 1"]);
    let (code, changed) = report(&program, &["verify"]);
    assert_eq!((code, &changed["problem"], &changed["seq"]), (1, &json!("hash"), &json!(1)), "{changed}");
    let human = audit(&program, &["head"]);
    assert_eq!(human.code, 1, "there is no head of a log that is broken");
    assert!(human.out.starts_with("broken: the note 1 does not come to its hash"), "{human:?}");
}

#[test]
fn a_head_is_signed_with_a_key_and_anybody_can_check_it() {
    let program = changed();
    let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
    program.file("key.der", key.as_ref());
    let (code, head) = report(&program, &["head", "--sign", "key.der"]);
    assert_eq!(code, 0, "{head}");
    let bytes = |name: &str| hex::decode(head[name].as_str().unwrap()).unwrap();
    let text = head["signed"].as_str().unwrap();
    let public = UnparsedPublicKey::new(&ED25519, bytes("public_key"));
    public.verify(text.as_bytes(), &bytes("signature")).unwrap();
    assert!(public.verify(text.replace("t1", "t2").as_bytes(), &bytes("signature")).is_err());
    let expected = format!("tenant: t1\nentries: {}\nhead: {}\n", head["entries"], head["head"].as_str().unwrap());
    assert!(text.contains(&expected), "{text}");
}

#[test]
fn what_is_no_head_and_no_key_is_refused() {
    let program = changed();
    program.file("key.der", b"no key");
    for (args, code) in [
        (&["verify", "--head", "xyz"][..], "usage"),
        (&["head", "--sign", "key.der"], "invalid-key"),
        (&["head", "--sign", "none.der"], "unreadable"),
    ] {
        let (exit, refused) = report(&program, args);
        assert_eq!((exit, &refused["diagnostics"][0]["code"]), (2, &json!(code)), "{refused}");
    }
}
