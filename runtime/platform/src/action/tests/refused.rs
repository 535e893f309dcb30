//! What no action does: with ids that name nothing, values that do not fit, plans that the catalog does not allow.

use alcove_plan::{
    action::{Action, Output, ParamValue},
    failure::Code,
    query::Hole,
    value::Value,
};

use super::communities;
use crate::{
    Platform,
    prepare::Problem,
    testing::{STR, action, calls, constant, dump, failure, platform, prepared, text},
};

/// An action, its holes, their values, and what the call fails with.
type Case = (&'static str, &'static [&'static str], Vec<Value>, &'static str);

async fn fail_and_leave_no_trace(cases: Vec<Case>) {
    for (platform, scope) in communities("t1").await {
        let before = dump(&platform, "t1").await;
        for (name, params, values, message) in &cases {
            let action = prepared(&platform, name, params);
            let outcomes = platform.perform(&scope, &calls(&scope, &action, vec![values.clone()])).await;
            assert_eq!(failure(&outcomes[0]), format!("E005: {message}"), "{name}");
        }
        assert_eq!(dump(&platform, "t1").await, before);
    }
}

#[tokio::test]
async fn ids_that_name_nothing_fail_their_call() {
    let t = text;
    fail_and_leave_no_trace(vec![
        ("award_xp", &["user_id", "amount"], vec![t("eve"), Value::Int(1)], "no user has the id `eve`"),
        (
            "award_xp",
            &["user_id", "amount"],
            vec![t("ann"), Value::Null],
            "the parameter `amount` of `award_xp` is null",
        ),
        (
            "award_xp",
            &["user_id", "amount"],
            vec![t("ann"), Value::Int(i64::MAX)],
            "the XP of the user `ann` would go beyond what an integer holds",
        ),
        ("award_badge", &["user_id", "badge"], vec![t(""), t("Star")], "no user has the id ``"),
        ("send_notification", &["user_id", "message"], vec![t("eve"), t("x")], "no user has the id `eve`"),
        (
            "send_push",
            &["user_id", "title", "message"],
            vec![t("' OR 1=1 --"), t("x"), t("y")],
            "no user has the id `' OR 1=1 --`",
        ),
        ("flag_post", &["post_id", "reason"], vec![t("p2"), t("x")], "no post has the id `p2`"),
        ("create_post", &["room_id", "content"], vec![t("attic"), t("x")], "no room has the id `attic`"),
        (
            "create_post",
            &["room_id", "content", "author_id"],
            vec![t("den"), t("x"), t("eve")],
            "no user has the id `eve`",
        ),
        ("add_to_room", &["room_id", "user_id"], vec![t("attic"), t("ann")], "no room has the id `attic`"),
        ("add_to_room", &["room_id", "user_id"], vec![t("den"), t("eve")], "no user has the id `eve`"),
        (
            "create_mission",
            &["name", "xp_reward", "room_id"],
            vec![t("m"), Value::Int(1), t("attic")],
            "no room has the id `attic`",
        ),
        (
            "create_mission",
            &["name", "xp_reward", "user_id"],
            vec![t("m"), Value::Int(1), t("eve")],
            "no user has the id `eve`",
        ),
        ("update_user", &["user_id", "fields.status"], vec![t("eve"), t("x")], "no user has the id `eve`"),
    ])
    .await;
}

#[tokio::test]
async fn values_that_do_not_fit_fail_their_call() {
    const MAIL: &[&str] = &["to", "subject", "body"];
    const PUSH: &[&str] = &["user_id", "title", "message", "link"];
    let t = text;
    fail_and_leave_no_trace(vec![
        (
            "update_user",
            &["user_id", "fields.status"],
            vec![t("ann"), Value::Null],
            "the parameter `fields` of `update_user` sets `status`, which is null",
        ),
        (
            "send_email",
            MAIL,
            vec![t("a@example.com,b@example.com"), t("s"), t("b")],
            "the parameter `to` of `send_email` is not exactly one e-mail address",
        ),
        (
            "send_email",
            MAIL,
            vec![t("a@example.com"), t("s\r\nBcc: b@example.com"), t("b")],
            "the parameter `subject` of `send_email` has a line break or a NUL, which a header may not",
        ),
        (
            "send_push",
            PUSH,
            vec![t("ann"), t("x"), t("y"), t("http://example.com")],
            "the parameter `link` of `send_push` is not a link that may be sent out: it uses `http`, not `https`",
        ),
        (
            "send_push",
            PUSH,
            vec![t("ann"), t("x"), t("y"), t("https://a.localhost./")],
            "the parameter `link` of `send_push` is not a link that may be sent out: `a.localhost.` is an internal \
             name",
        ),
        (
            "send_push",
            PUSH,
            vec![t("ann"), t("x"), t("y"), t("https://100.64.0.1/")],
            "the parameter `link` of `send_push` is not a link that may be sent out: 100.64.0.1 is not a public \
             address",
        ),
        (
            "emit_event",
            &["event", "payload"],
            vec![t("user.created"), Value::object::<&str>([])],
            "the parameter `event` of `emit_event` is not the name of an event of apps: `custom.` and then letters, \
             digits, `_`, `.` or `-`",
        ),
        ("set_state", &["key", "value"], vec![t("k"), Value::Null], "the parameter `value` of `set_state` is null"),
    ])
    .await;
}

#[tokio::test]
async fn a_value_of_another_type_than_its_hole_is_a_defect() {
    for (platform, scope) in communities("t1").await {
        let xp = prepared(&platform, "award_xp", &["user_id", "amount"]);
        for values in
            [vec![], vec![text("ann")], vec![text("ann"), text("1")], vec![text("ann"), Value::Int(1), Value::Null]]
        {
            let outcomes = platform.perform(&scope, &calls(&scope, &xp, vec![values])).await;
            assert_eq!(failure(&outcomes[0]), "E012: the values of `award_xp` do not fit its holes");
        }
    }
}

fn with(name: &str, params: &[&str], change: impl FnOnce(&mut Action)) -> Action {
    let mut plan = action(name, params);
    change(&mut plan);
    plan
}

fn are_refused(platform: &Platform, cases: &[(Action, &str)]) {
    for (plan, message) in cases {
        let error = platform.prepare_action(plan).unwrap_err();
        let Problem::Action(problem) = &error.problem else { panic!("{error}") };
        assert_eq!((problem.to_string().as_str(), error.place), (*message, 7));
    }
}

#[tokio::test]
async fn what_instructs_a_model_or_is_promised_of_an_effect_is_no_place_for_a_value() {
    let cases = [
        (
            with("ai_analyze", &["content", "instructions"], |_| {}),
            "the parameter `instructions` of `ai_analyze` instructs a model and is no place for a value",
        ),
        (
            with("ai_classify", &["content", "labels"], |_| {}),
            "the parameter `labels` of `ai_classify` instructs a model and is no place for a value",
        ),
        (
            with("webhook_call", &["url", "idempotent"], |_| {}),
            "the parameter `idempotent` of `webhook_call` says what is promised about an effect and is no place for a \
             value",
        ),
    ];
    are_refused(&platform().await, &cases);
}

#[tokio::test]
async fn plans_that_the_catalog_does_not_allow_are_refused_with_their_place() {
    let platform = platform().await;
    let user = |change: fn(&mut Action)| with("update_user", &["user_id"], change);
    let hole = |ty| ParamValue::Hole(Hole { ty, nullable: false });
    let cases = [
        (with("award_xp", &[], |a| a.name = "drop_table".to_owned()), "there is no action `drop_table`"),
        (with("award_xp", &["user_id"], |_| {}), "`award_xp` needs the parameter `amount`"),
        (
            with("award_xp", &["user_id", "amount"], |a| a.params.push(constant(&["tenant_id"], text("t2")))),
            "`award_xp` has no parameter `tenant_id`",
        ),
        (
            with("award_xp", &["user_id", "amount"], |a| a.params.push(constant(&["amount"], Value::Int(1)))),
            "the parameter `amount` is given twice",
        ),
        (
            with("award_xp", &["user_id", "amount"], |a| a.params[1].value = hole(STR)),
            "the parameter `amount` takes integer, not string",
        ),
        (
            with("award_xp", &["user_id", "amount"], |a| a.outputs.clear()),
            "`award_xp` gives `xp_total` (integer), not nothing",
        ),
        (
            with("delete_state", &["key"], |a| a.outputs = vec![Output { name: "x".to_owned(), ty: STR }]),
            "`delete_state` gives nothing, not `x` (string)",
        ),
        (
            with("delete_state", &[], |a| a.params = vec![constant(&["key", "x"], text("y"))]),
            "the parameter `key` has members, but is no object",
        ),
        (
            with("send_email", &["to", "body"], |a| a.params.push(constant(&["subject"], text("a\nb")))),
            "the parameter `subject` cannot be this constant: it has a line break or a NUL, which a header may not",
        ),
        (
            user(|a| a.params.push(constant(&["fields", "id"], text("x")))),
            "`id` is no field of `users` that may be written",
        ),
        (
            user(|a| a.params.push(constant(&["fields", "tenant_id"], text("t2")))),
            "`tenant_id` is no field of `users` that may be written",
        ),
        (
            user(|a| a.params.push(constant(&["fields", "name\" = 'x', \"id"], text("x")))),
            "`name\" = 'x', \"id` is no field of `users` that may be written",
        ),
        (
            user(|a| a.params.push(constant(&["fields", "level"], text("9")))),
            "the parameter `level` cannot be this constant: it is of type string, not integer",
        ),
        (
            with("update_user", &["user_id", "fields"], |_| {}),
            "the members of `fields` are fields of `users` and must be known in advance",
        ),
    ];
    are_refused(&platform, &cases);
    let open = with("set_state", &["key"], |a| a.params.push(constant(&["value", "a", "b"], Value::Null)));
    assert!(platform.prepare_action(&open).is_ok(), "an object of any shape may be built where anything goes");
}

#[tokio::test]
async fn what_a_model_does_is_not_done_here() {
    for (platform, scope) in communities("t1").await {
        let plan = action("ai_generate", &["prompt"]);
        let outcomes = platform
            .perform(&scope, &calls(&scope, &platform.prepare_action(&plan).unwrap(), vec![vec![text("x")]]))
            .await;
        assert!(failure(&outcomes[0]).starts_with(Code::Internal.as_str()));
        let rendered = platform.prepare_action(&plan).unwrap().rendered(&[text("x")]).unwrap();
        assert_eq!(rendered, Value::object([("prompt", text("x"))]));
    }
}
