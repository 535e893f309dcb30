//! What a template or a predicate may name, and of which kind it is.

/// The kind of a value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Text,
    Int,
    Num,
    Bool,
    Time,
    Texts,
    Any,
    Row(Vec<Variable>),
    Rows(Vec<Variable>),
}

/// A path, and what stands there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Variable {
    pub(super) path: String,
    pub(super) kind: Kind,
}

pub(super) fn variable(path: impl Into<String>, kind: Kind) -> Variable {
    Variable { path: path.into(), kind }
}

/// What every app sees: built-ins, and an input whose types are not known before the run.
pub(super) fn input() -> Vec<Variable> {
    let any = ["text", "n", "amount", "list", "nested.text", "nested.list[0]", "gone"];
    let mut scope: Vec<Variable> = any.iter().map(|name| variable(format!("event.{name}"), Kind::Any)).collect();
    scope.push(variable("now", Kind::Time));
    scope.push(variable("tenant_id", Kind::Text));
    scope.push(variable("execution_id", Kind::Text));
    scope
}

/// The variables, and those inside of rows among them.
pub(super) fn flat(scope: &[Variable]) -> Vec<Variable> {
    let mut all = Vec::new();
    for Variable { path, kind } in scope {
        let inside = |rows: &[Variable], prefix: String| {
            flat(rows)
                .into_iter()
                .map(move |inner| variable(format!("{prefix}.{}", inner.path), inner.kind))
                .collect::<Vec<_>>()
        };
        match kind {
            Kind::Row(columns) => all.extend(inside(columns, path.clone())),
            Kind::Rows(columns) => all.extend(inside(columns, format!("{path}[0]"))),
            _ => {}
        }
        all.push(variable(path.clone(), kind.clone()));
    }
    all
}

/// The variables of one kind.
pub(super) fn of_kind(scope: &[Variable], wanted: impl Fn(&Kind) -> bool) -> Vec<Variable> {
    flat(scope).into_iter().filter(|variable| wanted(&variable.kind)).collect()
}
