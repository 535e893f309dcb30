//! alcove-executor-wasm
