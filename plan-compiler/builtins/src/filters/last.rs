//! `last`.

use alcove_plan::{expr::Filter, types::Kind, value::Value};

use crate::{Accepts, Builtin, EvalError, Example, Output, Sample, Signature, call::Call};

pub(crate) static LAST: Builtin = Builtin {
    filter: Filter::Last,
    name: "last",
    summary: "The last item of a list; null if it is empty.",
    signature: Signature { input: Accepts::kinds(&[Kind::List]), params: &[], output: Output::ItemOfInput },
    examples: &[
        Example { input: Sample::List(&[Sample::Int(1), Sample::Int(2)]), args: &[], output: Sample::Int(2) },
        Example { input: Sample::List(&[]), args: &[], output: Sample::Null },
        Example { input: Sample::Null, args: &[], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    Ok(call.list()?.last().cloned().unwrap_or_default())
}
