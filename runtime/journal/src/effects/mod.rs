//! What a run has done that is not durable yet.
//!
//! Reads become durable no later than the next effect; local effects are kept back and committed together, at a
//! *barrier*. Until then the run is told that they were performed. Where one then was not, the run has gone on by a
//! wrong answer: it is dropped and executed again, against a journal that now has the right one.

mod barrier;
mod batch;

#[cfg(test)]
mod tests;

pub use barrier::{Barrier, Coming};
pub use batch::{Batch, SettleError, Settled};

use alcove_plan::limits::BATCH_CALLS_MAX;

use crate::entry::{Effect, Entry, QueryPage, Record};

/// Bytes of pages that are kept back at the most.
pub const BUFFER_BYTES_MAX: usize = 1024 * 1024;

/// What is not durable yet. `C` is whatever the caller performs an effect from.
#[derive(Debug)]
pub struct Buffer<C> {
    reads: Vec<Record>,
    read_bytes: usize,
    effects: Vec<(Effect, C)>,
}

impl<C> Default for Buffer<C> {
    fn default() -> Self {
        Self { reads: Vec::new(), read_bytes: 0, effects: Vec::new() }
    }
}

impl<C> Buffer<C> {
    /// Nothing is kept back.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether everything is durable.
    pub fn is_empty(&self) -> bool {
        self.reads.is_empty() && self.effects.is_empty()
    }

    /// Whether something must become durable before the run may go on to what comes, and why: take and commit the
    /// [batch](Self::take) then.
    pub fn barrier_before(&self, coming: Coming) -> Option<Barrier> {
        let waiting = match coming {
            // A read sees what was committed.
            Coming::Read => !self.effects.is_empty(),
            Coming::Local { .. } => false,
            Coming::External | Coming::Suspension | Coming::End => !self.is_empty(),
        };
        let full = self.effects.len() >= BATCH_CALLS_MAX || self.read_bytes >= BUFFER_BYTES_MAX;
        match coming {
            _ if full => Some(Barrier::Full),
            _ if !waiting => None,
            Coming::Read => Some(Barrier::Read),
            Coming::Local { .. } => None,
            Coming::External => Some(Barrier::External),
            Coming::Suspension => Some(Barrier::Suspension),
            Coming::End => Some(Barrier::End),
        }
    }

    /// Keeps an answer back.
    pub fn read(&mut self, at_us: i64, page: QueryPage) {
        self.read_bytes += page.answer.as_ref().map_or(0, Vec::len);
        self.reads.push(Record { at_us, entry: Entry::QueryPage(page) });
    }

    /// Keeps a local effect back, or the refusal of an external one, of which nothing was sent. If the answer says why,
    /// the run must learn what became of it before it goes on: take and commit the [batch](Self::take) at once.
    /// Otherwise it is told that the effect was performed, with null outputs.
    pub fn local(&mut self, effect: Effect, call: C, coming: Coming) -> Option<Barrier> {
        self.effects.push((effect, call));
        match coming {
            Coming::Local { outputs_read: true, .. } => Some(Barrier::OutputRead),
            Coming::Local { has_handler: true, .. } => Some(Barrier::OnFailure),
            _ if self.effects.len() >= BATCH_CALLS_MAX => Some(Barrier::Full),
            _ => None,
        }
    }

    /// Everything that was kept back, to be performed and committed in one transaction.
    #[must_use = "what is not committed is lost"]
    pub fn take(&mut self) -> Batch<C> {
        self.read_bytes = 0;
        Batch::new(std::mem::take(&mut self.reads), std::mem::take(&mut self.effects))
    }
}
