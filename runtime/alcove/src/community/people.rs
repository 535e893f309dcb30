//! Users.

use alcove_plan::value::Value;
use rust_decimal::Decimal;

use super::{
    USERS,
    rng::Rng,
    row::{DAY, HOUR, Rows},
    user_id,
};

const FIRST: [&str; 32] = [
    "Alex", "Amina", "Bao", "Camille", "Carlos", "Chloé", "Dariusz", "Elif", "Emma", "Fatima", "Giulia", "Hana",
    "Ines", "Jamal", "Jonas", "Karin", "Kwame", "Lena", "Liam", "Mateo", "Mei", "Nadia", "Noah", "Olga", "Priya",
    "Rafael", "Sana", "Søren", "Tomás", "Yuki", "Zoë", "Łukasz",
];
const LAST: [&str; 32] = [
    "Andersson",
    "Bauer",
    "Chen",
    "Costa",
    "Diallo",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Haddad",
    "Ito",
    "Jansen",
    "Kaya",
    "Kim",
    "Kowalski",
    "Lopez",
    "Martin",
    "Mbeki",
    "Müller",
    "Nguyen",
    "Novak",
    "O'Brien",
    "Okafor",
    "Patel",
    "Rossi",
    "Sato",
    "Silva",
    "Singh",
    "Smith",
    "Tanaka",
    "Weber",
    "Yılmaz",
];
const INTERESTS: [&str; 10] =
    ["coffee", "games", "photography", "running", "vinyl", "food", "books", "travel", "design", "music"];
const ZONES: [(&str, &str); 5] = [
    ("en", "America/New_York"),
    ("en", "Europe/London"),
    ("fr", "Europe/Paris"),
    ("de", "Europe/Berlin"),
    ("ja", "Asia/Tokyo"),
];

pub(super) fn build(rows: &mut Rows, rng: &mut Rng) {
    for number in 1..=USERS {
        user(rows, rng, number);
    }
}

fn user(rows: &mut Rows, rng: &mut Rng, number: i64) {
    let first = rng.pick(&FIRST).copied().unwrap_or_default();
    let last = rng.pick(&LAST).copied().unwrap_or_default();
    let (locale, zone) = rng.pick(&ZONES).copied().unwrap_or_default();
    // The last one has just signed up.
    let newcomer = number == USERS;
    let xp = if newcomer { 0 } else { rng.skewed(60_000) };
    let idle_days = if newcomer { 0 } else { rng.skewed(200) };
    let age_days = if newcomer { 0 } else { idle_days + rng.between(1, 500) };
    let role = match number {
        1 => "admin",
        2..=9 => "moderator",
        _ => "member",
    };
    let streak = if idle_days == 0 && !newcomer { rng.between(1, 60) } else { 0 };
    rows.add(
        "users",
        &[
            ("id", user_id(number)),
            ("name", Value::from(format!("{first} {last}"))),
            ("email", Value::from(format!("member{number:04}@example.com"))),
            ("role", Value::from(role)),
            ("status", Value::from(if rng.percent(97) { "active" } else { "suspended" })),
            ("xp_total", Value::Int(xp)),
            ("level", Value::Int(xp / 1_000 + 1)),
            ("engagement_score", Value::Num(Decimal::new(rng.between(0, 1_000), 1))),
            ("web3_account", optional(rng.percent(30), || format!("0x{number:040x}"))),
            ("nickname", optional(rng.percent(40), || format!("{}{number}", first.to_lowercase()))),
            ("locale", Value::from(locale)),
            ("timezone", Value::from(zone)),
            ("interests", interests(rng)),
            ("marketing_opt_in", Value::Bool(rng.percent(60))),
            (
                "referrer_id",
                if rng.percent(20) && number > 1 { user_id(rng.between(1, number - 1)) } else { Value::Null },
            ),
            ("streak_days", Value::Int(streak)),
            ("streak_expires_at", if streak > 0 { rows.ago(-rng.between(1, 24) * HOUR) } else { Value::Null }),
            ("last_active_at", rows.ago(idle_days * DAY + rng.between(0, 23) * HOUR)),
            ("missions_completed", Value::Int(xp / 400)),
            (
                "profile",
                Value::object([("city", Value::from(zone.rsplit('/').next().unwrap_or_default().replace('_', " ")))]),
            ),
            ("created_at", rows.ago(age_days * DAY)),
            ("updated_at", rows.ago(idle_days * DAY)),
        ],
    );
}

fn interests(rng: &mut Rng) -> Value {
    let from = rng.below(8);
    let wanted = rng.between(0, 3);
    let items = INTERESTS.iter().skip(usize::try_from(from).unwrap_or(0)).take(usize::try_from(wanted).unwrap_or(0));
    Value::list(items.map(|interest| Value::from(*interest)).collect())
}

fn optional(there: bool, text: impl Fn() -> String) -> Value {
    if there { Value::from(text()) } else { Value::Null }
}
