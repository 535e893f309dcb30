//! `split`.

use alloc::vec::Vec;

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Param, Sample, Signature, call::Call};

pub(crate) static SPLIT: Builtin = Builtin {
    filter: Filter::Split,
    name: "split",
    summary: "The parts of a text between separators; an empty separator gives its characters.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Str]),
        params: &[Param::required("separator", &[Kind::Str])],
        output: Output::Fixed(Type::ListOf(Kind::Str)),
    },
    examples: &[
        Example {
            input: Sample::Str("a,b,,c"),
            args: &[Sample::Str(",")],
            output: Sample::List(&[Sample::Str("a"), Sample::Str("b"), Sample::Str(""), Sample::Str("c")]),
        },
        Example {
            input: Sample::Str("añ🎉"),
            args: &[Sample::Str("")],
            output: Sample::List(&[Sample::Str("a"), Sample::Str("ñ"), Sample::Str("🎉")]),
        },
        Example { input: Sample::Str(""), args: &[Sample::Str(",")], output: Sample::List(&[Sample::Str("")]) },
        Example { input: Sample::Null, args: &[Sample::Str(",")], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let text = call.text()?;
    let items: Vec<Value> = match call.required_text(0)? {
        "" => text.chars().map(|c| Value::from(&*c.encode_utf8(&mut [0; 4]))).collect(),
        separator => text.split(separator).map(Value::from).collect(),
    };
    Ok(Value::list(items))
}
