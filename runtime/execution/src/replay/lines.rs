//! The lines that a run wrote into its log, held against those of its journal.

use std::collections::BTreeSet;

use alcove_host::Level;
use alcove_journal::entry::{Entry, Log, LogLevel, Record, RetryOf};
use alcove_plan::plan::Plan;

use super::Difference;

/// The lines of a journal, and how many of them the run has written again.
#[derive(Debug)]
pub(super) struct Lines {
    recorded: Vec<Log>,
    /// Lines before this one are of an attempt that failed and was put aside, or of a reading that was torn: what the
    /// run says instead of them was not recorded.
    comparable_from: usize,
    written: usize,
}

impl Lines {
    pub(super) fn of(records: &[Record]) -> Self {
        let (mut recorded, mut comparable_from, mut read) = (Vec::new(), 0, BTreeSet::new());
        for record in records {
            match &record.entry {
                Entry::Log(line) => recorded.push(line.clone()),
                Entry::Retry(retry) if retry.of != RetryOf::Action => comparable_from = recorded.len(),
                Entry::QueryPage(page) if page.page == 0 && !read.insert(page.query) => {
                    comparable_from = recorded.len();
                }
                _ => {}
            }
        }
        Self { recorded, comparable_from, written: 0 }
    }

    /// The run writes a line. `ended`: the journal has its end, so that no line is missing there.
    pub(super) fn write(&mut self, plan: &Plan, line: &Log, ended: bool) -> Result<(), Difference> {
        let at = self.written;
        self.written += 1;
        let expected = match self.recorded.get(at) {
            Some(recorded) if recorded == line || at < self.comparable_from => return Ok(()),
            Some(recorded) => words(recorded),
            None if ended => "no further line of the log".to_owned(),
            None => return Ok(()),
        };
        Err(Difference { place: plan.place(line.place).to_owned(), expected, found: words(line) })
    }

    /// The run has ended.
    pub(super) fn end(&self, plan: &Plan) -> Result<(), Difference> {
        match self.recorded.get(self.written.max(self.comparable_from)) {
            None => Ok(()),
            Some(left_out) => {
                let place = plan.place(left_out.place).to_owned();
                Err(Difference { place, expected: words(left_out), found: "the end".to_owned() })
            }
        }
    }
}

/// A line as the journal has it.
pub(super) fn line(level: Level, place: u32, message: &str) -> Log {
    let level = match level {
        Level::Info => LogLevel::Info,
        Level::Warning => LogLevel::Warning,
        Level::Error => LogLevel::Error,
    };
    Log { level, place, message: message.to_owned() }
}

fn words(line: &Log) -> String {
    format!("the line `{}` ({})", line.message, line.level.as_str())
}
