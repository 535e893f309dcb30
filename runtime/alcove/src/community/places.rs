//! Rooms, missions, milestones and badges.

use alcove_plan::value::Value;

use super::row::{DAY, Rows};

/// Rooms that apps know by their slugs come first.
const ROOMS: [&str; 40] = [
    "Introductions",
    "Announcements",
    "Weekly Challenges",
    "Community Wins",
    "Gaming Lounge",
    "Photography",
    "Home Baristas",
    "Trail Running",
    "Vinyl Collectors",
    "Street Food",
    "Mechanical Keyboards",
    "Indie Games",
    "Book Club",
    "Urban Gardening",
    "Cycling",
    "Board Games",
    "Film Nights",
    "Sneaker Heads",
    "Sourdough",
    "Night Sky",
    "Synthesizers",
    "Woodworking",
    "Language Exchange",
    "Parents",
    "Dog People",
    "Cat People",
    "Remote Work",
    "Yoga",
    "Bouldering",
    "Sustainable Fashion",
    "Tea House",
    "Chess",
    "Sketchbook",
    "Vintage Cameras",
    "Retro Computing",
    "Cold Water",
    "Travel Stories",
    "Repair Cafe",
    "Podcast Corner",
    "Members Lounge",
];

/// Name, type, action, XP, difficulty.
const MISSIONS: [(&str, &str, &str, i64, i64); 16] = [
    ("Verify Your Email", "onboarding", "verify_email", 50, 1),
    ("Say Hello", "onboarding", "create_post", 100, 1),
    ("Complete Your Profile", "onboarding", "update_profile", 150, 1),
    ("Join Three Rooms", "onboarding", "join_rooms", 150, 2),
    ("First Photo", "content", "create_post", 200, 2),
    ("Helpful Answer", "content", "create_comment", 250, 3),
    ("Weekly Trivia", "trivia", "play_trivia", 300, 3),
    ("Hangman Night", "hangman", "play_hangman", 300, 3),
    ("Invite a Friend", "referral", "refer", 500, 4),
    ("Seven Day Streak", "streak", "login", 700, 4),
    ("Product Survey", "survey", "survey", 200, 2),
    ("Share Your Setup", "content", "create_post", 250, 2),
    ("Coffee Recipe Contest", "content", "create_post", 400, 4),
    ("Connect a Wallet", "onboarding", "connect_wallet", 250, 3),
    ("Monthly Recap", "survey", "survey", 150, 2),
    ("Host a Meetup", "event", "host_event", 1_000, 5),
];

/// Name and XP.
const MILESTONES: [(&str, i64); 5] =
    [("Newcomer", 500), ("Regular", 2_500), ("Pillar", 10_000), ("Legend", 25_000), ("Founder's Circle", 50_000)];

pub(super) fn build(rows: &mut Rows) {
    for (number, name) in (1..).zip(ROOMS) {
        rooms(rows, number, name);
    }
    for (number, (name, kind, action, xp, difficulty)) in (1..).zip(MISSIONS) {
        rows.add(
            "missions",
            &[
                ("id", mission_id(number)),
                ("name", Value::from(name)),
                ("type", Value::from(kind)),
                ("action_type", Value::from(action)),
                ("status", Value::from("active")),
                ("xp_reward", Value::Int(xp)),
                ("difficulty", Value::Int(difficulty)),
                ("url", Value::from(format!("https://community.example.com/missions/{number}"))),
                ("created_at", rows.ago(90 * DAY)),
            ],
        );
    }
    for (name, xp) in MILESTONES {
        let id = Value::from(format!("milestone_{xp}"));
        let cells = [
            ("id", id),
            ("name", Value::from(name)),
            ("xp_threshold", Value::Int(xp)),
            ("reward_type", Value::from("badge")),
        ];
        rows.add("milestones", &cells);
    }
}

/// The number of missions.
pub(super) fn missions() -> i64 {
    i64::try_from(MISSIONS.len()).unwrap_or(0)
}

/// The number of rooms.
pub(super) fn room_count() -> i64 {
    i64::try_from(ROOMS.len()).unwrap_or(0)
}

pub(super) fn mission_id(number: i64) -> Value {
    Value::from(format!("mission_{number:02}"))
}

pub(super) fn room_id(number: i64) -> Value {
    Value::from(format!("room_{number:02}"))
}

fn rooms(rows: &mut Rows, number: i64, name: &str) {
    let slug = name.to_lowercase().replace(' ', "-");
    rows.add(
        "rooms",
        &[
            ("id", room_id(number)),
            ("name", Value::from(name)),
            ("slug", Value::from(slug.clone())),
            ("type", Value::from(if number <= 4 { "official" } else { "interest" })),
            ("status", Value::from("active")),
            ("member_count", Value::Int(4_900 / number + 12)),
            ("post_count_today", Value::Int(40 / number)),
            ("post_count_60d", Value::Int(2_400 / number)),
            ("is_exclusive", Value::Bool(name == "Members Lounge")),
            ("url", Value::from(format!("https://community.example.com/rooms/{slug}"))),
            ("created_at", rows.ago(400 * DAY)),
        ],
    );
}
