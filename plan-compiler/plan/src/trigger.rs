//! What starts a run.

use alloc::{string::String, vec::Vec};

use serde::{Deserialize, Serialize};

use crate::{bounded::bounded, limits::DELAYS_MAX};

/// The trigger. Its filter is an expression of the program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trigger {
    /// A person, or a call of the API.
    Manual,
    /// Each event of a type.
    Event {
        /// The type.
        event: String,
    },
    /// The clock.
    Scheduled {
        /// Five fields.
        cron: String,
        /// IANA name.
        timezone: String,
    },
    /// Some time after each event of a type.
    Delayed {
        /// The type.
        event: String,
        /// The delays, each a run of its own.
        #[serde(deserialize_with = "bounded::<_, _, DELAYS_MAX>")]
        delays: Vec<Delay>,
    },
}

/// One delay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delay {
    /// Its id, unique in the app.
    pub id: String,
    /// How long after the event.
    pub after_ms: u64,
}

impl Trigger {
    /// The event type that it waits for.
    pub fn event(&self) -> Option<&str> {
        match self {
            Self::Event { event } | Self::Delayed { event, .. } => Some(event),
            Self::Manual | Self::Scheduled { .. } => None,
        }
    }

    /// The IANA name of the zone in which dates are formatted.
    pub fn timezone(&self) -> &str {
        match self {
            Self::Scheduled { timezone, .. } => timezone,
            _ => "UTC",
        }
    }

    /// The word of the config.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Event { .. } => "event",
            Self::Scheduled { .. } => "scheduled",
            Self::Delayed { .. } => "delayed",
        }
    }
}
