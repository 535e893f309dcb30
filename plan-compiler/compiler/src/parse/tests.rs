//! Tests over small documents.
