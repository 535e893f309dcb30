//! What an operator may agree with a tenant.

use alcove_execution::{TenantSettings, Tier, is_origin};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use crate::ControlError;

/// Origins that a tenant's list may have.
const ORIGINS_MAX: usize = 200;
/// The longest origin, in bytes: a host name has at most 253.
const ORIGIN_BYTES_MAX: usize = 300;
/// The most that a tenant may have at a time or in turn.
const SHARE_MAX: u32 = 1_000;

/// What changes. What is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenantChange {
    /// `free`, `starter`, `pro`, `enterprise`; `null`: no quota over time.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<String>)]
    pub tier: Option<Option<Tier>>,
    /// Whether its people may decide about approvals that they caused themselves.
    #[serde(default)]
    pub own_approvals: Option<bool>,
    /// The origins that its apps may send requests to, such as `https://hooks.example.com`: all of them, in place of
    /// those before.
    #[serde(default)]
    pub allowed_origins: Option<Vec<String>>,
    /// How many of its runs a node carries out at a time, 1 to 1000; `null`: as many as of every tenant.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<u32>)]
    pub runs_max: Option<Option<u32>>,
    /// How many turns it has where tenants with one turn each wait too, 1 to 1000; `null`: one.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<u32>)]
    pub weight: Option<Option<u32>>,
}

/// A member that is there, even if it says `null`.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<Option<T>, D::Error> {
    T::deserialize(input).map(Some)
}

impl TenantChange {
    /// Makes the change, if all of it is allowed.
    pub(super) fn apply(&self, settings: &mut TenantSettings) -> Result<(), ControlError> {
        for (name, said) in [("runs_max", self.runs_max), ("weight", self.weight)] {
            if let Some(Some(number)) = said
                && !(1..=SHARE_MAX).contains(&number)
            {
                return Err(ControlError::Invalid(format!("`{name}` is {number}; it must be 1 to {SHARE_MAX}")));
            }
        }
        if let Some(origins) = &self.allowed_origins {
            if origins.len() > ORIGINS_MAX {
                let found = origins.len();
                let message = format!("`allowed_origins` has {found} origins; at most {ORIGINS_MAX} are allowed");
                return Err(ControlError::Invalid(message));
            }
            origins.iter().try_for_each(|origin| check_origin(origin))?;
            settings.allowed_origins.clone_from(origins);
        }
        settings.tier = self.tier.unwrap_or(settings.tier);
        settings.own_approvals = self.own_approvals.unwrap_or(settings.own_approvals);
        settings.runs_max = self.runs_max.unwrap_or(settings.runs_max);
        settings.weight = self.weight.unwrap_or(settings.weight);
        Ok(())
    }
}

/// Refuses what is no origin: a scheme and a host, a port perhaps, and nothing behind them.
fn check_origin(text: &str) -> Result<(), ControlError> {
    let wrong = || {
        let message = format!("`{text}` is no origin: write such as `https://hooks.example.com`, without a path");
        ControlError::Invalid(message)
    };
    let fits = text.len() <= ORIGIN_BYTES_MAX && is_origin(text);
    if fits { Ok(()) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(json: &str) -> Result<TenantSettings, String> {
        let before = TenantSettings { tier: Some(Tier::Free), runs_max: Some(3), ..TenantSettings::default() };
        let change: TenantChange = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let mut settings = before;
        change.apply(&mut settings).map_err(|error| error.to_string())?;
        Ok(settings)
    }

    #[test]
    fn what_is_absent_stays_and_null_takes_away() {
        let before = changed("{}").unwrap();
        assert_eq!((before.tier, before.runs_max), (Some(Tier::Free), Some(3)));
        let after = changed(r#"{"tier":null,"runs_max":null,"own_approvals":true}"#).unwrap();
        assert_eq!((after.tier, after.runs_max, after.own_approvals), (None, None, true));
        assert_eq!(changed(r#"{"tier":"pro","weight":1000}"#).unwrap().weight, Some(1_000));
    }

    #[test]
    fn what_is_out_of_bounds_is_refused_and_says_so() {
        let origins = |count: usize| {
            let all: Vec<String> = (0..count).map(|number| format!("https://h{number}.example.com")).collect();
            format!(r#"{{"allowed_origins":{}}}"#, serde_json::to_string(&all).unwrap())
        };
        assert_eq!(changed(&origins(ORIGINS_MAX)).unwrap().allowed_origins.len(), ORIGINS_MAX);
        let wrong = [
            origins(ORIGINS_MAX + 1),
            r#"{"runs_max":0}"#.to_owned(),
            r#"{"weight":1001}"#.to_owned(),
            r#"{"tier":"gold"}"#.to_owned(),
            r#"{"status":"active"}"#.to_owned(),
            r#"{"allowed_origins":["https://a.example.com/path"]}"#.to_owned(),
            r#"{"allowed_origins":["a.example.com"]}"#.to_owned(),
            r#"{"allowed_origins":[""]}"#.to_owned(),
        ];
        for json in wrong {
            assert!(changed(&json).is_err(), "{json}");
        }
    }
}
