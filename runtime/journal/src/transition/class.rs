//! Which failures may pass by themselves.

use alcove_plan::failure::Code;

/// What a failure says about a next attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorClass {
    /// It may pass: worth another attempt.
    Transient,
    /// It will be the same again.
    Permanent,
    /// Nobody knows what has happened: only a person may go on.
    Unknown,
}

impl ErrorClass {
    /// The class of a code.
    pub fn of(code: Code) -> Self {
        match code {
            // The journal keeps what was done, so the next attempt gets further within its time.
            Code::Connector | Code::External | Code::WallClock => Self::Transient,
            // A quota that comes back is waited for, by `on_quota_exceeded`, and not tried again and again.
            Code::Quota | Code::Action | Code::Limit | Code::Cancelled | Code::Approval | Code::Internal => {
                Self::Permanent
            }
            Code::UnknownOutcome => Self::Unknown,
        }
    }
}
