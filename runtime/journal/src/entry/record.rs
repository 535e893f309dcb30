//! The frame around an entry.

use alcove_plan::codec::{DecodeError, Decoder, Encoder};

use super::{
    ApprovalRequested, Decided, EffectResult, Entry, Finished, Intent, LeftOut, LocalEffects, Log, QueryPage, Retry,
    Started, Suspended,
};

/// The version that this build writes, of every kind.
const VERSION: u8 = 1;

/// One entry and when it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Microseconds since 1970-01-01T00:00:00Z, by the clock of whoever wrote it.
    pub at_us: i64,
    /// What happened.
    pub entry: Entry,
}

/// Why bytes are not a journal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("journal record {record}: {problem}")]
pub struct RecordError {
    /// Which record, from 0.
    pub record: usize,
    /// What is wrong with it.
    pub problem: RecordProblem,
}

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordProblem {
    /// It ends before its length says so, or has no header.
    #[error("cut off")]
    Truncated,
    /// Another build of Alcove has kinds that this one does not have.
    #[error("kind {found} is not known to this build; a newer one has written it")]
    Kind {
        /// The number found.
        found: u8,
    },
    /// Another build of Alcove has a version of the kind that this one does not have.
    #[error("version {found} of kind {kind} is not known to this build (it reads up to {VERSION})")]
    Version {
        /// The kind.
        kind: u8,
        /// The version found.
        found: u8,
    },
    /// The body does not decode.
    #[error(transparent)]
    Malformed(#[from] DecodeError),
}

/// Writes records one after the other.
pub fn write_journal<'r>(records: impl IntoIterator<Item = &'r Record>) -> Vec<u8> {
    let mut journal = Encoder::new();
    for record in records {
        journal.bytes(&record.encode());
    }
    journal.into_bytes()
}

/// Reads all records. The bytes may be hostile, or a newer build's.
pub fn read_journal(bytes: &[u8]) -> Result<Vec<Record>, RecordError> {
    let mut decoder = Decoder::new(bytes);
    let mut records = Vec::new();
    while decoder.remaining() > 0 {
        let at = |problem| RecordError { record: records.len(), problem };
        let framed = decoder.bytes().map_err(|_| at(RecordProblem::Truncated))?;
        records.push(Record::decode(framed).map_err(at)?);
    }
    Ok(records)
}

impl Record {
    /// Everything but the length.
    fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new();
        encoder.byte(VERSION);
        encoder.byte(kind(&self.entry));
        encoder.zigzag(self.at_us);
        match &self.entry {
            Entry::Started(entry) => entry.encode(&mut encoder),
            Entry::QueryPage(entry) => entry.encode(&mut encoder),
            Entry::Intent(entry) => entry.encode(&mut encoder),
            Entry::Result(entry) => entry.encode(&mut encoder),
            Entry::LocalEffects(entry) => entry.encode(&mut encoder),
            Entry::ApprovalRequested(entry) => entry.encode(&mut encoder),
            Entry::Decided(entry) => entry.encode(&mut encoder),
            Entry::Suspended(entry) => entry.encode(&mut encoder),
            Entry::Retry(entry) => entry.encode(&mut encoder),
            Entry::Finished(entry) => entry.encode(&mut encoder),
            Entry::Log(entry) => entry.encode(&mut encoder),
            Entry::LeftOut(entry) => entry.encode(&mut encoder),
        }
        encoder.into_bytes()
    }

    fn decode(bytes: &[u8]) -> Result<Self, RecordProblem> {
        let mut decoder = Decoder::new(bytes);
        let (Ok(version), Ok(kind)) = (decoder.byte(), decoder.byte()) else { return Err(RecordProblem::Truncated) };
        if !(kind::STARTED..=kind::LEFT_OUT).contains(&kind) {
            return Err(RecordProblem::Kind { found: kind });
        }
        if version != VERSION {
            return Err(RecordProblem::Version { kind, found: version });
        }
        let at_us = decoder.zigzag()?;
        let entry = body(kind, &mut decoder)?;
        decoder.finish()?;
        Ok(Self { at_us, entry })
    }
}

fn body(kind: u8, decoder: &mut Decoder<'_>) -> Result<Entry, RecordProblem> {
    Ok(match kind {
        kind::STARTED => Entry::Started(Started::decode(decoder)?),
        kind::QUERY_PAGE => Entry::QueryPage(QueryPage::decode(decoder)?),
        kind::INTENT => Entry::Intent(Intent::decode(decoder)?),
        kind::RESULT => Entry::Result(EffectResult::decode(decoder)?),
        kind::LOCAL_EFFECTS => Entry::LocalEffects(LocalEffects::decode(decoder)?),
        kind::APPROVAL_REQUESTED => Entry::ApprovalRequested(ApprovalRequested::decode(decoder)?),
        kind::DECIDED => Entry::Decided(Decided::decode(decoder)?),
        kind::SUSPENDED => Entry::Suspended(Suspended::decode(decoder)?),
        kind::RETRY => Entry::Retry(Retry::decode(decoder)?),
        kind::FINISHED => Entry::Finished(Finished::decode(decoder)?),
        kind::LOG => Entry::Log(Log::decode(decoder)?),
        kind::LEFT_OUT => Entry::LeftOut(LeftOut::decode(decoder)?),
        found => return Err(RecordProblem::Kind { found }),
    })
}

fn kind(entry: &Entry) -> u8 {
    match entry {
        Entry::Started(_) => kind::STARTED,
        Entry::QueryPage(_) => kind::QUERY_PAGE,
        Entry::Intent(_) => kind::INTENT,
        Entry::Result(_) => kind::RESULT,
        Entry::LocalEffects(_) => kind::LOCAL_EFFECTS,
        Entry::ApprovalRequested(_) => kind::APPROVAL_REQUESTED,
        Entry::Decided(_) => kind::DECIDED,
        Entry::Suspended(_) => kind::SUSPENDED,
        Entry::Retry(_) => kind::RETRY,
        Entry::Finished(_) => kind::FINISHED,
        Entry::Log(_) => kind::LOG,
        Entry::LeftOut(_) => kind::LEFT_OUT,
    }
}

/// Numbers of kinds: append only.
mod kind {
    pub(super) const STARTED: u8 = 1;
    pub(super) const QUERY_PAGE: u8 = 2;
    pub(super) const INTENT: u8 = 3;
    pub(super) const RESULT: u8 = 4;
    pub(super) const LOCAL_EFFECTS: u8 = 5;
    pub(super) const APPROVAL_REQUESTED: u8 = 6;
    pub(super) const DECIDED: u8 = 7;
    pub(super) const SUSPENDED: u8 = 8;
    pub(super) const RETRY: u8 = 9;
    pub(super) const FINISHED: u8 = 10;
    pub(super) const LOG: u8 = 11;
    pub(super) const LEFT_OUT: u8 = 12;
}
