//! Runs of whole apps: `corpus/run`, through the sandbox and through the native executor.
//!
//! A case is a folder: `app.json`; `case.json` with any of `now`, `tier`, `dry_run` and `chain_depth`; `data.json`,
//! `event.json` and `ai.json` as `alcove run` takes them; and `expected.json`, the report without `usage` (a list of
//! reports for a delayed app) and with numbers for derived ids. `BLESS=1` writes the last. The name of the folder is
//! what the case proves.

mod case;
mod corpus;
mod ids;

pub(crate) use case::read as read_case;
pub(crate) use corpus::STARTERS;
