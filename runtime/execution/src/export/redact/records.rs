//! A journal with tokens in it, and without what nobody may conclude from.

use alcove_journal::entry::{
    Decided, Decision, Edit, Effect, Ending, Entry, LeftOut, Outcome, QueryPage, Record, Started,
};
use alcove_plan::{
    codec::{DecodeError, Input, PageReader, PageWriter, encode_value},
    failure::Failure,
    plan::Plan,
    value::Value,
};

use super::tokens::Tokens;
use crate::replay::NO_DIGEST;

/// What stands for a text that others wrote.
const LEFT_OUT: &str = "(redacted)";

/// Puts tokens into records. Digests, lines and what is shown of calls are left out: the execution with the tokens
/// makes them anew.
pub(super) fn redact(plan: &Plan, tokens: &Tokens, records: Vec<Record>) -> Result<Vec<Record>, DecodeError> {
    let redacted = records.into_iter().map(|Record { at_us, entry }| {
        let entry = match entry {
            Entry::Started(started) => Entry::Started(of_start(tokens, started)?),
            Entry::QueryPage(page) => Entry::QueryPage(of_page(plan, tokens, page)?),
            entry => of_act(tokens, entry),
        };
        Ok(Record { at_us, entry })
    });
    redacted.collect()
}

fn of_start(tokens: &Tokens, started: Started) -> Result<Started, DecodeError> {
    let mut input = Input::decode(&started.input)?;
    input.event = tokens.value(&input.event);
    Ok(Started { input: input.encode(), ..started })
}

fn of_page(plan: &Plan, tokens: &Tokens, page: QueryPage) -> Result<QueryPage, DecodeError> {
    let query = usize::try_from(page.query).ok().and_then(|at| plan.queries.get(at));
    let columns = query.map_or(0, |query| query.fields.len());
    let answer = match page.answer {
        Err(failure) => Err(of_failure(failure)),
        Ok(message) => {
            let mut rows = PageReader::new(&message, columns)?;
            let mut written = PageWriter::new();
            while let Some(row) = rows.next_row()? {
                let row: Vec<Value> = row.iter().map(|cell| tokens.value(cell)).collect();
                written.row(&row);
            }
            Ok(written.finish(rows.last, rows.cut))
        }
    };
    Ok(QueryPage { arguments: NO_DIGEST, answer, ..page })
}

fn of_act(tokens: &Tokens, mut entry: Entry) -> Entry {
    match &mut entry {
        Entry::Intent(intent) => of_effect(&mut intent.effect),
        Entry::Result(result) => of_outcome(tokens, &mut result.outcome),
        Entry::LocalEffects(local) => {
            for local in &mut local.effects {
                of_effect(&mut local.effect);
                of_outcome(tokens, &mut local.outcome);
            }
        }
        Entry::ApprovalRequested(request) => {
            of_effect(&mut request.effect);
            request.preview = NO_DIGEST;
        }
        Entry::Decided(decided) => of_decision(tokens, decided),
        Entry::Retry(retry) => retry.failure = of_failure(retry.failure.clone()),
        Entry::Finished(finished) => of_ending(&mut finished.ending),
        Entry::Log(line) => LEFT_OUT.clone_into(&mut line.message),
        Entry::LeftOut(left_out) => *left_out = LeftOut { members: Vec::new() },
        Entry::Started(_) | Entry::QueryPage(_) | Entry::Suspended(_) => {}
    }
    entry
}

fn of_effect(effect: &mut Effect) {
    effect.digest = NO_DIGEST;
    effect.shown = Value::Null;
}

fn of_outcome(tokens: &Tokens, outcome: &mut Outcome) {
    match outcome {
        Outcome::Performed(outputs) => outputs.iter_mut().for_each(|output| *output = tokens.value(output)),
        Outcome::Failed(failure) => *failure = of_failure(failure.clone()),
    }
}

fn of_decision(tokens: &Tokens, decided: &mut Decided) {
    decided.by = decided.by.take().map(|_| LEFT_OUT.to_owned());
    if let Decision::Modified(edits) = &mut decided.decision {
        for Edit { value, .. } in edits {
            *value = tokens.value(value);
        }
    }
}

fn of_ending(ending: &mut Ending) {
    match ending {
        Ending::Succeeded { report } => *report = encode_value(&Value::Null),
        Ending::Failed { failure, .. } | Ending::Cancelled { failure } => *failure = of_failure(failure.clone()),
        Ending::Skipped { .. } => {}
    }
}

/// Providers and databases say what they like.
fn of_failure(failure: Failure) -> Failure {
    Failure { message: LEFT_OUT.to_owned(), ..failure }
}
