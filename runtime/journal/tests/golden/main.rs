//! Old journals and runs stay readable: `tests/golden` of the workspace holds one of every kind, in every version that
//! was ever written, as bytes in hex. `BLESS=1` writes files that are missing and changes none: a file that no longer
//! reads as it did is a run that somebody cannot resume.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test whose help cannot go on has failed")]

mod hex;
mod journals;
mod runs;
