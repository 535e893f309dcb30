//! What a filter takes and gives: declared once, checked by the compiler for types and at run time for values.

mod check;
mod error;
mod values;

use alcove_plan::{
    types::{Kind, Type},
    value::Value,
};

pub use error::SignatureError;

/// What a filter takes and gives.
#[derive(Debug)]
pub struct Signature {
    /// What it may be applied to.
    pub input: Accepts,
    /// Its arguments, required ones first.
    pub params: &'static [Param],
    /// What it gives.
    pub output: Output,
}

/// Which values are taken.
#[derive(Clone, Copy, Debug)]
pub struct Accepts {
    /// The kinds; `Num` includes integers, `Any` everything.
    pub kinds: &'static [Kind],
    /// Where lists are among them: the kinds of their items; null is allowed among the items.
    pub items: &'static [Kind],
}

/// One parameter of a filter.
#[derive(Debug)]
pub struct Param {
    /// The name that documentation and messages use.
    pub name: &'static str,
    /// Which values it takes.
    pub accepts: Accepts,
    /// Whether it must be given.
    pub required: bool,
    /// Whether it must be written in the template.
    pub literal: LiteralRule,
    /// Which of those values are right: literals are checked by the compiler, everything at run time. The error
    /// completes "argument `x` of `y` …".
    pub valid: fn(&Value) -> Result<(), &'static str>,
}

/// Whether an argument must be a literal, so that the compiler can check it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiteralRule {
    /// A literal or a path.
    Free,
    /// A literal.
    Always,
    /// A literal if it is text: a duration; numbers may be paths.
    Strings,
}

/// How the type of the result follows from the input and the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// Always this.
    Fixed(Type),
    /// As the input.
    SameAsInput,
    /// Integer with integer gives integer, a timestamp with a duration a timestamp, everything else a number.
    Arithmetic,
    /// An integer for a literal 0 or no argument, otherwise a number.
    Rounded,
    /// The item of the list.
    ItemOfInput,
    /// A list of the members that the argument names, one for each item.
    FieldsOfItems,
    /// What input and first argument have in common.
    UnionWithArg,
}

/// What the compiler knows of an argument.
#[derive(Clone, Debug, PartialEq)]
pub struct ArgType {
    /// Its type.
    pub ty: Type,
    /// Its value, where it is a literal.
    pub literal: Option<Value>,
}

impl Accepts {
    /// Values of these kinds; lists with any items.
    pub const fn kinds(kinds: &'static [Kind]) -> Self {
        Self { kinds, items: &[Kind::Any] }
    }

    /// Lists whose items are of these kinds.
    pub const fn lists_of(items: &'static [Kind]) -> Self {
        Self { kinds: &[Kind::List], items }
    }
}

impl Param {
    /// A required parameter that takes literals and paths, and any value of its kinds.
    pub const fn required(name: &'static str, kinds: &'static [Kind]) -> Self {
        Self { name, accepts: Accepts::kinds(kinds), required: true, literal: LiteralRule::Free, valid: |_| Ok(()) }
    }

    /// The same, but it may be left out.
    #[must_use]
    pub const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// The same, but only as a literal.
    #[must_use]
    pub const fn literal(self, rule: LiteralRule) -> Self {
        Self { literal: rule, ..self }
    }

    /// The same, but only these values.
    #[must_use]
    pub const fn valid(self, valid: fn(&Value) -> Result<(), &'static str>) -> Self {
        Self { valid, ..self }
    }
}

impl ArgType {
    /// A path of some type.
    pub fn path(ty: Type) -> Self {
        Self { ty, literal: None }
    }

    /// A literal; null counts as anything.
    pub fn literal(value: Value) -> Self {
        let kind = match &value {
            Value::Null => Kind::Any,
            Value::Bool(_) => Kind::Bool,
            Value::Int(_) => Kind::Int,
            Value::Num(_) => Kind::Num,
            Value::Str(_) => Kind::Str,
            Value::Time(_) => Kind::Time,
            Value::List(_) => Kind::List,
            Value::Record(_) => Kind::Object,
        };
        Self { ty: Type::One(kind), literal: Some(value) }
    }
}
