//! Paths that lead nowhere: which part of them is wrong, and what the whole path would be if that part were right.

use crate::{
    checked::LayoutId,
    codes::Code,
    diagnostic::{Diagnostic, Fix, closest, did_you_mean, list, nearest},
    source::{Loc, string_around},
    syntax::{Path, Segment},
};

use super::{Checker, scope::Binding};

/// More names than this in a suggestion help nobody.
const NAMES_MAX: usize = 16;

/// What a path is a path in: a variable that does not resolve is another mistake than a field that a row does not have.
#[derive(Clone, Copy, Debug)]
pub(super) enum Within<'p> {
    /// A row.
    Row,
    /// The scope. What comes next is the path's part of that number: the root is 0, its first segment 1.
    Variable { path: &'p Path, part: usize },
}

impl Within<'_> {
    /// The same, so many parts further.
    pub(super) fn further(self, count: usize) -> Self {
        match self {
            Self::Variable { path, part } => Self::Variable { path, part: part + count },
            Self::Row => Self::Row,
        }
    }
}

impl Checker<'_> {
    /// A member that a row does not have.
    pub(super) fn unknown_part(&mut self, layout: LayoutId, name: &str, within: Within<'_>, loc: &Loc) {
        let Within::Variable { path, part } = within else { return self.unknown_field(layout, name, loc) };
        let names: Vec<String> = self.layouts.names(layout).into_iter().map(str::to_owned).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if part > 0 {
            self.unresolved(path, part, &names, loc);
        } else if !self.trigger_filter_only(path, loc) {
            self.unresolved_as(format!("the event has no field `{name}`"), path, part, &names, loc);
        }
    }

    /// A root that nothing in scope is called.
    pub(super) fn unknown_variable(&mut self, path: &Path, loc: &Loc) {
        if self.trigger_filter_only(path, loc) {
            return;
        }
        if let Some(entity) = self.catalog.entity(&path.root) {
            let event = self.event_name.as_ref().map_or_else(String::new, |name| format!(" `{name}`"));
            let message = format!(
                "`{}` is not in scope here: it needs `event.{}`, which the event{event} does not carry",
                path.root, entity.id_field
            );
            self.report(Code::UnknownVariable, loc, message);
            return;
        }
        // Whoever goes on into a member does not mean a single value.
        let fits =
            |name: &&str| path.segments.is_empty() || self.scope.get(name).is_some_and(Binding::may_have_members);
        let names: Vec<String> = self.scope.names().into_iter().filter(fits).map(str::to_owned).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.unresolved(path, 0, &names, loc);
    }

    /// A step that is not there, or not yet.
    pub(super) fn unknown_step(&mut self, path: &Path, id: &str, loc: &Loc) {
        let names: Vec<String> = self.scope.steps.iter().map(|step| step.id.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        // What was meant is used: one mistake, one complaint.
        if let Some(meant) = nearest(id, names.iter().copied())
            && let Some(step) = self.scope.steps.iter_mut().find(|step| step.id == meant)
        {
            step.used = true;
        }
        self.unresolved(path, 1, &names, loc);
    }

    /// An action that is not there, or not yet.
    pub(super) fn unknown_action_id(&mut self, path: &Path, loc: &Loc) {
        let names: Vec<String> = self.scope.actions.iter().filter_map(|action| action.id.clone()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.unresolved(path, 1, &names, loc);
    }

    /// A name that is only the beginning of a path.
    pub(super) fn incomplete(&mut self, path: &Path, loc: &Loc) {
        let root = &path.root;
        let example = match root.as_str() {
            "steps" => "steps.<id>.data",
            "actions" => "actions.<id>.<output>",
            "delay" => "delay.id",
            _ => "loop.index",
        };
        let message = format!("`{root}` alone is not a value");
        self.suggest(Code::UnknownVariable, loc, message, Some(format!("write `{example}`")));
    }

    /// Whether a trigger filter names something that only the run has; this is reported.
    fn trigger_filter_only(&mut self, path: &Path, loc: &Loc) -> bool {
        let of_the_run = ["now", "tenant_id", "app_id", "execution_id", "steps", "actions", "ai_result"];
        let known = of_the_run.contains(&path.root.as_str()) || self.catalog.entity(&path.root).is_some();
        let here = self.scope.get("now").is_none() && known;
        if here {
            let message = format!("a trigger filter sees only `event.*`, not `{}`", path.root);
            let suggestion = "decide in the run: put the condition into a `when`, or into the action `condition`";
            self.suggest(Code::UnknownVariable, loc, message, Some(suggestion.to_owned()));
        }
        here
    }

    /// The path's part of that number is none of `names`.
    pub(super) fn unresolved(&mut self, path: &Path, part: usize, names: &[&str], loc: &Loc) {
        let Some(name) = named(path, part) else { return };
        let message = match (part, path.root.as_str()) {
            (0, _) => format!("variable `{name}` is not in scope here"),
            (1, "steps") => format!("no step before this place is called `{name}`"),
            (1, "actions") => format!("no action before this place has the id `{name}`"),
            _ => format!("`{}` has no member `{name}`", upto(path, part)),
        };
        self.unresolved_as(message, path, part, names, loc);
    }

    fn unresolved_as(&mut self, message: String, path: &Path, part: usize, names: &[&str], loc: &Loc) {
        let Some(name) = named(path, part) else { return };
        let whole = |name: &str| renamed(path, part, name).to_string();
        let near = nearest(name, names.iter().copied());
        let suggestion = match (near, names) {
            (Some(near), _) => Some(did_you_mean(&whole(near))),
            (None, []) => None,
            (None, [only]) => Some(format!("only `{}` stands here", whole(only))),
            (None, few) if few.len() <= NAMES_MAX => Some(format!("one of {}", list(few))),
            (None, many) => closest(name, many.iter().copied()).map(|name| format!("the nearest is `{}`", whole(name))),
        };
        let fix = near.and_then(|near| self.corrected(loc, &whole(near)));
        self.sink.push(Diagnostic { code: Code::UnknownVariable, loc: loc.clone(), message, suggestion, fix });
    }

    /// The whole string with another text at a place inside it.
    pub(super) fn corrected(&self, loc: &Loc, text: &str) -> Option<Fix> {
        let (before, after) = string_around(self.source, loc.span)?;
        let value = serde_json::from_str(&format!("{before}{text}{after}")).ok()?;
        Some(Fix::Replace { pointer: loc.pointer.to_string(), value })
    }
}

fn named(path: &Path, part: usize) -> Option<&str> {
    let Some(segment) = part.checked_sub(1) else { return Some(&path.root) };
    match path.segments.get(segment)? {
        Segment::Name(name) => Some(name),
        Segment::Index(_) => None,
    }
}

/// The path with another name as one of its parts.
fn renamed(path: &Path, part: usize, name: &str) -> Path {
    let mut path = path.clone();
    match part.checked_sub(1) {
        None => name.clone_into(&mut path.root),
        Some(segment) => {
            if let Some(segment) = path.segments.get_mut(segment) {
                *segment = Segment::Name(name.to_owned());
            }
        }
    }
    path
}

/// What stands before a part.
fn upto(path: &Path, part: usize) -> Path {
    Path { segments: path.segments.iter().take(part.saturating_sub(1)).cloned().collect(), ..path.clone() }
}
