//! `uppercase`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Sample, Signature, call::Call};

pub(crate) static UPPERCASE: Builtin = Builtin {
    filter: Filter::Uppercase,
    name: "uppercase",
    summary: "All letters in upper case, by Unicode.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Str]),
        params: &[],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example { input: Sample::Str("Ada"), args: &[], output: Sample::Str("ADA") },
        Example { input: Sample::Str("straße"), args: &[], output: Sample::Str("STRASSE") },
        Example { input: Sample::Null, args: &[], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    Ok(call.text()?.to_uppercase().into())
}
