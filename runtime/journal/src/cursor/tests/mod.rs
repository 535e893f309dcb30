mod answers;
mod contradictions;
mod doubt;
mod reads;
mod retries;

use alcove_ids::{EffectId, ExecutionId};
use alcove_plan::{
    codec,
    failure::{Code, Failure},
    value::Value,
};

use super::*;
use crate::{
    External, digest_of_arguments, digest_of_call,
    entry::{
        ApprovalRequested, Decided, Decision, EffectResult, Entry, Finished, Intent, LocalEffect, LocalEffects, Log,
        LogLevel, QueryPage, Record, Retry, RetryOf,
    },
};

fn started() -> Started {
    Started {
        plan: Digest::of(b"plan"),
        executor: Digest::of(b"executor"),
        builtins_version: 1,
        tz_version: "2026a".to_owned(),
        input: vec![1],
    }
}

/// The history of a run that was started at 0, with these entries, one each 10 µs from 10 on.
fn history(entries: Vec<Entry>) -> Result<History, HistoryError> {
    let entries = std::iter::once(Entry::Started(started())).chain(entries);
    History::read((0..).step_by(10).zip(entries).map(|(at_us, entry)| Record { at_us, entry }).collect())
}

fn cursor(entries: Vec<Entry>) -> Cursor {
    Cursor::new(history(entries).unwrap())
}

fn effect(action: u32, param: i64) -> Effect {
    let params = Value::Int(param);
    Effect {
        id: EffectId::derive(&ExecutionId::parse("run_1").unwrap(), action, &[]),
        action,
        indices: Vec::new(),
        digest: digest_of_call("act", &params),
        shown: params,
    }
}

fn asked(action: u32) -> Asked {
    Asked::Effect(effect(action, 0).id)
}

/// A page after which none follows.
fn page(query: u32, page: u32, row: u8) -> Entry {
    Entry::QueryPage(QueryPage { query, page, arguments: digest_of_arguments(&[]), answer: Ok(rows(row, true)) })
}

/// A page after which another one follows.
fn page_of_more(query: u32, page: u32, row: u8) -> Entry {
    Entry::QueryPage(QueryPage { query, page, arguments: digest_of_arguments(&[]), answer: Ok(rows(row, false)) })
}

fn unread(query: u32, page: u32) -> Entry {
    let answer = Err(failure(Code::Connector));
    Entry::QueryPage(QueryPage { query, page, arguments: digest_of_arguments(&[]), answer })
}

/// A *page* message of one row.
fn rows(row: u8, last: bool) -> Vec<u8> {
    let mut page = codec::PageWriter::new();
    page.row(&[Value::Int(i64::from(row))]);
    page.finish(last, false)
}

fn line(message: &str) -> Entry {
    Entry::Log(Log { level: LogLevel::Info, place: 0, message: message.to_owned() })
}

fn local(actions: &[u32]) -> Entry {
    let one = |action: &u32| LocalEffect { effect: effect(*action, 0), outcome: Outcome::Performed(Vec::new()) };
    Entry::LocalEffects(LocalEffects { effects: actions.iter().map(one).collect() })
}

/// An intent with a deadline at 1,000.
fn intent(action: u32, guarantee: External) -> Entry {
    Entry::Intent(Intent { effect: effect(action, 0), deadline_us: 1_000, guarantee })
}

fn result(action: u32, outcome: Outcome) -> Entry {
    Entry::Result(EffectResult { effect: effect(action, 0).id, outcome })
}

fn performed(action: u32) -> Entry {
    result(action, Outcome::Performed(Vec::new()))
}

fn failed(action: u32, code: Code) -> Entry {
    result(action, Outcome::Failed(failure(code)))
}

fn failure(code: Code) -> Failure {
    Failure::new(code, "it failed")
}

fn retry(of: RetryOf, attempt: u32, reopens: Option<Asked>) -> Entry {
    Entry::Retry(Retry { of, attempt, failure: failure(Code::External), due_us: 5_000, reopens })
}

fn end(ending: Ending) -> Entry {
    Entry::Finished(Finished { ending })
}

fn succeeded() -> Ending {
    Ending::Succeeded { report: vec![9] }
}

fn failing(code: Code) -> Ending {
    Ending::Failed { failure: failure(code), place: 0 }
}

fn done() -> EffectAnswer {
    EffectAnswer::Replayed(codec::Outcome::Performed(Vec::new()))
}

/// The place and text of a divergence.
fn diverged(answer: EffectAnswer) -> (Place, String) {
    match answer {
        EffectAnswer::Diverged(divergence) => (divergence.place(), divergence.to_string()),
        answer => panic!("{answer:?}"),
    }
}
