//! From an action of a plan to statements.

use alcove_catalog::{Action as Entry, ActionBinding, Catalog, Connector, Guarantee};
use alcove_ids::EffectId;
use alcove_plan::{
    action::{Action, ParamValue},
    failure::{Code, Failure},
    limits::{CHAIN_DEPTH_MAX, STATE_VALUE_BYTES_MAX, STRING_BYTES_MAX},
    query::Hole,
    types::{Kind, Type},
    value::{Value, to_json},
};
use alcove_store::{Dialect, SqlValue};

use super::{
    batch,
    check::{self, Unfit},
    params::Param,
    script::{self, Step},
};
use crate::{
    Scope, cell,
    prepare::{ActionProblem, PrepareError},
};

/// Who performs an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Performer {
    /// [`Platform::perform`](crate::Platform::perform), on the platform's tables.
    Tables,
    /// The AI provider; [`Platform::perform`](crate::Platform::perform) refuses it.
    Ai,
    /// Whoever the request goes to; [`Platform::perform`](crate::Platform::perform) refuses it.
    Http,
    /// The platform's own API; [`Platform::perform`](crate::Platform::perform) refuses it.
    Api,
    /// A person: [`Platform::perform`](crate::Platform::perform) answers that the run is suspended.
    Approval,
}

/// An action that agrees with the catalog, ready to be performed any number of times.
#[derive(Debug)]
pub struct PreparedAction {
    entry: &'static Entry,
    dialect: Dialect,
    performer: Performer,
    guarantee: Guarantee,
    holes: Vec<Hole>,
    params: Vec<Param>,
    outputs: Vec<Type>,
    ids: &'static [(&'static str, &'static str)],
    side_by_side: bool,
    steps: Vec<Step>,
    /// What the steps assign to fields; all else in them is the entry's.
    assignments: String,
}

impl PreparedAction {
    /// Holds an action against the catalog, for a database of this dialect.
    pub(crate) fn new(catalog: &'static Catalog, dialect: Dialect, action: &Action) -> Result<Self, PrepareError> {
        prepare(catalog, dialect, action)
            .map_err(|problem| PrepareError { place: action.place, problem: problem.into() })
    }

    /// Its type.
    pub fn name(&self) -> &'static str {
        &self.entry.name
    }

    /// Its entry in the catalog.
    pub fn entry(&self) -> &'static Entry {
        self.entry
    }

    /// Who performs it.
    pub fn performer(&self) -> Performer {
        self.performer
    }

    /// What is promised about its effects.
    pub fn guarantee(&self) -> Guarantee {
        self.guarantee
    }

    /// The types of its outputs, in order.
    pub fn outputs(&self) -> &[Type] {
        &self.outputs
    }

    /// How many values each call makes anew: parameters, and members of objects that the plan builds.
    pub fn built_values(&self) -> usize {
        self.params.iter().map(Param::built_values).sum()
    }

    /// The parameters of one call as an object, checked: what a dry run records, and what the AI provider gets. E012: a
    /// value that does not fit its hole. E005: one that the parameter refuses.
    pub fn rendered(&self, holes: &[Value]) -> Result<Value, Failure> {
        Ok(self.named(self.values(holes)?))
    }

    /// The same where a null may be an output that a dry run does not have: it fills every parameter.
    pub fn rendered_without_outputs(&self, holes: &[Value]) -> Result<Value, Failure> {
        Ok(self.named(self.checked(holes, |param| param.value_if_known(holes))?))
    }

    fn named(&self, values: Vec<Value>) -> Value {
        let given = self.params.iter().zip(values).filter(|(_, value)| !value.is_null());
        Value::object(given.map(|(param, value)| (param.spec.name.as_str(), value)))
    }

    /// One value for each parameter of the catalog, null where the plan gives none.
    fn values(&self, holes: &[Value]) -> Result<Vec<Value>, Failure> {
        self.checked(holes, |param| param.value(holes))
    }

    fn checked(&self, holes: &[Value], value: impl Fn(&Param) -> Result<Value, Unfit>) -> Result<Vec<Value>, Failure> {
        let fits = |(hole, value): (&Hole, &Value)| {
            if value.is_null() { hole.nullable } else { hole.ty.admits(value) }
        };
        if holes.len() != self.holes.len() || !self.holes.iter().zip(holes).all(fits) {
            return Err(Failure::new(Code::Internal, format!("the values of `{}` do not fit its holes", self.name())));
        }
        let value = |param: &Param| value(param).map_err(|unfit| self.refusal(&param.spec.name, &unfit));
        self.params.iter().map(value).collect()
    }

    fn refusal(&self, param: &str, unfit: &Unfit) -> Failure {
        let message = format!("the parameter `{param}` of `{}` {unfit}", self.name());
        match unfit {
            Unfit::TooLong => Failure::limit("string", STRING_BYTES_MAX as u64, message),
            _ => Failure::new(Code::Action, message),
        }
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether transactions of one tenant have to perform it one after the other.
    pub(super) fn takes_turns(&self) -> bool {
        !self.side_by_side
    }

    /// Whether both are performed by the very same statements, so that one batch may hold calls of both.
    pub(super) fn shares_script_with(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || (std::ptr::eq(self.entry, other.entry) && self.assignments == other.assignments)
    }

    /// The row of one call in a batch: what every call has, derived ids, parameters.
    pub(super) fn row(&self, scope: &Scope, effect: &EffectId, holes: &[Value]) -> Result<Vec<SqlValue>, Failure> {
        let values = self.values(holes)?;
        self.check_limits(scope, &values)?;
        self.check_storable(&values)?;
        let mut row = batch::of_every_call(scope, effect).to_vec();
        row.extend(self.ids.iter().map(|(column, prefix)| SqlValue::text(effect.part(prefix, column))));
        for (param, value) in self.params.iter().zip(&values) {
            match param.writes {
                None => row.push(cell::to_sql(value, param.spec.ty.ty).unwrap_or(SqlValue::Null)),
                Some(connector) => {
                    let names = param.member_names();
                    let list = Value::list(names.iter().map(|name| Value::Str(name.clone())).collect());
                    row.extend(cell::to_sql(&list, Type::ListOf(Kind::Str)));
                    for name in names {
                        let cell = cell::to_sql(&value.member(&name), type_of(connector, &name));
                        row.push(cell.unwrap_or(SqlValue::Null));
                    }
                }
            }
        }
        Ok(row)
    }

    /// What the database has no form for.
    fn check_storable(&self, values: &[Value]) -> Result<(), Failure> {
        let check =
            |value: &Value, ty| if cell::is_storable(self.dialect, value, ty) { Ok(()) } else { Err(Unfit::Nul) };
        for (param, value) in self.params.iter().zip(values) {
            let fits = match (param.writes, value) {
                (Some(connector), Value::Record(record)) => record.members().try_for_each(|(name, member)| {
                    check(member, type_of(connector, name))
                        .map_err(|unfit| Unfit::Member { field: name.to_string(), reason: Box::new(unfit) })
                }),
                _ => check(value, param.spec.ty.ty),
            };
            fits.map_err(|unfit| self.refusal(&param.spec.name, &unfit))?;
        }
        Ok(())
    }

    /// The limits that do not depend on what is stored.
    fn check_limits(&self, scope: &Scope, values: &[Value]) -> Result<(), Failure> {
        let named = |name: &str| {
            let at = self.params.iter().position(|param| param.spec.name == name);
            at.and_then(|at| values.get(at)).cloned().unwrap_or_default()
        };
        match self.name() {
            "set_state" => {
                let mut json = String::new();
                to_json(&named("value"), &mut json);
                if json.len() > STATE_VALUE_BYTES_MAX {
                    let message =
                        format!("a value of the app's state has at most {STATE_VALUE_BYTES_MAX} bytes as JSON");
                    return Err(Failure::limit("state_value_bytes", STATE_VALUE_BYTES_MAX as u64, message));
                }
                Ok(())
            }
            "emit_event" => {
                let event = named("event");
                check::event_name(event.as_str().unwrap_or_default()).map_err(|unfit| self.refusal("event", &unfit))?;
                if scope.chain_depth >= CHAIN_DEPTH_MAX {
                    let message = format!("a chain of events and runs has at most {CHAIN_DEPTH_MAX} links");
                    return Err(Failure::limit("chain_depth", u64::from(CHAIN_DEPTH_MAX), message));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn prepare(catalog: &'static Catalog, dialect: Dialect, action: &Action) -> Result<PreparedAction, ActionProblem> {
    let unknown = || ActionProblem::UnknownAction { name: action.name.clone() };
    let entry = catalog.action(&action.name).ok_or_else(unknown)?;
    let holes: Vec<Hole> = action.holes().copied().collect();
    let params = fill(catalog, entry, action)?;
    if let Some(open) = params.iter().find(|param| param.is_open() && instructs(&entry.name, &param.spec.name)) {
        return Err(ActionProblem::OpenInstructions { action: entry.name.clone(), param: open.spec.name.clone() });
    }
    if let Some(open) = params.iter().find(|param| param.is_open() && entry.keyed_if.as_ref() == Some(&param.spec.name))
    {
        return Err(ActionProblem::OpenGuarantee { action: entry.name.clone(), param: open.spec.name.clone() });
    }
    params.iter().try_for_each(|param| param.check(&entry.name, &holes))?;
    let outputs = outputs(entry, action)?;
    let (performer, script) = match &entry.binding {
        ActionBinding::Sql { script } => (Performer::Tables, Some(script.as_str())),
        ActionBinding::Flow if entry.name == "request_approval" => (Performer::Approval, None),
        ActionBinding::Flow => (Performer::Tables, Some(entry.name.as_str())),
        ActionBinding::Ai => (Performer::Ai, None),
        ActionBinding::Http => (Performer::Http, None),
        ActionBinding::Api(_) => (Performer::Api, None),
    };
    let missing = |script: &str| ActionProblem::UnknownScript { action: entry.name.clone(), script: script.to_owned() };
    let script = script.map(|name| script::find(name).ok_or_else(|| missing(name))).transpose()?;
    let (columns, assignments) = columns(&params);
    Ok(PreparedAction {
        entry,
        dialect,
        performer,
        guarantee: entry.guarantee_where(|param| action.constant(param) == Some(&Value::Bool(true))),
        holes,
        outputs,
        ids: script.map_or(&[], |script| script.ids.as_slice()),
        side_by_side: script.is_some_and(|script| script.side_by_side),
        steps: script.map_or_else(Vec::new, |script| script.steps(dialect, &columns, &assignments)),
        params,
        assignments,
    })
}

/// Whether a parameter is part of what a model is told to do: that is for the app's author to say, never for data.
fn instructs(action: &str, param: &str) -> bool {
    matches!((action, param), ("ai_analyze", "instructions") | ("ai_classify", "labels"))
}

/// Puts the plan's leaves where the catalog has a parameter for them.
fn fill(catalog: &'static Catalog, entry: &'static Entry, action: &Action) -> Result<Vec<Param>, ActionProblem> {
    let writes = |name: &Option<String>| name.as_deref().and_then(|name| catalog.connector(name));
    let mut params: Vec<Param> = entry.params.iter().map(|spec| Param::new(spec, writes(&spec.writes))).collect();
    let mut hole = 0;
    for leaf in &action.params {
        let name = leaf.path.first().map_or("", String::as_str);
        let unknown = || ActionProblem::UnknownParam { action: entry.name.clone(), param: name.to_owned() };
        let param = params.iter_mut().find(|param| param.spec.name == name).ok_or_else(unknown)?;
        param.add(leaf, hole)?;
        hole += usize::from(matches!(leaf.value, ParamValue::Hole(_)));
    }
    Ok(params)
}

fn outputs(entry: &Entry, action: &Action) -> Result<Vec<Type>, ActionProblem> {
    let want: Vec<_> = entry.outputs.iter().map(|output| (output.name.as_str(), output.ty.ty)).collect();
    let got: Vec<_> = action.outputs.iter().map(|output| (output.name.as_str(), output.ty)).collect();
    if want == got {
        return Ok(want.into_iter().map(|(_, ty)| ty).collect());
    }
    let list = |outputs: &[(&str, Type)]| {
        let texts: Vec<String> = outputs.iter().map(|(name, ty)| format!("`{name}` ({ty})")).collect();
        if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") }
    };
    Err(ActionProblem::Outputs { action: entry.name.clone(), want: list(&want), got: list(&got) })
}

/// The type of a field that is written.
fn type_of(connector: &Connector, field: &str) -> Type {
    connector.field(field).map_or(Type::One(Kind::Any), |field| field.ty.ty)
}

/// The columns of a batch, and the assignments of a parameter that writes fields. Both have names of the catalog only.
fn columns(params: &[Param]) -> (Vec<(String, Type)>, String) {
    let (mut columns, mut assignments) = (Vec::new(), Vec::new());
    for param in params {
        columns.push((param.spec.name.clone(), param.spec.ty.ty));
        if let Some(connector) = param.writes {
            for (at, name) in param.member_names().iter().enumerate() {
                let column = format!("{}_{at}", param.spec.name);
                assignments.push(format!("\"{name}\" = latest.\"{column}\", "));
                columns.push((column, type_of(connector, name)));
            }
        }
    }
    (columns, assignments.concat())
}
