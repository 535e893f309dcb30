//! Runs of whole apps: `corpus/run`, through the sandbox and through the native executor.
//!
//! A case is a folder: `app.json`; `case.json` with `now` and, where it needs them, `delay`, `tier`, `dry_run`; `data.json`,
//! `event.json` and `ai.json` as `alcove run` takes them; and `expected.json`, the report without `usage`. `BLESS=1` writes
//! the last.

mod case;
mod corpus;
mod native;
