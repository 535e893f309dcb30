//! What was found out, on paper.

use std::fmt::{self, Write as _};

use serde_json::json;

/// One number.
pub(crate) struct Figure {
    /// Its stable name.
    pub(crate) name: String,
    pub(crate) value: f64,
    /// What the value counts; `x` for a ratio.
    pub(crate) unit: &'static str,
    /// What was measured, and against what.
    pub(crate) what: String,
    /// What is good enough.
    pub(crate) aim: Option<Aim>,
}

/// What is good enough.
#[derive(Clone, Copy)]
pub(crate) enum Aim {
    AtMost(f64),
    AtLeast(f64),
}

impl Aim {
    fn is_met(self, value: f64) -> bool {
        match self {
            Self::AtMost(aim) => value <= aim,
            Self::AtLeast(aim) => value >= aim,
        }
    }
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(aim) => write!(f, "<= {aim}"),
            Self::AtLeast(aim) => write!(f, ">= {aim}"),
        }
    }
}

impl Figure {
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str, what: impl Into<String>) -> Self {
        Self { name: name.into(), value, unit, what: what.into(), aim: None }
    }

    pub(crate) fn at_most(self, aim: f64) -> Self {
        Self { aim: Some(Aim::AtMost(aim)), ..self }
    }

    pub(crate) fn at_least(self, aim: f64) -> Self {
        Self { aim: Some(Aim::AtLeast(aim)), ..self }
    }
}

/// Figures as `[{name, value, unit}]`.
pub(crate) fn json(figures: &[Figure]) -> String {
    let rows = figures.iter().map(|figure| {
        // More digits than these would be noise.
        let value = (figure.value * 1_000.0).round() / 1_000.0;
        json!({ "name": figure.name, "value": value, "unit": figure.unit })
    });
    format!("{:#}\n", serde_json::Value::Array(rows.collect()))
}

/// Figures as a table.
pub(crate) fn table(figures: &[Figure]) -> String {
    let width = figures.iter().map(|figure| figure.name.len()).max().unwrap_or(0);
    let mut out = format!("{:width$}  {:>10} {:4}  {:14}  what it is\n", "figure", "value", "", "aim");
    for Figure { name, value, unit, what, aim } in figures {
        let verdict = |aim: &Aim| format!("{aim} {}", if aim.is_met(*value) { "met" } else { "MISSED" });
        let aim = aim.as_ref().map_or_else(String::new, verdict);
        let decimals = if *value < 100.0 { 2 } else { 0 };
        // Writing to a string does not fail.
        let _ = writeln!(out, "{name:width$}  {value:>10.decimals$} {unit:4}  {aim:14}  {what}");
    }
    out
}
