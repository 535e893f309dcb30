//! A plan as it is: every table, every op.

use std::fmt::{self, Write as _};

use alcove_plan::{
    action::ParamValue,
    expr::{ExprId, Op},
    plan::Plan,
    program::{NodeKind, Program, Source},
};

use super::expression::literal;

/// A plan as text: readable, stable, complete enough to compare two plans by eye.
pub fn disassemble(plan: &Plan, program: &Program) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let written = write(&mut out, plan, program);
    debug_assert!(written.is_ok());
    out
}

fn write(out: &mut String, plan: &Plan, program: &Program) -> fmt::Result {
    writeln!(out, "plan {:?} version {:?} builtins {}", plan.name, plan.version, plan.builtins_version)?;
    writeln!(out, "trigger {:?}", plan.trigger)?;
    writeln!(out, "settings {:?}", plan.settings)?;
    queries(out, plan, program)?;
    actions(out, plan, program)?;
    writeln!(out, "slots {}", program.slots)?;
    if let Some(shape) = program.event_shape {
        writeln!(out, "event shape {shape}")?;
    }
    if let Some(filter) = program.filter {
        writeln!(out, "filter {}", expr(filter))?;
    }
    for (i, delay) in program.delays.iter().enumerate() {
        writeln!(out, "delay {i} {} when {}", delay.id, optional(delay.when))?;
    }
    for (i, entity) in program.entities.iter().enumerate() {
        writeln!(out, "entity {i} = query {} id {} -> ${}", entity.query, expr(entity.id), entity.slot.0)?;
    }
    for step in &program.steps {
        let source = match step.source {
            Source::Query(query) => format!("query {query}"),
            Source::List(list) => format!("list {}", expr(list)),
        };
        writeln!(out, "step {} = {source} -> ${}", step.id, step.slot.0)?;
        step.transforms.iter().try_for_each(|transform| writeln!(out, "  {transform:?}"))?;
    }
    blocks(out, plan, program)?;
    for widget in &program.widgets {
        writeln!(out, "widget {} = {}", widget.id, expr(widget.data))?;
    }
    for result in &program.results {
        writeln!(out, "result {} = ${}", result.id, result.slot.0)?;
    }
    tables(out, program)
}

fn queries(out: &mut String, plan: &Plan, program: &Program) -> fmt::Result {
    for (i, (query, call)) in plan.queries.iter().zip(&program.queries).enumerate() {
        writeln!(out, "query {i} {} at {:?}", query.connector, plan.place(query.place))?;
        writeln!(out, "  fields {}", query.fields.join(" "))?;
        query.filter.iter().try_for_each(|node| writeln!(out, "  filter {node:?}"))?;
        query.sort.iter().try_for_each(|key| writeln!(out, "  sort {} descending {}", key.field, key.descending))?;
        writeln!(out, "  offset {} limit {:?}", query.offset, query.limit)?;
        for (hole, arg) in query.holes.iter().zip(&call.args) {
            writeln!(out, "  hole {} nullable {} <- {}", hole.ty, hole.nullable, expr(*arg))?;
        }
    }
    Ok(())
}

fn actions(out: &mut String, plan: &Plan, program: &Program) -> fmt::Result {
    for (i, (action, call)) in plan.actions.iter().zip(&program.actions).enumerate() {
        writeln!(out, "action {i} {} at {:?}", action.name, plan.place(action.place))?;
        let mut args = call.args.iter();
        for param in &action.params {
            let path = param.path.join(".");
            match &param.value {
                ParamValue::Literal(value) => writeln!(out, "  {path} = {}", literal(&value.0))?,
                ParamValue::Hole(hole) => {
                    let arg = optional(args.next().copied());
                    writeln!(out, "  {path}: {} nullable {} <- {arg}", hole.ty, hole.nullable)?;
                }
            }
        }
        let (loops, recover) = (&action.loops, action.recover_depth);
        writeln!(out, "  loops {loops:?} recover {recover} behind approval {}", action.behind_approval)?;
    }
    Ok(())
}

fn blocks(out: &mut String, plan: &Plan, program: &Program) -> fmt::Result {
    for (i, block) in program.blocks.iter().enumerate() {
        writeln!(out, "block {i}")?;
        let start = usize::try_from(block.start).unwrap_or(usize::MAX);
        let len = usize::try_from(block.len).unwrap_or(usize::MAX);
        for node in program.nodes.iter().skip(start).take(len) {
            let kind = match &node.kind {
                NodeKind::Effect { action, outputs, on_failure, deferrable } => {
                    let outputs = outputs.map_or_else(String::new, |slot| format!(" -> ${}", slot.0));
                    let handler = on_failure.map_or_else(String::new, |block| format!(" else block {}", block.0));
                    format!("effect {action}{outputs}{handler} deferrable {deferrable}")
                }
                NodeKind::Loop { items, item, items_max, locals, body, continue_on_error, .. } => format!(
                    "loop ${} in {} max {items_max:?} locals ${}..${} block {} continue {continue_on_error}",
                    item.0,
                    expr(*items),
                    locals.0.0,
                    locals.1.0,
                    body.0
                ),
                NodeKind::Branch { condition, then, otherwise } => {
                    format!("branch {} block {} else block {}", expr(*condition), then.0, otherwise.0)
                }
            };
            writeln!(out, "  {kind} when {} at {:?}", optional(node.when), plan.place(node.place))?;
        }
    }
    Ok(())
}

fn tables(out: &mut String, program: &Program) -> fmt::Result {
    for (i, shape) in program.shapes.iter().enumerate() {
        writeln!(out, "shape {i} {}", shape.join(" "))?;
    }
    for (i, value) in program.literals.iter().enumerate() {
        writeln!(out, "literal {i} {}", literal(&value.0))?;
    }
    for (i, name) in program.names.iter().enumerate() {
        writeln!(out, "name {i} {name}")?;
    }
    for (i, regex) in program.regexes.iter().enumerate() {
        writeln!(out, "regex {i} {regex}")?;
    }
    for (i, code) in program.exprs.iter().enumerate() {
        let start = usize::try_from(code.start).unwrap_or(usize::MAX);
        let len = usize::try_from(code.len).unwrap_or(usize::MAX);
        let ops: Vec<String> = program.ops.iter().skip(start).take(len).map(|op| op_text(*op)).collect();
        writeln!(out, "e{i}: {}", ops.join("; "))?;
    }
    Ok(())
}

fn op_text(op: Op) -> String {
    match op {
        Op::Slot(slot) => format!("${}", slot.0),
        Op::Literal(at) => format!("literal {at}"),
        Op::Cell(at) => format!("cell {at}"),
        Op::Filter { filter, args } => format!("{} {args}", alcove_builtins::builtin(filter).name),
        other => format!("{other:?}").to_lowercase(),
    }
}

fn expr(id: ExprId) -> String {
    format!("e{}", id.0)
}

fn optional(id: Option<ExprId>) -> String {
    id.map_or_else(|| "-".to_owned(), expr)
}
