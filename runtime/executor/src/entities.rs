//! Rows that the event names, fetched before the pipeline.

use alcove_plan::{
    failure::Failure,
    program::Entity,
    value::{Value, to_text},
};

use crate::{
    eval::Evaluator,
    halt::{At, Halt},
    host::{Host, Level},
    steps::Query,
};

/// Fetches one entity into its slot.
pub(crate) fn fetch(entity: &Entity, eval: &mut Evaluator<'_>, host: &mut impl Host) -> Result<(), Halt> {
    let id = eval.eval(entity.id).at(entity.place)?;
    let row = row(entity, &id, eval, host).at(entity.place)?;
    if row.is_none() {
        let mut text = String::new();
        to_text(&id, &mut text);
        let message = match id {
            Value::Null => "the event names no row here: everything read from it is null".to_owned(),
            _ => format!("there is no row with the id `{text}`: everything read from it is null"),
        };
        host.log(Level::Warning, entity.place, &message);
    }
    eval.set(entity.slot, row.unwrap_or_default()).at(entity.place)
}

fn row(entity: &Entity, id: &Value, eval: &mut Evaluator<'_>, host: &mut impl Host) -> Result<Option<Value>, Failure> {
    if id.is_null() {
        return Ok(None);
    }
    Query::new(entity.query, eval)?.first_row(eval, host)
}
