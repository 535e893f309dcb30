//! What each action does.

use alcove_ids::ExecutionId;
use alcove_plan::{
    codec::Outcome,
    value::{Timestamp, Value},
};
use alcove_store::{Dialect, SqlValue};

use super::communities;
use crate::{
    Platform, Scope,
    testing::{action, calls, constant, failure, outputs, prepared, raw, rows, select, text},
};

async fn perform(
    platform: &Platform,
    scope: &Scope,
    name: &str,
    params: &[&str],
    values: Vec<Vec<Value>>,
) -> Vec<Outcome> {
    let action = prepared(platform, name, params);
    platform.perform(scope, &calls(scope, &action, values)).await
}

async fn read(platform: &Platform, scope: &Scope, connector: &str, fields: &[&str]) -> Vec<Vec<Value>> {
    rows(platform, scope, &select(connector, fields), &[]).await.0
}

/// Types and payloads of the events that were caused, in the order of their ids' effects.
async fn events(platform: &Platform) -> Vec<(String, String)> {
    let sql = match platform.store().dialect() {
        Dialect::Sqlite => "SELECT type, payload FROM emitted_events ORDER BY rowid",
        Dialect::Postgres => "SELECT type, payload FROM emitted_events ORDER BY position",
    };
    let found = raw(platform, sql).await;
    let text = |cell: &SqlValue| cell.as_str().unwrap().to_owned();
    found.iter().map(|row| (text(&row[0]), text(&row[1]))).collect()
}

#[tokio::test]
async fn award_xp_gives_the_running_total_and_reaches_milestones_once() {
    for (platform, scope) in communities("t1").await {
        let award = |user: &str, amount: i64| vec![text(user), Value::Int(amount)];
        let awards = vec![award("ann", 30), award("bob", 5), award("ann", 20), award("ann", 150), award("ann", 1)];
        let outcomes = perform(&platform, &scope, "award_xp", &["user_id", "amount"], awards).await;
        let totals: Vec<_> = outcomes.iter().map(|outcome| outputs(outcome)[0].clone()).collect();
        assert_eq!(totals, [80, 5, 100, 250, 251].map(Value::Int));
        let users = read(&platform, &scope, "users", &["id", "xp_total", "level"]).await;
        assert_eq!(users[0], [text("ann"), Value::Int(251), Value::Int(2)]);
        assert_eq!(users[1][1], Value::Int(5));
        let events = events(&platform).await;
        assert_eq!(events[0].1, r#"{"user_id":"ann","amount":30,"xp_total":80,"source":"app"}"#);
        let reached: Vec<_> =
            events.iter().filter(|(name, _)| name == "milestone.reached").map(|(_, body)| body).collect();
        assert_eq!(
            reached,
            [
                r#"{"user_id":"ann","milestone_id":"m100","xp_threshold":100}"#,
                r#"{"user_id":"ann","milestone_id":"m200","xp_threshold":200}"#
            ]
        );
        assert_eq!(events.len(), 7);
    }
}

#[tokio::test]
async fn award_badge_defines_once_and_mints_once_for_each_member() {
    for (platform, scope) in communities("t1").await {
        let award = |user: &str, badge: &str| vec![text(user), text(badge)];
        let awards = vec![award("ann", "Star"), award("ann", "Star"), award("bob", "Star"), award("ann", "Sun")];
        let first = perform(&platform, &scope, "award_badge", &["user_id", "badge"], awards).await;
        let owned: Vec<_> = first.iter().map(|outcome| outputs(outcome)[1].clone()).collect();
        assert_eq!(owned, [false, true, false, false].map(Value::Bool));
        assert_eq!(outputs(&first[0])[0], outputs(&first[1])[0]);

        let later = Scope { execution: ExecutionId::parse("run_2").unwrap(), ..scope.clone() };
        let second = perform(&platform, &later, "award_badge", &["user_id", "badge"], vec![award("ann", "Star")]).await;
        assert_eq!(outputs(&second[0]), [outputs(&first[0])[0].clone(), Value::Bool(true)]);

        let badges = read(&platform, &scope, "nft_badges", &["name", "owner_id", "definition_id"]).await;
        let definitions = badges.iter().filter(|badge| badge[1].is_null()).count();
        assert_eq!((badges.len(), definitions), (5, 2));
        assert!(badges.iter().all(|badge| badge[1].is_null() == badge[2].is_null()));
        assert_eq!(events(&platform).await.len(), 3);
    }
}

#[tokio::test]
async fn update_user_sets_fields_of_every_kind_and_the_last_call_holds() {
    for (platform, scope) in communities("t1").await {
        let mut plan = action("update_user", &["user_id", "fields.status", "fields.bio", "fields.last_active_at"]);
        let profile = Value::object([("nested", Value::list(vec![Value::Int(1)]))]);
        plan.params.push(constant(&["fields", "profile"], profile.clone()));
        plan.params.push(constant(&["fields", "interests"], Value::list(vec![text("a'b")])));
        plan.params.push(constant(&["fields", "engagement_score"], Value::Num("0.10".parse().unwrap())));
        plan.params.push(constant(&["fields", "marketing_opt_in"], Value::Bool(true)));
        let prepared = platform.prepare_action(&plan).unwrap();
        let when = Value::Time(Timestamp::parse("2026-01-02T03:04:05.000006Z").unwrap());
        let update = |user: &str, status: &str| vec![text(user), text(status), Value::Null, when.clone()];
        let updates = vec![update("ann", "away"), update("ann", "back")];
        let outcomes = platform.perform(&scope, &calls(&scope, &prepared, updates)).await;
        assert!(outcomes.iter().all(|outcome| outputs(outcome).is_empty()));
        let fields =
            ["status", "bio", "last_active_at", "profile", "interests", "engagement_score", "marketing_opt_in"];
        let users = read(&platform, &scope, "users", &fields).await;
        let score = Value::Num("0.10".parse().unwrap());
        let interests = Value::list(vec![text("a'b")]);
        assert_eq!(users[0], [text("back"), Value::Null, when, profile, interests, score, Value::Bool(true)]);
        assert_eq!(users[1][0], text(""), "bob stays as he was");
        assert_eq!(
            events(&platform).await[0].1,
            r#"{"user_id":"ann","changed":["status","bio","last_active_at","profile","interests","engagement_score","marketing_opt_in"]}"#
        );
    }
}

#[tokio::test]
async fn posts_are_written_and_flagged() {
    for (platform, scope) in communities("t1").await {
        let post = vec![text("den"), text("hi"), text("bob")];
        let made = perform(&platform, &scope, "create_post", &["room_id", "content", "author_id"], vec![post]).await;
        let flags = vec![vec![outputs(&made[0])[0].clone(), text("spam")]];
        perform(&platform, &scope, "flag_post", &["post_id", "reason"], flags).await;
        let posts = read(&platform, &scope, "posts", &["content", "author_id", "status", "flag_reason"]).await;
        assert!(posts.contains(&vec![text("hi"), text("bob"), text("flagged"), text("spam")]));
        assert_eq!(read(&platform, &scope, "rooms", &["post_count_today"]).await[0][0], Value::Int(1));
        let names: Vec<_> = events(&platform).await.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["post.created", "post.flagged"]);
    }
}

#[tokio::test]
async fn a_member_joins_a_room_once() {
    for (platform, scope) in communities("t1").await {
        let join = |user: &str| vec![text("den"), text(user)];
        let joins = vec![join("ann"), join("bob"), join("ann")];
        let outcomes = perform(&platform, &scope, "add_to_room", &["room_id", "user_id"], joins).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Performed(_))));
        assert_eq!(read(&platform, &scope, "room_members", &["id"]).await.len(), 2);
        assert_eq!(read(&platform, &scope, "rooms", &["member_count"]).await[0][0], Value::Int(5));
        assert_eq!(events(&platform).await.len(), 2);
    }
}

#[tokio::test]
async fn a_mission_is_created_and_assigned() {
    for (platform, scope) in communities("t1").await {
        let params = ["name", "xp_reward", "room_id", "user_id"];
        let mission = vec![text("Say hi"), Value::Int(10), text("den"), text("ann")];
        let made = perform(&platform, &scope, "create_mission", &params, vec![mission]).await;
        let missions = read(&platform, &scope, "missions", &["id", "status", "xp_reward"]).await;
        assert_eq!(missions, [vec![outputs(&made[0])[0].clone(), text("active"), Value::Int(10)]]);
        let assigned = read(&platform, &scope, "user_missions", &["user_id", "mission_id", "status"]).await;
        assert_eq!(assigned, [vec![text("ann"), outputs(&made[0])[0].clone(), text("assigned")]]);
    }
}

#[tokio::test]
async fn a_customer_is_found_by_address_in_any_case_or_becomes_a_member_once() {
    for (platform, scope) in communities("t1").await {
        let params = ["email", "name", "shopify_customer_id"];
        let customer = |email: &str| vec![text(email), text("Zoe"), text("c1")];
        let new = ["Zoe@example.com", "zoe@EXAMPLE.com", "other@example.com"].map(customer).to_vec();
        let made = perform(&platform, &scope, "create_user_from_shopify", &params, new).await;
        let (first, again, other) = (outputs(&made[0]), outputs(&made[1]), outputs(&made[2]));
        assert_eq!((first[1].clone(), again.to_vec()), (Value::Bool(true), vec![first[0].clone(), Value::Bool(false)]));
        assert_eq!((other[1].clone(), other[0] == first[0]), (Value::Bool(true), false));
        let next = Scope { execution: ExecutionId::parse("run_2").unwrap(), ..scope.clone() };
        let later = perform(&platform, &next, "create_user_from_shopify", &params, vec![customer("ZOE@example.com")]);
        assert_eq!(outputs(&later.await[0]), [first[0].clone(), Value::Bool(false)]);
        let users = read(&platform, &scope, "users", &["id", "name", "email", "status"]).await;
        let zoe = vec![first[0].clone(), text("Zoe"), text("Zoe@example.com"), text("active")];
        assert_eq!(users.iter().filter(|user| user[0] == first[0]).collect::<Vec<_>>(), [&zoe]);
        let caused = events(&platform).await;
        assert_eq!(caused.iter().filter(|(name, _)| name == "user.created").count(), 2);
    }
}

#[tokio::test]
async fn messages_reach_their_tables() {
    for (platform, scope) in communities("t1").await {
        let note = vec![text("ann"), text("hello"), Value::Null];
        let sent = perform(&platform, &scope, "send_notification", &["user_id", "message", "title"], vec![note]).await;
        let notes = read(&platform, &scope, "notifications", &["id", "user_id", "message", "title", "status"]).await;
        assert_eq!(notes[0], [outputs(&sent[0])[0].clone(), text("ann"), text("hello"), Value::Null, text("sent")]);
        let mail = vec![text("ann@example.com"), text("Subject"), text("Body\r\nline")];
        perform(&platform, &scope, "send_email", &["to", "subject", "body"], vec![mail]).await;
        let push = vec![text("ann"), text("T"), text("M"), text("https://example.com/x")];
        perform(&platform, &scope, "send_push", &["user_id", "title", "message", "link"], vec![push]).await;
        let waiting = "SELECT count(*) FROM email_outbox JOIN push_outbox USING (tenant_id, app_id, status)";
        assert_eq!(raw(&platform, waiting).await[0][0], SqlValue::Int(1));
    }
}

#[tokio::test]
async fn state_is_set_read_and_deleted_in_order() {
    for (platform, scope) in communities("t1").await {
        let [set, get, delete] =
            [("set_state", vec!["key", "value"]), ("get_state", vec!["key", "default"]), ("delete_state", vec!["key"])]
                .map(|(name, params)| prepared(&platform, name, &params));
        let value = Value::object([("deep", Value::list(vec![Value::Null, Value::Num("1.10".parse().unwrap())]))]);
        let key = || text("k");
        let mut batch = calls(&scope, &set, vec![vec![key(), Value::Int(1)], vec![key(), value.clone()]]);
        batch.extend(calls(
            &scope,
            &get,
            vec![vec![key(), Value::Null], vec![text("none"), Value::Int(7)], vec![text("none"), Value::Null]],
        ));
        batch.extend(calls(&scope, &delete, vec![vec![key()], vec![text("none")]]));
        let outcomes = platform.perform(&scope, &batch).await;
        let found: Vec<_> = outcomes[2..5].iter().map(|outcome| outputs(outcome)[0].clone()).collect();
        assert_eq!(found, [value, Value::Int(7), Value::Null]);
        assert!(read(&platform, &scope, "app_state", &["key"]).await.is_empty());
    }
}

#[tokio::test]
async fn an_event_is_emitted_with_its_depth_and_an_approval_suspends() {
    for (platform, mut scope) in communities("t1").await {
        scope.chain_depth = 3;
        let payload = Value::object([("n", Value::Num("0.10".parse().unwrap()))]);
        let emit = prepared(&platform, "emit_event", &["event", "payload"]);
        let ask = prepared(&platform, "request_approval", &["title", "message"]);
        let mut batch = calls(&scope, &emit, vec![vec![text("custom.done"), payload]]);
        batch.extend(calls(&scope, &ask, vec![vec![text("t"), text("m")]]));
        batch.extend(calls(&scope, &prepared(&platform, "delete_state", &["key"]), vec![vec![text("k")]]));
        let outcomes = platform.perform(&scope, &batch).await;
        assert_eq!(outcomes[1..], [Outcome::Suspended, Outcome::NotPerformed]);
        let found = raw(&platform, "SELECT type, payload, chain_depth FROM emitted_events").await;
        assert_eq!(found, [vec![SqlValue::text("custom.done"), SqlValue::text(r#"{"n":0.1}"#), SqlValue::Int(4)]]);
    }
}

#[tokio::test]
async fn a_character_that_a_database_has_no_form_for_is_refused_where_it_stands_and_kept_in_json() {
    for (platform, scope) in communities("t1").await {
        let update = perform(
            &platform,
            &scope,
            "update_user",
            &["user_id", "fields.status"],
            vec![vec![text("ann"), text("a\0b")]],
        );
        let message = "E005: the parameter `fields` of `update_user` sets `status`, which holds the character U+0000, \
                       which PostgreSQL does not store";
        let update = update.await;
        match platform.store().dialect() {
            Dialect::Sqlite => assert_eq!(read(&platform, &scope, "users", &["status"]).await[0], [text("a\0b")]),
            Dialect::Postgres => assert_eq!(failure(&update[0]), message),
        }
        let later = Scope { execution: ExecutionId::parse("run_2").unwrap(), ..scope };
        let value = Value::object([("a\0", Value::list(vec![text("\0")]))]);
        let set =
            perform(&platform, &later, "set_state", &["key", "value"], vec![vec![text("k"), value.clone()]]).await;
        assert_eq!(outputs(&set[0]), []);
        assert_eq!(read(&platform, &later, "app_state", &["value"]).await, [[value]]);
    }
}
