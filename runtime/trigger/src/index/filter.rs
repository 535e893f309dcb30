//! A trigger's filter without the rest of its program: what an idle app costs in memory.

use alcove_plan::codec::Input;
use alcove_plan::{
    expr::{Expr, ExprId, Op},
    program::{Program, input_slot},
    value::{Timestamp, Value},
};

use super::predicate::{Test, necessary};

/// Why a program's filter cannot be cut out: the program was not verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the program's filter names something that the program does not have")]
pub struct FilterError;

/// A compiled filter: a program of one expression, and what an event must hold for it to be true.
#[derive(Clone, Debug)]
pub struct Filter {
    program: Box<Program>,
    necessary: Option<Test>,
}

impl Filter {
    /// The filter of a verified program; `None` where it lets every event through.
    pub fn cut(program: &Program) -> Result<Option<Self>, FilterError> {
        let Some(id) = program.filter else { return Ok(None) };
        let expr = at(&program.exprs, id.0)?;
        let from = usize::try_from(expr.start).map_err(|_| FilterError)?;
        let len = usize::try_from(expr.len).map_err(|_| FilterError)?;
        let code = from.checked_add(len).and_then(|to| program.ops.get(from..to)).ok_or(FilterError)?;
        let mut cut = Program {
            slots: input_slot::FIRST_FREE.0,
            exprs: vec![Expr { start: 0, len: expr.len }],
            filter: Some(ExprId(0)),
            ..Program::default()
        };
        if let Some(shape) = program.event_shape {
            cut.shapes.push(at(&program.shapes, shape)?.clone());
            cut.event_shape = Some(0);
        }
        let ops: Result<Vec<Op>, FilterError> = code.iter().map(|op| moved(*op, program, &mut cut)).collect();
        cut.ops = ops?;
        let necessary = necessary(&cut);
        for table in [&mut cut.names, &mut cut.regexes] {
            table.shrink_to_fit();
        }
        cut.literals.shrink_to_fit();
        cut.shapes.shrink_to_fit();
        Ok(Some(Self { program: Box::new(cut), necessary }))
    }

    /// Whether the filter lets an event through.
    ///
    /// A filter that fails on the event lets it through: the run that it makes fails for the same reason, where people
    /// look for failures; an event that is left out is seen by nobody.
    pub(super) fn passes(&self, input: &Input) -> bool {
        alcove_executor::matches(&self.program, input).unwrap_or(true)
    }

    /// A test without which the filter is not true; see [`necessary`].
    pub(super) fn necessary(&self) -> Option<&Test> {
        self.necessary.as_ref()
    }
}

/// What filters are evaluated on. They read the event and nothing else, so that nothing else is filled in.
pub(super) fn input(event: &Value, now: Timestamp) -> Input {
    Input {
        now,
        tenant_id: String::new(),
        app_id: String::new(),
        execution_id: String::new(),
        delay: None,
        zone: None,
        event: event.clone(),
    }
}

/// The op for the smaller program, into whose tables goes what it names.
fn moved(op: Op, from: &Program, to: &mut Program) -> Result<Op, FilterError> {
    Ok(match op {
        Op::Literal(i) => Op::Literal(carry(&from.literals, i, &mut to.literals)?),
        Op::Member(i) => Op::Member(carry(&from.names, i, &mut to.names)?),
        Op::Matches(i) => Op::Matches(carry(&from.regexes, i, &mut to.regexes)?),
        Op::Record(i) => Op::Record(carry(&from.shapes, i, &mut to.shapes)?),
        other => other,
    })
}

/// Copies an entry of a table, unless it is there already; its new index.
fn carry<T: Clone + PartialEq>(from: &[T], index: u32, to: &mut Vec<T>) -> Result<u32, FilterError> {
    let entry = at(from, index)?;
    let known = to.iter().position(|known| known == entry);
    let position = known.unwrap_or_else(|| {
        to.push(entry.clone());
        to.len() - 1
    });
    u32::try_from(position).map_err(|_| FilterError)
}

fn at<T>(table: &[T], index: u32) -> Result<&T, FilterError> {
    usize::try_from(index).ok().and_then(|index| table.get(index)).ok_or(FilterError)
}
