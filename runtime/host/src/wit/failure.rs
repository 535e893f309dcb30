//! `interface failure`: translation, nothing else.

use alcove_plan::failure::{Code, Failure, LimitHit};

use crate::{
    bindings::alcove::executor::failure::{self as wit, Host},
    ctx::RunContext,
    stop::shorten,
};

impl Host for RunContext {}

impl From<Failure> for wit::Failure {
    fn from(failure: Failure) -> Self {
        Self {
            code: failure.code.into(),
            message: failure.message,
            limit: failure.limit.map(|limit| wit::Limit { name: limit.name, value: limit.value }),
        }
    }
}

impl From<Code> for wit::Code {
    fn from(code: Code) -> Self {
        match code {
            Code::Quota => Self::Quota,
            Code::Connector => Self::Connector,
            Code::Action => Self::Action,
            Code::External => Self::External,
            Code::Limit => Self::Limit,
            Code::WallClock => Self::WallClock,
            Code::Cancelled => Self::Cancelled,
            Code::Approval => Self::Approval,
            Code::Internal => Self::Internal,
            Code::UnknownOutcome => Self::UnknownOutcome,
        }
    }
}

impl From<wit::Code> for Code {
    fn from(code: wit::Code) -> Self {
        match code {
            wit::Code::Quota => Self::Quota,
            wit::Code::Connector => Self::Connector,
            wit::Code::Action => Self::Action,
            wit::Code::External => Self::External,
            wit::Code::Limit => Self::Limit,
            wit::Code::WallClock => Self::WallClock,
            wit::Code::Cancelled => Self::Cancelled,
            wit::Code::Approval => Self::Approval,
            wit::Code::Internal => Self::Internal,
            wit::Code::UnknownOutcome => Self::UnknownOutcome,
        }
    }
}

/// A failure that the guest reports: what it says, cut to size.
pub(crate) fn failure_from_guest(failure: wit::Failure) -> Failure {
    let limit = failure.limit.map(|mut limit| {
        limit.name.truncate(limit.name.floor_char_boundary(LIMIT_NAME_BYTES_MAX));
        LimitHit { name: limit.name, value: limit.value }
    });
    shorten(Failure { code: failure.code.into(), message: failure.message, limit })
}

/// Names of limits are words.
const LIMIT_NAME_BYTES_MAX: usize = 64;
