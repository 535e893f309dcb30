//! Failures of a run, as they cross the border and as users read them.

use alloc::string::{String, ToString};

use serde::{Deserialize, Serialize};

/// Why a call or a run failed: the run-time codes of the language. On the wire a code is its position in
/// `wit/executor/failure.wit`, which has the same order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Code {
    /// E002: a tenant quota is used up.
    Quota,
    /// E004: the connector could not answer.
    Connector,
    /// E005: the action was refused or failed, or a value does not fit.
    Action,
    /// E007: an outside service failed.
    External,
    /// E009: a limit of the run was reached.
    Limit,
    /// E003: the wall clock is over.
    WallClock,
    /// E010: cancelled.
    Cancelled,
    /// E011: an approval was rejected or expired.
    Approval,
    /// E012: a defect.
    Internal,
    /// E013: it is not known whether an effect happened.
    UnknownOutcome,
}

/// All codes, in wire order.
pub const CODES: [Code; 10] = [
    Code::Quota,
    Code::Connector,
    Code::Action,
    Code::External,
    Code::Limit,
    Code::WallClock,
    Code::Cancelled,
    Code::Approval,
    Code::Internal,
    Code::UnknownOutcome,
];

impl Code {
    /// The stable code that users see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Quota => "E002",
            Self::Connector => "E004",
            Self::Action => "E005",
            Self::External => "E007",
            Self::Limit => "E009",
            Self::WallClock => "E003",
            Self::Cancelled => "E010",
            Self::Approval => "E011",
            Self::Internal => "E012",
            Self::UnknownOutcome => "E013",
        }
    }

    /// The number on the wire.
    pub fn wire(self) -> u8 {
        self as u8
    }

    /// The code of a number on the wire.
    pub fn from_wire(number: u8) -> Option<Self> {
        CODES.get(usize::from(number)).copied()
    }

    /// Whether neither `on_failure` nor `on_item_error` may go on after it.
    pub fn stops_run(self) -> bool {
        !matches!(self, Self::Quota | Self::Connector | Self::Action | Self::External)
    }
}

/// The limit that was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitHit {
    /// Its stable name, such as `emails`.
    pub name: String,
    /// The largest value that is allowed.
    pub value: u64,
}

/// A failed call or run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", code.as_str())]
pub struct Failure {
    /// The class.
    pub code: Code,
    /// One sentence for a person, lower case, no full stop.
    pub message: String,
    /// Present exactly for [`Code::Limit`], [`Code::Quota`] and [`Code::WallClock`].
    pub limit: Option<LimitHit>,
}

impl Failure {
    /// A failure without a limit.
    #[expect(clippy::needless_pass_by_value, reason = "a text, a string or an error, whatever the caller has")]
    pub fn new(code: Code, message: impl ToString) -> Self {
        Self { code, message: message.to_string(), limit: None }
    }

    /// A limit of the run was reached.
    #[expect(clippy::needless_pass_by_value, reason = "a text, a string or an error, whatever the caller has")]
    pub fn limit(name: &str, value: u64, message: impl ToString) -> Self {
        let limit = Some(LimitHit { name: name.to_string(), value });
        Self { code: Code::Limit, message: message.to_string(), limit }
    }
}
