//! What connectors do, and what the sandbox does with their rows.

use alcove_plan::{
    plan::Plan,
    program::{MetricOp, Program, QueryCall, Source, Transform},
    query::{FilterNode, Limit, Operand, Query},
};
use serde::Serialize;

use super::expression::{Names, literal};

/// One query, as it is handed to its connector.
#[derive(Clone, Debug, Serialize)]
pub struct QueryPlan {
    /// The connector.
    pub connector: String,
    /// The fields that are read.
    pub fields: Vec<String>,
    /// The filter, as text; none for all rows.
    pub filter: Option<String>,
    /// The order.
    pub sort: Vec<String>,
    /// Rows left out at the beginning.
    pub offset: u32,
    /// How many rows at most.
    pub limit: String,
}

/// One row that the event names.
#[derive(Clone, Debug, Serialize)]
pub struct EntityPlan {
    /// Where it is used first: a JSON pointer.
    pub place: String,
    /// Its query.
    pub query: QueryPlan,
}

/// One step.
#[derive(Clone, Debug, Serialize)]
pub struct StepPlan {
    /// Its id.
    pub id: String,
    /// Where it stands: a JSON pointer.
    pub place: String,
    /// What is pushed down; none for a step over rows that are there.
    pub pushed_down: Option<QueryPlan>,
    /// The list that it begins with, where there is no query.
    pub from: Option<String>,
    /// What runs in the sandbox, in order.
    pub sandbox: Vec<String>,
}

pub(super) fn entities(plan: &Plan, program: &Program, names: &Names<'_>) -> Vec<EntityPlan> {
    let explained = program.entities.iter().filter_map(|entity| {
        let query = query(plan, program, entity.query, names)?;
        Some(EntityPlan { place: plan.place(entity.place).to_owned(), query })
    });
    explained.collect()
}

pub(super) fn steps(plan: &Plan, program: &Program, names: &Names<'_>) -> Vec<StepPlan> {
    let explained = program.steps.iter().map(|step| {
        let (pushed_down, from) = match step.source {
            Source::Query(index) => (query(plan, program, index, names), None),
            Source::List(list) => (None, Some(names.text(list))),
        };
        let sandbox = step.transforms.iter().map(|transform| transform_text(transform, names)).collect();
        StepPlan { id: step.id.clone(), place: plan.place(step.place).to_owned(), pushed_down, from, sandbox }
    });
    explained.collect()
}

fn query(plan: &Plan, program: &Program, index: u16, names: &Names<'_>) -> Option<QueryPlan> {
    let query = plan.queries.get(usize::from(index))?;
    let call = program.queries.get(usize::from(index))?;
    Some(QueryPlan {
        connector: query.connector.clone(),
        fields: query.fields.clone(),
        filter: filter_text(query, call, names),
        sort: query.sort.iter().map(|key| ordered(&key.field, key.descending)).collect(),
        offset: query.offset,
        limit: match query.limit {
            Limit::Rows(rows) => rows.to_string(),
            Limit::Default(rows) => format!("{rows}, the connector's default"),
            Limit::All => "all, page by page".to_owned(),
        },
    })
}

fn filter_text(query: &Query, call: &QueryCall, names: &Names<'_>) -> Option<String> {
    let mut stack: Vec<String> = Vec::new();
    for node in &query.filter {
        let text = match node {
            FilterNode::Test { field, op, operand } => {
                let operand = match operand {
                    Operand::Literal(value) => literal(&value.0),
                    Operand::Hole(hole) => {
                        call.args.get(usize::from(*hole)).map_or_else(String::new, |arg| names.text(*arg))
                    }
                };
                format!("{field} {} {operand}", op.name())
            }
            FilterNode::Exists { field } => format!("{field} exists"),
            FilterNode::Not => format!("not ({})", stack.pop().unwrap_or_default()),
            FilterNode::And(count) => joined(&mut stack, *count, " and ", "true"),
            FilterNode::Or(count) => joined(&mut stack, *count, " or ", "false"),
        };
        stack.push(text);
    }
    stack.pop()
}

fn joined(stack: &mut Vec<String>, count: u16, word: &str, of_none: &str) -> String {
    let parts = stack.split_off(stack.len().saturating_sub(usize::from(count)));
    if parts.is_empty() { of_none.to_owned() } else { format!("({})", parts.join(word)) }
}

fn ordered(key: &str, descending: bool) -> String {
    if descending { format!("{key} desc") } else { format!("{key} asc") }
}

pub(super) fn transform_text(transform: &Transform, names: &Names<'_>) -> String {
    let keys =
        |keys: &[alcove_plan::expr::ExprId]| keys.iter().map(|key| names.text(*key)).collect::<Vec<_>>().join(", ");
    match transform {
        Transform::Filter { predicate, .. } => format!("filter {}", names.text(*predicate)),
        Transform::Sort { keys, .. } => {
            let keys: Vec<String> = keys.iter().map(|by| ordered(&names.text(by.key), by.descending)).collect();
            format!("sort by {}", keys.join(", "))
        }
        Transform::Limit { offset: 0, count, .. } => format!("limit {count}"),
        Transform::Limit { offset, count, .. } => format!("limit {count} after {offset}"),
        Transform::Group { keys: by, .. } => format!("group by {}", keys(by)),
        Transform::Aggregate { keys: by, metrics, shape, .. } => {
            let shape = names.shape(*shape).unwrap_or_default();
            let metrics: Vec<String> = shape
                .iter()
                .skip(by.len())
                .zip(metrics)
                .map(|(name, metric)| {
                    let value = metric.value.map_or_else(|| "rows".to_owned(), |value| names.text(value));
                    format!("{name} = {}({value})", metric_name(metric.op))
                })
                .collect();
            let by = if by.is_empty() { String::new() } else { format!(" by {}", keys(by)) };
            format!("aggregate {}{by}", metrics.join(", "))
        }
        Transform::Join { left, with, right, keep_unmatched, name, .. } => {
            let kind = if *keep_unmatched { "left join" } else { "join" };
            format!("{kind} {} as {} on {} = {}", names.text(*with), names.member(*name), keys(left), keys(right))
        }
        Transform::Map { values, shape, keep, .. } => {
            let shape = names.shape(*shape).unwrap_or_default();
            let members: Vec<String> =
                shape.iter().zip(values).map(|(name, value)| format!("{name} = {}", names.text(*value))).collect();
            let kept = if *keep { "the row, " } else { "" };
            format!("map to {kept}{}", members.join(", "))
        }
    }
}

fn metric_name(op: MetricOp) -> &'static str {
    match op {
        MetricOp::Count => "count",
        MetricOp::Sum => "sum",
        MetricOp::Avg => "avg",
        MetricOp::Min => "min",
        MetricOp::Max => "max",
        MetricOp::First => "first",
        MetricOp::Last => "last",
    }
}
