//! alcove-host
