//! Postfix code as text that reads like the config.

use std::{collections::BTreeMap, rc::Rc};

use alcove_catalog::Catalog;
use alcove_plan::{
    expr::{ExprId, Filter, Op, Slot},
    plan::Plan,
    program::{Node, NodeKind, Program, Source, Transform, input_slot},
    value::{Value, to_json},
};

use super::form::Form;

/// What slots hold, as far as a plan shows it.
pub(super) struct Names<'p> {
    program: &'p Program,
    slots: BTreeMap<Slot, Named>,
}

/// A value by the name that the config has for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    text: String,
    form: Form,
}

/// A jump whose target is not reached yet.
struct Jump {
    target: usize,
    word: &'static str,
    left: Named,
}

impl<'p> Names<'p> {
    pub(super) fn new(plan: &Plan, program: &'p Program, catalog: &Catalog) -> Self {
        let mut names = Self { program, slots: BTreeMap::new() };
        let inputs = [
            (input_slot::NOW, "now"),
            (input_slot::TENANT_ID, "tenant_id"),
            (input_slot::APP_ID, "app_id"),
            (input_slot::EXECUTION_ID, "execution_id"),
            (input_slot::DELAY_ID, "delay.id"),
            (input_slot::DELAY_INDEX, "delay.index"),
        ];
        for (slot, text) in inputs {
            names.name(slot, Named::plain(text));
        }
        let event = program.event_shape.map_or(Form::Opaque, |shape| names.row(shape));
        names.name(input_slot::EVENT, Named { form: event, ..Named::plain("event") });
        for entity in &program.entities {
            let query = plan.queries.get(usize::from(entity.query));
            let connector = query.map_or("", |query| query.connector.as_str());
            let variable = catalog.entities().find(|known| known.connector == connector);
            let text = variable.map_or(connector, |known| known.name.as_str());
            let form = query.map_or(Form::Opaque, |query| Form::row(query.fields.clone()));
            names.name(entity.slot, Named { form, ..Named::plain(text) });
        }
        for step in &program.steps {
            let rows = match step.source {
                Source::Query(query) => {
                    let query = plan.queries.get(usize::from(query));
                    query.map_or(Form::Opaque, |query| Form::row(query.fields.clone()))
                }
                Source::List(list) => names.named(list).form.item(),
            };
            let rows = names.rows(&step.transforms, rows);
            let data = ("data".to_owned(), Form::List(Rc::new(rows)));
            let others = ["count", "truncated"].map(|name| (name.to_owned(), Form::Opaque));
            let form = Form::Row(Rc::new(std::iter::once(data).chain(others).collect()));
            names.name(step.slot, Named { form, ..Named::plain(&format!("steps.{}", step.id)) });
        }
        for node in &program.nodes {
            names.outputs(plan, node);
        }
        names
    }

    /// Names the slots that rows of transforms use, and gives the form of the rows after the last.
    fn rows(&mut self, transforms: &[Transform], mut rows: Form) -> Form {
        for transform in transforms {
            let row = Named { form: rows.clone(), ..Named::plain("item") };
            match transform {
                Transform::Filter { row: slot, .. } | Transform::Sort { row: slot, .. } => self.name(*slot, row),
                Transform::Limit { .. } => {}
                Transform::Group { row: slot, keys, shape } => {
                    self.name(*slot, row);
                    rows = self.row(*shape).with_cell(keys.len(), Form::List(Rc::new(rows)));
                }
                Transform::Aggregate { row: slot, shape, .. } => {
                    self.name(*slot, row);
                    rows = self.row(*shape);
                }
                Transform::Join { row: slot, with, other, name, .. } => {
                    let matched = self.named(*with).form.item();
                    let added = self.member(*name);
                    self.name(*slot, row);
                    self.name(*other, Named { form: matched.clone(), ..Named::plain(&added) });
                    rows = rows.and_cell(added, matched);
                }
                Transform::Map { row: slot, index, count, values, shape, keep } => {
                    self.name(*slot, row);
                    self.name(*index, Named::plain("loop.index"));
                    self.name(*count, Named::plain("loop.count"));
                    let names = self.shape(*shape).unwrap_or_default();
                    let forms = values.iter().map(|value| self.named(*value).form);
                    let built = names.into_iter().zip(forms);
                    rows = if *keep { rows.and_cells(built) } else { Form::Row(Rc::new(built.collect())) };
                }
            }
        }
        rows
    }

    fn outputs(&mut self, plan: &Plan, node: &Node) {
        match &node.kind {
            NodeKind::Effect { action, outputs: Some(slot), .. } => {
                let Some(action) = plan.actions.get(usize::from(*action)) else { return };
                let text = match &action.id {
                    Some(id) => format!("actions.{id}"),
                    None => "ai_result".to_owned(),
                };
                let form = Form::row(action.outputs.iter().map(|output| output.name.clone()).collect());
                self.name(*slot, Named { form, ..Named::plain(&text) });
            }
            NodeKind::Loop { items, item, index, count, .. } => {
                let form = self.named(*items).form.item();
                self.name(*item, Named { form, ..Named::plain("item") });
                self.name(*index, Named::plain("loop.index"));
                self.name(*count, Named::plain("loop.count"));
            }
            NodeKind::Effect { .. } | NodeKind::Branch { .. } => {}
        }
    }

    fn name(&mut self, slot: Slot, named: Named) {
        self.slots.insert(slot, named);
    }

    pub(super) fn shape(&self, shape: u32) -> Option<Vec<String>> {
        self.program.shapes.get(usize::try_from(shape).ok()?).cloned()
    }

    fn row(&self, shape: u32) -> Form {
        self.shape(shape).map_or(Form::Opaque, Form::row)
    }

    pub(super) fn member(&self, name: u32) -> String {
        let at = usize::try_from(name).unwrap_or(usize::MAX);
        self.program.names.get(at).cloned().unwrap_or_default()
    }

    /// An expression as text.
    pub(super) fn text(&self, id: ExprId) -> String {
        self.named(id).text
    }

    fn named(&self, id: ExprId) -> Named {
        let range = usize::try_from(id.0).ok().and_then(|at| self.program.exprs.get(at)).and_then(|expr| {
            let start = usize::try_from(expr.start).ok()?;
            Some(start..start.checked_add(usize::try_from(expr.len).ok()?)?)
        });
        let code = range.and_then(|range| self.program.ops.get(range)).unwrap_or_default();
        let mut stack: Vec<Named> = Vec::new();
        let mut jumps: Vec<Jump> = Vec::new();
        for (pc, op) in code.iter().enumerate() {
            land(&mut jumps, &mut stack, pc);
            match op {
                Op::AndThen(over) | Op::OrElse(over) => {
                    let target = pc.saturating_add(1).saturating_add(usize::try_from(*over).unwrap_or(usize::MAX));
                    let word = if matches!(op, Op::AndThen(_)) { "and" } else { "or" };
                    jumps.push(Jump { target, word, left: stack.pop().unwrap_or_default() });
                }
                op => {
                    let value = self.apply(*op, &mut stack);
                    stack.push(value);
                }
            }
        }
        land(&mut jumps, &mut stack, code.len());
        stack.pop().unwrap_or_default()
    }

    fn apply(&self, op: Op, stack: &mut Vec<Named>) -> Named {
        let mut pop = || stack.pop().unwrap_or_default();
        match op {
            Op::Literal(at) => {
                let value = usize::try_from(at).ok().and_then(|at| self.program.literals.get(at));
                Named::plain(&literal(value.map_or(&Value::Null, |literal| &literal.0)))
            }
            Op::Slot(slot) => self.slots.get(&slot).cloned().unwrap_or_else(|| Named::plain(&format!("${}", slot.0))),
            Op::Cell(position) => pop().cell(usize::from(position)),
            Op::Member(name) => Named::plain(&format!("{}.{}", pop().text, self.member(name))),
            Op::Index(index) => {
                let list = pop();
                Named { form: list.form.item(), ..Named::plain(&format!("{}[{index}]", list.text)) }
            }
            Op::Filter { filter, args } => {
                let args = take(stack, usize::from(args));
                let input = stack.pop().unwrap_or_default();
                let name = alcove_builtins::builtin(filter).name;
                let args: Vec<String> = args.iter().map(|arg| format!(":{}", arg.text)).collect();
                let args = args.concat();
                let form = match filter {
                    Filter::First | Filter::Last => input.form.item(),
                    Filter::Default => input.form,
                    _ => Form::Opaque,
                };
                Named { form, ..Named::plain(&format!("{} | {name}{args}", input.text)) }
            }
            Op::Text(count) => Named::plain(&format!("text({})", listed(&take(stack, usize::from(count))))),
            Op::List(count) => Named::plain(&format!("[{}]", listed(&take(stack, usize::from(count))))),
            Op::Record(shape) => {
                let names = self.shape(shape).unwrap_or_default();
                let values = take(stack, names.len());
                let members: Vec<String> =
                    names.iter().zip(&values).map(|(name, value)| format!("{name}: {}", value.text)).collect();
                let cells = names.into_iter().zip(values.into_iter().map(|value| value.form));
                let form = Form::Row(Rc::new(cells.collect()));
                Named { form, ..Named::plain(&format!("{{{}}}", members.join(", "))) }
            }
            Op::Compare(compare) => {
                let (right, left) = (pop(), pop());
                Named::plain(&format!("{} {} {}", left.text, compare.name(), right.text))
            }
            Op::Matches(regex) => {
                let pattern = usize::try_from(regex).ok().and_then(|at| self.program.regexes.get(at));
                Named::plain(&format!("{} regex /{}/", pop().text, pattern.map_or("", String::as_str)))
            }
            Op::Exists => Named::plain(&format!("{} exists", pop().text)),
            Op::Not => Named::plain(&format!("not ({})", pop().text)),
            Op::EscapeHtml => Named::plain(&format!("html({})", pop().text)),
            Op::EscapeUrl => Named::plain(&format!("url({})", pop().text)),
            Op::Cast(_) | Op::AndThen(_) | Op::OrElse(_) => pop(),
        }
    }
}

impl Named {
    fn plain(text: &str) -> Self {
        Self { text: cut(text), form: Form::Opaque }
    }

    fn cell(self, position: usize) -> Self {
        let cell = match self.form {
            Form::Row(cells) => cells.get(position).cloned(),
            Form::Opaque | Form::List(_) => None,
        };
        let (name, form) = cell.unwrap_or_else(|| (format!("#{position}"), Form::Opaque));
        Self { form, ..Self::plain(&format!("{}.{name}", self.text)) }
    }
}

fn land(jumps: &mut Vec<Jump>, stack: &mut Vec<Named>, pc: usize) {
    while let Some(jump) = jumps.pop_if(|jump| jump.target == pc) {
        let right = stack.pop().unwrap_or_default();
        stack.push(Named::plain(&format!("({} {} {})", jump.left.text, jump.word, right.text)));
    }
}

/// Texts of untrusted plans stay small, however long their code is.
fn cut(text: &str) -> String {
    /// Characters that a reader may still want.
    const CHARS_MAX: usize = 500;
    match text.char_indices().nth(CHARS_MAX) {
        None => text.to_owned(),
        Some((at, _)) => text.get(..at).unwrap_or_default().chars().chain(['…']).collect(),
    }
}

fn take(stack: &mut Vec<Named>, count: usize) -> Vec<Named> {
    stack.split_off(stack.len().saturating_sub(count))
}

fn listed(values: &[Named]) -> String {
    values.iter().map(|value| value.text.as_str()).collect::<Vec<_>>().join(", ")
}

/// A constant as JSON; timestamps as RFC 3339 in quotes.
pub(super) fn literal(value: &Value) -> String {
    let mut text = String::new();
    to_json(value, &mut text);
    text
}
