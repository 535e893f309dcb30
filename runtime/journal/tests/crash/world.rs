//! What a run acts on: a database with its journal, providers, a clock, and a power cut.

use std::collections::{BTreeMap, BTreeSet};

use alcove_ids::EffectId;
use alcove_journal::entry::{Effect, Record, read_journal, write_journal};
use alcove_plan::envelope::Digest;

use crate::script::{Kind, Trouble, WINDOW_US};

/// The power is cut.
#[derive(Debug)]
pub(crate) struct Crash;

/// A defect of the worker, put there on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Planted {
    #[default]
    Nothing,
    /// It calls before the intent is durable.
    CallBeforeIntent,
    /// It repeats what nobody knows.
    RepeatsUnknown,
    /// It does not record what was read.
    ForgetsReads,
    /// It goes on by the answer that a buffered effect was performed, when it was not.
    TrustsItsGuess,
    /// It acknowledges local effects that are not committed.
    LosesBuffer,
}

/// What was done, once for each time that it was.
pub(crate) type Deed = (EffectId, Digest);

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) now_us: i64,
    /// Durable.
    pub(crate) journal: Vec<u8>,
    /// Everything that was really done, in the order in which it was.
    pub(crate) deeds: Vec<Deed>,
    /// What the run was told is unknown.
    pub(crate) unknown: Vec<EffectId>,
    /// The effect that ended the run, if one did.
    pub(crate) ended_by: Option<EffectId>,
    /// Calls that reached a provider: what a replay must not make.
    pub(crate) calls: usize,
    /// Pages that were read.
    pub(crate) reads: u32,
    /// Whether the same page reads differently each time.
    pub(crate) rows_move: bool,
    /// Whether each page is durable at once, as where pages are large: crashes tear readings then.
    pub(crate) small_buffer: bool,
    /// The page that comes next of the reading that is open. A crash closes it, for good.
    pub(crate) next_page: u32,
    pub(crate) planted: Planted,
    /// When the providers first saw a key.
    keys: BTreeMap<EffectId, i64>,
    failed_attempts: BTreeMap<EffectId, u32>,
    /// Moments at which the power is cut, counted from the last start; the first one next.
    crashes: Vec<usize>,
    moments: usize,
}

impl World {
    pub(crate) fn new(mut crashes: Vec<usize>, rows_move: bool) -> Self {
        crashes.reverse();
        Self { now_us: 1_000_000, crashes, rows_move, ..Self::default() }
    }

    /// A moment at which the power may be cut.
    pub(crate) fn moment(&mut self) -> Result<(), Crash> {
        self.now_us += 1_000;
        let moment = self.moments;
        self.moments += 1;
        if self.crashes.last() != Some(&moment) {
            return Ok(());
        }
        self.crashes.pop();
        self.moments = 0;
        Err(Crash)
    }

    /// Whether the power will be cut again.
    pub(crate) fn crashes_left(&self) -> bool {
        !self.crashes.is_empty()
    }

    pub(crate) fn records(&self) -> Vec<Record> {
        read_journal(&self.journal).unwrap()
    }

    /// One transaction: local effects and entries, both or neither.
    pub(crate) fn commit(&mut self, records: &[Record], local: Vec<Deed>) -> Result<(), Crash> {
        self.moment()?;
        self.journal.extend(write_journal(records));
        self.deeds.extend(local);
        self.moment()
    }

    pub(crate) fn read(&mut self, page: u32, argument: i64) -> Result<i64, Crash> {
        self.moment()?;
        assert!(page == 0 || page == self.next_page, "a query is read on from its middle");
        self.next_page = page + 1;
        self.reads += 1;
        let moved = if self.rows_move { self.reads } else { 0 };
        Ok(argument ^ i64::from(page) ^ (i64::from(moved) << 32))
    }

    /// Calls a provider. `Ok(Some(_))`: it has performed the effect; `Ok(None)`: it is down, and has not.
    pub(crate) fn call(&mut self, effect: &Effect, kind: Kind, trouble: Trouble) -> Result<Option<Answer>, Crash> {
        self.moment()?;
        self.calls += 1;
        let failed = self.failed_attempts.entry(effect.id.clone()).or_default();
        let answer = match trouble {
            Trouble::Flaky(times) if *failed < times => {
                *failed += 1;
                None
            }
            Trouble::Refused | Trouble::Handled => Some(Answer::Refused),
            Trouble::None | Trouble::Flaky(_) => {
                self.perform(effect, kind);
                Some(Answer::Performed)
            }
        };
        self.moment()?;
        Ok(answer)
    }

    fn perform(&mut self, effect: &Effect, kind: Kind) {
        let first_us = *self.keys.entry(effect.id.clone()).or_insert(self.now_us);
        let remembered = match kind {
            Kind::ForeignTx | Kind::Natural => true,
            Kind::Keyed => self.now_us.saturating_sub(first_us) < i64::try_from(WINDOW_US).unwrap(),
            Kind::Local | Kind::Unproven | Kind::Approval => false,
        };
        let deed = (effect.id.clone(), effect.digest);
        if !(remembered && self.deeds.contains(&deed)) {
            self.deeds.push(deed);
        }
    }

    pub(crate) fn has_done(&self, id: &EffectId) -> bool {
        self.deeds.iter().any(|(done, _)| done == id)
    }

    /// Whether something was done twice.
    pub(crate) fn has_repeated(&self) -> bool {
        let distinct: BTreeSet<_> = self.deeds.iter().map(|(id, _)| id).collect();
        distinct.len() != self.deeds.len()
    }
}

/// What a provider says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Answer {
    Performed,
    Refused,
}
