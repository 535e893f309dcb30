//! What durability costs: events over HTTP, runs with many effects, what waits and what is idle.

mod client;
mod floor;
mod idle;
mod matching;
mod node;
mod run_of_2500;
mod w1;

pub(crate) use idle::{ALONE, CODE, NAMES as IDLE_NAMES, measure as idle, perform as alone};
pub(crate) use matching::{NAMES as MATCHING_NAMES, measure as matching};
pub(crate) use run_of_2500::{NAMES as RUN_NAMES, measure as run_of_2500};
pub(crate) use w1::{
    POSTGRES_NAMES as W1_POSTGRES_NAMES, SQLITE_NAMES as W1_SQLITE_NAMES, on_postgres as w1_on_postgres,
    on_sqlite as w1_on_sqlite,
};
