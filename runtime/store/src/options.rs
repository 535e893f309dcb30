//! How a database is opened.

/// What whoever opens a database decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreOptions {
    /// When a commit counts as done.
    pub synchronous: Synchronous,
}

/// When a commit counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Synchronous {
    /// When it is on the disk: it outlives the machine's loss of power.
    Full,
    /// When the operating system has it: it outlives this process and nothing more. For tests that kill processes
    /// thousands of times, never for data that somebody needs.
    Off,
}

impl StoreOptions {
    /// What a node runs with: nothing that was acknowledged is lost.
    pub const DURABLE: Self = Self { synchronous: Synchronous::Full };
}
