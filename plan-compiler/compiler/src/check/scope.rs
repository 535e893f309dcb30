//! What names mean at a place of the app: from the outside in, the inner ones hide the outer ones.

use alcove_plan::{expr::Slot, program::input_slot};

use crate::checked::{Ty, VarId, input_var};

/// All names at the place that is being checked.
#[derive(Debug, Default)]
pub(super) struct Scope {
    bindings: Vec<(String, Binding)>,
    /// The steps so far.
    pub(super) steps: Vec<StepEntry>,
    /// The actions so far.
    pub(super) actions: Vec<ActionEntry>,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Binding {
    /// A value.
    Value { var: VarId, ty: Ty },
    /// A row that the event names.
    Entity,
    /// `steps`
    Steps,
    /// `actions`
    Actions,
    /// `ai_result`
    AiResult,
    /// A name with two members, `index` and another: `loop` and `delay`.
    Pair { members: [(&'static str, VarId, Ty); 2] },
}

impl Binding {
    /// Whether a path may go on behind the name.
    pub(super) fn may_have_members(&self) -> bool {
        !matches!(self, Self::Value { ty, .. } if ty.is_scalar())
    }
}

/// A step that a later place may read.
#[derive(Clone, Debug)]
pub(super) struct StepEntry {
    pub(super) id: String,
    pub(super) var: VarId,
    /// The record `{data, count, truncated}`.
    pub(super) ty: Ty,
    pub(super) used: bool,
}

/// An action that a later place may read.
#[derive(Clone, Debug)]
pub(super) struct ActionEntry {
    pub(super) id: Option<String>,
    pub(super) var: VarId,
    pub(super) ty: Ty,
    pub(super) is_ai: bool,
    pub(super) reach: Reach,
}

/// Whether an earlier action has run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// In the same block or one around it, without a condition.
    Sure,
    /// In the same block or one around it, but it has a `when` or an `on_failure`.
    Unsure,
    /// In a branch or handler that has ended.
    Branch,
    /// In a loop that has ended.
    Loop,
}

impl Scope {
    /// Adds a name; it hides what had it before.
    pub(super) fn bind(&mut self, name: impl Into<String>, binding: Binding) {
        self.bindings.push((name.into(), binding));
    }

    /// Adds a value.
    pub(super) fn bind_value(&mut self, name: &str, var: VarId, ty: Ty) {
        self.bind(name, Binding::Value { var, ty });
    }

    /// Adds a value that a run begins with.
    pub(super) fn bind_input(&mut self, name: &str, slot: Slot, ty: Ty) {
        self.bind_value(name, input_var(slot), ty);
    }

    /// Adds `loop`.
    pub(super) fn bind_loop(&mut self, index: VarId, count: VarId) {
        let int = || Ty::of(crate::checked::Base::Int);
        self.bind("loop", Binding::Pair { members: [("index", index, int()), ("count", count, int())] });
    }

    /// Adds `delay`.
    pub(super) fn bind_delay(&mut self) {
        let id = ("id", input_var(input_slot::DELAY_ID), Ty::of(crate::checked::Base::Str));
        let index = ("index", input_var(input_slot::DELAY_INDEX), Ty::of(crate::checked::Base::Int));
        self.bind("delay", Binding::Pair { members: [id, index] });
    }

    /// The names so far, to be given to [`leave`](Self::leave).
    pub(super) fn enter(&self) -> usize {
        self.bindings.len()
    }

    /// Forgets the names since.
    pub(super) fn leave(&mut self, mark: usize) {
        self.bindings.truncate(mark);
    }

    /// What a name stands for.
    pub(super) fn get(&self, name: &str) -> Option<&Binding> {
        self.bindings.iter().rev().find(|(bound, _)| bound == name).map(|(_, binding)| binding)
    }

    /// All names, the innermost first.
    pub(super) fn names(&self) -> Vec<&str> {
        self.bindings.iter().rev().map(|(name, _)| name.as_str()).collect()
    }

    /// Marks the actions since `first` as done within a construct that has ended.
    pub(super) fn close_actions(&mut self, first: usize, reach: Reach) {
        for action in self.actions.iter_mut().skip(first) {
            if reach == Reach::Loop || action.reach != Reach::Loop {
                action.reach = reach;
            }
        }
    }

    /// The last AI action before this place, in the same block or one around it.
    pub(super) fn last_ai(&self) -> Option<&ActionEntry> {
        self.actions.iter().rev().find(|action| action.is_ai && matches!(action.reach, Reach::Sure | Reach::Unsure))
    }
}
