//! Quotas over real databases.
