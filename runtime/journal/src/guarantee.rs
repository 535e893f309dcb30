//! What is promised about an effect when a crash leaves it in doubt.

/// What a binding of the catalog promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarantee {
    /// It is performed in the journal's own transaction, so it is never in doubt.
    Local,
    /// It leaves the journal's database: an intent comes before it and a result after it.
    External(External),
}

/// What an effect outside the journal's database promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum External {
    /// Another database, with a dedup row in the same transaction: it may be sent again at any time.
    ForeignTx,
    /// The provider honours the effect id as idempotency key: it may be sent again while the provider remembers it.
    Keyed {
        /// How long the provider remembers a key, in microseconds, counted from its first use.
        window_us: u64,
    },
    /// Repeating it changes nothing: it may be sent again at any time.
    Natural,
    /// Neither: it is never sent again blindly.
    Unproven,
}

impl External {
    /// Until when an effect that was first sent at `first_us` may be sent again; `None`: never.
    pub(crate) fn repeatable_until(self, first_us: i64) -> Option<i64> {
        match self {
            Self::ForeignTx | Self::Natural => Some(i64::MAX),
            Self::Keyed { window_us } => Some(first_us.saturating_add_unsigned(window_us)),
            Self::Unproven => None,
        }
    }
}
