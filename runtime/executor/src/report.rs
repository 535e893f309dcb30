//! What a run that succeeded says about itself.

use alcove_plan::{codec::encode_value, failure::Failure, report, value::Value};

use crate::{
    eval::Evaluator,
    measure::{self, ROW_DEPTH_MAX},
    steps::StepSummary,
};

/// The *report* message. Evaluates the widgets.
pub(crate) fn encode(
    eval: &mut Evaluator<'_>,
    steps: &[StepSummary],
    items_processed: u64,
) -> Result<Vec<u8>, Failure> {
    let program = eval.program;
    let steps = program.steps.iter().zip(steps).map(|(step, summary)| (step.id.as_str(), summarise(*summary)));
    let steps = Value::object(steps);
    let mut actions = Vec::with_capacity(program.results.len());
    for result in &program.results {
        let outputs = eval.get(result.slot)?.clone();
        measure::check(&outputs, ROW_DEPTH_MAX)?;
        actions.push((result.id.as_str(), outputs));
    }
    let mut widgets = Vec::with_capacity(program.widgets.len());
    for widget in &program.widgets {
        let data = eval.eval(widget.data)?;
        measure::check(&data, ROW_DEPTH_MAX)?;
        widgets.push((widget.id.as_str(), data));
    }
    let items_processed = Value::Int(i64::try_from(items_processed).unwrap_or(i64::MAX));
    Ok(encode_value(&Value::object([
        (report::STEPS, steps),
        (report::ACTIONS, Value::object(actions)),
        (report::WIDGETS, Value::object(widgets)),
        (report::ITEMS_PROCESSED, items_processed),
    ])))
}

fn summarise(step: StepSummary) -> Value {
    let count = Value::Int(i64::try_from(step.count).unwrap_or(i64::MAX));
    Value::object([("count", count), ("truncated", Value::Bool(step.truncated))])
}
