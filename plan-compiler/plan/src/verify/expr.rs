//! Expressions: where they lie, what they point at, and what they do to the stack.
//!
//! Code runs forward only, so one pass follows all ways at once. Every op is reached by falling through, which makes
//! the depth of the stack a single number; at the target of a jump both ways must agree on it. Jumps nest, and the
//! code between a jump and its target leaves alone what lay under the value that was tested: so each op finds the
//! values that it was compiled for, whichever way was taken.

use alloc::vec::Vec;

use super::{At, Fault, VerifyError, tables};
use crate::{expr::Op, limits::STACK_MAX, program::Program, value::DEPTH_MAX};

/// Checks all expressions. They lie in `ops` one after the other, so this takes time linear in the code.
pub(super) fn check(program: &Program) -> Result<(), VerifyError> {
    let mut next = 0_usize;
    let mut rest = program.ops.as_slice();
    for (i, expr) in program.exprs.iter().enumerate() {
        let start = usize::try_from(expr.start).unwrap_or(usize::MAX);
        if start != next {
            return Err(Fault::NotContiguous { expected: next, found: start }.at(At::Expr(i)));
        }
        let len = usize::try_from(expr.len).unwrap_or(usize::MAX);
        let (code, after) = rest.split_at_checked(len).ok_or_else(|| {
            Fault::NoSuch { of: "op", index: start.saturating_add(len), len: program.ops.len() }.at(At::Expr(i))
        })?;
        Machine::new(program, i).run(code)?;
        (rest, next) = (after, start + len);
    }
    if rest.is_empty() {
        Ok(())
    } else {
        Err(Fault::NotContiguous { expected: program.ops.len(), found: next }.at(At::Program))
    }
}

/// The stack of an expression, with what is known of each value: how deeply its code nests lists and records.
struct Machine<'p> {
    program: &'p Program,
    expr: usize,
    stack: Vec<usize>,
    /// Jumps whose target is not reached yet, the innermost last.
    jumps: Vec<Jump>,
}

struct Jump {
    target: usize,
    /// Values on the stack when it is taken.
    depth: usize,
}

impl<'p> Machine<'p> {
    fn new(program: &'p Program, expr: usize) -> Self {
        Self { program, expr, stack: Vec::new(), jumps: Vec::new() }
    }

    fn run(mut self, code: &[Op]) -> Result<(), VerifyError> {
        for (pc, op) in code.iter().enumerate() {
            self.land(pc)?;
            match op {
                Op::OrElse(over) | Op::AndThen(over) => self.jump(pc, *over, code.len())?,
                _ => self.step(pc, *op)?,
            }
        }
        self.land(code.len())?;
        match self.stack.len() {
            1 => Ok(()),
            values => Err(Fault::Leaves(values).at(At::Expr(self.expr))),
        }
    }

    /// Ends the jumps that land here.
    fn land(&mut self, pc: usize) -> Result<(), VerifyError> {
        while let Some(jump) = self.jumps.pop_if(|jump| jump.target == pc) {
            if jump.depth != self.stack.len() {
                let fault = Fault::JoinDepth { jumped: jump.depth, fell: self.stack.len() };
                return Err(fault.at(At::Expr(self.expr)));
            }
        }
        Ok(())
    }

    fn jump(&mut self, pc: usize, over: u32, len: usize) -> Result<(), VerifyError> {
        let at = self.at(pc);
        let target = usize::try_from(over).unwrap_or(usize::MAX).saturating_add(pc + 1);
        if target > len {
            return Err(Fault::JumpOutside.at(at));
        }
        if self.jumps.last().is_some_and(|around| target > around.target) {
            return Err(Fault::JumpCrosses.at(at));
        }
        let depth = self.stack.len();
        self.pop(1, at)?;
        self.jumps.push(Jump { target, depth });
        Ok(())
    }

    fn step(&mut self, pc: usize, op: Op) -> Result<(), VerifyError> {
        let at = self.at(pc);
        self.operand(op, at)?;
        let takes = match op {
            Op::Literal(_) | Op::Slot(_) => 0,
            Op::Filter { args, .. } => usize::from(args) + 1,
            Op::Text(count) | Op::List(count) => usize::from(count),
            Op::Record(shape) => self.shape_len(shape, at)?,
            Op::Compare(_) => 2,
            _ => 1,
        };
        let inner = self.pop(takes, at)?;
        let nesting = match op {
            Op::List(_) | Op::Record(_) => inner + 1,
            // What a filter gives is a part of what it got, a scalar, or a list of strings.
            Op::Filter { .. } => inner.max(1),
            Op::Text(_) | Op::Compare(_) | Op::Matches(_) | Op::Exists | Op::Not => 0,
            _ => inner,
        };
        self.push(nesting, op, at)
    }

    /// Checks what an op points at.
    fn operand(&self, op: Op, at: At) -> Result<(), VerifyError> {
        let program = self.program;
        match op {
            Op::Literal(i) => tables::index("literal", i, program.literals.len(), at),
            Op::Slot(slot) => tables::index("slot", slot.0, usize::from(program.slots), at),
            Op::Member(i) => tables::index("name", i, program.names.len(), at),
            Op::Matches(i) => tables::index("regex", i, program.regexes.len(), at),
            Op::Record(i) => tables::index("shape", i, program.shapes.len(), at),
            _ => Ok(0),
        }
        .map(|_| ())
    }

    fn shape_len(&self, shape: u32, at: At) -> Result<usize, VerifyError> {
        let index = tables::index("shape", shape, self.program.shapes.len(), at)?;
        Ok(self.program.shapes.get(index).map_or(0, Vec::len))
    }

    /// Takes values that lie above what a jump around this place needs; gives the deepest nesting of them.
    fn pop(&mut self, count: usize, at: At) -> Result<usize, VerifyError> {
        let floor = self.jumps.last().map_or(0, |jump| jump.depth - 1);
        let left = self.stack.len().checked_sub(count).filter(|left| *left >= floor);
        let left = left.ok_or_else(|| Fault::StackUnderflow.at(at))?;
        Ok(self.stack.drain(left..).max().unwrap_or(0))
    }

    fn push(&mut self, nesting: usize, op: Op, at: At) -> Result<(), VerifyError> {
        if matches!(op, Op::List(_) | Op::Record(_)) && nesting > DEPTH_MAX {
            return Err(Fault::ValueDepth { max: DEPTH_MAX }.at(at));
        }
        self.stack.push(nesting);
        tables::at_most("values on the stack", self.stack.len(), STACK_MAX, at)
    }

    fn at(&self, op: usize) -> At {
        At::Op { expr: self.expr, op }
    }
}
