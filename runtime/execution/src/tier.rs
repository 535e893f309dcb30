//! What a tenant may use over time.

use alcove_catalog::Class;
use serde::{Deserialize, Serialize};

/// A plan of the platform's price list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names of the price list")]
pub enum Tier {
    Free,
    Starter,
    Pro,
    Enterprise,
}

impl Tier {
    /// All of them, the smallest first.
    pub const ALL: [Self; 4] = [Self::Free, Self::Starter, Self::Pro, Self::Enterprise];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Starter => "starter",
            Self::Pro => "pro",
            Self::Enterprise => "enterprise",
        }
    }

    /// The quota of a class: its stable name, and how much of it a tenant has in the class's window (a day for e-mails
    /// and AI calls, an hour for webhooks).
    pub fn quota(self, class: Class) -> (&'static str, u32) {
        let amounts = match class {
            Class::Email => [100, 1_000, 10_000, 100_000],
            Class::Ai => [100, 500, 2_000, 10_000],
            Class::Webhook => [50, 200, 1_000, 5_000],
        };
        let name = match class {
            Class::Email => "emails_per_day",
            Class::Ai => "ai_calls_per_day",
            Class::Webhook => "webhooks_per_hour",
        };
        let [free, starter, pro, enterprise] = amounts;
        let amount = match self {
            Self::Free => free,
            Self::Starter => starter,
            Self::Pro => pro,
            Self::Enterprise => enterprise,
        };
        (name, amount)
    }
}
