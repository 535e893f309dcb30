//! The pages of a history. A query is read in one go, from a snapshot of its own: it cannot be read on from the middle.
//!
//! Pages that nothing came after, and of which the last one was never recorded, are *torn*: the worker was lost while
//! it read. No effect can have come of them, so they are dropped, and the run reads the query again, from its first
//! page. So does a run that is tried again after a query that failed.

use alcove_plan::codec::PageReader;

use super::{
    Contradiction,
    history::History,
    step::{EffectStep, ReadStep, Step},
};
use crate::entry::{Asked, QueryPage};

impl History {
    pub(super) fn read_page(&mut self, page: QueryPage) -> Result<(), Contradiction> {
        let QueryPage { query, page, arguments, answer } = page;
        let asked = Asked::Read { query, page };
        if page == 0 && self.torn_tail().is_some_and(|torn| self.positions.get(&asked) == Some(&torn)) {
            self.drop_torn_tail();
        }
        if self.positions.contains_key(&asked) {
            return Err(Contradiction::ReadTwice { query, page });
        }
        self.add(Step::Read(ReadStep { query, page, arguments, answer }));
        Ok(())
    }

    /// A failed query is read again: nothing came after it, as the run failed there.
    pub(super) fn reopen_read(&mut self, query: u32, page: u32) -> Result<(), Contradiction> {
        match self.steps.last() {
            Some(Step::Read(last)) if (last.query, last.page) == (query, page) && last.answer.is_err() => {
                self.truncate(self.last_reading());
                Ok(())
            }
            _ => Err(Contradiction::NotFailed),
        }
    }

    /// Forgets pages that are to be read again.
    pub(super) fn drop_torn_tail(&mut self) {
        if let Some(torn) = self.torn_tail() {
            self.truncate(torn);
        }
    }

    /// Where the torn pages begin, if there are any.
    fn torn_tail(&self) -> Option<usize> {
        match self.steps.last() {
            Some(Step::Read(last)) if !last.ends_query() => Some(self.last_reading()),
            _ => None,
        }
    }

    /// Where the pages of one query begin that the steps end with.
    fn last_reading(&self) -> usize {
        let query = |step: &Step| match step {
            Step::Read(read) => Some(read.query),
            Step::Effect(_) => None,
        };
        let last = self.steps.last().and_then(query);
        let pages = self.steps.iter().rev().take_while(|step| last.is_some() && query(step) == last).count();
        self.steps.len() - pages
    }

    fn truncate(&mut self, len: usize) {
        for dropped in self.steps.drain(len..) {
            self.positions.remove(&dropped.asked());
        }
        for step in &mut self.steps {
            if let Step::Effect(EffectStep { begun_before, .. }) = step {
                *begun_before = len.min(*begun_before);
            }
        }
    }
}

impl ReadStep {
    /// Whether no page follows.
    fn ends_query(&self) -> bool {
        match &self.answer {
            Ok(page) => PageReader::new(page, 0).is_ok_and(|page| page.last),
            Err(_) => true,
        }
    }
}
