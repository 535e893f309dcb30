//! Actions against a real database.

mod happens;
mod isolation;
mod ledger;
mod limits;
mod plans;
mod refused;
mod speed;

use crate::{
    Platform, Scope,
    testing::{load, platform, scope},
};

/// A tenant with two members, a room, a post, milestones at 100 and 200 XP.
async fn community(tenant: &str) -> (Platform, Scope) {
    let platform = platform().await;
    let scope = scope(tenant);
    populate(&platform, &scope).await;
    (platform, scope)
}

async fn populate(platform: &Platform, scope: &Scope) {
    load(platform, scope, "users", r#"[{"id":"ann","xp_total":50,"level":2},{"id":"bob"}]"#).await;
    load(platform, scope, "rooms", r#"[{"id":"den","member_count":3}]"#).await;
    load(platform, scope, "posts", r#"[{"id":"p1","room_id":"den","author_id":"bob","status":"published"}]"#).await;
    load(platform, scope, "milestones", r#"[{"id":"m100","xp_threshold":100},{"id":"m200","xp_threshold":200}]"#).await;
}
