//! What makes runs begin, in whole engines: timers under a simulated clock, events of apps, what is forgotten.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test whose help cannot go on has failed"
)]

mod world;

mod delays;
mod index;
mod outbox;
mod retention;
mod runs;
mod schedules;
