//! Ids as callers write them.

use alcove_ids::{AppId, EffectId, ExecutionId};

use crate::ControlError;

/// The app of an id. What is no id names nothing that is there.
pub(crate) fn app_id(text: &str) -> Result<AppId, ControlError> {
    AppId::parse(text).map_err(|_| ControlError::NotFound { what: "app", id: text.to_owned() })
}

/// The run of an id.
pub(crate) fn execution_id(text: &str) -> Result<ExecutionId, ControlError> {
    ExecutionId::parse(text).map_err(|_| ControlError::NotFound { what: "execution", id: text.to_owned() })
}

/// The approval of an id: the effect that asks.
pub(crate) fn approval_id(text: &str) -> Result<EffectId, ControlError> {
    EffectId::parse(text).map_err(|_| ControlError::NotFound { what: "approval", id: text.to_owned() })
}

/// An id for a new app, by chance.
pub(crate) fn random_app() -> Result<AppId, ControlError> {
    Ok(AppId::from_chance(chance()?))
}

/// A name for a request that has none, by chance, as it is never sent again.
pub(crate) fn random_request() -> Result<String, ControlError> {
    Ok(format!("{:032x}", u128::from_le_bytes(chance()?)))
}

/// An id for a new key, by chance. It is not the key.
pub(crate) fn random_key() -> Result<String, ControlError> {
    Ok(format!("key_{}", random_request()?))
}

/// Fills bytes by chance.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), ControlError> {
    let filled = getrandom::fill(bytes);
    filled.map_err(|error| ControlError::Unavailable(format!("the machine gives no random bytes: {error}")))
}

fn chance() -> Result<[u8; 16], ControlError> {
    let mut bytes = [0; 16];
    fill(&mut bytes)?;
    Ok(bytes)
}
