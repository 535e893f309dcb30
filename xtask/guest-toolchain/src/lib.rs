//! Finds a compiler for WebAssembly guests on this machine, in the same way for everyone who needs one.
//!
//! Two ways lead to a guest, and a machine may have either: rustup's `wasm32-unknown-unknown`, or Debian's `rustc-web`,
//! `cargo-web` and `rust-web-src` where rustup cannot download. `cargo xtask setup` installs one of them; the build
//! script of `alcove-executor-wasm` uses it.
//!
//! Architecture invariant: finding is a look at the disk. It needs no network and writes nothing, so there is no record
//! that could go stale when a machine loses a toolchain. Only build scripts and `xtask` depend on this crate.

mod environment;
mod missing;
mod toolchain;
mod way;

pub use missing::{Missing, Obstacle};
pub use toolchain::Toolchain;
pub use way::{UnknownWay, Way};

/// The target that guests are compiled for: no operating system, so nothing to import but the world in `wit/`.
pub const TARGET: &str = "wasm32-unknown-unknown";
