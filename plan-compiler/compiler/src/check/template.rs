//! Values of the config: literals, lists, objects, templates and the filters in them.

use alcove_plan::value::Value;

use crate::{
    checked::{Base, Column, Expr, Ty},
    codes::Code,
    source::Loc,
    syntax::{Arg, FilterCall, Pipe, Template, TemplatePart, ValueExpr, ValueKind},
};

use super::{Checker, Typed, at};

/// Filters of one placeholder.
const FILTERS_MAX: usize = 32;
/// Items of a list, or members of an object, of which some are computed.
const COMPUTED_ITEMS_MAX: usize = 500;

/// How values are escaped inside a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    None,
    Html,
    Url,
}

impl Checker<'_> {
    /// A value with its own type.
    pub(super) fn value(&mut self, value: &ValueExpr) -> Option<Typed> {
        let literal = |value: Value, base: Base| Some(Typed { expr: Expr::Literal(value), ty: Ty::of(base) });
        match &value.kind {
            ValueKind::Invalid => None,
            ValueKind::Null => Some(Typed { expr: Expr::Literal(Value::Null), ty: Ty::any() }),
            ValueKind::Bool(flag) => literal(Value::Bool(*flag), Base::Bool),
            ValueKind::Int(n) => literal(Value::Int(*n), Base::Int),
            ValueKind::Num(n) => literal(Value::Num(*n), Base::Num),
            ValueKind::Text(text) => literal(Value::str(text.as_str()), Base::Str),
            ValueKind::Template(template) => self.template(template, &value.loc, Escape::None),
            ValueKind::List(items) => self.list(items, &value.loc),
            ValueKind::Object(members) => {
                let values: Vec<Option<Typed>> = members.iter().map(|(_, value)| self.value(value)).collect();
                let values: Vec<Typed> = values.into_iter().collect::<Option<_>>()?;
                self.few_enough(&values, &value.loc)?;
                let names = members.iter().map(|(name, _)| name.value.clone());
                let columns =
                    names.clone().zip(&values).map(|(name, v)| Column::declared(name, v.ty.clone())).collect();
                let tainted = values.iter().any(|value| value.ty.tainted);
                let ty = Ty::of(Base::Row(self.layouts.fixed(columns))).tainted_if(tainted);
                let members = names.zip(values.into_iter().map(|value| value.expr)).collect();
                Some(Typed { expr: Expr::record(members), ty })
            }
        }
    }

    fn list(&mut self, items: &[ValueExpr], loc: &Loc) -> Option<Typed> {
        let values: Vec<Option<Typed>> = items.iter().map(|item| self.value(item)).collect();
        let values: Vec<Typed> = values.into_iter().collect::<Option<_>>()?;
        self.few_enough(&values, loc)?;
        let types = values.iter().map(|value| value.ty.clone());
        let item = types.reduce(Ty::join).unwrap_or_else(Ty::any);
        let ty = Ty::list(item.clone()).tainted_if(item.tainted);
        Some(Typed { expr: Expr::list(values.into_iter().map(|value| value.expr).collect()), ty })
    }

    /// Reports more values than a plan can put together at a time.
    fn few_enough(&mut self, values: &[Typed], loc: &Loc) -> Option<()> {
        let constant = values.iter().all(|value| value.expr.as_literal().is_some());
        (constant || self.at_most("values, some with placeholders,", values.len(), COMPUTED_ITEMS_MAX, loc))
            .then_some(())
    }

    /// A string with placeholders. One placeholder alone keeps its type.
    pub(super) fn template(&mut self, template: &Template, loc: &Loc, escape: Escape) -> Option<Typed> {
        if let ([TemplatePart::Placeholder(pipe)], Escape::None) = (template.parts.as_slice(), escape) {
            return self.pipe(pipe, loc);
        }
        let mut tainted = false;
        let mut parts = Vec::new();
        let mut whole = true;
        for part in &template.parts {
            match part {
                TemplatePart::Text(text) => parts.push(Expr::Literal(Value::str(text.as_str()))),
                TemplatePart::Placeholder(pipe) => match self.pipe(pipe, loc) {
                    None => whole = false,
                    Some(value) => {
                        self.layouts.mark_whole(&value.ty);
                        tainted |= value.ty.tainted;
                        parts.push(match escape {
                            Escape::None => value.expr,
                            Escape::Html => Expr::EscapeHtml(Box::new(value.expr)),
                            Escape::Url => Expr::EscapeUrl(Box::new(value.expr)),
                        });
                    }
                },
            }
        }
        whole.then(|| Typed { expr: Expr::Text(parts), ty: Ty::of(Base::Str).tainted_if(tainted) })
    }

    fn pipe(&mut self, pipe: &Pipe, loc: &Loc) -> Option<Typed> {
        if !self.at_most("filters", pipe.filters.len(), FILTERS_MAX, &at(pipe.span, &loc.pointer)) {
            return None;
        }
        let guarded = pipe.filters.first().is_some_and(|call| call.name == "default");
        let value = self.arg(&pipe.head, loc, guarded);
        let known = pipe.filters.iter().filter(|call| self.known_filter(call, loc)).count() == pipe.filters.len();
        let value = value.filter(|_| known)?;
        pipe.filters.iter().try_fold(value, |value, call| self.filter(value, call, loc))
    }

    fn known_filter(&mut self, call: &FilterCall, loc: &Loc) -> bool {
        if alcove_builtins::by_name(&call.name).is_some() {
            return true;
        }
        let names: Vec<&str> = alcove_builtins::ALL.iter().map(|builtin| builtin.name).collect();
        let message = format!("there is no template filter `{}`", call.name);
        self.unknown(Code::UnknownFilter, &at(call.name_span, &loc.pointer), message, &call.name, &names);
        false
    }

    fn filter(&mut self, input: Typed, call: &FilterCall, loc: &Loc) -> Option<Typed> {
        let builtin = alcove_builtins::by_name(&call.name)?;
        let args: Vec<Option<Typed>> = call.args.iter().map(|arg| self.arg(arg, loc, false)).collect();
        let args: Vec<Typed> = args.into_iter().collect::<Option<_>>()?;
        let ty = self.filter_type(builtin, &input.ty, &args, &at(call.name_span, &loc.pointer))?;
        let tainted = input.ty.tainted || args.iter().any(|arg| arg.ty.tainted);
        let operands = std::iter::once(input.expr).chain(args.into_iter().map(|arg| arg.expr)).collect();
        Some(Typed { expr: Expr::Filter { filter: builtin.filter, operands }, ty: ty.tainted_if(tainted) })
    }

    fn arg(&mut self, arg: &Arg, loc: &Loc, guarded: bool) -> Option<Typed> {
        let (value, base) = match arg {
            Arg::Text(text, _) => (Value::str(text.as_str()), Base::Str),
            Arg::Int(n, _) => (Value::Int(*n), Base::Int),
            Arg::Num(n, _) => (Value::Num(*n), Base::Num),
            Arg::Bool(flag, _) => (Value::Bool(*flag), Base::Bool),
            Arg::Null(_) => return Some(Typed { expr: Expr::Literal(Value::Null), ty: Ty::any() }),
            Arg::Path(path) => {
                self.counted.extend(path.counted_step().map(str::to_owned));
                return self.path(path, &loc.pointer, guarded);
            }
        };
        Some(Typed { expr: Expr::Literal(value), ty: Ty::of(base) })
    }
}
