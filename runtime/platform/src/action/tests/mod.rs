//! Actions against a real database.

mod happens;
mod isolation;
mod ledger;
mod limits;
mod plans;
mod random;
mod refused;
mod runs;
mod speed;

use crate::{
    Platform, Scope,
    testing::{Stage, load, scope, stages},
};

/// In each database, a tenant with two members, a room, a post, milestones at 100 and 200 XP.
async fn communities(tenant: &str) -> Vec<(Stage, Scope)> {
    let mut communities = Vec::new();
    for stage in stages().await {
        let scope = scope(tenant);
        populate(&stage, &scope).await;
        communities.push((stage, scope));
    }
    communities
}

async fn populate(platform: &Platform, scope: &Scope) {
    load(platform, scope, "users", r#"[{"id":"ann","xp_total":50,"level":2},{"id":"bob"}]"#).await;
    load(platform, scope, "rooms", r#"[{"id":"den","member_count":3}]"#).await;
    load(platform, scope, "posts", r#"[{"id":"p1","room_id":"den","author_id":"bob","status":"published"}]"#).await;
    load(platform, scope, "milestones", r#"[{"id":"m100","xp_threshold":100},{"id":"m200","xp_threshold":200}]"#).await;
}
