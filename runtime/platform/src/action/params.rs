//! The parameters of one action of a plan: where each value comes from.

use std::sync::Arc;

use alcove_catalog::{Connector, Field, ParamKind, ParamSpec};
use alcove_plan::{
    action::{Param as PlanParam, ParamValue},
    query::Hole,
    types::{Kind, Type},
    value::{DEPTH_MAX, Value},
};

use super::check::{self, Unfit};
use crate::prepare::ActionProblem;

/// Fields that no action writes: what a row is and when it came to be is not an app's to say.
const READ_ONLY: [&str; 3] = ["id", "created_at", "updated_at"];

/// One parameter of the catalog, as the plan fills it.
#[derive(Debug)]
pub(super) struct Param {
    pub(super) spec: &'static ParamSpec,
    /// The connector whose fields its members are.
    pub(super) writes: Option<&'static Connector>,
    node: Option<Node>,
}

/// Where a value comes from.
#[derive(Debug)]
enum Node {
    Constant(Value),
    Hole(usize),
    /// An object that the plan builds. INVARIANT: each member is there; upheld by `put`, which fills what it adds.
    Object(Vec<(Arc<str>, Option<Node>)>),
}

impl Param {
    pub(super) fn new(spec: &'static ParamSpec, writes: Option<&'static Connector>) -> Self {
        Self { spec, writes, node: None }
    }

    /// Adds a leaf of the plan; `hole` is the number of holes before it.
    pub(super) fn add(&mut self, leaf: &PlanParam, hole: usize) -> Result<(), ActionProblem> {
        let node = match &leaf.value {
            ParamValue::Literal(literal) => Node::Constant(literal.0.clone()),
            ParamValue::Hole(_) if self.spec.kind == ParamKind::Secret => {
                return Err(ActionProblem::SecretHole { param: self.spec.name.clone() });
            }
            ParamValue::Hole(_) => Node::Hole(hole),
        };
        let keys = leaf.path.get(1..).unwrap_or_default();
        if keys.len() >= DEPTH_MAX {
            return Err(ActionProblem::Depth { param: self.spec.name.clone(), max: DEPTH_MAX });
        }
        let repeated = || ActionProblem::Repeated { param: leaf.path.join(".") };
        put(&mut self.node, keys, node).ok_or_else(repeated)
    }

    /// Whether any of it is for the guest to fill.
    pub(super) fn is_open(&self) -> bool {
        self.node.as_ref().is_some_and(Node::is_open)
    }

    /// How many values a call makes anew.
    pub(super) fn built_values(&self) -> usize {
        1 + self.node.as_ref().map_or(0, Node::members)
    }

    /// Checks what is known in advance.
    pub(super) fn check(&self, action: &str, holes: &[Hole]) -> Result<(), ActionProblem> {
        let param = || self.spec.name.clone();
        match (&self.node, self.writes) {
            (None | Some(Node::Constant(Value::Null)), _) if self.spec.ty.nullable => Ok(()),
            (None, _) => Err(ActionProblem::Missing { action: action.to_owned(), param: param() }),
            (Some(Node::Hole(_)), Some(connector)) => {
                Err(ActionProblem::OpenFields { param: param(), connector: connector.name.clone() })
            }
            (Some(Node::Object(members)), Some(connector)) => {
                members.iter().try_for_each(|(name, node)| check_member(connector, name, node.as_ref(), holes))
            }
            (Some(Node::Constant(Value::Record(record))), Some(connector)) => {
                record.members().try_for_each(|(name, value)| {
                    check_member(connector, name, Some(&Node::Constant(value.clone())), holes)
                })
            }
            (Some(Node::Object(_)), None) => match self.spec.ty.ty {
                Type::One(Kind::Object | Kind::Any) => Ok(()),
                _ => Err(ActionProblem::NoObject { param: param() }),
            },
            (Some(Node::Hole(index)), None) => check_hole(&self.spec.name, self.spec.ty.ty, *index, holes),
            (Some(Node::Constant(value)), _) => {
                let unfit = if value.is_null() { Err(Unfit::Null) } else { check::value(self.spec, value) };
                unfit.map_err(|reason| ActionProblem::Constant { param: param(), reason: reason.to_string() })
            }
        }
    }

    /// The names of the members that are written, in order.
    pub(super) fn member_names(&self) -> Vec<Arc<str>> {
        match &self.node {
            Some(Node::Object(members)) => members.iter().map(|(name, _)| Arc::clone(name)).collect(),
            Some(Node::Constant(Value::Record(record))) => record.shape().names().to_vec(),
            _ => Vec::new(),
        }
    }

    /// The value of one call, checked but for nulls.
    pub(super) fn value_if_known(&self, holes: &[Value]) -> Result<Value, Unfit> {
        match self.value(holes) {
            Err(Unfit::Null) => Ok(Value::Null),
            Err(Unfit::Member { reason, .. }) if *reason == Unfit::Null => {
                Ok(self.node.as_ref().map_or(Value::Null, |node| node.value(holes)))
            }
            checked => checked,
        }
    }

    /// The value of one call, checked.
    pub(super) fn value(&self, holes: &[Value]) -> Result<Value, Unfit> {
        let value = self.node.as_ref().map_or(Value::Null, |node| node.value(holes));
        match (value, self.writes) {
            (Value::Null, _) if self.spec.ty.nullable => Ok(Value::Null),
            (Value::Null, _) => Err(Unfit::Null),
            (value, writes) => {
                check::value(self.spec, &value)?;
                if let (Some(connector), Value::Record(record)) = (writes, &value) {
                    for (name, member) in record.members() {
                        let field = writable(connector, name).ok_or(Unfit::NotWritable);
                        let fits = field.and_then(|field| check_cell(field, member));
                        fits.map_err(|unfit| Unfit::Member { field: name.to_string(), reason: Box::new(unfit) })?;
                    }
                }
                Ok(value)
            }
        }
    }
}

impl Node {
    fn is_open(&self) -> bool {
        match self {
            Self::Constant(_) => false,
            Self::Hole(_) => true,
            Self::Object(members) => members.iter().any(|(_, node)| node.as_ref().is_some_and(Self::is_open)),
        }
    }

    fn members(&self) -> usize {
        match self {
            Self::Constant(_) | Self::Hole(_) => 0,
            Self::Object(members) => members.iter().map(|(_, node)| 1 + node.as_ref().map_or(0, Self::members)).sum(),
        }
    }

    /// Nodes are of bounded depth, so this may recurse.
    fn value(&self, holes: &[Value]) -> Value {
        match self {
            Self::Constant(value) => value.clone(),
            Self::Hole(index) => holes.get(*index).cloned().unwrap_or_default(),
            Self::Object(members) => Value::object(members.iter().map(|(name, node)| {
                let value = node.as_ref().map_or(Value::Null, |node| node.value(holes));
                (Arc::clone(name), value)
            })),
        }
    }
}

/// Puts a leaf at the end of a path; `None` if something is there, or on the way. Paths are bounded, so this may
/// recurse.
fn put(slot: &mut Option<Node>, keys: &[String], leaf: Node) -> Option<()> {
    let Some((key, rest)) = keys.split_first() else {
        return slot.is_none().then(|| *slot = Some(leaf));
    };
    let Node::Object(members) = slot.get_or_insert_with(|| Node::Object(Vec::new())) else { return None };
    let at = members.iter().position(|(name, _)| **name == **key).unwrap_or_else(|| {
        members.push((Arc::from(key.as_str()), None));
        members.len() - 1
    });
    put(&mut members.get_mut(at)?.1, rest, leaf)
}

fn writable<'c>(connector: &'c Connector, name: &str) -> Option<&'c Field> {
    connector.field(name).filter(|_| !READ_ONLY.contains(&name))
}

/// Checks a value against the field that it is written to.
fn check_cell(field: &Field, value: &Value) -> Result<(), Unfit> {
    if value.is_null() {
        return if field.ty.nullable { Ok(()) } else { Err(Unfit::Null) };
    }
    if !field.ty.ty.admits(value) {
        return Err(Unfit::Type { want: field.ty.ty.to_string(), got: value.kind_name() });
    }
    match value.as_str() {
        Some(text) if !field.values.is_empty() && !field.values.iter().any(|allowed| allowed == text) => {
            Err(Unfit::Closed { allowed: format!("`{}`", field.values.join("`, `")) })
        }
        _ => Ok(()),
    }
}

fn check_member(
    connector: &Connector,
    name: &Arc<str>,
    node: Option<&Node>,
    holes: &[Hole],
) -> Result<(), ActionProblem> {
    let unknown = || ActionProblem::NotWritable { connector: connector.name.clone(), field: name.to_string() };
    let field = writable(connector, name).ok_or_else(unknown)?;
    match node {
        Some(Node::Hole(index)) => check_hole(&field.name, field.ty.ty, *index, holes),
        Some(Node::Constant(value)) => check_cell(field, value)
            .map_err(|reason| ActionProblem::Constant { param: field.name.clone(), reason: reason.to_string() }),
        Some(Node::Object(_)) | None => match field.ty.ty {
            Type::One(Kind::Object | Kind::Any) => Ok(()),
            _ => Err(ActionProblem::NoObject { param: field.name.clone() }),
        },
    }
}

/// Whether values of a hole can be of the type that is wanted; what `any` holds is checked for each call.
fn check_hole(param: &str, want: Type, index: usize, holes: &[Hole]) -> Result<(), ActionProblem> {
    let any = Type::One(Kind::Any);
    let fits = |got: Type| match (want, got) {
        (Type::ListOf(want), Type::ListOf(got)) => want == got || want == Kind::Any || got == Kind::Any,
        (Type::One(Kind::Num), Type::One(Kind::Int))
        | (Type::One(Kind::List), Type::ListOf(_))
        | (Type::ListOf(_), Type::One(Kind::List)) => true,
        (want, got) => want == got || want == any || got == any,
    };
    match holes.get(index) {
        Some(hole) if fits(hole.ty) => Ok(()),
        hole => {
            let got = hole.map_or_else(|| "nothing".to_owned(), |hole| hole.ty.to_string());
            Err(ActionProblem::ParamType { param: param.to_owned(), want, got })
        }
    }
}
