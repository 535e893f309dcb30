//! The check that every plan passes before anything is prepared from it.
//!
//! Anyone can compute a digest, so an opened plan is still hostile. [`load`] is the door for untrusted bytes: what
//! comes out of it is well-formed, and an executor or a host may rely on each check named here. What it cannot know is
//! left to those who do: the catalog (names, types of parameters), the builtins (arguments of filters), the engine of
//! regular expressions.
//!
//! Architecture invariants: no recursion on the plan, time linear in its size but for sorting names, and no
//! allocation larger than the plan itself.

mod action;
mod error;
mod expr;
mod flow;
mod limits;
mod query;
mod step;
mod tables;

#[cfg(test)]
pub(crate) mod tests;

use crate::{
    envelope::{OpenError, Sealed, open},
    plan::Plan,
    program::Program,
};

pub use error::{At, Fault, VerifyError};

/// Why bytes are not a plan that may be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// They do not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// What they hold is not well-formed.
    #[error("the plan is not well-formed: {0}")]
    Verify(#[from] VerifyError),
}

/// Opens and verifies: the only way from bytes to a plan that is used.
pub fn load(bytes: &[u8]) -> Result<Sealed<'_>, LoadError> {
    let sealed = open(bytes)?;
    verify(&sealed.plan, &sealed.program)?;
    Ok(sealed)
}

/// Checks that both sections are well-formed and belong together.
pub fn verify(plan: &Plan, program: &Program) -> Result<(), VerifyError> {
    tables::check(plan, program)?;
    limits::check(plan)?;
    for (i, query) in plan.queries.iter().enumerate() {
        query::check(query, i)?;
    }
    action::check(plan)?;
    expr::check(program)?;
    let scope = tables::Scope::new(plan, program);
    step::check(&scope)?;
    flow::check(&scope)
}
