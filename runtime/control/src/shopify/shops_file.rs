//! The shops of a file.

use std::{collections::BTreeMap, future};

use alcove_ids::{IdError, TenantId};
use serde::Deserialize;

use super::{Shop, ShopFuture, Shops};

/// The shortest secret, in bytes. What is shorter can be guessed.
const SECRET_BYTES_MIN: usize = 16;
/// Secrets of a shop: that of today, and that of tomorrow.
const SECRETS_MAX: usize = 2;

/// The shops of a file, which its reader has chosen.
#[derive(Clone, Debug, Default)]
pub struct ShopsFile(BTreeMap<String, Shop>);

/// Why a file of shops cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ShopsError {
    /// It is not JSON, or not of the shape that is wanted.
    #[error("the shops cannot be read")]
    Json(#[from] serde_json::Error),
    /// A tenant that is not an id.
    #[error("the tenant of `{domain}` is not an id")]
    Tenant {
        /// Which shop.
        domain: String,
        /// Why.
        #[source]
        source: IdError,
    },
    /// None, too many, or one that can be guessed.
    #[error("`{domain}` needs 1 to {SECRETS_MAX} secrets of at least {SECRET_BYTES_MIN} bytes each")]
    Secrets {
        /// Which shop.
        domain: String,
    },
    /// Two lines for one shop.
    #[error("`{domain}` is there twice")]
    Repeated {
        /// Which shop.
        domain: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    shops: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    domain: String,
    tenant: String,
    currency: String,
    secrets: Vec<String>,
}

impl ShopsFile {
    /// Reads `{"shops": [{"domain", "tenant", "currency", "secrets": […]}]}`.
    pub fn parse(json: &[u8]) -> Result<Self, ShopsError> {
        let File { shops: lines } = serde_json::from_slice(json)?;
        let mut shops = BTreeMap::new();
        for Line { domain, tenant, currency, secrets } in lines {
            let domain = domain.to_ascii_lowercase();
            if !(1..=SECRETS_MAX).contains(&secrets.len()) || secrets.iter().any(|one| one.len() < SECRET_BYTES_MIN) {
                return Err(ShopsError::Secrets { domain });
            }
            let tenant = match TenantId::parse(&tenant) {
                Ok(tenant) => tenant,
                Err(source) => return Err(ShopsError::Tenant { domain, source }),
            };
            let shop = Shop { domain: domain.clone(), tenant, currency, secrets };
            if shops.insert(domain.clone(), shop).is_some() {
                return Err(ShopsError::Repeated { domain });
            }
        }
        Ok(Self(shops))
    }
}

impl Shops for ShopsFile {
    fn shop<'a>(&'a self, domain: &'a str) -> ShopFuture<'a> {
        Box::pin(future::ready(Ok(self.0.get(domain).cloned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(domain: &str, tenant: &str, secrets: &[&str]) -> String {
        serde_json::json!({ "domain": domain, "tenant": tenant, "currency": "USD", "secrets": secrets }).to_string()
    }

    fn parsed(lines: &[String]) -> Result<ShopsFile, ShopsError> {
        ShopsFile::parse(format!(r#"{{"shops":[{}]}}"#, lines.join(",")).as_bytes())
    }

    const SECRET: &str = "0123456789abcdef";

    #[test]
    fn a_shop_is_found_by_its_domain_and_has_one_or_two_secrets() {
        let shops =
            parsed(&[file("Acme.myshopify.com", "acme", &[SECRET]), file("b", "b", &[SECRET, SECRET])]).unwrap();
        assert_eq!(shops.0.get("acme.myshopify.com").map(|shop| shop.tenant.as_str()), Some("acme"));
        assert!(!format!("{shops:?}").contains(SECRET));
        for secrets in [&[][..], &[SECRET, SECRET, SECRET], &["0123456789abcde"]] {
            assert!(matches!(parsed(&[file("a", "a", secrets)]), Err(ShopsError::Secrets { .. })), "{secrets:?}");
        }
    }

    #[test]
    fn a_shop_that_is_there_twice_and_a_tenant_that_is_no_id_are_refused() {
        let twice = [file("a", "acme", &[SECRET]), file("A", "globex", &[SECRET])];
        assert!(matches!(parsed(&twice), Err(ShopsError::Repeated { .. })));
        assert!(matches!(parsed(&[file("a", "a b", &[SECRET])]), Err(ShopsError::Tenant { .. })));
        assert!(matches!(parsed(&[r#"{"domain":"a"}"#.to_owned()]), Err(ShopsError::Json(_))));
    }
}
