//! Everything of a tenant that goes: what is deleted, table by table.

use alcove_ids::TenantId;

use crate::{Dialect, Sql, SqlValue, Statement};

/// A table with rows of tenants.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Its key, without the tenant.
    pub key: &'static str,
}

/// The tables in which a tenant that goes leaves nothing. Not here: `tenants`, by whose row the id stays taken, and the
/// audit log, which outlives whom it is about.
pub const TABLES: &[Table] = &[
    table("api_keys", "id"),
    table("team_members", "team_id, subject"),
    table("teams", "id"),
    table("grants", "subject, role, app_id"),
    table("members", "subject"),
    table("timers", r#"kind, owner, "key""#),
    table("locks", "app_id"),
    table("emitted_events", "id"),
    table("approvals", "id"),
    table("dead_letters", "execution_id"),
    table("reservations", "execution_id, effect_id, name"),
    table("counters", "name, window_start"),
    table("notices", "id"),
    table("egress_log", "execution_id, id"),
    table("effects", "execution_id, effect_id"),
    table("journal", "execution_id, seq"),
    table("executions", "id"),
    table("events", "source, id"),
    table("plans", "digest"),
    table("versions", "app_id, version"),
    table("apps", "id"),
    table("app_state", r#"app_id, "key""#),
    table("email_outbox", "id"),
    table("push_outbox", "id"),
    table("notifications", "id"),
    table("engagement_metrics", "id"),
    table("shopify_products", "id"),
    table("shopify_orders", "id"),
    table("trivia_status", "id"),
    table("hangman_status", "id"),
    table("total_rewards", "id"),
    table("milestones", "id"),
    table("nft_badges", "id"),
    table("campaigns", "id"),
    table("rewards", "id"),
    table("contributions", "id"),
    table("user_missions", "id"),
    table("missions", "id"),
    table("room_members", "id"),
    table("rooms", "id"),
    table("posts", "id"),
    table("users", "id"),
];

const fn table(name: &'static str, key: &'static str) -> Table {
    Table { name, key }
}

/// Deletes rows of a tenant from a table, so many at the most.
pub fn some(_: Dialect, table: Table, tenant: &TenantId, limit: u32) -> Statement {
    let Table { name, key } = table;
    // Names that are written above; the tenant is a parameter.
    let sql = Sql::built(format!(
        "DELETE FROM {name} WHERE tenant_id = ?1
             AND ({key}) IN (SELECT {key} FROM {name} WHERE tenant_id = ?1 LIMIT ?2)"
    ));
    Statement::new(sql, vec![SqlValue::text(tenant.as_str()), SqlValue::Int(limit.into())])
}
