use alcove_ids::EffectId;
use alcove_plan::{
    codec,
    envelope::Digest,
    failure::{Code, Failure},
    value::Value,
};

use super::*;
use crate::entry::{LocalEffect, LocalEffects, Outcome};

const PLAIN: Coming = Coming::Local { outputs_read: false, has_handler: false };

fn effect(action: u32) -> Effect {
    let id = EffectId::parse(&format!("eff_{action}")).unwrap();
    Effect { id, action, indices: Vec::new(), digest: Digest([0; 32]), shown: Value::Null }
}

fn page(bytes: usize) -> QueryPage {
    QueryPage { query: 0, page: 0, arguments: Digest([0; 32]), answer: Ok(vec![0; bytes]) }
}

fn holding(effects: usize) -> Buffer<u32> {
    let mut buffer = Buffer::new();
    for action in (0..).take(effects) {
        assert_eq!(buffer.local(effect(action), action, PLAIN), None);
    }
    buffer
}

#[test]
fn local_effects_wait_for_what_needs_them_durable() {
    let buffer = holding(2);
    for (coming, barrier) in [
        (PLAIN, None),
        (Coming::Read, Some(Barrier::Read)),
        (Coming::External, Some(Barrier::External)),
        (Coming::Suspension, Some(Barrier::Suspension)),
        (Coming::End, Some(Barrier::End)),
    ] {
        assert_eq!(buffer.barrier_before(coming), barrier, "{coming:?}");
    }
}

#[test]
fn reads_wait_for_the_next_effect_that_leaves_or_for_the_end() {
    let mut buffer = Buffer::<u32>::new();
    buffer.read(1, page(10));
    assert_eq!(buffer.barrier_before(Coming::Read), None);
    assert_eq!(buffer.barrier_before(PLAIN), None);
    assert_eq!(buffer.barrier_before(Coming::External), Some(Barrier::External));
    assert_eq!(buffer.barrier_before(Coming::End), Some(Barrier::End));
}

#[test]
fn an_empty_buffer_is_no_barrier() {
    for coming in [PLAIN, Coming::Read, Coming::External, Coming::Suspension, Coming::End] {
        assert_eq!(holding(0).barrier_before(coming), None);
    }
}

#[test]
fn an_effect_that_the_run_must_know_of_is_its_own_barrier() {
    let mut buffer = Buffer::new();
    let read = Coming::Local { outputs_read: true, has_handler: false };
    let handled = Coming::Local { outputs_read: false, has_handler: true };
    assert_eq!(buffer.local(effect(0), 0, read), Some(Barrier::OutputRead));
    assert_eq!(buffer.local(effect(1), 1, handled), Some(Barrier::OnFailure));
}

#[test]
fn a_buffer_holds_as_much_as_the_limit_and_no_more() {
    let mut buffer = holding(BATCH_CALLS_MAX - 1);
    assert_eq!(buffer.barrier_before(PLAIN), None);
    assert_eq!(buffer.local(effect(u32::MAX), 0, PLAIN), Some(Barrier::Full));
    assert_eq!(buffer.barrier_before(PLAIN), Some(Barrier::Full));

    let mut buffer = Buffer::<u32>::new();
    buffer.read(1, page(BUFFER_BYTES_MAX - 1));
    assert_eq!(buffer.barrier_before(Coming::Read), None);
    buffer.read(1, page(1));
    assert_eq!(buffer.barrier_before(Coming::Read), Some(Barrier::Full));
    let _ = buffer.take();
    assert_eq!(buffer.barrier_before(Coming::Read), None);
}

#[test]
fn a_batch_records_reads_then_what_was_performed_or_failed() {
    let mut buffer = holding(3);
    buffer.read(5, page(1));
    let batch = buffer.take();
    assert!(buffer.is_empty());
    assert_eq!(batch.calls(), [0, 1, 2]);
    let failure = Failure::new(Code::Action, "no such user");
    let outcomes = vec![
        codec::Outcome::Performed(vec![Value::Int(1)]),
        codec::Outcome::Failed(failure.clone()),
        codec::Outcome::NotPerformed,
    ];
    let settled = batch.settle(9, outcomes).unwrap();
    let effects = vec![
        LocalEffect { effect: effect(0), outcome: Outcome::Performed(vec![Value::Int(1)]) },
        LocalEffect { effect: effect(1), outcome: Outcome::Failed(failure) },
    ];
    let expected = [
        Record { at_us: 5, entry: Entry::QueryPage(page(1)) },
        Record { at_us: 9, entry: Entry::LocalEffects(LocalEffects { effects }) },
    ];
    assert_eq!(settled.records, expected);
}

#[test]
fn a_run_is_misled_by_what_it_was_told_only() {
    let mut buffer = holding(2);
    let outcomes =
        vec![codec::Outcome::Performed(Vec::new()), codec::Outcome::Failed(Failure::new(Code::Action, "no such user"))];
    let settled = buffer.take().settle(9, outcomes).unwrap();
    assert!(!settled.misled(1), "the last one was not answered yet");
    assert!(settled.misled(2));
}

#[test]
fn outcomes_that_do_not_fit_are_refused() {
    let number = holding(2).take().settle(9, vec![codec::Outcome::NotPerformed]);
    assert_eq!(number, Err(SettleError::Number { given: 1, wanted: 2 }));
    let suspended = holding(1).take().settle(9, vec![codec::Outcome::Suspended]);
    assert_eq!(suspended, Err(SettleError::Suspended { position: 0 }));
}
