//! Queries against a real database.

mod agreement;
mod refused;
mod rows;
mod same;
