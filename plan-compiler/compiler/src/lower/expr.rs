//! Expressions to postfix code.

use alcove_plan::{
    expr::{self, ExprId, Op, Slot},
    value::Value,
};

use crate::checked::{Expr, LayoutId};

use super::Lowering;

/// Parts of a text that are joined at a time, so that the stack stays small.
const TEXT_PARTS_MAX: usize = 256;

impl Lowering<'_> {
    /// Code that leaves the value of an expression.
    pub(super) fn expr(&mut self, expr: &Expr) -> ExprId {
        let code = self.code(expr);
        let program = &mut self.program;
        let id = ExprId(count(program.exprs.len()));
        program.exprs.push(expr::Expr { start: count(program.ops.len()), len: count(code.len()) });
        program.ops.extend(code);
        id
    }

    fn code(&mut self, expr: &Expr) -> Vec<Op> {
        let mut ops = Vec::new();
        self.emit(expr, &mut ops);
        ops
    }

    fn emit(&mut self, expr: &Expr, ops: &mut Vec<Op>) {
        match expr {
            Expr::Literal(value) => ops.push(Op::Literal(self.tables.literal(value))),
            Expr::Var(var) => ops.push(Op::Slot(self.slots.get(var).copied().unwrap_or(Slot(u16::MAX)))),
            Expr::Column { base, layout, name } => {
                let op = self.column(*layout, name);
                self.unary(base, op, ops);
            }
            Expr::Member { base, name } => {
                let op = Op::Member(self.tables.name(name));
                self.unary(base, op, ops);
            }
            Expr::Index { base, index } => self.unary(base, Op::Index(*index), ops),
            Expr::Filter { filter, operands } => {
                for operand in operands {
                    self.emit(operand, ops);
                }
                let args = u8::try_from(operands.len().saturating_sub(1)).unwrap_or(u8::MAX);
                ops.push(Op::Filter { filter: *filter, args });
            }
            Expr::Text(parts) => self.text(parts, ops),
            Expr::EscapeHtml(value) => self.unary(value, Op::EscapeHtml, ops),
            Expr::EscapeUrl(value) => self.unary(value, Op::EscapeUrl, ops),
            Expr::Compare { op, left, right } => {
                self.emit(left, ops);
                self.emit(right, ops);
                ops.push(Op::Compare(*op));
            }
            Expr::Matches { value, pattern } => {
                let op = Op::Matches(self.tables.regex(pattern));
                self.unary(value, op, ops);
            }
            Expr::Exists(value) => self.unary(value, Op::Exists, ops),
            Expr::Not(value) => self.unary(value, Op::Not, ops),
            Expr::All(parts) => self.chain(parts, true, Op::AndThen, ops),
            Expr::Any(parts) => self.chain(parts, false, Op::OrElse, ops),
            Expr::List(items) => {
                for item in items {
                    self.emit(item, ops);
                }
                ops.push(Op::List(u16::try_from(items.len()).unwrap_or(u16::MAX)));
            }
            Expr::Record(members) => {
                for (_, value) in members {
                    self.emit(value, ops);
                }
                let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
                ops.push(Op::Record(self.tables.shape(&names)));
            }
            Expr::Cast { ty, value } => self.unary(value, Op::Cast(*ty), ops),
        }
    }

    fn unary(&mut self, operand: &Expr, op: Op, ops: &mut Vec<Op>) {
        self.emit(operand, ops);
        ops.push(op);
    }

    /// Columns are found by position; by name only where one replaced another.
    fn column(&mut self, layout: LayoutId, name: &str) -> Op {
        let position = if self.layouts.by_name(layout) { None } else { self.layouts.position(layout, name) };
        match position.and_then(|position| u16::try_from(position).ok()) {
            Some(position) => Op::Cell(position),
            None => Op::Member(self.tables.name(name)),
        }
    }

    fn text(&mut self, parts: &[Expr], ops: &mut Vec<Op>) {
        let mut joined = 0;
        for chunk in parts.chunks(TEXT_PARTS_MAX) {
            for part in chunk {
                self.emit(part, ops);
            }
            ops.push(Op::Text(u16::try_from(chunk.len() + joined).unwrap_or(u16::MAX)));
            joined = 1;
        }
    }

    /// `and` and `or`: each part but the last jumps to the end if it decides.
    fn chain(&mut self, parts: &[Expr], of_none: bool, jump: fn(u32) -> Op, ops: &mut Vec<Op>) {
        if parts.is_empty() {
            ops.push(Op::Literal(self.tables.literal(&Value::Bool(of_none))));
        }
        let mut codes: Vec<Vec<Op>> = parts.iter().map(|part| self.code(part)).collect();
        let mut behind = 0;
        for (from_end, code) in codes.iter_mut().rev().enumerate() {
            if from_end > 0 {
                code.push(jump(count(behind)));
            }
            behind += code.len();
        }
        ops.extend(codes.into_iter().flatten());
    }
}

/// The verifier refuses plans long before a number does not fit.
pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
