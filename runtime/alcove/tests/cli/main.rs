//! The program as its users see it: arguments and files in; exit code, standard output and standard error out.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test whose help cannot go on has failed"
)]

mod admin;
mod apps;
mod audit;
mod drain;
mod node;
mod program;
mod recorded;
mod refused;
mod run;
mod serve;
