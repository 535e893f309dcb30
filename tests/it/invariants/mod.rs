//! The ten invariants of README.md, attacked: each test is named after the invariant that it would break. SECURITY.md
//! says what else proves each, where a crate can do so alone.

mod effects;
mod ends;
mod plans;
mod runs;
mod secrets;
mod table;
mod world;
