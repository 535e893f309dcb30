//! `floor`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use crate::{Accepts, Builtin, EvalError, Example, Output, Sample, Signature, call::Call};

pub(crate) static FLOOR: Builtin = Builtin {
    filter: Filter::Floor,
    name: "floor",
    summary: "The largest integer not above the number.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Num]),
        params: &[],
        output: Output::Fixed(Type::One(Kind::Int)),
    },
    examples: &[
        Example { input: Sample::Num("2.7"), args: &[], output: Sample::Int(2) },
        Example { input: Sample::Num("-2.1"), args: &[], output: Sample::Int(-3) },
        Example { input: Sample::Int(5), args: &[], output: Sample::Int(5) },
        Example { input: Sample::Null, args: &[], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    call.whole(call.decimal()?.floor())
}
