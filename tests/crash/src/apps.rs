//! The apps under test, and the members that they act on.

use serde_json::{Value, json};

/// Id and config of each app.
pub(crate) const APPS: [(&str, &str); 8] = [
    ("asked", include_str!("../apps/asked.json")),
    ("blind", include_str!("../apps/blind.json")),
    ("delayed", include_str!("../apps/delayed.json")),
    ("direct", include_str!("../apps/direct.json")),
    ("first", include_str!("../apps/first.json")),
    ("keyed", include_str!("../apps/keyed.json")),
    ("loop", include_str!("../apps/loop.json")),
    ("second", include_str!("../apps/second.json")),
];

/// Members of the community.
pub(crate) const MEMBERS: usize = 8;

/// The id of a member, from 0.
pub(crate) fn member(at: usize) -> String {
    format!("u{at}")
}

/// The members, as `alcove load` reads them.
pub(crate) fn fixtures() -> Value {
    let members: Vec<Value> = (0..MEMBERS).map(|at| json!({ "id": member(at) })).collect();
    json!({ "users": members })
}
