//! The sealed form: header, the host's section, the guest's section.
//!
//! | bytes | |
//! |---|---|
//! | 0..4 | magic `ALCV` |
//! | 4..6 | format version, little endian |
//! | 6..38 | BLAKE3 digest of everything after it |
//! | 38..42 | length of the host's section, little endian |
//! | then | the host's section ([`Plan`]), then the guest's ([`Program`]), both postcard 1.x |
//!
//! After the header is checked, what follows is exactly what somebody sealed. It is still untrusted: loaders use
//! [`verify::load`](crate::verify::load), which opens and verifies. Lists are bounded while they are read.

use alloc::{string::String, vec::Vec};
use core::fmt;

use serde::{Serialize, de::DeserializeOwned};

#[cfg(test)]
mod tests;

use crate::{plan::Plan, program::Program};

pub use crate::limits::PLAN_BYTES_MAX;

/// The first bytes of every plan.
pub const MAGIC: [u8; 4] = *b"ALCV";
/// The version of the format that this crate writes, and the only one that it reads.
pub const FORMAT_VERSION: u16 = 1;

const DIGEST_AT: usize = 6;
const BODY_AT: usize = 38;
const SECTIONS_AT: usize = 42;

/// The identity of a plan: BLAKE3 of its body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

/// Why bytes are not a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Larger than any plan.
    #[error("{len} bytes are more than a plan may have ({PLAN_BYTES_MAX})")]
    TooLarge {
        /// The number of bytes.
        len: usize,
    },
    /// Another kind of file.
    #[error("not a plan: it does not begin with `ALCV`")]
    NotAPlan,
    /// Made by another version of Alcove.
    #[error("plan format {found} is not supported (this build reads {FORMAT_VERSION}); compile the app again")]
    Version {
        /// The version of the bytes.
        found: u16,
    },
    /// Shorter than its parts.
    #[error("the plan is cut off")]
    Truncated,
    /// Changed after it was sealed.
    #[error("the plan is damaged: its digest does not match")]
    Damaged,
    /// A section that does not decode.
    #[error("the plan's {section} section does not decode: {reason}")]
    Malformed {
        /// Which.
        section: &'static str,
        /// What postcard says.
        reason: String,
    },
}

/// An opened plan: decoded, not yet verified.
#[derive(Clone, Debug, PartialEq)]
pub struct Sealed<'a> {
    /// Its identity.
    pub digest: Digest,
    /// The host's section.
    pub plan: Plan,
    /// The guest's section.
    pub program: Program,
    /// The bytes of the guest's section, which `run` is called with.
    pub program_bytes: &'a [u8],
}

/// Why a plan could not be sealed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// postcard refused: out of memory, or a type it cannot write.
    #[error("the plan does not encode: {0}")]
    Encode(postcard::Error),
    /// Larger than any plan.
    #[error("the plan would have {len} bytes; at most {PLAN_BYTES_MAX} are allowed")]
    TooLarge {
        /// The number of bytes.
        len: usize,
    },
}

/// Seals a plan. The same input gives the same bytes.
pub fn seal(plan: &Plan, program: &Program) -> Result<Vec<u8>, SealError> {
    let host = section(plan)?;
    let guest = section(program)?;
    let len = SECTIONS_AT + host.len() + guest.len();
    let host_len = u32::try_from(host.len()).map_err(|_| SealError::TooLarge { len })?;
    if len > PLAN_BYTES_MAX {
        return Err(SealError::TooLarge { len });
    }
    let mut body = Vec::with_capacity(len - BODY_AT);
    body.extend_from_slice(&host_len.to_le_bytes());
    body.extend_from_slice(&host);
    body.extend_from_slice(&guest);

    let mut out = Vec::with_capacity(len);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    out.extend_from_slice(&Digest::of(&body).0);
    out.extend_from_slice(&body);
    Ok(out)
}

/// Opens a plan: header, digest, both sections. [`verify`](crate::verify::verify) comes next.
pub fn open(bytes: &[u8]) -> Result<Sealed<'_>, OpenError> {
    if bytes.len() > PLAN_BYTES_MAX {
        return Err(OpenError::TooLarge { len: bytes.len() });
    }
    let magic = bytes.get(..MAGIC.len()).ok_or(OpenError::Truncated)?;
    if magic != MAGIC {
        return Err(OpenError::NotAPlan);
    }
    let version = u16::from_le_bytes(array(bytes, MAGIC.len())?);
    if version != FORMAT_VERSION {
        return Err(OpenError::Version { found: version });
    }
    let digest = Digest(array(bytes, DIGEST_AT)?);
    let body = bytes.get(BODY_AT..).ok_or(OpenError::Truncated)?;
    let host_len = u32::from_le_bytes(array(bytes, BODY_AT)?);
    if digest != Digest::of(body) {
        return Err(OpenError::Damaged);
    }
    let sections = bytes.get(SECTIONS_AT..).ok_or(OpenError::Truncated)?;
    let (host, guest) =
        usize::try_from(host_len).ok().and_then(|len| sections.split_at_checked(len)).ok_or(OpenError::Truncated)?;
    let (plan, program) = (decode("host", host)?, decode("guest", guest)?);
    canonical("host", &plan, host)?;
    canonical("guest", &program, guest)?;
    Ok(Sealed { digest, plan, program, program_bytes: guest })
}

/// Decodes the guest's section alone: what the executor does with its first argument.
pub fn decode_program(bytes: &[u8]) -> Result<Program, OpenError> {
    decode("guest", bytes)
}

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// A digest from the hex that it displays as; `None`: it is none.
    pub fn from_hex(hex: &str) -> Option<Self> {
        blake3::Hash::from_hex(hex).ok().map(|hash| Self(*hash.as_bytes()))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

fn section(value: &impl Serialize) -> Result<Vec<u8>, SealError> {
    postcard::to_allocvec(value).map_err(SealError::Encode)
}

fn decode<T: DeserializeOwned>(section: &'static str, bytes: &[u8]) -> Result<T, OpenError> {
    let malformed = |reason: String| OpenError::Malformed { section, reason };
    let (value, rest) = postcard::take_from_bytes(bytes).map_err(|error| malformed(alloc::format!("{error}")))?;
    if rest.is_empty() { Ok(value) } else { Err(malformed(alloc::format!("{} bytes left over", rest.len()))) }
}

/// One plan has one digest: bytes that mean the same, but are not what [`seal`] writes, are refused.
fn canonical(section: &'static str, value: &impl Serialize, bytes: &[u8]) -> Result<(), OpenError> {
    match postcard::to_allocvec(value) {
        Ok(sealed) if sealed == bytes => Ok(()),
        _ => Err(OpenError::Malformed { section, reason: "not in its canonical form".into() }),
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], OpenError> {
    bytes.get(at..at + N).and_then(|slice| slice.try_into().ok()).ok_or(OpenError::Truncated)
}
