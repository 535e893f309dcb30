//! alcove-store
