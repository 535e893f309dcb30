//! alcove-platform
