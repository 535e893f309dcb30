//! The trigger: which event there is, and which of them are let through.

use alcove_plan::{
    limits::DELAYS_MAX,
    program::input_slot,
    trigger::{Delay, Trigger},
};
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZoneDatabase;

use crate::{
    checked::{Base, Column, DelayGate, Expr, LayoutId, Ty},
    codes::Code,
    source::Spanned,
    syntax::{self, Predicate},
};

use super::{Checker, predicate::Left};

/// The trigger, the members of its event where they are known, and its filter.
type Checked = (Trigger, Option<LayoutId>, Option<Expr>);

impl Checker<'_> {
    /// Checks the trigger and brings `event` into scope.
    pub(super) fn trigger(&mut self, trigger: Option<&Spanned<syntax::Trigger>>) -> Option<Checked> {
        let checked = match &trigger?.value {
            syntax::Trigger::Manual => self.bind_event(None).map(|layout| (Trigger::Manual, layout, None)),
            syntax::Trigger::Event { event, filter } => {
                let (name, layout, filter) = self.on_event(event.as_ref(), filter.as_ref())?;
                Some((Trigger::Event { event: name }, layout, filter))
            }
            syntax::Trigger::Scheduled { cron, timezone } => {
                let layout = self.scheduled_event();
                let timezone = self.timezone(timezone.as_ref());
                let cron = self.cron(cron.as_ref()?)?;
                Some((Trigger::Scheduled { cron, timezone: timezone? }, Some(layout), None))
            }
            syntax::Trigger::Delayed { event, filter, delays } => {
                let on_event = self.on_event(event.as_ref(), filter.as_ref());
                self.at_most("delays", delays.value.len(), DELAYS_MAX, &delays.loc);
                let (event, layout, filter) = on_event?;
                Some((Trigger::Delayed { event, delays: known_delays(&delays.value)? }, layout, filter))
            }
        };
        if self.scope.get("event").is_none() {
            self.bind_event(None);
        }
        checked
    }

    fn on_event(
        &mut self,
        event: Option<&Spanned<String>>,
        filter: Option<&Predicate>,
    ) -> Option<(String, Option<LayoutId>, Option<Expr>)> {
        let layout = event.and_then(|event| self.event(event));
        if layout.is_none() {
            self.bind_event(None);
        }
        let filter = filter.map(|predicate| self.condition(predicate, &Left::Event));
        let filter = match filter {
            None => None,
            Some(checked) => Some(checked?),
        };
        Some((event?.value.clone(), layout?, filter))
    }

    /// Brings the event into scope; the inner option is none where its members are not known.
    fn event(&mut self, name: &Spanned<String>) -> Option<Option<LayoutId>> {
        if is_custom_event(&name.value) {
            self.event_name = Some(name.value.clone());
            return self.bind_event(None);
        }
        let catalog = self.catalog;
        let Some(event) = catalog.event(&name.value) else {
            let mut names: Vec<&str> = catalog.events().map(|event| event.name.as_str()).collect();
            names.push("custom.*");
            self.unknown(Code::UnknownEvent, &name.loc, "event", &name.value, &names);
            self.event_name = Some(name.value.clone());
            return None;
        };
        self.event_name = Some(name.value.clone());
        let mut columns = envelope(false);
        for field in &event.fields {
            if !columns.iter().any(|column| column.name == field.name) {
                columns.push(Column::declared(&field.name, Ty::from_plan(field.ty.ty, field.ty.nullable)));
            }
        }
        let layout = self.layouts.fixed(columns);
        self.bind_event(Some(layout))
    }

    fn scheduled_event(&mut self) -> LayoutId {
        let mut columns = envelope(true);
        columns.push(Column::declared("missed", Ty::of(Base::Int)));
        let layout = self.layouts.fixed(columns);
        self.bind_event(Some(layout));
        layout
    }

    /// Binds `event`; gives the layout back for convenience.
    #[expect(clippy::unnecessary_wraps, clippy::option_option, reason = "the outer option is that of the caller")]
    fn bind_event(&mut self, layout: Option<LayoutId>) -> Option<Option<LayoutId>> {
        self.event = layout.map_or_else(Ty::any, |layout| Ty::of(Base::Row(layout)));
        self.scope.bind_input("event", input_slot::EVENT, self.event.clone());
        Some(layout)
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
            parser.parse(text).err().map(|error| error.to_string())
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
        let suggestion = suggestion.map_or_else(
            || "write an IANA name, such as `Europe/Paris`".to_owned(),
            crate::diagnostic::did_you_mean,
        );
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

/// Whether an event is one that apps emit.
pub(super) fn is_custom_event(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    name.strip_prefix("custom.").is_some_and(|rest| rest.split('.').all(part))
}
