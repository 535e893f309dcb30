//! Parameters of actions: where a value goes decides what it may be.

use alcove_catalog::{Action, ParamKind, ParamSpec};
use alcove_plan::{
    codec::Literal,
    query::Hole,
    types::{Kind, Type},
    value::Value,
};

use crate::{
    checked::{Expr, Param, ParamValue},
    codes::Code,
    source::{Loc, Spanned},
    syntax::{ValueExpr, ValueKind},
};

use super::{Checker, Typed, coerce::Expected, template::Escape, trigger::is_custom_event};

type Given = (Spanned<String>, ValueExpr);

/// The parameter that closes the set of an output's values.
pub(super) const LABELS: &str = "labels";

/// Columns of rows that the platform itself keeps.
const NEVER_WRITTEN: &[&str] = &["id", "tenant_id", "created_at", "updated_at"];

impl Checker<'_> {
    /// The parameters of a call, in the order of the catalog.
    pub(super) fn params(&mut self, action: &Action, loc: &Loc, given: &[Given]) -> Option<Vec<Param>> {
        let mut whole = true;
        for (name, value) in given {
            if action.param(&name.value).is_none() {
                self.value(value);
                let free = |name: &&str| !given.iter().any(|(given, _)| given.value == *name);
                let names: Vec<&str> = action.params.iter().map(|param| param.name.as_str()).filter(free).collect();
                let message = format!("`{}` has no parameter `{}`", action.name, name.value);
                self.unknown(Code::UnknownParam, &name.loc, message, &name.value, &names);
                whole = false;
            }
        }
        let mut params = Vec::new();
        for spec in &action.params {
            match given.iter().find(|(name, _)| name.value == spec.name) {
                Some((_, value)) => match self.param(action, spec, value) {
                    Some(leaves) => params.extend(leaves),
                    None => whole = false,
                },
                None if spec.ty.nullable => {}
                None => {
                    let message = format!("`{}` needs the parameter `{}`", action.name, spec.name);
                    self.report(Code::MissingParam, loc, message);
                    whole = false;
                }
            }
        }
        whole.then_some(params)
    }

    /// Checks values by themselves, where it is not known what they are for.
    pub(super) fn values(&mut self, given: &[Given]) {
        for (_, value) in given {
            self.value(value);
        }
    }

    fn param(&mut self, action: &Action, spec: &ParamSpec, value: &ValueExpr) -> Option<Vec<Param>> {
        let path = vec![spec.name.clone()];
        if spec.ty.nullable && matches!(value.kind, ValueKind::Null) {
            return Some(Vec::new());
        }
        if let Some(connector) = &spec.writes {
            return self.written_fields(connector, spec, value);
        }
        match (&value.kind, spec.ty.ty) {
            (ValueKind::Object(members), Type::One(Kind::Object)) => return self.leaves(path, members),
            (ValueKind::Text(text), _) => self.literal_text(action, spec, text, &value.loc)?,
            (ValueKind::List(items), _) if items.is_empty() && spec.name == LABELS => {
                self.report(Code::InvalidValue, &value.loc, "a model needs at least one label to choose from");
                return None;
            }
            _ if must_be_literal(action, spec) || (is_the_authors(action, spec) && has_placeholder(value)) => {
                let message = format!("`{}` must be written out, without placeholders", spec.name);
                self.report(Code::InvalidValue, &value.loc, message);
                return None;
            }
            _ => {}
        }
        let typed = self.param_value(spec, value)?;
        if typed.ty.tainted && !matches!(spec.kind, ParamKind::Text | ParamKind::Html | ParamKind::Json) {
            self.tainted_value(&spec.name, &value.loc);
            return None;
        }
        self.taint_seen |= typed.ty.tainted;
        let expected = Expected { ty: spec.ty.ty, nullable: spec.ty.nullable };
        let may_be_null = typed.ty.nullable;
        let expr = self.coerce(typed, expected, &value.loc, &format!("`{}`", spec.name))?;
        Some(vec![Param { path, value: leaf(expr, expected, may_be_null) }])
    }

    fn param_value(&mut self, spec: &ParamSpec, value: &ValueExpr) -> Option<Typed> {
        let ValueKind::Template(template) = &value.kind else { return self.value(value) };
        match spec.kind {
            ParamKind::Html => self.template(template, &value.loc, Escape::Html),
            ParamKind::Url => {
                let origin = self.url_template(template, &value.loc);
                let value = self.template(template, &value.loc, Escape::Url);
                origin.and(value)
            }
            ParamKind::HeaderValue | ParamKind::EmailAddress => {
                self.one_line_template(template, &value.loc, &spec.name);
                self.template(template, &value.loc, Escape::None)
            }
            _ => self.template(template, &value.loc, Escape::None),
        }
    }

    /// The leaves of a literal object, with the keys as their paths.
    fn leaves(&mut self, path: Vec<String>, members: &[Given]) -> Option<Vec<Param>> {
        if members.is_empty() {
            let empty = Value::object(Vec::<(String, Value)>::new());
            return Some(vec![Param { path, value: ParamValue::Literal(Literal(empty)) }]);
        }
        let mut leaves = Vec::new();
        let mut whole = true;
        for (name, value) in members {
            let mut path = path.clone();
            path.push(name.value.clone());
            let inner = match &value.kind {
                ValueKind::Object(members) => self.leaves(path, members),
                _ => self.value(value).map(|typed| vec![self.free_leaf(path, typed)]),
            };
            whole &= inner.is_some();
            leaves.extend(inner.into_iter().flatten());
        }
        whole.then_some(leaves)
    }

    fn tainted_value(&mut self, name: &str, loc: &Loc) {
        let message = format!("a text that a model wrote must not go into `{name}`");
        let suggestion = "it may fill texts, markup and JSON".to_owned();
        self.suggest(Code::TaintedValue, loc, message, Some(suggestion));
    }

    /// A leaf of whatever type its value has.
    fn free_leaf(&mut self, path: Vec<String>, typed: Typed) -> Param {
        self.taint_seen |= typed.ty.tainted;
        self.layouts.mark_whole(&typed.ty);
        let expected = Expected { ty: typed.ty.to_plan(), nullable: typed.ty.nullable };
        Param { path, value: leaf(typed.expr, expected, typed.ty.nullable) }
    }

    /// An object whose members are fields of a connector.
    fn written_fields(&mut self, connector: &str, spec: &ParamSpec, value: &ValueExpr) -> Option<Vec<Param>> {
        let connector = self.catalog.connector(connector)?;
        let ValueKind::Object(members) = &value.kind else {
            let message = format!("`{}` needs an object whose keys are fields of `{}`", spec.name, connector.name);
            self.report(Code::TypeMismatch, &value.loc, message);
            return None;
        };
        let mut leaves = Vec::new();
        let mut whole = true;
        for (name, value) in members {
            let writable = |name: &str| !NEVER_WRITTEN.contains(&name);
            let Some(field) = connector.field(&name.value).filter(|field| writable(&field.name)) else {
                let names = connector.fields.iter().map(|field| field.name.as_str());
                let names: Vec<&str> = names.filter(|name| writable(name)).collect();
                let message = format!("`{}` has no field `{}` that can be written", connector.name, name.value);
                let suggestion = crate::diagnostic::suggestion(&name.value, names.iter().copied());
                self.suggest(Code::UnknownField, &name.loc, message, suggestion);
                whole = false;
                continue;
            };
            let expected = Expected { ty: field.ty.ty, nullable: field.ty.nullable };
            let typed = self.value(value);
            let may_be_null = typed.as_ref().is_some_and(|typed| typed.ty.nullable);
            let label = self.allowed_literal(&field.values, value);
            let path = vec![spec.name.clone(), name.value.clone()];
            let expr = typed.and_then(|typed| {
                // What is not for people to read decides something: who a member is, what they may do, where mail goes.
                if typed.ty.tainted && !field.prose && field.ty.ty != Type::One(Kind::Object) {
                    self.tainted_value(&name.value, &value.loc);
                    return None;
                }
                self.coerce(typed, expected, &value.loc, &format!("`{}`", name.value))
            });
            whole &= label && expr.is_some();
            leaves.extend(expr.map(|expr| Param { path, value: leaf(expr, expected, may_be_null) }));
        }
        if members.is_empty() {
            self.report(Code::InvalidValue, &value.loc, format!("`{}` names no field", spec.name));
        }
        (whole && !members.is_empty()).then_some(leaves)
    }

    /// Checks a text without placeholders against where it goes.
    fn literal_text(&mut self, action: &Action, spec: &ParamSpec, text: &str, loc: &Loc) -> Option<()> {
        match spec.kind {
            ParamKind::EmailAddress => self.email(text, loc)?,
            ParamKind::HeaderValue => self.one_line(text, loc, &spec.name)?,
            ParamKind::Url => self.url_literal(text, loc)?,
            _ => {}
        }
        match (action.name.as_str(), spec.name.as_str()) {
            ("emit_event", "event") if !is_custom_event(text) => {
                let message = format!("`{text}` is not the name of an event of your own");
                let suggestion = "write `custom.`, then letters, digits, `_` and dots".to_owned();
                self.suggest(Code::InvalidValue, loc, message, Some(suggestion));
                return None;
            }
            ("request_approval" | "webhook_call", "timeout")
                if alcove_builtins::parse_duration(text).is_none_or(|ms| ms <= 0) =>
            {
                let suggestion = "write an integer and a unit of `s m h d w`, such as `7d`".to_owned();
                self.suggest(Code::InvalidDuration, loc, format!("`{text}` is not a duration"), Some(suggestion));
                return None;
            }
            _ => {}
        }
        let text_value = ValueExpr { kind: ValueKind::Text(text.to_owned()), loc: loc.clone() };
        self.allowed_literal(&spec.values, &text_value).then_some(())
    }

    /// Whether a literal is among a closed set of values, where there is one.
    fn allowed_literal(&mut self, values: &[String], value: &ValueExpr) -> bool {
        let ValueKind::Text(text) = &value.kind else { return true };
        if values.is_empty() || values.iter().any(|allowed| allowed == text) {
            return true;
        }
        let suggestion = crate::diagnostic::suggestion(text, values.iter().map(String::as_str));
        self.suggest(
            Code::TypeMismatch,
            &value.loc,
            format!("`{text}` is none of the values that are allowed"),
            suggestion,
        );
        false
    }
}

/// Names of events and secrets, and time-outs, are part of the plan.
fn must_be_literal(action: &Action, spec: &ParamSpec) -> bool {
    spec.kind == ParamKind::Secret
        || matches!(
            (action.name.as_str(), spec.name.as_str()),
            ("emit_event", "event") | ("request_approval" | "webhook_call", "timeout")
        )
}

/// What a model is told to do is for the author to say, and data travels apart from it; so is what a receiver promises.
fn is_the_authors(action: &Action, spec: &ParamSpec) -> bool {
    matches!(
        (action.name.as_str(), spec.name.as_str()),
        ("ai_analyze", "instructions") | ("ai_classify", "labels") | ("webhook_call", "idempotent")
    )
}

/// Values nest as deep as configs may, so this may recurse.
fn has_placeholder(value: &ValueExpr) -> bool {
    match &value.kind {
        ValueKind::Template(_) => true,
        ValueKind::List(items) => items.iter().any(has_placeholder),
        _ => false,
    }
}

/// A hole takes null wherever the value may turn out to be null: where the parameter is required, that is for the
/// action to refuse, as a failure that the app can handle.
fn leaf(expr: Expr, expected: Expected, may_be_null: bool) -> ParamValue {
    match expr {
        Expr::Literal(value) => ParamValue::Literal(Literal(value)),
        expr => ParamValue::Hole(Hole { ty: expected.ty, nullable: may_be_null }, expr),
    }
}
