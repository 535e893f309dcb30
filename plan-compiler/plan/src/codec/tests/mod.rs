//! `wit/encoding.md`, rule by rule, with one past each bound; round trips; hostile bytes.

mod messages;
mod values;
