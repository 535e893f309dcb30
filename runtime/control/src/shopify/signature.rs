//! Whether a webhook was signed with a secret of its shop.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::hmac;

use super::Shop;

/// What stands in for the secret of a shop that is not known, so that the time of an answer does not say which are.
const NOBODYS: &[u8] = b"no shop has this secret";

/// Whether this signature (HMAC-SHA256 of the body, in base64) was made with one of the shop's secrets. Each is tried,
/// and compared in constant time. Without a shop nothing is.
pub(super) fn is_signed(shop: Option<&Shop>, body: &[u8], signature: &str) -> bool {
    let Ok(tag) = STANDARD.decode(signature) else { return false };
    let verifies = |secret: &[u8]| hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, secret), body, &tag).is_ok();
    let Some(shop) = shop else {
        // Takes as long as for a shop, and says as little.
        let _ = verifies(NOBODYS);
        return false;
    };
    // All are tried, not only up to the first that fits: how many there are is no secret, which one it was is.
    shop.secrets.iter().fold(false, |signed, secret| verifies(secret.as_bytes()) | signed)
}

#[cfg(test)]
mod tests {
    use alcove_ids::TenantId;

    use super::*;

    fn shop(secrets: &[&str]) -> Shop {
        let secrets = secrets.iter().map(|&secret| secret.to_owned()).collect();
        let (domain, currency) = ("acme.myshopify.com".to_owned(), "USD".to_owned());
        Shop { domain, tenant: TenantId::parse("acme").unwrap(), currency, secrets }
    }

    fn signed(secret: &[u8], body: &[u8]) -> String {
        STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), body))
    }

    #[test]
    fn a_signature_is_the_base64_of_the_hmac_with_sha_256() {
        // RFC 4231, test case 2.
        let signature = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";
        let jefe = shop(&["Jefe"]);
        assert!(is_signed(Some(&jefe), b"what do ya want for nothing?", signature));
    }

    #[test]
    fn either_secret_of_a_shop_signs_and_no_other() {
        let shop = shop(&["the old one", "the new one"]);
        for secret in ["the old one", "the new one"] {
            assert!(is_signed(Some(&shop), b"body", &signed(secret.as_bytes(), b"body")), "{secret}");
        }
        assert!(!is_signed(Some(&shop), b"body", &signed(b"another", b"body")));
    }

    #[test]
    fn another_body_a_broken_signature_and_an_unknown_shop_are_not_signed() {
        let acme = shop(&["a secret"]);
        let good = signed(b"a secret", b"body");
        assert!(!is_signed(Some(&acme), b"body ", &good));
        let prefix = good.trim_end_matches('=').get(..40).unwrap();
        for text in ["", "not base64!", prefix, &format!("{good}AAAA")] {
            assert!(!is_signed(Some(&acme), b"body", text), "{text}");
        }
        assert!(!is_signed(None, b"body", &signed(NOBODYS, b"body")));
    }
}
