//! Actions and flow.

use std::sync::Arc;

use alcove_catalog::{ActionBinding, Class, Guarantee};
use alcove_plan::{
    action::Output,
    limits::LOOP_ITEMS_MAX,
    types::{Kind, Type},
};

use crate::{
    checked::{Action, Base, Block, Column, Expr, Node, NodeKind, Ty},
    codes::Code,
    diagnostic::{Diagnostic, Fix},
    source::{Loc, Spanned},
    syntax::{self, ActionKind, Condition, ForEach, ValueExpr, ValueKind},
};

use super::{
    Checker, Typed,
    params::LABELS,
    predicate::Left,
    scope::{ActionEntry, Reach},
};

/// Where in the flow a block stands.
#[derive(Clone, Debug, Default)]
struct Place {
    /// For each loop around it, outermost first: its largest number of items, and whether it goes on after a failure.
    loops: Vec<(u32, bool)>,
    behind_approval: bool,
}

/// The parts of a call.
struct Call<'s> {
    name: &'s Spanned<String>,
    params_loc: &'s Loc,
    params: &'s [(Spanned<String>, ValueExpr)],
}

impl Checker<'_> {
    pub(super) fn actions(&mut self, actions: &[syntax::Action]) -> Option<Block> {
        self.block(actions, &Place::default())
    }

    fn block(&mut self, actions: &[syntax::Action], place: &Place) -> Option<Block> {
        let mut place = place.clone();
        let mut nodes = Vec::new();
        for action in actions {
            nodes.push(self.node(action, &place));
            place.behind_approval |= matches!(action.kind, Some(ActionKind::Approval(_)));
        }
        nodes.into_iter().collect::<Option<_>>().map(Block)
    }

    /// A block whose actions are out of reach after it.
    fn inner_block(&mut self, actions: &[syntax::Action], place: &Place, reach: Reach) -> Option<Block> {
        let first = self.scope.actions.len();
        let block = self.block(actions, place);
        self.scope.close_actions(first, reach);
        block
    }

    fn node(&mut self, action: &syntax::Action, place: &Place) -> Option<Node> {
        let when = action.when.as_ref().map(|predicate| self.condition(predicate, &Left::Scope));
        let kind = match action.kind.as_ref() {
            Some(ActionKind::Call { name, params_loc, params }) => {
                self.call(action, &Call { name, params_loc, params }, place)
            }
            Some(ActionKind::Approval(approval)) => {
                let name = Spanned { value: "request_approval".to_owned(), loc: action.loc.clone() };
                let call = Call { name: &name, params_loc: &approval.params_loc, params: &approval.params };
                self.call(action, &call, place)
            }
            Some(ActionKind::ForEach(each)) => self.for_each(each, place),
            Some(ActionKind::Condition(condition)) => self.branch(condition, place),
            None => None,
        };
        let when = match when {
            None => None,
            Some(checked) => Some(checked?),
        };
        Some(Node { place: action.loc.pointer.clone(), when, kind: kind? })
    }

    fn call(&mut self, action: &syntax::Action, call: &Call<'_>, place: &Place) -> Option<NodeKind> {
        let catalog = self.catalog;
        let spec = catalog.action(&call.name.value);
        if spec.is_none() {
            let mut names: Vec<&str> = catalog.actions().map(|action| action.name.as_str()).collect();
            names.extend(["for_each", "condition"]);
            let message = format!("there is no action `{}`", call.name.value);
            self.unknown(Code::UnknownAction, &call.name.loc, message, &call.name.value, &names);
        }
        self.taint_seen = false;
        if spec.is_none() {
            self.values(call.params);
        }
        let params = spec.and_then(|spec| self.params(spec, call.params_loc, call.params));
        let kept = self.state_taint(&call.name.value, call.params);
        let on_failure =
            action.on_failure.as_ref().map(|handler| self.inner_block(&handler.value, place, Reach::Branch));

        let var = self.var();
        let columns = spec.iter().flat_map(|spec| &spec.outputs).map(|output| {
            // In a dry run no output has a value.
            let ty = Ty::from_plan(output.ty.ty, true).tainted_if(output.ai_text || kept);
            let labels = if ty.tainted || ty.base != Base::Str { None } else { labels(call.params) };
            Column::declared(&output.name, Ty { labels, ..ty })
        });
        let ty = if spec.is_some() {
            let columns = columns.collect();
            Ty::of(Base::Row(self.layouts.fixed(columns)))
        } else {
            Ty::any()
        };
        let sure = action.when.is_none() && action.on_failure.is_none();
        self.scope.actions.push(ActionEntry {
            id: action.id.as_ref().map(|id| id.value.clone()),
            var,
            ty,
            is_ai: spec.is_some_and(|spec| spec.class == Some(Class::Ai)),
            reach: if sure { Reach::Sure } else { Reach::Unsure },
        });

        let spec = spec?;
        let on_failure = match on_failure {
            None => None,
            Some(block) => Some(block?),
        };
        let params = params?;
        let outputs = spec.outputs.iter().map(|output| Output { name: output.name.clone(), ty: output.ty.ty });
        let recover = place.loops.iter().rposition(|(_, goes_on)| *goes_on).map_or(0, |position| position + 1);
        let action = Action {
            id: action.id.as_ref().map(|id| id.value.clone()),
            name: spec.name.clone(),
            params,
            outputs: outputs.collect(),
            var,
            local: spec.guarantee == Guarantee::Local
                && (spec.binding != ActionBinding::Flow || spec.name == "emit_event"),
            loops: place.loops.iter().map(|(items_max, _)| *items_max).collect(),
            recover_depth: u8::try_from(recover).unwrap_or(u8::MAX),
            behind_approval: place.behind_approval,
            retry: action.retry.as_ref().map(|retry| retry.value),
            timeout_ms: action.timeout_ms.as_ref().map(|timeout| timeout.value),
        };
        Some(NodeKind::Call { action: Box::new(action), on_failure })
    }

    fn for_each(&mut self, each: &ForEach, place: &Place) -> Option<NodeKind> {
        let items = each.items.as_ref().and_then(|items| self.loop_items(items));
        let item_ty = items.as_ref().map_or_else(Ty::any, |(_, item)| item.clone());
        let (item, index, count) = (self.var(), self.var(), self.var());
        let items_max = each.items_max.as_ref().map(|max| max.value);

        let mark = self.scope.enter();
        if let Some(variable) = &each.variable {
            self.scope.bind_value(&variable.value, item, item_ty);
        }
        self.scope.bind_loop(index, count);
        let mut inside = place.clone();
        inside.loops.push((items_max.unwrap_or(LOOP_ITEMS_MAX).min(LOOP_ITEMS_MAX), each.continue_on_error));
        let body = self.inner_block(&each.actions.value, &inside, Reach::Loop);
        self.scope.leave(mark);

        let (items, _) = items?;
        let continue_on_error = each.continue_on_error;
        Some(NodeKind::Loop { items, item, index, count, items_max, continue_on_error, body: body? })
    }

    fn loop_items(&mut self, items: &ValueExpr) -> Option<(Expr, Ty)> {
        let Typed { expr, ty } = self.value(items)?;
        if ty.tainted {
            self.tainted_condition(&items.loc);
            return None;
        }
        let Some(item) = ty.item() else {
            let message = format!("`items` needs a list, but this is {}", ty.with_article());
            let braced = self.with_braces(items);
            let suggestion = match &braced {
                Some(braced) => format!("write `{braced}`"),
                None => "take the rows of a step, such as `{{steps.<id>.data}}`".to_owned(),
            };
            let fix = braced.map(|value| Fix::Replace { pointer: items.loc.pointer.to_string(), value });
            let (code, loc) = (Code::TypeMismatch, items.loc.clone());
            self.sink.push(Diagnostic { code, loc, message, suggestion: Some(suggestion), fix });
            return None;
        };
        let expr = if ty.is_any() { Expr::Cast { ty: Type::One(Kind::List), value: Box::new(expr) } } else { expr };
        Some((expr, item))
    }

    /// The placeholder that a text without braces was to be: it begins with a name in scope.
    pub(super) fn with_braces(&self, value: &ValueExpr) -> Option<String> {
        let ValueKind::Text(text) = &value.kind else { return None };
        let root = text.split(['.', '[', ' ', '|']).next()?;
        self.scope.get(root).map(|_| format!("{{{{{text}}}}}"))
    }

    fn branch(&mut self, condition: &Condition, place: &Place) -> Option<NodeKind> {
        let test = condition.condition.as_ref().and_then(|predicate| self.condition(predicate, &Left::Scope));
        let then = self.inner_block(&condition.then.value, place, Reach::Branch);
        let otherwise = match &condition.otherwise {
            None => Some(Block::default()),
            Some(actions) => self.inner_block(&actions.value, place, Reach::Branch),
        };
        Some(NodeKind::Branch { condition: test?, then: then?, otherwise: otherwise? })
    }
}

/// The labels among which a model chooses.
fn labels(params: &[(Spanned<String>, ValueExpr)]) -> Option<Arc<[String]>> {
    let (_, value) = params.iter().find(|(name, _)| name.value == LABELS)?;
    let ValueKind::List(items) = &value.kind else { return None };
    let text = |item: &ValueExpr| match &item.kind {
        ValueKind::Text(text) => Some(text.clone()),
        _ => None,
    };
    items.iter().map(text).collect()
}
