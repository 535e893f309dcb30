//! alcove-compiler
