//! Paths: from a name in scope through members and items.

use std::sync::Arc;

use alcove_plan::{
    expr::Compare,
    program::input_slot,
    query::{FilterNode, Hole, Limit, Operand},
    types::{Kind, Type},
    value::DEPTH_MAX,
};

use crate::{
    checked::{Base, Column, Entity, Expr, Query, Ty, input_var},
    codes::Code,
    source::{Loc, Span},
    syntax::{Path, Segment},
};

use super::{
    Checker, Typed, at,
    scope::{Binding, Reach},
    unknown::Within,
};

/// What to do about an output that may not be there.
const INSTEAD: &str = "say what else to use with `| default:…`, or do both in the same branch of a `condition`";

impl Checker<'_> {
    /// The value of a path in scope. `guarded`: whether a missing value is dealt with at once (`default`, `exists`).
    pub(super) fn path(&mut self, path: &Path, pointer: &Arc<str>, guarded: bool) -> Option<Typed> {
        let loc = at(path.span, pointer);
        let Some(binding) = self.scope.get(&path.root).cloned() else {
            self.unknown_variable(path, &loc);
            return None;
        };
        let mut segments = path.segments.as_slice();
        let mut part = 1;
        let root = match binding {
            Binding::Value { var, ty } => Typed { expr: Expr::Var(var), ty },
            Binding::Entity => self.entity(&path.root, pointer)?,
            Binding::AiResult => self.ai_result(&loc, guarded)?,
            Binding::Steps | Binding::Actions | Binding::Pair { .. } => {
                let Some((Segment::Name(name), rest)) = segments.split_first() else {
                    self.incomplete(path, &loc);
                    return None;
                };
                segments = rest;
                part = 2;
                match &binding {
                    Binding::Steps => self.step_result(path, name, &loc)?,
                    Binding::Pair { members } => {
                        let found = members.iter().find(|(member, ..)| member == name);
                        let Some((_, var, ty)) = found else {
                            let names = [members[0].0, members[1].0];
                            self.unresolved(path, 1, &names, &loc);
                            return None;
                        };
                        Typed { expr: Expr::Var(*var), ty: ty.clone() }
                    }
                    _ => self.action_result(path, name, &loc, guarded)?,
                }
            }
        };
        self.walk(root, segments, Within::Variable { path, part }, &loc)
    }

    /// Goes from a value through members and items.
    pub(super) fn walk(&mut self, from: Typed, segments: &[Segment], within: Within<'_>, loc: &Loc) -> Option<Typed> {
        if !self.at_most("parts of a path", segments.len(), DEPTH_MAX, loc) {
            return None;
        }
        (0..).zip(segments).try_fold(from, |value, (at, segment)| match segment {
            Segment::Name(name) => self.member(value, name, within.further(at), loc),
            Segment::Index(index) => self.item(value, *index, loc),
        })
    }

    fn member(&mut self, value: Typed, name: &str, within: Within<'_>, loc: &Loc) -> Option<Typed> {
        let Typed { expr, ty } = value;
        let base = Box::new(expr);
        match &ty.base {
            Base::Row(layout) => {
                let layout = *layout;
                let column = self.layouts.column(layout, name).filter(|column| column.declared);
                let Some(column) = column else {
                    self.unknown_part(layout, name, within, loc);
                    return None;
                };
                let column = column.ty.clone().or_null_if(ty.nullable).tainted_if(ty.tainted);
                self.layouts.mark(layout, name);
                Some(Typed { expr: Expr::Column { base, layout, name: name.to_owned() }, ty: column })
            }
            Base::Object | Base::Any => {
                let member = Ty::any().tainted_if(ty.tainted);
                Some(Typed { expr: Expr::Member { base, name: name.to_owned() }, ty: member })
            }
            Base::List(_) => {
                let message = format!("a list has no field `{name}`");
                let suggestion = format!("take an item with `[0]`, or the field of all items with `| map:\"{name}\"`");
                self.suggest(Code::TypeMismatch, loc, message, Some(suggestion));
                None
            }
            _ => {
                self.report(Code::TypeMismatch, loc, format!("{} has no field `{name}`", ty.with_article()));
                None
            }
        }
    }

    fn item(&mut self, value: Typed, index: u32, loc: &Loc) -> Option<Typed> {
        let Some(item) = value.ty.item() else {
            self.report(
                Code::TypeMismatch,
                loc,
                format!("`[{index}]` needs a list, but this is {}", value.ty.with_article()),
            );
            return None;
        };
        Some(Typed { expr: Expr::Index { base: Box::new(value.expr), index }, ty: item.or_null() })
    }

    fn step_result(&mut self, path: &Path, id: &str, loc: &Loc) -> Option<Typed> {
        if let Some(step) = self.scope.steps.iter_mut().find(|step| step.id == id) {
            step.used = true;
            return Some(Typed { expr: Expr::Var(step.var), ty: step.ty.clone() });
        }
        self.unknown_step(path, id, loc);
        None
    }

    fn action_result(&mut self, path: &Path, id: &str, loc: &Loc, guarded: bool) -> Option<Typed> {
        let entry = self.scope.actions.iter().rev().find(|action| action.id.as_deref() == Some(id)).cloned();
        let Some(entry) = entry else {
            self.unknown_action_id(path, loc);
            return None;
        };
        self.sure(&format!("action `{id}`"), entry.reach, loc, guarded)?;
        self.read.insert(entry.var);
        Some(Typed { expr: Expr::Var(entry.var), ty: entry.ty.or_null_if(entry.reach != Reach::Sure) })
    }

    fn ai_result(&mut self, loc: &Loc, guarded: bool) -> Option<Typed> {
        let Some(entry) = self.scope.last_ai().cloned() else {
            let ended = self.scope.actions.iter().any(|action| action.is_ai);
            let why = if ended { "the branch or loop of that one has ended" } else { "there is none" };
            let message = format!("`ai_result` stands for the last AI action before this place, but {why}");
            self.report(Code::UnknownVariable, loc, message);
            return None;
        };
        self.sure("the AI action before", entry.reach, loc, guarded)?;
        self.read.insert(entry.var);
        Some(Typed { expr: Expr::Var(entry.var), ty: entry.ty.or_null_if(entry.reach != Reach::Sure) })
    }

    fn sure(&mut self, what: &str, reach: Reach, loc: &Loc, guarded: bool) -> Option<()> {
        let (why, help) = match reach {
            Reach::Sure => return Some(()),
            Reach::Unsure | Reach::Branch if guarded => return Some(()),
            Reach::Unsure => ("it has a `when` or an `on_failure`", INSTEAD),
            Reach::Branch => ("it stands in a branch or a handler", INSTEAD),
            Reach::Loop => ("it stands in a loop that has ended", "use it inside the loop"),
        };
        self.suggest(Code::UncertainOutput, loc, format!("{what} may not have run: {why}"), Some(help.to_owned()));
        None
    }

    /// The row of an entity; its first use adds the fetch.
    fn entity(&mut self, name: &str, pointer: &Arc<str>) -> Option<Typed> {
        if let Some(entity) = self.entities.iter().find(|entity| entity.name == name) {
            let ty = Ty::of(Base::Row(entity.query.layout)).or_null();
            return Some(Typed { expr: Expr::Var(entity.var), ty });
        }
        let entry = self.catalog.entity(name)?;
        let connector = self.catalog.connector(&entry.connector)?;
        let columns = connector.fields.iter();
        let columns = columns.map(|f| Column::declared(&f.name, Self::field_type(f).or_null())).collect();
        let layout = self.layouts.prunable(columns);
        let event = Typed { expr: Expr::Var(input_var(input_slot::EVENT)), ty: self.event.clone() };
        let id = self.member(event, &entry.id_field, Within::Row, &at(Span::default(), pointer))?;
        let text = Type::One(Kind::Str);
        let id = if id.ty.is_any() { Expr::Cast { ty: text, value: Box::new(id.expr) } } else { id.expr };
        let test = FilterNode::Test { field: "id".to_owned(), op: Compare::Eq, operand: Operand::Hole(0) };
        let query = Query {
            connector: connector.name.clone(),
            layout,
            filter: vec![test],
            holes: vec![(Hole { ty: text, nullable: false }, id.clone())],
            sort: Vec::new(),
            offset: 0,
            limit: Limit::Rows(1),
        };
        let var = self.var();
        self.entities.push(Entity { name: name.to_owned(), query, id, var, place: pointer.clone() });
        Some(Typed { expr: Expr::Var(var), ty: Ty::of(Base::Row(layout)).or_null() })
    }

    /// Whether the event has, or may have, a field.
    pub(super) fn event_may_carry(&self, field: &str) -> bool {
        match (&self.event.base, &self.event_name) {
            (Base::Row(layout), _) => self.layouts.column(*layout, field).is_some(),
            (_, event) => event.is_some(),
        }
    }
}
