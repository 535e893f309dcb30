//! `capitalize`.

use alloc::string::String;

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Sample, Signature, call::Call};

pub(crate) static CAPITALIZE: Builtin = Builtin {
    filter: Filter::Capitalize,
    name: "capitalize",
    summary: "The first letter in upper case, the rest as it is.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Str]),
        params: &[],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example { input: Sample::Str("ada LOVELACE"), args: &[], output: Sample::Str("Ada LOVELACE") },
        Example { input: Sample::Str("élan"), args: &[], output: Sample::Str("Élan") },
        Example { input: Sample::Str(""), args: &[], output: Sample::Str("") },
        Example { input: Sample::Null, args: &[], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let mut chars = call.text()?.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    Ok(first.chain(chars.as_str().chars()).collect::<String>().into())
}
