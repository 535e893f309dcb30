//! Signatures of heads: Ed25519 over a text that says whose head it is.
//!
//! What is signed is UTF-8, five lines that each end with U+000A: `alcove audit head v1`, then the tenant, the number
//! of notes, the head in hex and the time in RFC 3339, each behind its name and a colon.

use std::path::Path;

use alcove_store::audit::Head;
use ring::signature::{Ed25519KeyPair, KeyPair};

use crate::cli::{complaint::Complaint, source};

/// Who signs.
pub(super) struct Signer(Ed25519KeyPair);

/// A head that was signed.
pub(super) struct Signed {
    /// What was signed.
    pub(super) text: String,
    /// In hex.
    pub(super) public_key: String,
    /// In hex.
    pub(super) signature: String,
}

impl Signer {
    /// Reads a key.
    pub(super) fn read(path: &Path) -> Result<Self, Complaint> {
        let bytes = source::read(path)?;
        let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&bytes);
        key.map(Self).map_err(|error| {
            let message = format!("it is no Ed25519 key as PKCS #8 in DER: {error}");
            Complaint::new("invalid-key", &source::name(path), "", message)
        })
    }

    /// Signs a head.
    pub(super) fn sign(&self, head: &Head, at: &str) -> Signed {
        let Head { tenant, entries, hash } = head;
        let text = format!("alcove audit head v1\ntenant: {tenant}\nentries: {entries}\nhead: {hash}\nat: {at}\n");
        let signature = hex::encode(self.0.sign(text.as_bytes()));
        Signed { text, public_key: hex::encode(self.0.public_key()), signature }
    }
}
