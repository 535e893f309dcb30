//! Secrets of tenants, sealed: envelope encryption, and masks for what must not be seen.
//!
//! For `alcove-execution`, which opens a secret for the one request that carries it, for `alcove-control`, which seals
//! what a tenant brings, and for the binary, which loads the [`MasterKeys`]. Nothing in here knows a database.
//!
//! The envelope: a tenant has a *data key*, which seals its secrets; the data key is kept *wrapped*, which is sealed by
//! a *master key* that is never stored beside it. So a new master key costs one new wrapping for each tenant, not one
//! for each secret, and a database without the master key says nothing. Everything sealed is bound to where it lies
//! (tenant, name, version): what is copied elsewhere does not open. `sealing.md` has the bytes.
//!
//! Architecture invariants: what is secret is in a [`SecretString`] or wiped when it is dropped, has no `Debug` that
//! shows it, and is in no error.

mod master;
mod master_source;

mod data_key;
mod place;
mod seal;

mod mask;

pub use data_key::{DataKey, WrappedKey};
pub use mask::{MASK, Mask};
pub use master::{MasterKeyId, MasterKeys, MasterKeysError};
pub use master_source::{MasterSource, MasterSourceError};
pub use place::{NAME_BYTES_MAX, NameError, SecretName, SecretPlace, VALUE_BYTES_MAX};
pub use seal::SealError;
pub use secrecy::{ExposeSecret, SecretString};
