//! A quota that is used up: what everybody is told who meets it.

use alcove_plan::{
    failure::{Code, Failure, LimitHit},
    value::Timestamp,
};
use serde_json::json;

use super::{Resource, Window};
use crate::{Tier, transition::failure_to_json};

/// A tenant has used up what its tier allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exceeded {
    /// Of what.
    pub resource: Resource,
    /// Which tier.
    pub tier: Tier,
    /// How much the tier allows.
    pub limit: u64,
    /// How much is used or reserved.
    pub used: u64,
    /// When it begins anew; `None`: when something is removed.
    pub reset_at: Option<Timestamp>,
}

impl Exceeded {
    /// Of a resource whose window this time is in.
    pub(crate) fn at(resource: Resource, tier: Tier, limit: u64, used: u64, now_us: i64) -> Self {
        let reset_at = resource.window().and_then(|window| Timestamp::from_micros(window.end(now_us)));
        Self { resource, tier, limit, used, reset_at }
    }

    /// The failure of whatever needed it: E002.
    pub(crate) fn failure(&self) -> Failure {
        let limit = Some(LimitHit { name: self.resource.name().to_owned(), value: self.limit });
        Failure { code: Code::Quota, message: self.to_string(), limit }
    }

    /// As the row of a run keeps it: the [failure](Self::failure), with `quota` beside `limit`.
    pub(crate) fn to_json(self) -> String {
        let mut json: serde_json::Value =
            serde_json::from_str(&failure_to_json(&self.failure(), "")).unwrap_or_default();
        if let Some(members) = json.as_object_mut() {
            members.insert("quota".to_owned(), self.details());
        }
        json.to_string()
    }

    /// Its particulars: `resource`, `limit`, `used`, `reset_at`.
    pub fn details(&self) -> serde_json::Value {
        let reset_at = self.reset_at.map(|at| at.to_string());
        json!({ "resource": self.resource.name(), "limit": self.limit, "used": self.used, "reset_at": reset_at })
    }
}

impl std::fmt::Display for Exceeded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { resource, tier, limit, used, reset_at } = self;
        let (tier, words) = (tier.name(), resource.words());
        let per = match resource.window() {
            Some(Window::Hour) => " an hour",
            Some(Window::Day) => " a day",
            None => "",
        };
        write!(f, "the tenant's tier `{tier}` allows {limit} {words}{per}, and {used} are used or reserved: ")?;
        match reset_at {
            Some(reset_at) => write!(f, "wait until {reset_at}, or ask for a higher tier"),
            None => f.write_str("remove what is not needed, or ask for a higher tier"),
        }
    }
}

impl std::error::Error for Exceeded {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_meets_a_quota_is_told_how_much_it_is_and_what_to_do() {
        let now_us = Timestamp::parse("2026-11-20T12:34:56Z").unwrap().micros();
        let hourly = Exceeded::at(Resource::Executions, Tier::Free, 50, 50, now_us);
        assert_eq!(
            hourly.to_string(),
            "the tenant's tier `free` allows 50 executions an hour, and 50 are used or reserved: wait until \
             2026-11-20T13:00:00Z, or ask for a higher tier"
        );
        let stock = Exceeded::at(Resource::Apps, Tier::Starter, 25, 25, now_us);
        assert_eq!(
            stock.to_string(),
            "the tenant's tier `starter` allows 25 apps, and 25 are used or reserved: remove what is not needed, or \
             ask for a higher tier"
        );
    }

    #[test]
    fn a_row_keeps_the_limit_and_the_reset() {
        let now_us = Timestamp::parse("2026-11-20T12:34:56Z").unwrap().micros();
        let json = Exceeded::at(Resource::Emails, Tier::Free, 100, 98, now_us).to_json();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            (&json["code"], &json["limit"]),
            (&json!("E002"), &json!({ "name": "emails_per_day", "value": 100 }))
        );
        let quota =
            json!({ "resource": "emails_per_day", "limit": 100, "used": 98, "reset_at": "2026-11-21T00:00:00Z" });
        assert_eq!(json["quota"], quota);
    }
}
