//! alcove-executor
