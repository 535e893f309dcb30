//! `effects`: the ledger of effects. The platform writes it, in the transaction of each effect; here it is forgotten
//! together with the run.

use super::{
    batch::batch,
    column::{Column, text},
    executions::Key,
    template::Template,
};
use crate::{Dialect, Statement};

const RUN: &[Column] = &[text("tenant_id"), text("execution_id")];

static DELETE: Template = Template::of_batch(
    RUN,
    RUN,
    "WITH {batch} DELETE FROM effects
     WHERE (tenant_id, execution_id) IN (SELECT tenant_id, execution_id FROM batch)",
);

/// Forgets that effects of these runs happened.
pub fn delete(dialect: Dialect, runs: &[Key]) -> Statement {
    DELETE.with(dialect, vec![batch(runs, Key::write)])
}
