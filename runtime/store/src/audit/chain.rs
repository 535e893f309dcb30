//! What hashes are made of.
//!
//! The chain of a log begins with the BLAKE3 hash of the tenant's id, derived under the context
//! `alcove audit genesis v1`. The hash of a note is derived under the context `alcove audit note v1` from these parts,
//! one after the other:
//!
//! | part | as |
//! |---|---|
//! | the hash before it | 32 bytes |
//! | `seq` | 8 bytes, the lowest first |
//! | `at` | 8 bytes, the lowest first, in two's complement |
//! | `tenant_id`, `subject`, `what`, `detail` | each its length in bytes, as 8 bytes, the lowest first, and its UTF-8 |
//!
//! Every part has a length that is fixed or stands before it, so that no two notes have the same parts.

use alcove_ids::TenantId;
use blake3::{Hash, Hasher};

use crate::tables::audit::Note;

const GENESIS: &str = "alcove audit genesis v1";
const NOTE: &str = "alcove audit note v1";

/// What stands before the first note of a log.
pub(super) fn genesis(tenant: &TenantId) -> Hash {
    Hash::from_bytes(blake3::derive_key(GENESIS, tenant.as_str().as_bytes()))
}

/// What a note and all notes before it come to.
pub(super) fn next(before: &Hash, seq: u64, note: &Note) -> Hash {
    let mut hasher = Hasher::new_derive_key(NOTE);
    hasher.update(before.as_bytes()).update(&seq.to_le_bytes()).update(&note.at.to_le_bytes());
    for text in [note.tenant.as_str(), &note.subject, &note.what, &note.detail] {
        hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(subject: &str, what: &str) -> Note {
        let (subject, what, detail) = (subject.to_owned(), what.to_owned(), "{}".to_owned());
        Note { tenant: TenantId::parse("t").unwrap(), at: -5, subject, what, detail }
    }

    #[test]
    fn the_bytes_that_are_hashed_are_those_of_the_table() {
        let tenant = TenantId::parse("t").unwrap();
        let before = genesis(&tenant);
        let mut bytes = before.as_bytes().to_vec();
        bytes.extend(7_u64.to_le_bytes());
        bytes.extend((-5_i64).to_le_bytes());
        for text in ["t", "ada", "app.paused", "{}"] {
            bytes.extend((text.len() as u64).to_le_bytes());
            bytes.extend(text.as_bytes());
        }
        let expected = blake3::derive_key("alcove audit note v1", &bytes);
        assert_eq!(next(&before, 7, &note("ada", "app.paused")).as_bytes(), &expected);
    }

    #[test]
    fn each_part_of_a_note_is_in_its_hash_and_none_runs_into_the_next() {
        let before = genesis(&TenantId::parse("t").unwrap());
        let one = next(&before, 0, &note("ada", "x"));
        let elsewhere = Note { tenant: TenantId::parse("u").unwrap(), ..note("ada", "x") };
        for other in [
            next(&one, 0, &note("ada", "x")),
            next(&before, 1, &note("ada", "x")),
            next(&before, 0, &note("ad", "ax")),
            next(&before, 0, &elsewhere),
            next(&before, 0, &Note { at: 5, ..note("ada", "x") }),
            next(&before, 0, &Note { detail: "[]".to_owned(), ..note("ada", "x") }),
        ] {
            assert_ne!(one, other);
        }
        assert_ne!(genesis(&TenantId::parse("t").unwrap()), genesis(&TenantId::parse("u").unwrap()));
    }
}
