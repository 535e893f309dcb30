//! Who may call a server.

use std::{net::SocketAddr, path::Path};

use alcove_api::Authentication;
use alcove_control::{Keys, Principal};
use alcove_ids::TenantId;

use crate::cli::{complaint::Complaint, source};

/// The callers whose keys are stored, and those of a file of keys; or everybody as the admin of one tenant, on the
/// machine itself only.
pub(super) fn callers(
    keys: Option<&Path>,
    dev_tenant: Option<&str>,
    listen: SocketAddr,
) -> Result<Authentication, Complaint> {
    match (keys, dev_tenant) {
        (Some(file), None) => {
            let name = source::name(file);
            let json = source::read_data(file)?;
            let keys = Keys::parse(&json).map_err(|error| Complaint::caused("invalid-keys", &name, &error))?;
            Ok(Authentication::Keys(keys))
        }
        (None, Some(tenant)) if listen.ip().is_loopback() => {
            let tenant = TenantId::parse(tenant);
            let tenant = tenant.map_err(|error| Complaint::caused("usage", "--dev-tenant", &error))?;
            Ok(Authentication::Everybody(Principal::admin(tenant, "developer")))
        }
        (None, Some(_)) => {
            let message = format!("without keys everybody is the admin: listen on 127.0.0.1, not on {}", listen.ip());
            Err(Complaint::new("usage", "--dev-tenant", "", message))
        }
        // Keys that are stored, and no others: `alcove admin` makes the first.
        (None, None) => Ok(Authentication::Keys(Keys::default())),
        (Some(_), Some(_)) => {
            Err(Complaint::new("usage", "--dev-tenant", "", "there are keys, so nobody is let in without one"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::callers;

    #[test]
    fn a_server_starts_for_whoever_has_a_key_or_for_one_tenant_on_the_machine_itself() {
        let keys = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(keys.path(), r#"{"keys":[]}"#).unwrap();
        let (here, anywhere) = ("127.0.0.1:0".parse().unwrap(), "0.0.0.0:0".parse().unwrap());
        assert!(callers(None, None, anywhere).is_ok());
        assert!(callers(Some(keys.path()), None, anywhere).is_ok());
        assert!(callers(None, Some("acme"), here).is_ok());
        assert!(callers(None, Some("acme"), "[::1]:0".parse().unwrap()).is_ok());
        for (keys, dev, listen) in [
            (None, Some("acme"), anywhere),
            (None, Some("not an id"), here),
            (Some(keys.path()), Some("acme"), here),
            (Some(std::path::Path::new("/nonexistent")), None, here),
        ] {
            assert!(callers(keys, dev, listen).is_err(), "{keys:?} {dev:?} {listen}");
        }
    }
}
