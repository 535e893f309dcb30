//! Whether a log is whole, note by note.

use alcove_ids::TenantId;
use blake3::Hash;

use super::chain;
use crate::tables::audit::Row;

/// Where a log ended when somebody looked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Whose log.
    pub tenant: TenantId,
    /// How many notes it has.
    pub entries: u64,
    /// What all of them come to; of an empty log what its tenant's id comes to.
    pub hash: Hash,
}

/// A log that is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Where it ends.
    pub head: Head,
    /// How many of its notes, the first ones, are older than the chain: the first hash behind them vouches for them.
    pub unchained: u64,
}

/// The first place at which a log is not what was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Break {
    /// The note does not come to its hash: it, its place or its hash was changed.
    #[error("the note {seq} does not come to its hash: it was changed, moved or put there")]
    Hash {
        /// Its number.
        seq: u64,
    },
    /// The note has no hash, and there are hashes before it.
    #[error("the note {seq} has no hash, and notes before it have one: it was put there")]
    NoHash {
        /// Its number.
        seq: u64,
    },
    /// Notes are missing.
    #[error("the note {seq} is missing: the next one is {found}")]
    Gap {
        /// The first that is missing.
        seq: u64,
        /// The next that is there.
        found: u64,
    },
    /// A row that is none of this log's.
    #[error("the row that stands where the note {seq} should be is none: {problem}")]
    Row {
        /// The note that should be there.
        seq: u64,
        /// Why not.
        problem: String,
    },
    /// The log never came to the expected head: its end is missing, or all of it was written anew.
    #[error("the log has {seq} notes and none of them comes to the expected head: it was cut short or written anew")]
    Truncated {
        /// The first note that is missing.
        seq: u64,
    },
}

impl Break {
    /// The number of the first note that is not what was written.
    pub fn seq(&self) -> u64 {
        match self {
            Self::Hash { seq }
            | Self::NoHash { seq }
            | Self::Gap { seq, .. }
            | Self::Row { seq, .. }
            | Self::Truncated { seq } => *seq,
        }
    }

    /// What is wrong, in one word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Hash { .. } => "hash",
            Self::NoHash { .. } => "no-hash",
            Self::Gap { .. } => "gap",
            Self::Row { .. } => "row",
            Self::Truncated { .. } => "truncated",
        }
    }
}

/// A walk along a log, from its first note.
pub(super) struct Walk {
    at: Head,
    unchained: u64,
    /// The head that the log must have come to.
    expected: Option<Hash>,
}

impl Walk {
    pub(super) fn new(tenant: &TenantId, expected: Option<Hash>) -> Self {
        let at = Head { tenant: tenant.clone(), entries: 0, hash: chain::genesis(tenant) };
        let expected = expected.filter(|expected| *expected != at.hash);
        Self { at, unchained: 0, expected }
    }

    /// The number of the note that is looked at next.
    pub(super) fn next(&self) -> u64 {
        self.at.entries
    }

    /// Looks at the next note.
    pub(super) fn step(&mut self, row: &Row) -> Result<(), Break> {
        let seq = self.next();
        if row.seq != seq {
            return Err(Break::Gap { seq, found: row.seq });
        }
        let hash = chain::next(&self.at.hash, seq, &row.note);
        match row.hash {
            Some(stored) if stored != hash => return Err(Break::Hash { seq }),
            None if self.unchained < seq => return Err(Break::NoHash { seq }),
            None => self.unchained += 1,
            Some(_) => {}
        }
        self.expected = self.expected.filter(|expected| *expected != hash);
        (self.at.entries, self.at.hash) = (seq + 1, hash);
        Ok(())
    }

    /// There are no more.
    pub(super) fn end(self) -> Result<Verified, Break> {
        match self.expected {
            Some(_) => Err(Break::Truncated { seq: self.at.entries }),
            None => Ok(Verified { head: self.at, unchained: self.unchained }),
        }
    }
}
