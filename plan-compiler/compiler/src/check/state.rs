//! What a model wrote and the app keeps: it is no more to be trusted when it is read back.

use std::collections::BTreeSet;

use crate::{
    checked::Ty,
    source::Spanned,
    syntax::{ValueExpr, ValueKind},
};

use super::Checker;

/// The keys of the app's state under which a text of a model may stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TaintedState {
    keys: BTreeSet<String>,
    /// Whether a key that is only known at run time is among them: then it may be any.
    any: bool,
}

impl TaintedState {
    fn holds(&self, key: Option<&str>) -> bool {
        self.any || key.map_or(!self.keys.is_empty(), |key| self.keys.contains(key))
    }

    /// Whether there is any.
    pub(super) fn is_empty(&self) -> bool {
        !self.any && self.keys.is_empty()
    }
}

impl Checker<'_> {
    /// Notes what `set_state` keeps, and taints what `get_state` gives; `taint_seen` is about the call's parameters.
    pub(super) fn state_taint(&mut self, action: &str, params: &[(Spanned<String>, ValueExpr)]) -> bool {
        let key = params.iter().find(|(name, _)| name.value == "key").map(|(_, value)| &value.kind);
        let key = match key {
            Some(ValueKind::Text(key)) => Some(key.as_str()),
            _ => None,
        };
        match action {
            "set_state" if self.taint_seen => {
                match key {
                    Some(key) => {
                        self.state_written.keys.insert(key.to_owned());
                    }
                    None => self.state_written.any = true,
                }
                false
            }
            "get_state" => self.taint_seen || self.state.holds(key),
            _ => false,
        }
    }

    /// The type of a column of the app's own state.
    pub(super) fn state_column(&self, ty: Ty) -> Ty {
        let tainted = !self.state.is_empty() && ty.is_any();
        ty.tainted_if(tainted)
    }
}
