//! What people did: posts, missions, contributions, rewards, and the metrics of the last two weeks.

use alcove_plan::value::Value;
use rust_decimal::Decimal;

use super::{
    USERS, places,
    rng::Rng,
    row::{DAY, HOUR, Rows},
    user_id,
};

const POSTS: [&str; 8] = [
    "Finally found the light I was looking for this morning.",
    "Does anybody have a good recipe for a long weekend?",
    "Week three of the streak, and it still feels good.",
    "Here is my setup, be kind.",
    "Looking for a partner for the Saturday meetup.",
    "What did you all think of the last challenge?",
    "New here! I collect old radios and drink too much coffee.",
    "Small win today, wanted to share it with you.",
];

pub(super) fn build(rows: &mut Rows, rng: &mut Rng) {
    for number in 1..=1_500 {
        post(rows, rng, number);
    }
    for number in 1..=8_000 {
        user_mission(rows, rng, number);
    }
    for number in 1..=3_000 {
        reward(rows, rng, number);
    }
    for number in 1..=4_000 {
        contribution(rows, rng, number);
    }
    for number in 1..=USERS {
        if rng.percent(24) {
            week(rows, rng, number);
        }
    }
}

fn someone(rng: &mut Rng) -> Value {
    user_id(rng.between(1, USERS))
}

fn post(rows: &mut Rows, rng: &mut Rng, number: i64) {
    let text = rng.pick(&POSTS).copied().unwrap_or_default();
    let cells = [
        ("id", Value::from(format!("post_{number:04}"))),
        ("room_id", places::room_id(rng.between(1, places::room_count()))),
        ("author_id", someone(rng)),
        ("content", Value::from(text)),
        ("status", Value::from("published")),
        ("likes", Value::Int(rng.skewed(300))),
        ("comment_count", Value::Int(rng.skewed(60))),
        ("created_at", rows.ago(rng.between(0, 60 * 24) * HOUR)),
    ];
    rows.add("posts", &cells);
}

fn user_mission(rows: &mut Rows, rng: &mut Rng, number: i64) {
    let done = rng.percent(55);
    let cells = [
        ("id", Value::from(format!("user_mission_{number:05}"))),
        ("user_id", someone(rng)),
        ("mission_id", places::mission_id(rng.between(1, places::missions()))),
        ("status", Value::from(if done { "completed" } else { "in_progress" })),
        ("progress", Value::Num(if done { Decimal::ONE } else { Decimal::new(rng.between(0, 99), 2) })),
        ("completed_at", if done { rows.ago(rng.between(1, 40 * 24) * HOUR) } else { Value::Null }),
    ];
    rows.add("user_missions", &cells);
}

fn reward(rows: &mut Rows, rng: &mut Rng, number: i64) {
    let claimed = rng.percent(70);
    let cells = [
        ("id", Value::from(format!("reward_{number:05}"))),
        ("user_id", someone(rng)),
        ("reward_type", Value::from(if rng.percent(80) { "xp" } else { "token" })),
        ("amount", Value::Num(Decimal::from(rng.between(1, 40) * 50))),
        ("status", Value::from(if claimed { "claimed" } else { "available" })),
        ("claimed_at", if claimed { rows.ago(rng.between(1, 60) * DAY) } else { Value::Null }),
    ];
    rows.add("rewards", &cells);
}

fn contribution(rows: &mut Rows, rng: &mut Rng, number: i64) {
    let cells = [
        ("id", Value::from(format!("contribution_{number:05}"))),
        ("user_id", someone(rng)),
        ("type", Value::from(if rng.percent(50) { "login" } else { "post" })),
        ("xp_awarded", Value::Int(rng.between(1, 10) * 10)),
        ("days_in_a_row", Value::Int(rng.skewed(60))),
        ("completed", Value::Bool(rng.percent(80))),
    ];
    rows.add("contributions", &cells);
}

/// Metrics of this week and of the one before, for a user who was active.
fn week(rows: &mut Rows, rng: &mut Rng, user: i64) {
    let rank = rng.between(1, USERS);
    let metrics = [
        ("xp_earned", rng.skewed(2_500) + 10, rng.skewed(2_500)),
        ("missions_completed", rng.skewed(12), rng.skewed(12)),
        ("xp_rank", rank, rank + rng.between(-40, 60)),
    ];
    for (metric, now, before) in metrics {
        for (week, value, measured) in [("this", now, 6 * HOUR), ("last", before, 7 * DAY + 6 * HOUR)] {
            let cells = [
                ("id", Value::from(format!("{metric}_{user:04}_{week}"))),
                ("user_id", user_id(user)),
                ("metric_type", Value::from(metric)),
                ("period", Value::from("week")),
                ("value", Value::Num(Decimal::from(value.max(1)))),
                ("measured_at", rows.ago(measured)),
            ];
            rows.add("engagement_metrics", &cells);
        }
    }
}
