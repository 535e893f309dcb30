//! The compiler's own types: those of the plan, and what only the compiler needs to know.

use std::sync::Arc;

use alcove_plan::types::{Kind, Type};

use super::LayoutId;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ty {
    /// Its shape.
    pub(crate) base: Base,
    /// Whether it may be null.
    pub(crate) nullable: bool,
    /// Whether a model wrote it, or it was made from what a model wrote.
    pub(crate) tainted: bool,
    /// The closed set of its values, where there is one.
    pub(crate) labels: Option<Arc<[String]>>,
}

/// The shape of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Base {
    /// Anything, checked at run time.
    Any,
    /// `b`
    Bool,
    /// `i`
    Int,
    /// `n`
    Num,
    /// `s`
    Str,
    /// `t`
    Time,
    /// An object whose members are not known.
    Object,
    /// An object whose members are known.
    Row(LayoutId),
    /// A list.
    List(Box<Ty>),
}

impl Ty {
    /// A type without null.
    pub(crate) fn of(base: Base) -> Self {
        Self { base, nullable: false, tainted: false, labels: None }
    }

    /// Anything at all.
    pub(crate) fn any() -> Self {
        Self::of(Base::Any).or_null()
    }

    /// A list of items.
    pub(crate) fn list(item: Self) -> Self {
        Self::of(Base::List(Box::new(item)))
    }

    /// The same with null.
    #[must_use]
    pub(crate) fn or_null(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// The same, nullable if `nullable` says so.
    #[must_use]
    pub(crate) fn or_null_if(mut self, nullable: bool) -> Self {
        self.nullable |= nullable;
        self
    }

    /// The same, tainted if `tainted` says so.
    #[must_use]
    pub(crate) fn tainted_if(mut self, tainted: bool) -> Self {
        self.tainted |= tainted;
        self
    }

    /// The type of the catalog or of a builtin.
    pub(crate) fn from_plan(ty: Type, nullable: bool) -> Self {
        let base = match ty {
            Type::One(kind) => Base::from_kind(kind),
            Type::ListOf(kind) => Base::List(Box::new(Self::of(Base::from_kind(kind)).or_null_if(kind == Kind::Any))),
        };
        Self::of(base).or_null_if(nullable)
    }

    /// What the plan can say of it.
    pub(crate) fn to_plan(&self) -> Type {
        match &self.base {
            Base::List(item) if item.nullable && item.base != Base::Any => Type::One(Kind::List),
            Base::List(item) => match item.kind() {
                Kind::Any | Kind::List => Type::One(Kind::List),
                kind => Type::ListOf(kind),
            },
            _ => Type::One(self.kind()),
        }
    }

    /// Its kind.
    pub(crate) fn kind(&self) -> Kind {
        match &self.base {
            Base::Any => Kind::Any,
            Base::Bool => Kind::Bool,
            Base::Int => Kind::Int,
            Base::Num => Kind::Num,
            Base::Str => Kind::Str,
            Base::Time => Kind::Time,
            Base::Object | Base::Row(_) => Kind::Object,
            Base::List(_) => Kind::List,
        }
    }

    /// The type of its items, if it may be a list.
    pub(crate) fn item(&self) -> Option<Self> {
        match &self.base {
            Base::List(item) => Some((**item).clone().tainted_if(self.tainted)),
            Base::Any => Some(Self::any().tainted_if(self.tainted)),
            _ => None,
        }
    }

    /// Whether it is a boolean, number, string or timestamp.
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(self.base, Base::Bool | Base::Int | Base::Num | Base::Str | Base::Time)
    }

    /// Whether it is a number.
    pub(crate) fn is_number(&self) -> bool {
        matches!(self.base, Base::Int | Base::Num)
    }

    /// Whether nothing is known of it.
    pub(crate) fn is_any(&self) -> bool {
        self.base == Base::Any
    }

    /// The type of whatever is of one of both.
    #[must_use]
    pub(crate) fn join(self, other: Self) -> Self {
        let base = match (self.base, other.base) {
            (a, b) if a == b => a,
            (Base::Int, Base::Num) | (Base::Num, Base::Int) => Base::Num,
            (Base::Object | Base::Row(_), Base::Object | Base::Row(_)) => Base::Object,
            (Base::List(a), Base::List(b)) => Base::List(Box::new(a.join(*b))),
            _ => Base::Any,
        };
        let nullable = self.nullable || other.nullable;
        Self { base, nullable, tainted: self.tainted || other.tainted, labels: None }
    }

    /// Its words with an article.
    pub(crate) fn with_article(&self) -> String {
        article(&self.to_string())
    }

    /// Whether predicates can compare both.
    pub(crate) fn compares_with(&self, other: &Self) -> bool {
        match (&self.base, &other.base) {
            (Base::Any, _)
            | (_, Base::Any)
            | (Base::Int | Base::Num, Base::Int | Base::Num)
            | (Base::Object | Base::Row(_), Base::Object | Base::Row(_)) => true,
            (Base::List(a), Base::List(b)) => a.compares_with(b),
            (a, b) => a == b,
        }
    }
}

/// A noun with its article.
pub(crate) fn article(noun: &str) -> String {
    if noun == "any" {
        return "of unknown type".to_owned();
    }
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

impl Base {
    /// The shape of a kind.
    pub(crate) fn from_kind(kind: Kind) -> Self {
        match kind {
            Kind::Any => Self::Any,
            Kind::Bool => Self::Bool,
            Kind::Int => Self::Int,
            Kind::Num => Self::Num,
            Kind::Str => Self::Str,
            Kind::Time => Self::Time,
            Kind::Object => Self::Object,
            Kind::List => Self::List(Box::new(Ty::any())),
        }
    }
}

/// The words of messages.
impl std::fmt::Display for Ty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.base {
            Base::List(item) if !item.is_any() => write!(f, "list of {item}s"),
            _ => f.write_str(self.kind().name()),
        }
    }
}
