//! The app as a whole.

use alcove_plan::settings::{LogValues, OnQuotaExceeded};

use crate::{
    source::{Loc, Spanned},
    syntax::{Action, Path, Predicate, Retry, Step, ValueExpr},
};

/// A config.
#[derive(Clone, Debug, PartialEq)]
pub struct App {
    /// The place of the whole document.
    pub loc: Loc,
    /// `name`.
    pub name: Option<Spanned<String>>,
    /// `description`.
    pub description: Option<Spanned<String>>,
    /// `version`.
    pub version: Option<Spanned<String>>,
    /// `icon`.
    pub icon: Option<Spanned<String>>,
    /// `trigger`.
    pub trigger: Option<Spanned<Trigger>>,
    /// `pipeline`.
    pub pipeline: Spanned<Vec<Step>>,
    /// `actions`.
    pub actions: Spanned<Vec<Action>>,
    /// `widgets`.
    pub widgets: Spanned<Vec<Widget>>,
    /// `settings`.
    pub settings: Settings,
}

/// `trigger`.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// `manual`.
    Manual,
    /// `event`.
    Event {
        /// The type of event.
        event: Option<Spanned<String>>,
        /// Which of them.
        filter: Option<Predicate>,
    },
    /// `scheduled`.
    Scheduled {
        /// Five fields.
        cron: Option<Spanned<String>>,
        /// IANA name.
        timezone: Option<Spanned<String>>,
    },
    /// `delayed`.
    Delayed {
        /// The type of event.
        event: Option<Spanned<String>>,
        /// Which of them.
        filter: Option<Predicate>,
        /// The delays.
        delays: Spanned<Vec<Delay>>,
    },
}

/// One delay.
#[derive(Clone, Debug, PartialEq)]
pub struct Delay {
    /// Its place.
    pub loc: Loc,
    /// Its id.
    pub id: Option<Spanned<String>>,
    /// How long after the event, in milliseconds.
    pub after_ms: Option<Spanned<u64>>,
    /// Evaluated when it fires.
    pub when: Option<Predicate>,
}

/// One widget.
#[derive(Clone, Debug, PartialEq)]
pub struct Widget {
    /// Its place.
    pub loc: Loc,
    /// Its id.
    pub id: Option<Spanned<String>>,
    /// Its type, one of the seven.
    pub kind: Option<Spanned<String>>,
    /// Its title.
    pub title: Option<Spanned<String>>,
    /// Its data.
    pub data: Option<ValueExpr>,
    /// `label`, `value`, `x`, `y` and each of `columns`: paths in the rows of the data.
    pub fields: Vec<(String, Spanned<Path>)>,
    /// `max`.
    pub max: Option<Spanned<u32>>,
}

/// `settings`: `None` where the config says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Its place, if it is there.
    pub loc: Option<Loc>,
    /// `enabled`.
    pub enabled: Option<bool>,
    /// `timeout`.
    pub timeout_ms: Option<Spanned<u32>>,
    /// `retry`.
    pub retry: Option<Retry>,
    /// `auto_pause_after`.
    pub auto_pause_after: Option<Spanned<u32>>,
    /// `notify_on_error`.
    pub notify_on_error: Option<bool>,
    /// `on_quota_exceeded`.
    pub on_quota_exceeded: Option<OnQuotaExceeded>,
    /// `concurrency`.
    pub concurrency: Option<Spanned<alcove_plan::settings::Concurrency>>,
    /// `max_concurrency`.
    pub concurrency_max: Option<Spanned<u32>>,
    /// `log_values`.
    pub log_values: Option<LogValues>,
}
