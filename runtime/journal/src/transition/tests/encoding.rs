//! The bytes of runs: each has one form, and what is no run is refused.

use alcove_ids::EffectId;
use alcove_plan::{
    envelope::Digest,
    failure::{CODES, Failure, LimitHit},
};
use proptest::prelude::*;

use super::super::*;
use crate::entry::{Asked, SkipReason};

fn any_run() -> impl Strategy<Value = Run> {
    (any_state(), any::<u32>(), any::<u32>(), any::<bool>())
        .prop_map(|(state, attempts, leases_lost, dead_letter)| Run { state, attempts, leases_lost, dead_letter })
}

fn any_state() -> impl Strategy<Value = State> {
    let running = (any::<u64>(), prop::option::of(".{0,8}"));
    let stop = (any_failure(), any::<u32>(), any_asked());
    let reasons = [SkipReason::Filter, SkipReason::Locked, SkipReason::Paused, SkipReason::Quota];
    prop_oneof![
        Just(State::Queued),
        running.prop_map(|(token, cancelling)| State::Running { token: Token(token), cancelling }),
        any_request().prop_map(|request| State::Waiting(Waiting::Approval(Box::new(request)))),
        any::<i64>().prop_map(|due_us| State::Waiting(Waiting::Retry { due_us })),
        any::<i64>().prop_map(|until_us| State::Waiting(Waiting::Delay { until_us })),
        Just(State::Succeeded),
        stop.prop_map(|(failure, place, asked)| State::Failed(Stop { failure, place, asked })),
        (0..4_usize).prop_map(move |at| State::Skipped(reasons[at])),
        any_failure().prop_map(State::Cancelled),
    ]
}

fn any_asked() -> impl Strategy<Value = Option<Asked>> {
    prop_oneof![
        Just(None),
        (any::<u32>(), any::<u32>()).prop_map(|(query, page)| Some(Asked::Read { query, page })),
        any_id().prop_map(|id| Some(Asked::Effect(id))),
    ]
}

fn any_request() -> impl Strategy<Value = Request> {
    let binding = (any::<[u8; 32]>(), any_id(), any::<[u8; 32]>()).prop_map(|(plan, effect, preview)| Binding {
        plan: Digest(plan),
        effect,
        preview: Digest(preview),
    });
    let involved = (any_subject(), any_subject(), prop::option::of(any_subject()))
        .prop_map(|(author, activator, starter)| Involved { author, activator, starter });
    let roles = prop::collection::vec(".{0,5}", 0..3);
    (binding, any::<i64>(), roles, involved).prop_map(|(binding, expires_us, roles, involved)| Request {
        binding,
        expires_us,
        roles,
        involved,
    })
}

fn any_subject() -> impl Strategy<Value = Subject> {
    let kind = prop_oneof![Just(SubjectKind::Person), Just(SubjectKind::Key), Just(SubjectKind::Agent)];
    (kind, ".{0,5}").prop_map(|(kind, id)| Subject { kind, id })
}

fn any_failure() -> impl Strategy<Value = Failure> {
    let limit = prop::option::of((".{0,5}", any::<u64>()).prop_map(|(name, value)| LimitHit { name, value }));
    (0..CODES.len(), ".{0,20}", limit).prop_map(|(code, message, limit)| Failure { code: CODES[code], message, limit })
}

fn any_id() -> impl Strategy<Value = EffectId> {
    "[a-z_]{1,12}".prop_map(|text| EffectId::parse(&text).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn runs_come_back_and_have_one_form(run in any_run()) {
        let bytes = run.encode();
        let back = Run::decode(&bytes);
        prop_assert_eq!(back.as_ref(), Ok(&run));
        prop_assert_eq!(back.unwrap().encode(), bytes);
    }

    #[test]
    fn a_run_that_is_cut_off_or_has_more_behind_it_is_refused(run in any_run()) {
        let mut bytes = run.encode();
        for len in 0..bytes.len() {
            prop_assert!(Run::decode(&bytes[..len]).is_err(), "cut at {}", len);
        }
        bytes.push(0);
        prop_assert!(Run::decode(&bytes).is_err());
    }

    #[test]
    fn hostile_bytes_are_refused_or_are_the_one_form_of_a_run(mut bytes: Vec<u8>) {
        // Most that begin otherwise are refused at the first byte.
        if let Some(version) = bytes.first_mut() {
            *version = 1;
        }
        if let Ok(run) = Run::decode(&bytes) {
            prop_assert_eq!(run.encode(), bytes);
        }
    }
}

#[test]
fn a_run_of_a_newer_build_is_refused() {
    let mut bytes = Run::queued().encode();
    bytes[0] = 2;
    assert_eq!(Run::decode(&bytes).unwrap_err().to_string(), "malformed message at byte 0: unknown version");
}
