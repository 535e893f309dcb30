//! Values and templates.

use rust_decimal::Decimal;

use crate::source::{Loc, Span, Spanned};

/// A value of the config that may hold templates: params, predicate values, map fields.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueExpr {
    /// What it is.
    pub kind: ValueKind,
    /// Its place.
    pub loc: Loc,
}

/// The kinds of values.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number that is a signed 64-bit integer.
    Int(i64),
    /// Any other number within 28 significant digits.
    Num(Decimal),
    /// A string without placeholders.
    Text(String),
    /// A string with at least one placeholder.
    Template(Template),
    /// An array.
    List(Vec<ValueExpr>),
    /// An object, in its order.
    Object(Vec<(Spanned<String>, ValueExpr)>),
    /// A template or number that could not be read. This has been reported: whoever meets it says nothing more.
    Invalid,
}

/// A string with placeholders. One placeholder and nothing else keeps the value's type.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Its parts, at least one of them a placeholder; texts are not empty.
    pub parts: Vec<TemplatePart>,
}

/// One part of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplatePart {
    /// Text as it is.
    Text(String),
    /// `{{ … }}`.
    Placeholder(Pipe),
}

/// What stands in a placeholder: a path or a literal, then filters.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipe {
    /// Where the value comes from.
    pub head: Arg,
    /// The filters, in order.
    pub filters: Vec<FilterCall>,
    /// Where it stands (the braces included).
    pub span: Span,
}

/// A path such as `steps.top.data[0].name`.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The variable that it begins with.
    pub root: String,
    /// What follows.
    pub segments: Vec<Segment>,
    /// Where it stands.
    pub span: Span,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// `.name`
    Name(String),
    /// `[n]`
    Index(u32),
}

/// `| name:arg:arg`.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterCall {
    /// The filter.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Its arguments.
    pub args: Vec<Arg>,
}

/// An argument of a filter, or what a placeholder begins with.
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// A quoted string.
    Text(String, Span),
    /// An integer.
    Int(i64, Span),
    /// Another number.
    Num(Decimal, Span),
    /// `true`, `false`.
    Bool(bool, Span),
    /// `null`.
    Null(Span),
    /// A path in scope.
    Path(Path),
}

impl Path {
    /// The step whose number of rows it is.
    pub(crate) fn counted_step(&self) -> Option<&str> {
        match (self.root.as_str(), self.segments.as_slice()) {
            ("steps", [Segment::Name(id), Segment::Name(member)]) if member == "count" => Some(id),
            _ => None,
        }
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.root)?;
        self.segments.iter().try_for_each(|segment| match segment {
            Segment::Name(name) => write!(f, ".{name}"),
            Segment::Index(index) => write!(f, "[{index}]"),
        })
    }
}
