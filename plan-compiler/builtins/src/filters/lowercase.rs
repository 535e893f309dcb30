//! `lowercase`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Sample, Signature, call::Call};

pub(crate) static LOWERCASE: Builtin = Builtin {
    filter: Filter::Lowercase,
    name: "lowercase",
    summary: "All letters in lower case, by Unicode.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Str]),
        params: &[],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example { input: Sample::Str("ADA"), args: &[], output: Sample::Str("ada") },
        Example { input: Sample::Str("ΟΔΟΣ"), args: &[], output: Sample::Str("οδος") },
        Example { input: Sample::Null, args: &[], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    Ok(call.text()?.to_lowercase().into())
}
