//! Everything before and after the actions: the trigger's filter, delays, entities, steps, widgets, results; and how
//! queries are called.

use alloc::{collections::BTreeSet, vec};

use super::{At, Fault, VerifyError, limits, tables, tables::Scope};
use crate::{
    expr::{ExprId, Op, Slot},
    limits::{KEYS_MAX, OFFSET_MAX, TRANSFORM_ROWS_MAX, TRANSFORMS_MAX},
    program::{Metric, MetricOp, Source, Transform, input_slot},
    query::Limit,
    trigger::Trigger,
};

/// Checks what runs before and after the actions.
pub(super) fn check(scope: &Scope<'_>) -> Result<(), VerifyError> {
    query_calls(scope)?;
    if let Some(shape) = scope.program.event_shape {
        scope.shape_len(shape, At::Program)?;
    }
    trigger_filter(scope)?;
    delays(scope)?;
    let mut used = vec![false; scope.plan.queries.len()];
    entities(scope, &mut used)?;
    steps(scope, &mut used)?;
    reports(scope)
}

fn query_calls(scope: &Scope<'_>) -> Result<(), VerifyError> {
    for (i, (query, call)) in scope.plan.queries.iter().zip(&scope.program.queries).enumerate() {
        let at = At::Query(i);
        scope.place(query.place, at)?;
        tables::same_count("arguments", call.args.len(), query.holes.len(), at)?;
        scope.exprs(call.args.iter().copied(), at)?;
        scope.shape(call.shape, query.fields.len(), at)?;
    }
    Ok(())
}

/// The filter decides before a run exists, so nothing of a run can be in it.
fn trigger_filter(scope: &Scope<'_>) -> Result<(), VerifyError> {
    let Some(filter) = scope.program.filter else { return Ok(()) };
    let trigger = &scope.plan.trigger;
    if trigger.event().is_none() {
        return Err(Fault::FilterWithoutEvent { trigger: trigger.kind() }.at(At::TriggerFilter));
    }
    scope.expr(filter, At::TriggerFilter)?;
    let other = code(scope, filter).iter().find_map(|op| match op {
        Op::Slot(slot) if *slot != input_slot::EVENT => Some(slot.0),
        _ => None,
    });
    other.map_or(Ok(()), |slot| Err(Fault::FilterReads(slot).at(At::TriggerFilter)))
}

/// The code of an expression that exists.
fn code<'p>(scope: &Scope<'p>, id: ExprId) -> &'p [Op] {
    let expr = usize::try_from(id.0).ok().and_then(|i| scope.program.exprs.get(i));
    let range = expr.and_then(|expr| {
        let start = usize::try_from(expr.start).ok()?;
        Some(start..start.checked_add(usize::try_from(expr.len).ok()?)?)
    });
    range.and_then(|range| scope.program.ops.get(range)).unwrap_or_default()
}

fn delays(scope: &Scope<'_>) -> Result<(), VerifyError> {
    let of_trigger = match &scope.plan.trigger {
        Trigger::Delayed { delays, .. } => delays.as_slice(),
        _ => &[],
    };
    let gates = &scope.program.delays;
    tables::same_count("delays", gates.len(), of_trigger.len(), At::Program)?;
    for (i, (gate, delay)) in gates.iter().zip(of_trigger).enumerate() {
        if gate.id != delay.id {
            return Err(Fault::DelayDiffers(gate.id.clone()).at(At::Delay(i)));
        }
        scope.exprs(gate.when, At::Delay(i))?;
    }
    Ok(())
}

/// Marks a query as used: a handle can be started once.
fn take(scope: &Scope<'_>, used: &mut [bool], query: u16, at: At) -> Result<usize, VerifyError> {
    let index = tables::index("query", query, scope.plan.queries.len(), at)?;
    match used.get_mut(index) {
        Some(used) if !*used => *used = true,
        _ => return Err(Fault::UsedTwice { of: "query", index }.at(at)),
    }
    Ok(index)
}

fn entities(scope: &Scope<'_>, used: &mut [bool]) -> Result<(), VerifyError> {
    for (i, entity) in scope.program.entities.iter().enumerate() {
        let at = At::Entity(i);
        let index = take(scope, used, entity.query, at)?;
        let limit = scope.plan.queries.get(index).map(|query| query.limit);
        if limit != Some(Limit::Rows(1)) {
            return Err(Fault::EntityLimit.at(at));
        }
        scope.expr(entity.id, at)?;
        scope.writes([entity.slot], at)?;
        scope.place(entity.place, at)?;
    }
    Ok(())
}

fn steps(scope: &Scope<'_>, used: &mut [bool]) -> Result<(), VerifyError> {
    let mut ids = BTreeSet::new();
    for (i, step) in scope.program.steps.iter().enumerate() {
        let at = At::Step(i);
        tables::name("id", &step.id, at)?;
        tables::once(&mut ids, "step", &step.id, at)?;
        scope.place(step.place, at)?;
        scope.writes([step.slot], at)?;
        match step.source {
            Source::Query(query) => take(scope, used, query, at).map(|_| ())?,
            Source::List(list) => scope.expr(list, at)?,
        }
        tables::at_most("transforms", step.transforms.len(), TRANSFORMS_MAX, at)?;
        for (n, transform) in step.transforms.iter().enumerate() {
            check_transform(scope, transform, At::Transform { step: i, transform: n })?;
        }
    }
    Ok(())
}

fn check_transform(scope: &Scope<'_>, transform: &Transform, at: At) -> Result<(), VerifyError> {
    match transform {
        Transform::Filter { row, predicate } => {
            scope.writes([*row], at)?;
            scope.expr(*predicate, at)
        }
        Transform::Sort { row, keys } => {
            scope.writes([*row], at)?;
            tables::at_most("keys", keys.len(), KEYS_MAX, at)?;
            scope.exprs(keys.iter().map(|key| key.key), at)
        }
        Transform::Limit { offset, count, marks_truncated: _ } => {
            limits::range("`offset`", *offset, 0, OFFSET_MAX, at)?;
            limits::range("`count`", u64::from(*count), 0, TRANSFORM_ROWS_MAX as u64, at)
        }
        Transform::Group { row, keys, shape } => {
            check_keys(scope, *row, keys, at)?;
            scope.shape(*shape, keys.len() + 2, at)
        }
        Transform::Aggregate { row, keys, metrics, shape } => {
            check_keys(scope, *row, keys, at)?;
            check_metrics(scope, metrics, at)?;
            scope.shape(*shape, keys.len() + metrics.len(), at)
        }
        Transform::Join { row, left, with, other, right, keep_unmatched: _, name } => {
            check_keys(scope, *row, left, at)?;
            check_keys(scope, *other, right, at)?;
            tables::same_count("right keys", right.len(), left.len(), at)?;
            scope.expr(*with, at)?;
            tables::index("name", *name, scope.program.names.len(), at).map(|_| ())
        }
        Transform::Map { row, index, count, values, shape, keep: _ } => {
            scope.writes([*row, *index, *count], at)?;
            scope.exprs(values.iter().copied(), at)?;
            scope.shape(*shape, values.len(), at)
        }
    }
}

fn check_keys(scope: &Scope<'_>, row: Slot, keys: &[ExprId], at: At) -> Result<(), VerifyError> {
    scope.writes([row], at)?;
    tables::at_most("keys", keys.len(), KEYS_MAX, at)?;
    scope.exprs(keys.iter().copied(), at)
}

fn check_metrics(scope: &Scope<'_>, metrics: &[Metric], at: At) -> Result<(), VerifyError> {
    tables::at_most("metrics", metrics.len(), KEYS_MAX, at)?;
    metrics.iter().try_for_each(|metric| match metric.value {
        None if metric.op != MetricOp::Count => Err(Fault::MetricWithoutValue.at(at)),
        value => scope.exprs(value, at),
    })
}

/// Widgets and results: what the report is made of.
fn reports(scope: &Scope<'_>) -> Result<(), VerifyError> {
    let mut ids = BTreeSet::new();
    for (i, widget) in scope.program.widgets.iter().enumerate() {
        tables::name("id", &widget.id, At::Widget(i))?;
        tables::once(&mut ids, "widget", &widget.id, At::Widget(i))?;
        scope.expr(widget.data, At::Widget(i))?;
    }
    let mut ids = BTreeSet::new();
    for (i, result) in scope.program.results.iter().enumerate() {
        tables::name("id", &result.id, At::Result(i))?;
        tables::once(&mut ids, "result", &result.id, At::Result(i))?;
        let slots = usize::from(scope.program.slots);
        tables::index("slot", result.slot.0, slots, At::Result(i))?;
    }
    Ok(())
}
