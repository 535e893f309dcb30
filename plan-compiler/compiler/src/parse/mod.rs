//! From JSON to syntax.
