//! What a recorded run asked and did, found by what is asked now.

use std::{collections::BTreeMap, sync::Arc};

use alcove_plan::{
    codec::{DecodeError, PageReader, PageWriter},
    envelope::Digest,
    failure::Failure,
    query::Query,
};

use crate::{
    LoadedPlan,
    replay::{Called, Transcript},
};

/// What a recorded run asked and did.
pub(super) struct Known {
    plan: Arc<LoadedPlan>,
    transcript: Arc<Transcript>,
    /// The calls that nothing was matched with, by what they are recognised by.
    unmatched: BTreeMap<Digest, Vec<usize>>,
}

/// A recorded query that answers another one.
pub(super) struct Pages {
    transcript: Arc<Transcript>,
    /// Which of the transcript's reads.
    read: usize,
    columns: usize,
    /// For each column that is wanted, its position in the recorded rows.
    wanted: Vec<usize>,
    next: usize,
}

impl Known {
    /// Of a run of this plan.
    pub(super) fn new(plan: Arc<LoadedPlan>, transcript: Transcript) -> Self {
        let mut unmatched: BTreeMap<Digest, Vec<usize>> = BTreeMap::new();
        // Taken from the end, so the first comes last.
        for (position, call) in transcript.calls.iter().enumerate().rev() {
            unmatched.entry(call.digest).or_default().push(position);
        }
        Self { plan, transcript: Arc::new(transcript), unmatched }
    }

    /// The pages of a query that asked the same of the same connector, if it read at least these fields.
    pub(super) fn pages(&self, query: &Query, arguments: Digest) -> Option<Pages> {
        let reads = self.transcript.reads.iter().enumerate();
        reads.filter(|(_, read)| read.arguments == arguments).find_map(|(at, read)| {
            let recorded = usize::try_from(read.query).ok().and_then(|at| self.plan.plan.queries.get(at))?;
            if !asks_the_same(recorded, query) {
                return None;
            }
            let column = |field: &String| recorded.fields.iter().position(|recorded| recorded == field);
            let wanted = query.fields.iter().map(column).collect::<Option<Vec<_>>>()?;
            let transcript = Arc::clone(&self.transcript);
            Some(Pages { transcript, read: at, columns: recorded.fields.len(), wanted, next: 0 })
        })
    }

    /// Takes a recorded call of the same action with the same parameters, wherever it stood; gives its position. The
    /// one at the same place is preferred.
    pub(super) fn take(&mut self, digest: Digest, is_here: impl Fn(&Called) -> bool) -> Option<usize> {
        let positions = self.unmatched.get_mut(&digest)?;
        let here = positions.iter().position(|at| self.transcript.calls.get(*at).is_some_and(&is_here));
        match here {
            Some(here) => Some(positions.remove(here)),
            None => positions.pop(),
        }
    }

    /// A recorded call.
    pub(super) fn call(&self, position: usize) -> Option<&Called> {
        self.transcript.calls.get(position)
    }

    /// The calls that nothing was matched with, in their order.
    pub(super) fn left(&self) -> Vec<&Called> {
        let mut positions: Vec<usize> = self.unmatched.values().flatten().copied().collect();
        positions.sort_unstable();
        positions.into_iter().filter_map(|position| self.transcript.calls.get(position)).collect()
    }
}

impl Pages {
    /// The next page, with the columns that are wanted; `None`: the recorded run did not read it.
    pub(super) fn next(&mut self) -> Option<Result<Vec<u8>, Failure>> {
        let page = self.transcript.reads.get(self.read)?.pages.get(self.next)?;
        self.next += 1;
        match page {
            Ok(page) => self.projected(page).ok().map(Ok),
            Err(failure) => Some(Err(failure.clone())),
        }
    }

    fn projected(&self, page: &[u8]) -> Result<Vec<u8>, DecodeError> {
        if self.wanted.iter().copied().eq(0..self.columns) {
            return Ok(page.to_vec());
        }
        let (mut rows, mut written) = (PageReader::new(page, self.columns)?, PageWriter::new());
        while let Some(row) = rows.next_row()? {
            written.row(self.wanted.iter().filter_map(|column| row.get(*column)));
        }
        Ok(written.finish(rows.last, rows.cut))
    }
}

/// Whether two queries ask for the same rows. Their fields, and where they stand, are not looked at.
fn asks_the_same(a: &Query, b: &Query) -> bool {
    (&a.connector, &a.filter, &a.holes, &a.sort, a.offset, a.limit)
        == (&b.connector, &b.filter, &b.holes, &b.sort, b.offset, b.limit)
}
