//! `map`.

use alcove_plan::{expr::Filter, types::Kind, value::Value};

use crate::{Accepts, Builtin, EvalError, Example, LiteralRule, Output, Param, Sample, Signature, call::Call};

pub(crate) static MAP: Builtin = Builtin {
    filter: Filter::Map,
    name: "map",
    summary: "One member of each object of a list; null where it is missing.",
    signature: Signature {
        input: Accepts::lists_of(&[Kind::Object]),
        params: &[Param::required("field", &[Kind::Str]).literal(LiteralRule::Always)],
        output: Output::FieldsOfItems,
    },
    examples: &[
        Example {
            input: Sample::List(&[
                Sample::Object(&[("name", Sample::Str("Ada"))]),
                Sample::Object(&[("id", Sample::Int(1))]),
                Sample::Null,
            ]),
            args: &[Sample::Str("name")],
            output: Sample::List(&[Sample::Str("Ada"), Sample::Null, Sample::Null]),
        },
        Example { input: Sample::List(&[]), args: &[Sample::Str("name")], output: Sample::List(&[]) },
        Example { input: Sample::Null, args: &[Sample::Str("name")], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let field = call.required_text(0)?;
    Ok(Value::list(call.list()?.iter().map(|item| item.member(field)).collect()))
}
