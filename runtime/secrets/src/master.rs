//! The keys that wrap all others.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use zeroize::Zeroizing;

use crate::seal::{KEY_BYTES, SealError, open, random, seal};

/// What a master key is called: a digest of it, cut short, so that one can tell which key wraps what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MasterKeyId(String);

/// The keys that wrap the data keys of tenants: the first one wraps, all of them unwrap.
///
/// To replace a master key, put the new one before it, wrap all data keys again, and then take the old one away.
pub struct MasterKeys {
    // INVARIANT: not empty; no key twice. Upheld by `parse`.
    keys: Vec<MasterKey>,
}

struct MasterKey {
    id: MasterKeyId,
    key: Zeroizing<[u8; KEY_BYTES]>,
}

/// Why a text is not master keys. It shows nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MasterKeysError {
    /// There is none.
    #[error("there is no master key: one line with {KEY_BYTES} random bytes in base64 is wanted")]
    None,
    /// A line that is no key.
    #[error("line {line} is not a master key: {KEY_BYTES} bytes in base64 are wanted")]
    Malformed {
        /// Which, from 1.
        line: usize,
    },
    /// The same key again.
    #[error("line {line} has a master key that came before")]
    Repeated {
        /// Which, from 1.
        line: usize,
    },
    /// A key that nobody drew by chance.
    #[error("line {line} has a master key of one byte repeated: draw one, with `openssl rand -base64 {KEY_BYTES}`")]
    Trivial {
        /// Which, from 1.
        line: usize,
    },
}

impl MasterKeyId {
    /// The name of a key that was stored with what it wraps.
    pub fn stored(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text: 16 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn of(key: &[u8; KEY_BYTES]) -> Self {
        let digest = blake3::derive_key("alcove 2026-11 id of a master key", key);
        let digits = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
        Self(digits.collect())
    }
}

impl fmt::Display for MasterKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MasterKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.id)).finish()
    }
}

impl MasterKeys {
    /// Reads keys: one a line, in base64, the one that wraps first. Empty lines, and lines that begin with `#`, are
    /// left out.
    pub fn parse(text: &str) -> Result<Self, MasterKeysError> {
        let mut keys: Vec<MasterKey> = Vec::new();
        for (line, text) in (1..).zip(text.lines().map(str::trim)) {
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let bytes = BASE64_STANDARD.decode(text).map(Zeroizing::new);
            let key = bytes.ok().and_then(|bytes| <[u8; KEY_BYTES]>::try_from(bytes.as_slice()).ok());
            let key = Zeroizing::new(key.ok_or(MasterKeysError::Malformed { line })?);
            if key.iter().all(|byte| Some(byte) == key.first()) {
                return Err(MasterKeysError::Trivial { line });
            }
            let id = MasterKeyId::of(&key);
            if keys.iter().any(|known| known.id == id) {
                return Err(MasterKeysError::Repeated { line });
            }
            keys.push(MasterKey { id, key });
        }
        if keys.is_empty() { Err(MasterKeysError::None) } else { Ok(Self { keys }) }
    }

    /// A new key, drawn by chance, as a line for [`parse`](Self::parse).
    pub fn generate() -> Result<Zeroizing<String>, SealError> {
        let key = random::<KEY_BYTES>()?;
        Ok(Zeroizing::new(BASE64_STANDARD.encode(key.as_slice())))
    }

    /// The name of the key that wraps.
    pub fn current(&self) -> Result<&MasterKeyId, SealError> {
        self.keys.first().map(|key| &key.id).ok_or(SealError::NoMasterKey)
    }

    /// Wraps with the current key; gives its name, too.
    pub(crate) fn wrap(&self, place: &[u8], plain: &[u8]) -> Result<(MasterKeyId, Vec<u8>), SealError> {
        let key = self.keys.first().ok_or(SealError::NoMasterKey)?;
        Ok((key.id.clone(), seal(&key.key, place, plain)?))
    }

    /// Opens what this key has wrapped.
    pub(crate) fn unwrap(
        &self,
        by: &MasterKeyId,
        place: &[u8],
        wrapped: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let key = self.keys.iter().find(|key| key.id == *by).ok_or(SealError::NoMasterKey)?;
        open(&key.key, place, wrapped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(seed: u8) -> String {
        BASE64_STANDARD.encode(std::array::from_fn::<u8, 32, _>(|at| seed.wrapping_add(u8::try_from(at).unwrap())))
    }

    #[test]
    fn the_first_key_wraps_and_every_key_unwraps() {
        let old = MasterKeys::parse(&line(1)).unwrap();
        let (by, wrapped) = old.wrap(b"place", b"plain").unwrap();
        let both = MasterKeys::parse(&format!("# new\n{}\n\n# old\n{}\n", line(2), line(1))).unwrap();
        assert_eq!(&**both.unwrap(&by, b"place", &wrapped).unwrap(), b"plain");
        assert_ne!(both.current().unwrap(), &by);
        let new = MasterKeys::parse(&line(2)).unwrap();
        assert_eq!(new.unwrap(&by, b"place", &wrapped), Err(SealError::NoMasterKey));
        assert_eq!(new.current().unwrap(), both.current().unwrap());
    }

    #[test]
    fn what_is_no_key_is_refused_by_its_line_and_not_shown() {
        let short = BASE64_STANDARD.encode([3; 31]);
        let trivial = BASE64_STANDARD.encode([3; 32]);
        let twice = format!("{0}\n{0}", line(1));
        for (text, expected) in [
            ("", MasterKeysError::None),
            ("# nothing\n\n", MasterKeysError::None),
            ("not base64!", MasterKeysError::Malformed { line: 1 }),
            (&*format!("{}\n{short}", line(1)), MasterKeysError::Malformed { line: 2 }),
            (&*trivial, MasterKeysError::Trivial { line: 1 }),
            (&*twice, MasterKeysError::Repeated { line: 2 }),
        ] {
            assert_eq!(MasterKeys::parse(text).unwrap_err(), expected, "{text}");
        }
    }

    #[test]
    fn keys_are_shown_by_their_names_only() {
        let keys = MasterKeys::parse(&line(9)).unwrap();
        let shown = format!("{keys:?}");
        assert!(shown.contains(keys.current().unwrap().as_str()), "{shown}");
        assert!(!shown.contains(&line(9)), "{shown}");
    }

    #[test]
    fn a_generated_key_is_one() {
        let lines = [(); 2].map(|()| MasterKeys::generate().unwrap());
        let ids = lines.map(|line| MasterKeys::parse(&line).unwrap().current().unwrap().clone());
        assert_ne!(ids[0], ids[1]);
    }
}
