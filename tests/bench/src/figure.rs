//! What was found out, on paper.

use std::fmt::Write as _;

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
    /// The largest value that is good enough.
    pub(crate) aim: Option<f64>,
}

impl Figure {
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str, what: impl Into<String>) -> Self {
        Self { name: name.into(), value, unit, what: what.into(), aim: None }
    }

    pub(crate) fn at_most(self, aim: f64) -> Self {
        Self { aim: Some(aim), ..self }
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
    let mut out = format!("{:width$}  {:>10} {:4}  {:10}  what it is\n", "figure", "value", "", "aim");
    for Figure { name, value, unit, what, aim } in figures {
        let aim =
            aim.map_or_else(String::new, |aim| format!("<= {aim} {}", if *value <= aim { "met" } else { "MISSED" }));
        let decimals = if *value < 100.0 { 2 } else { 0 };
        // Writing to a string does not fail.
        let _ = writeln!(out, "{name:width$}  {value:>10.decimals$} {unit:4}  {aim:10}  {what}");
    }
    out
}
