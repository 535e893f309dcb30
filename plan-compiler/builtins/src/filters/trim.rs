//! `trim`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Sample, Signature, call::Call};

pub(crate) static TRIM: Builtin = Builtin {
    filter: Filter::Trim,
    name: "trim",
    summary: "Without white space at both ends.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Str]),
        params: &[],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example { input: Sample::Str("  Ada \n"), args: &[], output: Sample::Str("Ada") },
        Example { input: Sample::Str("\u{2003}a b\u{a0}"), args: &[], output: Sample::Str("a b") },
        Example { input: Sample::Null, args: &[], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    Ok(call.text()?.trim().into())
}
