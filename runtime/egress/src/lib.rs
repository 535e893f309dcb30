//! alcove-egress
