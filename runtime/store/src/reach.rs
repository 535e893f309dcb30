//! Whose rows a transaction may meet, where the database guards tenants from each other itself: PostgreSQL's row
//! security reads it as `alcove.tenant`. It ends with the transaction; where nothing was said, no tenant's row is met.

use crate::{Sql, SqlValue, Statement};

const TENANT: Sql = Sql::fixed("SELECT set_config('alcove.tenant', ?1, true)");
/// No id of a tenant has this character.
const ALL: Sql = Sql::fixed("SET LOCAL alcove.tenant = '*'");

/// Whose rows are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach<'t> {
    /// One tenant's.
    Tenant(&'t str),
    /// Those of all tenants.
    All,
}

impl Reach<'_> {
    /// The statement that says so for the rest of a transaction of PostgreSQL.
    pub(crate) fn statement(self) -> Statement {
        match self {
            Self::Tenant(tenant) => Statement::new(TENANT, vec![SqlValue::text(tenant)]),
            Self::All => Statement::new(ALL, Vec::new()),
        }
    }
}
