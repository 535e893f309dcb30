//! The key of a tenant, which seals its secrets.

use std::fmt;

use alcove_ids::TenantId;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use crate::{
    MasterKeyId, MasterKeys, SealError, SecretPlace,
    place::of_data_key,
    seal::{KEY_BYTES, open, random, seal},
};

/// The data key of a tenant, open.
pub struct DataKey(Zeroizing<[u8; KEY_BYTES]>);

/// The data key of a tenant, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrappedKey {
    /// Which master key wraps it.
    pub master: MasterKeyId,
    /// The sealed bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey")
    }
}

impl DataKey {
    /// A new one, drawn by chance.
    pub fn generate() -> Result<Self, SealError> {
        random().map(Self)
    }

    /// Wraps it, for a tenant, as the tenant's data key of this version.
    pub fn wrap(&self, masters: &MasterKeys, tenant: &TenantId, version: u32) -> Result<WrappedKey, SealError> {
        let (master, bytes) = masters.wrap(&of_data_key(tenant, version), &*self.0)?;
        Ok(WrappedKey { master, bytes })
    }

    /// Opens a tenant's data key of this version.
    pub fn unwrap(
        wrapped: &WrappedKey,
        masters: &MasterKeys,
        tenant: &TenantId,
        version: u32,
    ) -> Result<Self, SealError> {
        let plain = masters.unwrap(&wrapped.master, &of_data_key(tenant, version), &wrapped.bytes)?;
        let key = <[u8; KEY_BYTES]>::try_from(plain.as_slice()).map_err(|_| SealError::DoesNotOpen)?;
        Ok(Self(Zeroizing::new(key)))
    }

    /// Seals a secret for its place.
    pub fn seal(&self, place: SecretPlace<'_>, secret: &SecretString) -> Result<Vec<u8>, SealError> {
        seal(&self.0, &place.bytes(), secret.expose_secret().as_bytes())
    }

    /// Opens a secret that was sealed for this place.
    pub fn open(&self, place: SecretPlace<'_>, sealed: &[u8]) -> Result<SecretString, SealError> {
        let plain = open(&self.0, &place.bytes(), sealed)?;
        let text = str::from_utf8(&plain).map_err(|_| SealError::NotText)?;
        Ok(SecretString::from(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SecretName;

    fn masters() -> MasterKeys {
        MasterKeys::parse(&MasterKeys::generate().unwrap()).unwrap()
    }

    #[test]
    fn a_secret_opens_in_its_tenant_under_its_name_in_its_version_and_nowhere_else() {
        let key = DataKey::generate().unwrap();
        let [acme, globex] = ["acme", "globex"].map(|id| TenantId::parse(id).unwrap());
        let [token, other] = ["token", "other"].map(|name| SecretName::parse(name).unwrap());
        let place = SecretPlace { tenant: &acme, name: &token, version: 1 };
        let sealed = key.seal(place, &SecretString::from("s3cret")).unwrap();
        assert_eq!(key.open(place, &sealed).unwrap().expose_secret(), "s3cret");
        for elsewhere in [
            SecretPlace { tenant: &globex, ..place },
            SecretPlace { name: &other, ..place },
            SecretPlace { version: 2, ..place },
        ] {
            assert_eq!(key.open(elsewhere, &sealed).unwrap_err(), SealError::DoesNotOpen, "{elsewhere:?}");
        }
    }

    #[test]
    fn a_data_key_unwraps_for_its_tenant_and_version_with_its_master_key_and_nothing_else() {
        let (masters, others) = (masters(), masters());
        let [acme, globex] = ["acme", "globex"].map(|id| TenantId::parse(id).unwrap());
        let key = DataKey::generate().unwrap();
        let wrapped = key.wrap(&masters, &acme, 1).unwrap();
        let name = SecretName::parse("token").unwrap();
        let place = SecretPlace { tenant: &acme, name: &name, version: 1 };
        let sealed = key.seal(place, &SecretString::from("s3cret")).unwrap();
        let again = DataKey::unwrap(&wrapped, &masters, &acme, 1).unwrap();
        assert_eq!(again.open(place, &sealed).unwrap().expose_secret(), "s3cret");
        let why = |result: Result<DataKey, SealError>| result.map(|_| ()).unwrap_err();
        assert_eq!(why(DataKey::unwrap(&wrapped, &masters, &globex, 1)), SealError::DoesNotOpen);
        assert_eq!(why(DataKey::unwrap(&wrapped, &masters, &acme, 2)), SealError::DoesNotOpen);
        assert_eq!(why(DataKey::unwrap(&wrapped, &others, &acme, 1)), SealError::NoMasterKey);
        let mislabelled = WrappedKey { master: others.current().unwrap().clone(), ..wrapped };
        assert_eq!(why(DataKey::unwrap(&mislabelled, &others, &acme, 1)), SealError::DoesNotOpen);
    }
}
