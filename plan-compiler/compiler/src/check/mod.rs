//! From syntax to the checked app: names, types, scopes, taint and limits against the catalog.
//!
//! A part that is wrong is reported once and given up (`None`); everything else is still checked.

mod action;
mod builtin;
mod coerce;
mod literal;
mod operand;
mod params;
mod path;
mod pipeline;
mod predicate;
mod pushdown;
mod query;
mod scope;
mod settings;
mod state;
mod template;
mod transform;
mod trigger;
mod unknown;
mod url;
mod widget;

use std::{collections::BTreeSet, sync::Arc};

use alcove_catalog::Catalog;
use alcove_plan::program::input_slot;

use crate::{
    checked::{App, Base, Entity, Expr, LayoutId, Layouts, Ty, VarId},
    codes::Code,
    diagnostic::{self, Diagnostic, Fix, Sink},
    source::{Loc, Span},
    syntax,
};

use scope::{Binding, Scope};
use state::TaintedState;

/// Checks an app. `None` if some part of it could not be understood; the sink then holds an error.
/// `source` is the text in which the places of the app lie.
pub(crate) fn check(app: &syntax::App, source: &str, catalog: &Catalog, sink: &mut Sink) -> Option<App> {
    let mut state = TaintedState::default();
    loop {
        // What the app keeps may come from a model by way of what it keeps elsewhere: again, until no key is added.
        let mut complaints = Sink::default();
        let mut checker = Checker::new(catalog, source, &mut complaints, state);
        let checked = checker.app(app);
        let Checker { state: known, state_written: written, .. } = checker;
        if known == written {
            sink.append(complaints);
            return checked;
        }
        state = written;
    }
}

/// An expression with its type.
#[derive(Clone, Debug)]
struct Typed {
    expr: Expr,
    ty: Ty,
}

/// The state of a check.
struct Checker<'a> {
    catalog: &'a Catalog,
    /// The text of the config, for corrections inside a string.
    source: &'a str,
    sink: &'a mut Sink,
    layouts: Layouts,
    vars: u32,
    scope: Scope,
    entities: Vec<Entity>,
    /// Actions whose outputs are read.
    read: BTreeSet<VarId>,
    /// The keys that are known to hold a text of a model, and those that are seen to be given one.
    state: TaintedState,
    state_written: TaintedState,
    /// Whether a parameter of the call that is being checked holds a text of a model.
    taint_seen: bool,
    /// Steps under a default limit: id, limit and place.
    uncounted: Vec<(String, u32, Loc)>,
    /// Steps whose number of rows is shown.
    counted: BTreeSet<String>,
    /// What the event is; for messages.
    event_name: Option<String>,
    /// The type of `event`.
    event: Ty,
}

impl<'a> Checker<'a> {
    fn new(catalog: &'a Catalog, source: &'a str, sink: &'a mut Sink, state: TaintedState) -> Self {
        Self {
            catalog,
            source,
            sink,
            layouts: Layouts::default(),
            vars: u32::from(input_slot::FIRST_FREE.0),
            scope: Scope::default(),
            entities: Vec::new(),
            read: BTreeSet::new(),
            state,
            state_written: TaintedState::default(),
            taint_seen: false,
            uncounted: Vec::new(),
            counted: BTreeSet::new(),
            event_name: None,
            event: Ty::any(),
        }
    }

    fn app(&mut self, app: &syntax::App) -> Option<App> {
        let trigger = self.trigger(app.trigger.as_ref());
        self.bind_built_ins();
        let delays = self.delay_gates(app.trigger.as_ref());
        self.scope.bind("steps", Binding::Steps);
        let steps = self.pipeline(&app.pipeline.value);
        self.scope.bind("actions", Binding::Actions);
        self.scope.bind("ai_result", Binding::AiResult);
        let actions = self.actions(&app.actions.value);
        let widgets = self.widgets(&app.widgets.value);
        self.unused_steps(&app.pipeline.value);
        self.implicit_counts();

        let (trigger, filter) = trigger?;
        let event = match self.event.base {
            Base::Row(layout) => Some(layout),
            _ => None,
        };
        Some(App {
            name: app.name.as_ref()?.value.clone(),
            version: app.version.as_ref().map_or_else(|| "1.0.0".to_owned(), |version| version.value.clone()),
            settings: settings::filled(&app.settings, &trigger),
            trigger,
            event,
            filter,
            delays: delays?,
            entities: std::mem::take(&mut self.entities),
            steps: steps?,
            actions: actions?,
            widgets: widgets?,
            layouts: std::mem::take(&mut self.layouts),
            read: std::mem::take(&mut self.read),
        })
    }

    fn bind_built_ins(&mut self) {
        let hidden_event = self.scope.get("event").cloned();
        self.scope.leave(0);
        self.scope.bind_input("now", input_slot::NOW, Ty::of(Base::Time));
        self.scope.bind_input("tenant_id", input_slot::TENANT_ID, Ty::of(Base::Str));
        self.scope.bind_input("app_id", input_slot::APP_ID, Ty::of(Base::Str));
        self.scope.bind_input("execution_id", input_slot::EXECUTION_ID, Ty::of(Base::Str));
        if let Some(event) = hidden_event {
            self.scope.bind("event", event);
        }
        for entity in self.catalog.entities() {
            if self.event_may_carry(&entity.id_field) {
                self.scope.bind(&entity.name, Binding::Entity);
            }
        }
    }

    fn var(&mut self) -> VarId {
        self.vars += 1;
        VarId(self.vars - 1)
    }

    fn report(&mut self, code: Code, loc: &Loc, message: impl Into<String>) {
        self.sink.report(code, loc, message);
    }

    fn suggest(&mut self, code: Code, loc: &Loc, message: impl Into<String>, suggestion: Option<String>) {
        self.sink.push(Diagnostic { code, loc: loc.clone(), message: message.into(), suggestion, fix: None });
    }

    /// A name that does not exist, with the nearest one that does.
    fn unknown(&mut self, code: Code, loc: &Loc, message: String, name: &str, candidates: &[&str]) {
        let suggestion = diagnostic::suggestion(name, candidates.iter().copied());
        let suggestion = suggestion.or_else(|| {
            // A word of the vocabulary: where there are too many to list, the nearest is where to go on looking.
            let closest = diagnostic::closest(name, candidates.iter().copied())?;
            Some(format!("the nearest is `{closest}`"))
        });
        let near = diagnostic::nearest(name, candidates.iter().copied()).filter(|near| !near.contains('*'));
        let fix = near.and_then(|near| match code {
            Code::UnknownFilter => self.corrected(loc, near),
            Code::UnknownParam => {
                let (object, _) = loc.pointer.rsplit_once('/')?;
                Some(Fix::Rename { from: loc.pointer.to_string(), to: format!("{object}/{near}") })
            }
            _ => Some(Fix::Replace { pointer: loc.pointer.to_string(), value: near.to_owned() }),
        });
        self.sink.push(Diagnostic { code, loc: loc.clone(), message, suggestion, fix });
    }

    /// A field that a row does not have.
    fn unknown_field(&mut self, layout: LayoutId, name: &str, loc: &Loc) {
        let names = self.layouts.names(layout);
        let suggestion = diagnostic::suggestion(name, names);
        self.suggest(Code::UnknownField, loc, format!("there is no field `{name}` here"), suggestion);
    }
}

/// The message of another library in the style of ours: lower case, no full stop.
fn plain(message: &str) -> String {
    let message = message.trim().trim_end_matches('.');
    let mut chars = message.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// The place of a part of a string.
fn at(span: Span, pointer: &Arc<str>) -> Loc {
    Loc { span, pointer: pointer.clone() }
}
