//! Lists that are read page by page, oldest first.

use alcove_ids::TenantId;

use crate::SqlValue;

/// The parameters of a list that is in the order of a time and an id: `?1` whose, `?2` which of them, `?3` and `?4` the
/// time and the id behind which it goes on, `?5` how many at most.
pub(super) fn page(tenant: &TenantId, status: &str, after: (i64, &str), limit: u32) -> Vec<SqlValue> {
    let (created_at, id) = after;
    vec![
        SqlValue::text(tenant.as_str()),
        SqlValue::text(status),
        SqlValue::Int(created_at),
        SqlValue::text(id),
        SqlValue::Int(limit.into()),
    ]
}
