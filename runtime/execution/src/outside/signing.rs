//! The secrets that sign requests.

use std::fmt;

use alcove_egress::SigningKey;
use alcove_ids::TenantId;
use async_trait::async_trait;

/// Where the signing secrets of tenants are.
#[async_trait]
pub trait SigningKeys: fmt::Debug + Send + Sync {
    /// The secrets of a tenant: each signs, so that one may be replaced by another while receivers still know the
    /// first. None: its requests are not signed.
    ///
    /// # Errors
    ///
    /// [`SigningKeysError`] if they cannot be read now. The request is not sent, and may be another time.
    async fn of(&self, tenant: &TenantId) -> Result<Vec<SigningKey>, SigningKeysError>;
}

/// Signing secrets that cannot be read. It says nothing about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the tenant's signing secrets cannot be read at the moment")]
pub struct SigningKeysError;
