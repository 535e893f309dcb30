//! The executor as a WebAssembly component, ready to be compiled by the host: its bytes and their digest.
//!
//! The build script compiles `alcove-executor` for a target without an operating system and wraps it into a component
//! with the world of `wit/executor`. It refuses to build a component that imports anything else.
//!
//! Architecture invariant: the bytes depend on the source, the lock file and the compiler, not on where they lie on a
//! disk. `execution` and the binary use this crate; it is the only one that names the guest toolchain.

#[cfg(test)]
mod tests;
#[cfg(test)]
#[path = "../build/wrap.rs"]
mod wrap;

/// The component, in the binary format.
pub const EXECUTOR_COMPONENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/executor.wasm"));

/// The BLAKE3 digest of [`EXECUTOR_COMPONENT`]. Journals name the executor by it.
pub const EXECUTOR_DIGEST: &[u8; 32] = include_bytes!(concat!(env!("OUT_DIR"), "/executor.blake3"));
