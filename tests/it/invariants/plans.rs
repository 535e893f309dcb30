//! Plans that no compiler made: changed by hand and sealed again with a right digest.

use alcove_plan::{
    action::{Param, ParamValue},
    capability::Manifest,
    codec::Literal,
    envelope::{open, seal},
    expr::Compare,
    plan::Plan,
    program::Program,
    query::{FilterNode, Hole, Limit, Operand},
    types::{Kind, Type},
    value::Value,
    verify,
};
use serde_json::json;

use crate::scene::{Executor, Scene, Stage};

fn scene() -> Scene {
    let steps = json!([{ "id": "top", "connector": "users", "fields": ["id", "name"],
        "filter": { "field": "status", "op": "eq", "value": "active" }, "limit": 10 }]);
    let actions = json!([{ "type": "for_each", "items": "{{steps.top.data}}", "as": "user", "actions": [
        { "type": "send_push", "params": { "user_id": "{{user.id}}", "title": "Hi", "message": "{{user.name}}",
            "link": "https://example.com/{{user.id}}" } },
        { "type": "update_user", "params": { "user_id": "{{user.id}}", "fields": { "nickname": "{{user.name}}" } } },
    ] }]);
    Scene::manual(&steps, &actions)
}

/// The plan with a change, sealed as if nothing had happened; `Err`: why it is refused.
fn forged(stage: &Stage, plan: &[u8], change: impl FnOnce(&mut Plan, &mut Program)) -> Result<Manifest, String> {
    let mut opened = open(plan).unwrap();
    change(&mut opened.plan, &mut opened.program);
    let bytes = seal(&opened.plan, &opened.program).map_err(|error| error.to_string())?;
    let chain = |error: &dyn std::error::Error| {
        std::iter::successors(Some(error), |error| error.source())
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(": ")
    };
    let loaded = stage.runner.load(&bytes).map_err(|error| chain(&error))?;
    Ok(Manifest::derive(loaded.plan()))
}

fn literal(value: impl Into<Value>) -> ParamValue {
    ParamValue::Literal(Literal(value.into()))
}

fn added(path: &[&str], value: ParamValue) -> Param {
    Param { path: path.iter().map(ToString::to_string).collect(), value }
}

fn is(field: &str, value: impl Into<Value>) -> FilterNode {
    FilterNode::Test { field: field.to_owned(), op: Compare::Eq, operand: Operand::Literal(Literal(value.into())) }
}

type Change = fn(&mut Plan, &mut Program);

#[tokio::test(flavor = "multi_thread")]
async fn invariant_01_only_data_a_plan_by_hand_names_nothing_that_the_catalog_does_not_offer() {
    let stage = scene().stage().await;
    let plan = scene().compile().unwrap();
    let names: [(Change, &str); 18] = [
        (|plan, _| plan.queries[0].connector = "effects".to_owned(), "there is no connector `effects`"),
        (|plan, _| plan.queries[0].connector = "users\" --".to_owned(), "there is no connector"),
        (|plan, _| plan.queries[0].fields[1] = "tenant_id".to_owned(), "no field `tenant_id`"),
        (|plan, _| plan.queries[0].fields[1] = "id\", (SELECT 1) \"x".to_owned(), "no field"),
        (|plan, _| plan.queries[0].filter = vec![is("tenant_id", "tenant_b")], "no field `tenant_id`"),
        (|plan, _| plan.queries[0].filter = vec![is("1=1) OR (\"id", "x")], "no field"),
        (|plan, _| plan.queries[0].filter = vec![is("avatar_url", "x")], "not filterable"),
        (|plan, _| plan.queries[0].filter = vec![is("xp_total", "1 OR 1")], "does not compare"),
        (|plan, _| plan.queries[0].limit = Limit::Rows(5_001), "5001"),
        (|plan, _| plan.actions[0].name = "execute_sql".to_owned(), "there is no action `execute_sql`"),
        (|plan, _| plan.actions[0].name = "../../create_post".to_owned(), "there is no action"),
        (|plan, _| plan.actions[0].params.push(added(&["tenant_id"], literal("tenant_b"))), "no parameter `tenant_id`"),
        (|plan, _| plan.actions[1].params.push(added(&["fields", "id"], literal("x"))), "may be written"),
        (|plan, _| plan.actions[1].params.push(added(&["fields", "a\" = 1, \"b"], literal("x"))), "may be written"),
        (|plan, _| plan.actions[1].params.push(added(&["fields", "level"], literal("x"))), "not integer"),
        (|plan, _| plan.actions[0].params[3].value = literal("https://169.254.169.254/latest"), "not a public address"),
        (|plan, _| plan.actions[0].params[3].value = literal("https://metadata.google.internal/"), "internal name"),
        (|plan, _| plan.actions[0].params[3].value = literal("javascript:alert(1)"), "not `https`"),
    ];
    assert!(forged(&stage, &plan, |_, _| {}).is_ok());
    for (at, (change, why)) in names.into_iter().enumerate() {
        let refusal = forged(&stage, &plan, |plan, program| {
            change(plan, program);
            // A literal in place of a hole takes its argument along, so that only the catalog can object.
            for (action, call) in plan.actions.iter().zip(&mut program.actions) {
                call.args.truncate(action.holes().count());
            }
            if plan.queries[0]
                .filter
                .iter()
                .all(|node| !matches!(node, FilterNode::Test { operand: Operand::Hole(_), .. }))
            {
                plan.queries[0].holes.clear();
                program.queries[0].args.clear();
            }
        });
        let refusal = refusal.expect_err(&format!("change {at} is let through; expected: {why}"));
        assert!(refusal.contains(why), "change {at}: {refusal}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_01_only_data_the_manifest_says_what_a_plan_by_hand_reads() {
    let stage = scene().stage().await;
    let plan = scene().compile().unwrap();
    let honest = forged(&stage, &plan, |_, _| {}).unwrap();
    assert!(!honest.reads["users"].fields.contains("email"));
    let curious = forged(&stage, &plan, |plan, _| plan.queries[0].fields[1] = "email".to_owned()).unwrap();
    assert!(curious.reads["users"].fields.contains("email"), "{curious:?}");
    let wider = forged(&stage, &plan, |plan, program| {
        plan.actions[1].params.push(added(&["fields", "role"], literal("admin")));
        let _ = program;
    });
    match wider {
        Ok(manifest) => assert!(format!("{:?}", manifest.actions["update_user"]).contains("role"), "{manifest:?}"),
        Err(refusal) => assert!(refusal.contains("admin") || refusal.contains("role"), "{refusal}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn invariant_01_only_data_a_pattern_by_hand_stops_its_own_run_and_nothing_else() {
    let steps = json!([{ "id": "all", "connector": "users", "transforms": [
        { "type": "filter", "where": { "field": "name", "op": "regex", "value": "^a" } }] }]);
    let actions = json!([{ "type": "set_state", "params": { "key": "k", "value": "{{steps.all.count}}" } }]);
    let name = "a".repeat(60_000);
    let users = json!([{ "id": "u1", "name": name }]);
    let scene = Scene::manual(&steps, &actions).data(json!({ "users": users }));
    let mut stage = scene.stage().await;
    let plan = scene.compile().unwrap();
    let bombs =
        ["((a{1000}){1000}){1000}".to_owned(), "(".repeat(30_000), "(a*)*b".to_owned(), "\\pL{60000}".to_owned()];
    for pattern in bombs {
        let mut opened = open(&plan).unwrap();
        opened.program.regexes = vec![pattern.clone()];
        let Ok(loaded) = stage.runner.load(&seal(&opened.plan, &opened.program).unwrap()) else { continue };
        stage.plan = loaded;
        stage.spec.request.clone_from(&pattern);
        stage.spec.limits.wall_clock = std::time::Duration::from_secs(10);
        let report = stage.report(Executor::Wasm).await;
        if let Some(error) = report.error {
            assert!(!error.message.contains("trapped"), "{pattern:.20}: {error:?}");
            assert_ne!(error.code.as_str(), "E003", "{pattern:.20}: {error:?}");
        }
    }
}

#[test]
fn invariant_01_only_data_what_a_plan_says_about_itself_must_be_so() {
    let plan = scene().compile().unwrap();
    let changes: [Change; 8] = [
        |plan, _| plan.actions[0].behind_approval = true,
        |plan, _| plan.actions[0].recover_depth = 1,
        |plan, _| plan.actions[0].loops = vec![5_001],
        |plan, _| plan.actions[0].loops.clear(),
        |plan, _| plan.actions[0].place = plan.actions[1].place,
        |plan, _| plan.settings.timeout_ms = 300_001,
        |plan, _| plan.queries[0].holes.push(Hole { ty: Type::One(Kind::Any), nullable: true }),
        |_, program| program.slots = 0,
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let mut opened = open(&plan).unwrap();
        change(&mut opened.plan, &mut opened.program);
        let refused = match seal(&opened.plan, &opened.program) {
            Ok(bytes) => verify::load(&bytes).is_err(),
            Err(_) => true,
        };
        assert!(refused, "change {at} is let through");
    }
}
