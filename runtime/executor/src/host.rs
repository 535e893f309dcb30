//! What a run may ask for: the Rust side of `wit/executor`.

use alcove_plan::failure::Failure;

/// How much a reader of the log should care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Progress.
    Info,
    /// The run went on, but a person may want to know.
    Warning,
    /// Something failed.
    Error,
}

/// The world outside of a run. Messages are those of `wit/encoding.md`; the executor decodes them as hostile bytes.
pub trait Host {
    /// Starts a query of the plan with an *arguments* message and gives its first *page*.
    fn start_query(&mut self, query: u16, arguments: &[u8]) -> Result<Vec<u8>, Failure>;

    /// The next *page* of a query that was started and whose last page has not been given.
    fn next_page(&mut self, query: u16) -> Result<Vec<u8>, Failure>;

    /// Performs a *batch* whose calls name `actions` by position, and gives its *outcomes*. A failure of the whole
    /// batch ends the run.
    fn perform(&mut self, actions: &[u16], batch: &[u8]) -> Result<Vec<u8>, Failure>;

    /// Adds an entry to the run's log. `place` is an index into the plan's places.
    fn log(&mut self, level: Level, place: u32, message: &str);
}
