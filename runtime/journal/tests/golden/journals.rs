//! One record of every kind.

use alcove_ids::EffectId;
use alcove_journal::{
    External,
    entry::{
        ApprovalRequested, Asked, Decided, Decision, Edit, Effect, EffectResult, Ending, Entry, Finished, Intent,
        LeftOut, LocalEffect, LocalEffects, Log, LogLevel, Outcome, QueryPage, Record, Retry, RetryOf, SkipReason,
        Started, Suspended, Why, read_journal, write_journal,
    },
};
use alcove_plan::{
    envelope::Digest,
    failure::{Code, Failure},
    value::Value,
};

use crate::hex::Folder;

const FOLDER: Folder = Folder("journals");

fn digest(byte: u8) -> Digest {
    Digest([byte; 32])
}

fn id(action: u32) -> EffectId {
    EffectId::parse(&format!("eff_{action}")).unwrap()
}

fn effect(action: u32, indices: &[u32]) -> Effect {
    let shown = Value::object([("user_id", Value::from("u1")), ("amount", Value::Int(-3))]);
    Effect { id: id(action), action, indices: indices.to_vec(), digest: digest(0xee), shown }
}

fn page(answer: Result<Vec<u8>, Failure>) -> Entry {
    Entry::QueryPage(QueryPage { query: 1, page: 300, arguments: digest(0xaa), answer })
}

fn intent(guarantee: External) -> Entry {
    Entry::Intent(Intent { effect: effect(2, &[]), deadline_us: 1_700_000_030_000_000, guarantee })
}

fn result(outcome: Outcome) -> Entry {
    Entry::Result(EffectResult { effect: id(2), outcome })
}

fn decided(by: Option<&str>, decision: Decision) -> Entry {
    Entry::Decided(Decided { effect: id(3), by: by.map(str::to_owned), decision })
}

fn suspended(why: Why) -> Entry {
    Entry::Suspended(Suspended { why, until_us: 1_700_600_000_000_000 })
}

fn retry(of: RetryOf, attempt: u32, reopens: Option<Asked>) -> Entry {
    let failure = Failure::new(Code::External, "status 503");
    Entry::Retry(Retry { of, attempt, failure, due_us: 1_700_000_060_000_000, reopens })
}

fn finished(ending: Ending) -> Entry {
    Entry::Finished(Finished { ending })
}

fn skipped(reason: SkipReason) -> Entry {
    finished(Ending::Skipped { reason })
}

/// What is in the files of version 1.
fn version_1() -> Vec<(&'static str, Vec<Entry>)> {
    let keyed = External::Keyed { window_us: 86_400_000_000 };
    let suspensions = vec![suspended(Why::Approval), suspended(Why::Retry), suspended(Why::Delay)];
    let retries = vec![
        retry(RetryOf::Action, 1, Some(Asked::Effect(id(2)))),
        retry(RetryOf::Run, 2, Some(Asked::Read { query: 1, page: 300 })),
        retry(RetryOf::Person, 0, None),
    ];
    let unread = Failure::new(Code::Connector, "the database is away");
    let unknown = Failure::new(Code::UnknownOutcome, "nobody knows");
    let outcomes =
        vec![result(Outcome::Performed(vec![Value::list(vec![Value::Bool(true)])])), result(Outcome::Failed(unknown))];
    let guarantees = [External::ForeignTx, keyed, External::Natural, External::Unproven];
    vec![
        ("started", vec![started()]),
        ("query_page", vec![page(Ok(vec![1, 1, 1, 3, 84])), page(Err(unread))]),
        ("intent", guarantees.map(intent).to_vec()),
        ("result", outcomes),
        ("local_effects", vec![local_effects()]),
        ("approval_requested", vec![approval_requested()]),
        ("decided", decisions()),
        ("suspended", suspensions),
        ("retry", retries),
        ("finished", endings()),
        ("log", [LogLevel::Info, LogLevel::Warning, LogLevel::Error].map(log).to_vec()),
        ("left_out", vec![Entry::LeftOut(LeftOut { members: vec!["colour".to_owned(), "größe".to_owned()] })]),
    ]
}

fn started() -> Entry {
    Entry::Started(Started {
        plan: digest(1),
        executor: digest(2),
        builtins_version: 513,
        tz_version: "2026a".to_owned(),
        input: vec![1, 0, 255],
    })
}

fn local_effects() -> Entry {
    let limit = Failure::limit("emails", 2_000, "the run sends more than its limit of 2000 e-mails");
    let effects = vec![
        LocalEffect { effect: effect(0, &[]), outcome: Outcome::Performed(Vec::new()) },
        LocalEffect { effect: effect(1, &[5]), outcome: Outcome::Performed(vec![Value::from("m1"), Value::Null]) },
        LocalEffect { effect: effect(1, &[6, 9]), outcome: Outcome::Failed(limit) },
    ];
    Entry::LocalEffects(LocalEffects { effects })
}

fn approval_requested() -> Entry {
    let (effect, preview) = (effect(3, &[]), digest(0xbb));
    Entry::ApprovalRequested(ApprovalRequested { effect, preview, expires_us: 1_700_600_000_000_000 })
}

fn decisions() -> Vec<Entry> {
    let path = vec!["fields".to_owned(), "level".to_owned()];
    let edit = Edit { action: 4, indices: vec![7], path, value: Value::Int(2) };
    vec![
        decided(Some("ann"), Decision::Approved),
        decided(Some("ann"), Decision::Rejected),
        decided(None, Decision::Expired),
        decided(Some("ann"), Decision::Modified(vec![edit])),
    ]
}

fn endings() -> Vec<Entry> {
    vec![
        finished(Ending::Succeeded { report: vec![1, 8, 0] }),
        finished(Ending::Failed { failure: Failure::new(Code::Action, "no such user"), place: 12 }),
        skipped(SkipReason::Filter),
        skipped(SkipReason::Locked),
        skipped(SkipReason::Paused),
        skipped(SkipReason::Quota),
        finished(Ending::Cancelled { failure: Failure::new(Code::Approval, "rejected") }),
    ]
}

fn log(level: LogLevel) -> Entry {
    Entry::Log(Log { level, place: 12, message: "item 3 failed, the loop goes on".to_owned() })
}

/// The records of a file: one second after the other.
fn records(entries: Vec<Entry>) -> Vec<Record> {
    let times = (1_700_000_000_000_000..).step_by(1_000_000);
    times.zip(entries).map(|(at_us, entry)| Record { at_us, entry }).collect()
}

#[test]
fn what_version_1_wrote_reads_as_it_did_and_is_what_is_written_now() {
    for (kind, entries) in version_1() {
        let records = records(entries);
        let golden = FOLDER.golden(kind, &write_journal(&records));
        assert_eq!(read_journal(&golden), Ok(records.clone()), "{kind}");
        assert_eq!(write_journal(&records), golden, "{kind}");
    }
}

#[test]
fn no_file_is_left_unread() {
    FOLDER.has_no_files_but(version_1().iter().map(|(kind, _)| *kind));
}
