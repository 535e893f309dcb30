//! Sealing and opening: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha), whose nonces are long enough to be drawn by
//! chance.

use chacha20poly1305::{
    Key, XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use zeroize::Zeroizing;

/// What a sealed text begins with: which way it was sealed.
const FORMAT: u8 = 1;
/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;
/// Bytes of a nonce.
const NONCE_BYTES: usize = 24;

/// Why something could not be sealed or opened. Says nothing of what is inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The operating system gives no chance.
    #[error("the operating system gives no random bytes")]
    Randomness,
    /// More than the cipher takes.
    #[error("it is too long to be sealed")]
    TooLong,
    /// It is not of this format, was changed, lies where it was not sealed for, or is under another key.
    #[error("it does not open: it was changed, lies in another place, or is under another key")]
    DoesNotOpen,
    /// What was opened is no text.
    #[error("what was sealed is not UTF-8")]
    NotText,
    /// Its master key is not among those that are loaded.
    #[error("the master key that wraps it is not loaded")]
    NoMasterKey,
}

/// Random bytes of the operating system.
pub(crate) fn random<const LEN: usize>() -> Result<Zeroizing<[u8; LEN]>, SealError> {
    let mut bytes = Zeroizing::new([0; LEN]);
    getrandom::fill(&mut *bytes).map_err(|_| SealError::Randomness)?;
    Ok(bytes)
}

/// Seals; opens only with the same `place`.
pub(crate) fn seal(key: &[u8; KEY_BYTES], place: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
    let nonce = random::<NONCE_BYTES>()?;
    let sealed = cipher(key).encrypt(&XNonce::from(*nonce), Payload { msg: plain, aad: place });
    let sealed = sealed.map_err(|_| SealError::TooLong)?;
    let mut bytes = Vec::with_capacity(1 + NONCE_BYTES + sealed.len());
    bytes.push(FORMAT);
    bytes.extend_from_slice(&*nonce);
    bytes.extend_from_slice(&sealed);
    Ok(bytes)
}

/// Opens what was sealed for this place with this key.
pub(crate) fn open(key: &[u8; KEY_BYTES], place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let rest = sealed.strip_prefix(&[FORMAT]).ok_or(SealError::DoesNotOpen)?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::DoesNotOpen)?;
    let plain = cipher(key).decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: place });
    plain.map(Zeroizing::new).map_err(|_| SealError::DoesNotOpen)
}

fn cipher(key: &[u8; KEY_BYTES]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&Key::from(*key))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_sealed_opens_whole_and_in_its_place_only(
            key: [u8; 32], other: [u8; 32], place: Vec<u8>, elsewhere: Vec<u8>, plain: Vec<u8>,
        ) {
            let sealed = seal(&key, &place, &plain).unwrap();
            prop_assert_eq!(&**open(&key, &place, &sealed).unwrap(), &*plain);
            if key != other {
                prop_assert_eq!(open(&other, &place, &sealed), Err(SealError::DoesNotOpen));
            }
            if place != elsewhere {
                prop_assert_eq!(open(&key, &elsewhere, &sealed), Err(SealError::DoesNotOpen));
            }
        }

        #[test]
        fn what_was_changed_or_cut_does_not_open(key: [u8; 32], plain: Vec<u8>, at: prop::sample::Index, bit in 0..8) {
            let sealed = seal(&key, b"place", &plain).unwrap();
            let mut changed = sealed.clone();
            changed[at.index(sealed.len())] ^= 1_u8 << bit;
            prop_assert_eq!(open(&key, b"place", &changed), Err(SealError::DoesNotOpen));
            let cut = &sealed[..at.index(sealed.len())];
            prop_assert_eq!(open(&key, b"place", cut), Err(SealError::DoesNotOpen));
        }
    }

    #[test]
    fn the_same_text_is_sealed_differently_each_time() {
        let seals = [(); 2].map(|()| seal(&[7; 32], b"place", b"plain").unwrap());
        assert_ne!(seals[0], seals[1]);
    }

    /// The vector of draft-irtf-cfrg-xchacha-03, A.3.1, in the format of this module.
    #[test]
    fn the_cipher_is_the_one_of_the_draft() {
        let key: [u8; 32] = std::array::from_fn(|at| 0x80 + u8::try_from(at).unwrap());
        let nonce: [u8; 24] = std::array::from_fn(|at| 0x40 + u8::try_from(at).unwrap());
        let place = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
        let plain = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
                      sunscreen would be it.";
        let cipher = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39\
                      ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
                      21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49";
        let digit = |digit: u8| u8::try_from(char::from(digit).to_digit(16).unwrap()).unwrap();
        let cipher = cipher.as_bytes().chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1]));
        let sealed: Vec<u8> = [1].into_iter().chain(nonce).chain(cipher).collect();
        assert_eq!(&**open(&key, &place, &sealed).unwrap(), plain);
    }
}
