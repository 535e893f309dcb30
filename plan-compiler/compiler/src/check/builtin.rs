//! The type of what a template filter gives.

use alcove_builtins::{ArgType, Builtin, SignatureError};
use alcove_plan::{expr::Filter, value::Value};

use crate::{
    checked::{Base, Ty},
    codes::Code,
    source::Loc,
};

use super::{Checker, Typed};

impl Checker<'_> {
    /// The type of `input | builtin:args`, or `None` where the filter does not fit, which is reported.
    pub(super) fn filter_type(&mut self, builtin: &Builtin, input: &Ty, args: &[Typed], loc: &Loc) -> Option<Ty> {
        let arg_types: Vec<ArgType> = args.iter().map(arg_type).collect();
        let checked = match builtin.signature.check(input.to_plan(), &arg_types) {
            Ok(ty) => ty,
            Err(error) => {
                let code = match error {
                    SignatureError::Input { .. } => Code::TypeMismatch,
                    _ => Code::InvalidFilterArgument,
                };
                self.report(code, loc, format!("`{}` {error}", builtin.name));
                return None;
            }
        };
        match builtin.filter {
            Filter::First | Filter::Last => return Some(input.item().unwrap_or_else(Ty::any).or_null()),
            Filter::Default => return Some(with_default(input, args.first()?)),
            Filter::Map => return self.mapped(input, args.first()?, loc),
            Filter::Length => {}
            _ => {
                self.layouts.mark_whole(input);
                for arg in args {
                    self.layouts.mark_whole(&arg.ty);
                }
            }
        }
        let ty = Ty::from_plan(checked, false);
        let may_be_null = matches!(builtin.filter, Filter::DividedBy | Filter::Modulo)
            || ty.is_any()
            || input.nullable
            || args.iter().any(|arg| arg.ty.nullable);
        Some(ty.or_null_if(may_be_null))
    }

    fn mapped(&mut self, input: &Ty, field: &Typed, loc: &Loc) -> Option<Ty> {
        let item = input.item().unwrap_or_else(Ty::any);
        let (Base::Row(layout), Some(Value::Str(name))) = (&item.base, field.expr.as_literal()) else {
            self.layouts.mark_whole(input);
            return Some(Ty::list(Ty::any()).or_null_if(input.nullable));
        };
        let layout = *layout;
        let Some(column) = self.layouts.column(layout, name).filter(|column| column.declared) else {
            self.unknown_field(layout, name, loc);
            return None;
        };
        let member = column.ty.clone().or_null_if(item.nullable);
        self.layouts.mark(layout, name);
        Some(Ty::list(member).or_null_if(input.nullable))
    }
}

fn arg_type(arg: &Typed) -> ArgType {
    match arg.expr.as_literal() {
        Some(value) => ArgType::literal(value.clone()),
        None => ArgType::path(arg.ty.to_plan()),
    }
}

fn with_default(input: &Ty, default: &Typed) -> Ty {
    if default.expr.as_literal().is_some_and(Value::is_null) {
        return input.clone().or_null();
    }
    let nullable = default.ty.nullable;
    Ty { nullable, ..input.clone().join(default.ty.clone()) }
}
