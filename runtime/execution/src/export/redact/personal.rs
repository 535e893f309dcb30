//! What in a run is personal: what the catalog says so of, and what looks like it wherever it stands.

use std::{collections::BTreeSet, sync::Arc};

use alcove_catalog::Catalog;
use alcove_journal::entry::{Decision, Entry, Outcome, QueryPage, Record};
use alcove_plan::{
    codec::{DecodeError, Input, PageReader},
    plan::Plan,
    value::Value,
};

use super::tokens::is_address;

/// The personal values of a run: strings that are not empty.
pub(super) fn values(plan: &Plan, records: &[Record]) -> Result<BTreeSet<Arc<str>>, DecodeError> {
    let mut found = BTreeSet::new();
    for record in records {
        match &record.entry {
            Entry::Started(started) => of_event(plan, &Input::decode(&started.input)?.event, &mut found),
            Entry::QueryPage(page) => of_page(plan, page, &mut found)?,
            Entry::Result(result) => of_outcome(&result.outcome, &mut found),
            Entry::LocalEffects(local) => {
                for effect in &local.effects {
                    of_outcome(&effect.outcome, &mut found);
                }
            }
            Entry::Decided(decided) => {
                if let Decision::Modified(edits) = &decided.decision {
                    for edit in edits {
                        unmarked(&edit.value, &mut found);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(found)
}

fn of_event(plan: &Plan, event: &Value, found: &mut BTreeSet<Arc<str>>) {
    unmarked(event, found);
    let Some(fields) = plan.trigger.event().and_then(|name| Catalog::shipped().event(name)).map(|event| &event.fields)
    else {
        return;
    };
    for field in fields.iter().filter(|field| field.pii) {
        each_text(&event.member(&field.name), &mut |text| add(text, found));
    }
}

fn of_page(plan: &Plan, page: &QueryPage, found: &mut BTreeSet<Arc<str>>) -> Result<(), DecodeError> {
    let query = usize::try_from(page.query).ok().and_then(|at| plan.queries.get(at));
    let (Ok(message), Some(query)) = (&page.answer, query) else { return Ok(()) };
    let connector = Catalog::shipped().connector(&query.connector);
    let field = |name: &String| connector.and_then(|connector| connector.field(name));
    let marked: Vec<bool> = query.fields.iter().map(|name| field(name).is_none_or(|field| field.pii)).collect();
    let mut page = PageReader::new(message, query.fields.len())?;
    while let Some(row) = page.next_row()? {
        for (cell, marked) in row.iter().zip(&marked) {
            if *marked { each_text(cell, &mut |text| add(text, found)) } else { unmarked(cell, found) }
        }
    }
    Ok(())
}

fn of_outcome(outcome: &Outcome, found: &mut BTreeSet<Arc<str>>) {
    if let Outcome::Performed(outputs) = outcome {
        for output in outputs {
            unmarked(output, found);
        }
    }
}

/// What the catalog says nothing of: an address is an address.
fn unmarked(value: &Value, found: &mut BTreeSet<Arc<str>>) {
    each_text(value, &mut |text| {
        if is_address(text) {
            add(text, found);
        }
    });
}

fn add(text: &Arc<str>, found: &mut BTreeSet<Arc<str>>) {
    if !text.is_empty() {
        found.insert(text.clone());
    }
}

fn each_text(value: &Value, look: &mut impl FnMut(&Arc<str>)) {
    match value {
        Value::Str(text) => look(text),
        Value::List(items) => items.iter().for_each(|item| each_text(item, look)),
        Value::Record(record) => record.members().for_each(|(name, value)| {
            look(name);
            each_text(value, look);
        }),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Num(_) | Value::Time(_) => {}
    }
}
