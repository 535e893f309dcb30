//! alcove-builtins
