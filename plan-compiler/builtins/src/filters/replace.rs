//! `replace`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Param, Sample, Signature, call::Call};

pub(crate) static REPLACE: Builtin = Builtin {
    filter: Filter::Replace,
    name: "replace",
    summary: "Every occurrence of a text replaced by another.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Str]),
        params: &[
            Param::required("search", &[Kind::Str]).valid(not_empty),
            Param::required("replacement", &[Kind::Str]),
        ],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example {
            input: Sample::Str("a-b-c"),
            args: &[Sample::Str("-"), Sample::Str(" ")],
            output: Sample::Str("a b c"),
        },
        Example { input: Sample::Str("aaa"), args: &[Sample::Str("aa"), Sample::Str("b")], output: Sample::Str("ba") },
        Example { input: Sample::Str("abc"), args: &[Sample::Str("x"), Sample::Str("y")], output: Sample::Str("abc") },
        Example { input: Sample::Null, args: &[Sample::Str("a"), Sample::Str("b")], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let replacement = call.required_text(1)?;
    let mut text = call.new_text();
    for (i, part) in call.text()?.split(call.required_text(0)?).enumerate() {
        if i > 0 {
            text.push(replacement)?;
        }
        text.push(part)?;
    }
    Ok(text.finish())
}

fn not_empty(search: &Value) -> Result<(), &'static str> {
    if search.as_str() == Some("") { Err("must not be empty") } else { Ok(()) }
}
