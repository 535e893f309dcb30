//! Shops, and where they are looked up.

use std::{fmt, future::Future, pin::Pin};

use alcove_ids::TenantId;

use crate::ControlError;

/// A shop whose webhooks are accepted.
#[derive(Clone, PartialEq, Eq)]
pub struct Shop {
    /// Its domain at Shopify, in lower case, such as `acme.myshopify.com`.
    pub domain: String,
    /// Whose it is.
    pub tenant: TenantId,
    /// What its prices are in, such as `USD`: products do not say it themselves.
    pub currency: String,
    /// What its webhooks are signed with: one secret, or two while it is changed.
    pub secrets: Vec<String>,
}

/// What a lookup comes to: the shop, if there is one.
pub type ShopFuture<'a> = Pin<Box<dyn Future<Output = Result<Option<Shop>, ControlError>> + Send + 'a>>;

/// Where shops are looked up.
pub trait Shops: Send + Sync {
    /// The shop of this domain, which is in lower case.
    ///
    /// # Errors
    ///
    /// [`ControlError::Unavailable`]: it cannot be known now.
    fn shop<'a>(&'a self, domain: &'a str) -> ShopFuture<'a>;
}

/// Without its secrets.
impl fmt::Debug for Shop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shop").field("domain", &self.domain).field("tenant", &self.tenant).finish_non_exhaustive()
    }
}
