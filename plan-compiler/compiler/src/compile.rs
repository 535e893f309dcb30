//! The whole way: bytes of a config in, diagnostics and a sealed plan out.

use std::borrow::Cow;

use alcove_catalog::Catalog;
use alcove_plan::{envelope, plan::Plan, program::Program, verify::verify};

use crate::{
    check,
    codes::Code,
    diagnostic::{Diagnostic, Severity, Sink},
    lower, parse,
    source::{self, Loc},
};

/// What became of a config.
#[derive(Debug)]
pub struct Compilation<'b> {
    /// The text in which the places of diagnostics are offsets.
    pub text: Cow<'b, str>,
    /// All complaints, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The plan; there is one exactly where no complaint is an error.
    pub compiled: Option<Compiled>,
}

/// A plan in both of its forms.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// Sealed: what is stored, shipped and loaded.
    pub bytes: Vec<u8>,
    /// The host's section.
    pub plan: Plan,
    /// The guest's section.
    pub program: Program,
}

impl Compilation<'_> {
    /// Whether there is an error.
    pub fn failed(&self) -> bool {
        self.compiled.is_none()
    }
}

/// Compiles a config. The same bytes and catalog give the same plan.
pub fn compile<'b>(source: &'b [u8], catalog: &Catalog) -> Compilation<'b> {
    let mut sink = Sink::default();
    let checked = source::parse(source, &mut sink).and_then(|parsed| {
        let app = parse::app(&parsed.json, parsed.text, &mut sink)?;
        check::check(&app, parsed.text, catalog, &mut sink)
    });
    let compiled = match checked {
        Some(app) if !sink.has_errors() => {
            let (plan, program) = lower::lower(&app);
            sealed(plan, program, &mut sink)
        }
        _ => None,
    };
    let diagnostics = sink.into_sorted();
    debug_assert!(
        compiled.is_some() != diagnostics.iter().any(|diagnostic| diagnostic.code.severity() == Severity::Error),
        "a plan exactly where there is no error"
    );
    Compilation { text: source::text(source), diagnostics, compiled }
}

/// Seals a plan that its own verifier accepts. What is left to refuse here is size: an app whose parts are each within
/// their limits, but which is too large as a whole.
fn sealed(plan: Plan, program: Program, sink: &mut Sink) -> Option<Compiled> {
    let too_large = match verify(&plan, &program) {
        Ok(()) => match envelope::seal(&plan, &program) {
            Ok(bytes) => return Some(Compiled { bytes, plan, program }),
            Err(error) => error.to_string(),
        },
        Err(error) => error.to_string(),
    };
    let message = format!("the app is too large for one plan: {too_large}");
    sink.suggest(Code::LimitExceeded, &Loc::root(), message, "split it into several apps");
    None
}
