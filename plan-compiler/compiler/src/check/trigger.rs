//! The trigger: which event there is, and which of them are let through.

use alcove_plan::{
    limits::DELAYS_MAX,
    program::input_slot,
    trigger::{Delay, Trigger},
};
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZoneDatabase;

use crate::{
    checked::{Base, Column, DelayGate, Expr, Ty},
    codes::Code,
    source::Spanned,
    syntax::{self, Predicate},
};

use super::{Checker, predicate::Left};

/// The trigger and its filter.
type Checked = (Trigger, Option<Expr>);

impl Checker<'_> {
    /// Checks the trigger and brings `event` into scope.
    pub(super) fn trigger(&mut self, trigger: Option<&Spanned<syntax::Trigger>>) -> Option<Checked> {
        let trigger = trigger.map(|trigger| &trigger.value);
        self.bind_event(trigger);
        match trigger? {
            syntax::Trigger::Manual => Some((Trigger::Manual, None)),
            syntax::Trigger::Event { event, filter } => {
                let filter = self.trigger_filter(filter.as_ref());
                Some((Trigger::Event { event: event.as_ref()?.value.clone() }, filter?))
            }
            syntax::Trigger::Scheduled { cron, timezone } => {
                let timezone = self.timezone(timezone.as_ref());
                let cron = self.cron(cron.as_ref()?)?;
                Some((Trigger::Scheduled { cron, timezone: timezone? }, None))
            }
            syntax::Trigger::Delayed { event, filter, delays } => {
                let filter = self.trigger_filter(filter.as_ref());
                self.at_most("delays", delays.value.len(), DELAYS_MAX, &delays.loc);
                let event = event.as_ref()?.value.clone();
                Some((Trigger::Delayed { event, delays: known_delays(&delays.value)? }, filter?))
            }
        }
    }

    /// The filter, if there is one; the outer option is none where it is wrong.
    #[expect(clippy::option_option, reason = "the filter itself is optional")]
    fn trigger_filter(&mut self, filter: Option<&Predicate>) -> Option<Option<Expr>> {
        match filter {
            None => Some(None),
            Some(predicate) => self.condition(predicate, &Left::Event).map(Some),
        }
    }

    /// Brings `event` into scope. What is not known of it can be anything.
    fn bind_event(&mut self, trigger: Option<&syntax::Trigger>) {
        self.event = match trigger {
            Some(
                syntax::Trigger::Event { event: Some(name), .. } | syntax::Trigger::Delayed { event: Some(name), .. },
            ) => {
                self.event_name = Some(name.value.clone());
                self.catalog_event(name)
            }
            Some(syntax::Trigger::Scheduled { .. }) => self.scheduled_event(),
            _ => Ty::any(),
        };
        self.scope.bind_input("event", input_slot::EVENT, self.event.clone());
    }

    fn catalog_event(&mut self, name: &Spanned<String>) -> Ty {
        if is_custom_event(&name.value) {
            return Ty::any();
        }
        let catalog = self.catalog;
        let Some(event) = catalog.event(&name.value) else {
            let mut names: Vec<&str> = catalog.events().map(|event| event.name.as_str()).collect();
            names.push("custom.*");
            let message = format!("there is no event `{}`", name.value);
            self.unknown(Code::UnknownEvent, &name.loc, message, &name.value, &names);
            return Ty::any();
        };
        let mut columns = envelope(false);
        for field in &event.fields {
            let column = Column::declared(&field.name, Ty::from_plan(field.ty.ty, field.ty.nullable));
            // The payload's own member wins, as it does where events come in (`type` of a contribution).
            match columns.iter_mut().find(|known| known.name == field.name) {
                Some(known) => *known = column,
                None => columns.push(column),
            }
        }
        Ty::of(Base::Row(self.layouts.fixed(columns)))
    }

    fn scheduled_event(&mut self) -> Ty {
        let mut columns = envelope(true);
        columns.push(Column::declared("missed", Ty::of(Base::Int)));
        Ty::of(Base::Row(self.layouts.fixed(columns)))
    }

    /// The conditions of delays; built-ins, event and entities are in scope.
    pub(super) fn delay_gates(&mut self, trigger: Option<&Spanned<syntax::Trigger>>) -> Option<Vec<DelayGate>> {
        let Some(syntax::Trigger::Delayed { delays, .. }) = trigger.map(|trigger| &trigger.value) else {
            return Some(Vec::new());
        };
        self.scope.bind_delay();
        let gates: Vec<Option<DelayGate>> = delays
            .value
            .iter()
            .map(|delay| {
                let when = match &delay.when {
                    None => None,
                    Some(predicate) => Some(self.condition(predicate, &Left::Scope)?),
                };
                Some(DelayGate { id: delay.id.as_ref()?.value.clone(), when })
            })
            .collect();
        gates.into_iter().collect()
    }

    fn cron(&mut self, cron: &Spanned<String>) -> Option<String> {
        let text = cron.value.trim();
        let fields = text.split_whitespace().count();
        let reason = if text.starts_with('@') {
            Some("nicknames such as `@daily` are not supported".to_owned())
        } else if fields != 5 {
            Some(format!("it has {fields} fields, not 5"))
        } else {
            let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
            parser
                .parse(text)
                .err()
                .map(|error| super::plain(error.to_string().trim_start_matches("Component error: ")))
        };
        let Some(reason) = reason else { return Some(text.to_owned()) };
        let message = format!("`{}` is not a cron expression: {reason}", cron.value);
        let suggestion = "minute, hour, day of month, month, day of week, such as `0 8 * * MON`".to_owned();
        self.suggest(Code::InvalidCron, &cron.loc, message, Some(suggestion));
        None
    }

    fn timezone(&mut self, timezone: Option<&Spanned<String>>) -> Option<String> {
        let Some(name) = timezone else { return Some("UTC".to_owned()) };
        let zones = TimeZoneDatabase::bundled();
        if let Some(known) = zones.get(&name.value).ok().and_then(|zone| zone.iana_name().map(str::to_owned)) {
            return Some(known);
        }
        let names: Vec<String> = zones.available().map(|name| name.as_str().to_owned()).collect();
        let suggestion = crate::diagnostic::nearest(&name.value, names.iter().map(String::as_str));
        let suggestion = suggestion
            .map_or_else(|| "write an IANA name, such as `Europe/Paris`".to_owned(), crate::diagnostic::did_you_mean);
        self.suggest(
            Code::InvalidTimezone,
            &name.loc,
            format!("time zone `{}` does not exist", name.value),
            Some(suggestion),
        );
        None
    }
}

fn known_delays(delays: &[syntax::Delay]) -> Option<Vec<Delay>> {
    let known = |delay: &syntax::Delay| {
        Some(Delay { id: delay.id.as_ref()?.value.clone(), after_ms: delay.after_ms.as_ref()?.value })
    };
    delays.iter().map(known).collect()
}

/// What all events carry.
fn envelope(nullable: bool) -> Vec<Column> {
    vec![
        Column::declared("id", Ty::of(Base::Str).or_null_if(nullable)),
        Column::declared("type", Ty::of(Base::Str).or_null_if(nullable)),
        Column::declared("timestamp", Ty::of(Base::Time)),
    ]
}

/// The longest name of an event that apps emit, behind `custom.`.
const CUSTOM_BYTES_MAX: usize = 128;

/// Whether an event is one that apps emit.
pub(super) fn is_custom_event(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    name.strip_prefix("custom.").is_some_and(|rest| rest.len() <= CUSTOM_BYTES_MAX && rest.split('.').all(part))
}
