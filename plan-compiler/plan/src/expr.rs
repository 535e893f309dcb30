//! Expressions: postfix code for a stack machine, without names, loops or calls.

use serde::{Deserialize, Serialize};

use crate::types::Type;

/// An index into [`Program::exprs`](crate::program::Program::exprs).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExprId(pub u32);

/// A variable of a run: an index into its slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slot(pub u16);

/// One expression: a run of [`Program::ops`](crate::program::Program::ops) that leaves one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expr {
    /// Its first op.
    pub start: u32,
    /// The number of its ops.
    pub len: u32,
}

/// One step of an expression. "Pops" takes from the top of the stack; operands were pushed left to right.
///
/// The wire form numbers the variants: append, never reorder; a change of meaning is a new format version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Op {
    /// Pushes `literals[i]`.
    Literal(u32),
    /// Pushes the value of a slot.
    Slot(Slot),
    /// Pops a record, pushes its cell at a position; null where there is none.
    Cell(u16),
    /// Pops an object, pushes its member called `names[i]`; null where there is none.
    Member(u32),
    /// Pops a list, pushes an item; null out of range.
    Index(u32),
    /// Pops `args` arguments, then the input; pushes what the filter gives.
    Filter {
        /// Which.
        filter: Filter,
        /// The number of arguments.
        args: u8,
    },
    /// Pops that many values, pushes their texts joined.
    Text(u16),
    /// Pops a value; pushes its text with `&`, `<`, `>`, `"` and `'` as HTML entities. Null stays null.
    EscapeHtml,
    /// Pops a value; pushes its text percent-encoded (RFC 3986, all but unreserved). Null stays null.
    EscapeUrl,
    /// Pops the right operand, then the left; pushes a boolean. See [`Compare`] for null and for other types.
    Compare(Compare),
    /// Pops a value; pushes whether `regexes[i]` is found in it. False for anything but a string.
    Matches(u32),
    /// Pops a value; pushes whether it is not null.
    Exists,
    /// Pops a boolean; pushes the other. Null counts as false.
    Not,
    /// If the top is true, jumps forward over that many ops and leaves it; otherwise pops it. Jumps nest: those that
    /// begin between a jump and its target end there too, or before.
    OrElse(u32),
    /// If the top is not true, jumps forward over that many ops and leaves false; otherwise pops it.
    AndThen(u32),
    /// Pops that many values, pushes a list of them.
    List(u16),
    /// Pops as many values as `shapes[i]` has names, pushes a record of them.
    Record(u32),
    /// Pops a value; pushes it as the type: a scalar is rendered where text is wanted, an integer widened, text read as
    /// RFC 3339 where a timestamp is wanted. Null stays null. Fails (E005) where it does not fit.
    Cast(Type),
}

/// Comparison operators of predicates. A null or missing left side makes all of them false, bar `Ne` and `NotIn`, which
/// are then true. Operands whose kinds do not compare make `Ne` and `NotIn` true, all others false. A text that meets a
/// timestamp is read as RFC 3339; one that is not RFC 3339 does not compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Compare {
    /// Equal.
    Eq,
    /// Not equal.
    Ne,
    /// Greater.
    Gt,
    /// Greater or equal.
    Gte,
    /// Less.
    Lt,
    /// Less or equal.
    Lte,
    /// The right side is a list that holds the left.
    In,
    /// The right side is a list that does not hold the left.
    NotIn,
    /// The left string holds the right one, or the left list the right value.
    Contains,
    /// The left string begins with the right.
    StartsWith,
    /// The left string ends with the right.
    EndsWith,
}

impl Compare {
    /// The operator's name in configs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Gte => "gte",
            Self::Lt => "lt",
            Self::Lte => "lte",
            Self::In => "in",
            Self::NotIn => "nin",
            Self::Contains => "contains",
            Self::StartsWith => "starts_with",
            Self::EndsWith => "ends_with",
        }
    }
}

/// The template filters. What each means is declared in `alcove-builtins`, one file each; here is only their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each filter is documented where it is declared, in `alcove-builtins`")]
pub enum Filter {
    Uppercase,
    Lowercase,
    Capitalize,
    Trim,
    Truncate,
    Join,
    Json,
    Number,
    Currency,
    Date,
    Default,
    Length,
    First,
    Last,
    Map,
    Plus,
    Minus,
    Times,
    DividedBy,
    Modulo,
    Round,
    Floor,
    Ceil,
    Replace,
    Split,
    UrlEncode,
    Slug,
    StartOf,
}
