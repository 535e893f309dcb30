//! Rows and input.

use serde_json::{Value as Json, json};

use super::choices::Choices;

const NAMES: [&str; 8] = ["Ada", "Grace Hopper", "", "éü", "a a a", "{{now}}", "Zoë \"Z\"", "u1"];

/// A few users and their rewards; some rewards are of nobody.
pub(super) fn data(choices: &mut Choices<'_>) -> Json {
    let users: Vec<Json> = (0..3 + choices.below(6)).map(|at| user(choices, at)).collect();
    let rewards: Vec<Json> = (0..choices.below(12)).map(|at| reward(choices, at)).collect();
    json!({ "users": users, "rewards": rewards })
}

fn user(choices: &mut Choices<'_>, at: usize) -> Json {
    json!({
        "id": format!("u{at}"),
        "name": choices.of(&NAMES),
        "nickname": if choices.below(2) == 0 { Json::Null } else { json!(choices.of(&NAMES)) },
        "xp_total": choices.of(&[0, 1, 7, -5, 100, 1_000_000_007]),
        "engagement_score": choices.of(&[json!(0), json!(0.1), json!(0.75), json!(12.5)]),
        "marketing_opt_in": choices.below(2) == 0,
        "interests": choices.some(&NAMES),
        "last_active_at": choices.of(&[json!(null), json!("2026-11-16T07:00:00Z"), json!("2025-12-31T23:59:59Z")]),
    })
}

fn reward(choices: &mut Choices<'_>, at: usize) -> Json {
    json!({
        "id": format!("w{at}"),
        "user_id": format!("u{}", choices.below(10)),
        "reward_type": choices.of(&["xp", "token"]),
        "amount": choices.of(&[json!(0), json!(10), json!(0.1), json!(-2.5), json!(99.99)]),
        "status": choices.of(&["available", "claimed"]),
    })
}

/// What a manual run is given.
pub(super) fn input(choices: &mut Choices<'_>) -> Json {
    let any = [json!("Ada"), json!(3), json!(-0.5), json!(null), json!(["b", "a"]), json!({ "id": "u1" }), json!(true)];
    json!({
        "text": choices.of(&NAMES),
        "n": choices.of(&[0, 1, 42]),
        "amount": choices.of(&[json!(1.25), json!(10)]),
        "list": (0..choices.below(5)).map(|_| choices.of(&any).clone()).collect::<Vec<_>>(),
        "nested": { "text": choices.of(&any), "list": [choices.of(&any)] },
    })
}
