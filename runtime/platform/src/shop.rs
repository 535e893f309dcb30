//! What the events of a shop ask of the platform's tables.

use alcove_ids::TenantId;
use alcove_store::{Sql, SqlValue, StoreError};

use crate::Platform;

/// Addresses are compared without regard to the case of ASCII letters; of several members, the first one.
const MEMBER: Sql = Sql::fixed(
    "SELECT \"id\" FROM users WHERE tenant_id = ?1 AND lower(\"email\") = lower(?2) \
     ORDER BY \"created_at\", \"id\" LIMIT 1",
);

const INVENTORY: Sql = Sql::fixed("SELECT \"inventory\" FROM shopify_products WHERE tenant_id = ?1 AND \"id\" = ?2");

impl Platform {
    /// The member with this e-mail address, in any case.
    pub async fn member_by_email(&self, tenant: &TenantId, email: &str) -> Result<Option<String>, StoreError> {
        let cell = self.first_cell(tenant, MEMBER, email).await?;
        Ok(cell.as_ref().and_then(SqlValue::as_str).map(str::to_owned))
    }

    /// How many pieces of a product there are, if the product is known.
    pub async fn inventory(&self, tenant: &TenantId, product: &str) -> Result<Option<i64>, StoreError> {
        let cell = self.first_cell(tenant, INVENTORY, product).await?;
        Ok(cell.as_ref().and_then(SqlValue::as_int))
    }

    async fn first_cell(&self, tenant: &TenantId, sql: Sql, key: &str) -> Result<Option<SqlValue>, StoreError> {
        // PostgreSQL has no form for this character, so that no row holds it.
        if key.contains('\0') {
            return Ok(None);
        }
        let params = vec![SqlValue::text(tenant.as_str()), SqlValue::text(key)];
        let mut rows = self.store().rows_of(tenant.as_str(), sql, params).await?;
        Ok(rows.next().await?.into_iter().flatten().next().and_then(|row| row.into_iter().next()))
    }
}
