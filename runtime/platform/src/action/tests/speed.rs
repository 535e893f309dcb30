//! What a batch costs, against prepared statements for single rows on the same database.

use std::time::{Duration, Instant};

use alcove_ids::EffectId;
use alcove_plan::{codec::Outcome, value::Value};
use alcove_store::{Sql, SqlValue};

use crate::{
    EffectCall, Platform, Scope,
    testing::{load, platform, prepared, scope, text},
};

const EFFECTS: u32 = 5_000;
const BATCH: usize = 256;

#[expect(clippy::disallowed_methods, reason = "a measurement")]
fn clock() -> Instant {
    Instant::now()
}

async fn batches(
    platform: &Platform,
    scope: &Scope,
    name: &str,
    params: &[&str],
    values: impl Fn(u32) -> Vec<Value>,
) -> Duration {
    let action = prepared(platform, name, params);
    let place = u32::try_from(name.len()).unwrap();
    let calls: Vec<EffectCall> = (0..EFFECTS)
        .map(|n| EffectCall {
            effect_id: EffectId::derive(&scope.execution, place, &[n]),
            action: action.clone(),
            values: values(n),
            indices: vec![n],
            recover_depth: 0,
        })
        .collect();
    let start = clock();
    for batch in calls.chunks(BATCH) {
        let outcomes = platform.perform(scope, batch).await;
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Performed(_))));
    }
    start.elapsed()
}

async fn singles(platform: &Platform, sql: &'static str, params: impl Fn(u32) -> Vec<SqlValue>) -> Duration {
    let start = clock();
    let mut transaction = platform.store().begin().await.unwrap();
    for n in 0..EFFECTS {
        transaction.execute(&Sql::fixed(sql), &params(n)).await.unwrap();
    }
    transaction.commit().await.unwrap();
    start.elapsed()
}

#[tokio::test]
#[ignore = "a measurement: run it alone, optimised"]
async fn five_thousand_effects_cost_about_what_as_many_single_statements_do() {
    let (platform, scope) = (platform().await, scope("t1"));
    let users: Vec<String> = (0..EFFECTS).map(|n| format!(r#"{{"id":"user_{n:05}"}}"#)).collect();
    load(&platform, &scope, "users", &format!("[{}]", users.join(","))).await;
    let user = |n: u32| format!("user_{:05}", n * 7 % EFFECTS);

    let params = ["user_id", "message"];
    let notify =
        batches(&platform, &scope, "send_notification", &params, |n| vec![text(&user(n)), text("hello there")]).await;
    let award =
        batches(&platform, &scope, "award_xp", &["user_id", "amount"], |n| vec![text(&user(n)), Value::Int(5)]).await;
    let insert =
        "INSERT INTO notifications (tenant_id, id, user_id, type, title, message, status, created_at, updated_at)
                  VALUES ('t1', ?1, ?2, 'app', NULL, 'hello there', 'sent', 1, 1)";
    let native_notify = singles(&platform, insert, |n| {
        let id = EffectId::derive(&scope.execution, 99, &[n]).part("ntf", "x");
        vec![SqlValue::text(id), SqlValue::text(user(n))]
    })
    .await;
    let update = "UPDATE users SET xp_total = xp_total + 5, updated_at = 1 WHERE tenant_id = 't1' AND id = ?1";
    let native_award = singles(&platform, update, |n| vec![SqlValue::text(user(n))]).await;
    for (name, ours, native) in [("send_notification", notify, native_notify), ("award_xp", award, native_award)] {
        let ratio = ours.as_secs_f64() / native.as_secs_f64();
        println!("{name}: {ours:?} in batches, {native:?} in single statements, {ratio:.2} times");
        assert!(ratio < 3.0, "{name}: {ratio:.2}");
    }
}
