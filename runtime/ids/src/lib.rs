//! alcove-ids
