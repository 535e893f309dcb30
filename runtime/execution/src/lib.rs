//! alcove-execution
