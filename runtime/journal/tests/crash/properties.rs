//! What holds for every script and every sequence of crashes.

use alcove_ids::EffectId;
use alcove_journal::{
    cursor::Place,
    entry::{Asked, EffectResult, Ending, Entry, Outcome, Record, Retry, RetryOf, write_journal},
};
use alcove_plan::{failure::Code, value::Value};
use proptest::prelude::*;

use crate::{
    driver::{Stop, execute},
    script::{Kind, Op, WINDOW_US, any_script},
    world::World,
};

/// Executions that no script of these tests needs.
const EXECUTIONS_MAX: usize = 2_000;

/// Executes until the run has ended. `outage_us` passes after each crash. A person who knows the world says what became
/// of effects whose outcome is unknown, if `resolve`.
fn run_to_end(world: &mut World, script: &[Op], outage_us: i64, resolve: bool) -> Ending {
    for _ in 0..EXECUTIONS_MAX {
        match execute(world, script, false) {
            Stop::Again => {}
            Stop::Crash => world.now_us += outage_us,
            Stop::Ended(Ending::Failed { failure, place }) if failure.code == Code::UnknownOutcome && resolve => {
                let id = world.ended_by.clone().unwrap();
                give_word(world, id, Ending::Failed { failure, place });
            }
            Stop::Ended(ending) => return ending,
            stop => panic!("{stop:?}"),
        }
    }
    panic!("the run does not end");
}

fn give_word(world: &mut World, id: EffectId, ending: Ending) {
    let Ending::Failed { failure, .. } = ending else { return };
    let (of, due_us, reopens) = (RetryOf::Person, world.now_us, Some(Asked::Effect(id.clone())));
    let mut entries = vec![Entry::Retry(Retry { of, attempt: 0, failure, due_us, reopens })];
    if world.has_done(&id) {
        let outcome = Outcome::Performed(vec![Value::Int(output(world, &id))]);
        entries.push(Entry::Result(EffectResult { effect: id, outcome }));
    }
    let at_us = world.now_us;
    let records: Vec<Record> = entries.into_iter().map(|entry| Record { at_us, entry }).collect();
    world.journal.extend(write_journal(&records));
}

/// What a person finds at the provider.
fn output(world: &World, id: &EffectId) -> i64 {
    let (_, digest) = world.deeds.iter().find(|(done, _)| done == id).unwrap();
    i64::from(digest.0[0]) * 1_000 + i64::from(digest.0[1])
}

fn uncrashed(script: &[Op], rows_move: bool) -> (World, Ending) {
    let mut world = World::new(Vec::new(), rows_move);
    let ending = run_to_end(&mut world, script, 0, false);
    (world, ending)
}

/// How many moments there are at which a script may crash.
fn moments(script: &[Op]) -> usize {
    let mut crashes = 0;
    while {
        let mut world = World::new(vec![crashes], false);
        run_to_end(&mut world, script, 0, true);
        !world.crashes_left()
    } {
        crashes += 1;
    }
    crashes
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { failure_persistence: None, cases, ..ProptestConfig::default() }
}

fn any_outage() -> impl Strategy<Value = i64> {
    let window = i64::try_from(WINDOW_US).unwrap();
    prop_oneof![Just(0), 0..window / 10, Just(2 * window)]
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_crash_at_any_moment_changes_nothing_that_is_done(script in any_script(), outage_us in any_outage()) {
        let (expected, expected_ending) = uncrashed(&script, false);
        for moment in 0..moments(&script) {
            let mut world = World::new(vec![moment], false);
            let ending = run_to_end(&mut world, &script, outage_us, true);
            prop_assert_eq!(&world.deeds, &expected.deeds, "crash at moment {}", moment);
            prop_assert_eq!(&ending, &expected_ending);
        }
    }
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn many_crashes_repeat_and_lose_nothing(
        script in any_script(),
        crashes in prop::collection::vec(0..40_usize, 1..12),
        outage_us in any_outage(),
        small_buffer: bool,
    ) {
        let (expected, expected_ending) = uncrashed(&script, false);
        let mut world = World::new(crashes, false);
        world.small_buffer = small_buffer;
        let ending = run_to_end(&mut world, &script, outage_us, true);
        prop_assert_eq!(&world.deeds, &expected.deeds);
        prop_assert_eq!(&ending, &expected_ending);
    }

    #[test]
    fn what_a_run_has_acted_on_stays_what_it_has_read(
        script in any_script(),
        crashes in prop::collection::vec(0..40_usize, 1..8),
        outage_us in any_outage(),
        small_buffer: bool,
    ) {
        // Every page reads differently each time, so a read that is repeated after its effect would show as a
        // divergence.
        let mut world = World::new(crashes, true);
        world.small_buffer = small_buffer;
        run_to_end(&mut world, &script, outage_us, true);
        prop_assert!(!world.has_repeated(), "{:?}", world.deeds);
    }

    #[test]
    fn unknown_is_said_of_what_was_begun_unproven_and_of_nothing_else(
        script in any_script(),
        crash in 0..40_usize,
        outage_us in 0..i64::try_from(WINDOW_US).unwrap() / 4,
    ) {
        let mut world = World::new(vec![crash], false);
        let mut in_doubt = Vec::new();
        let ending = loop {
            match execute(&mut world, &script, false) {
                Stop::Again => {}
                Stop::Crash => {
                    in_doubt = begun_unproven(&world, &script);
                    world.now_us += outage_us;
                }
                Stop::Ended(ending) => break ending,
                stop => panic!("{stop:?}"),
            }
        };
        let is_unknown = matches!(&ending, Ending::Failed { failure, .. } if failure.code == Code::UnknownOutcome);
        prop_assert_eq!(is_unknown, !in_doubt.is_empty());
        prop_assert_eq!(&world.unknown, &in_doubt);
        prop_assert!(!world.has_repeated());
        let (expected, _) = uncrashed(&script, false);
        prop_assert!(expected.deeds.starts_with(&world.deeds), "what was done is the beginning of what should be");
    }

    #[test]
    fn a_replay_of_a_whole_journal_does_nothing(
        script in any_script(),
        crashes in prop::collection::vec(0..40_usize, 0..4),
    ) {
        let mut world = World::new(crashes, true);
        let ending = run_to_end(&mut world, &script, 0, true);
        let before = (world.deeds.clone(), world.calls, world.reads, world.journal.clone());
        prop_assert!(matches!(execute(&mut world, &script, true), Stop::Ended(replayed) if replayed == ending));
        prop_assert_eq!(before, (world.deeds.clone(), world.calls, world.reads, world.journal.clone()));
    }

    #[test]
    fn a_changed_script_diverges_where_it_was_changed(
        script in any_script(),
        at in any::<prop::sample::Index>(),
        change in 0..3_u8,
    ) {
        let (mut world, ending) = uncrashed(&script, true);
        let reached = match &ending {
            Ending::Failed { place, .. } => usize::try_from(*place).unwrap() + 1,
            _ => script.len(),
        };
        let at = at.index(reached);
        let Some(changed) = mutate(&script, at, change) else { return Ok(()) };
        match execute(&mut world, &changed, true) {
            Stop::Diverged(divergence) => prop_assert_eq!(position(&divergence.place()), Some(at), "{}", divergence),
            stop => prop_assert!(false, "{:?}", stop),
        }
    }

    #[test]
    fn a_journal_cut_anywhere_is_carried_on_from_there(script in any_script(), at in any::<prop::sample::Index>()) {
        let (world, _) = uncrashed(&script, true);
        let records = world.records();
        let cut = at.index(records.len()) + 1;
        let mut replay = World::new(Vec::new(), true);
        replay.journal = write_journal(&records[..cut]);
        replay.now_us = world.now_us;
        match execute(&mut replay, &script, true) {
            Stop::Beyond => prop_assert!(cut < records.len()),
            Stop::Ended(_) => {}
            stop => prop_assert!(false, "{:?}", stop),
        }
        prop_assert_eq!(replay.calls + replay.deeds.len(), 0);
    }
}

/// The effects that the journal leaves in doubt for good.
fn begun_unproven(world: &World, script: &[Op]) -> Vec<EffectId> {
    let mut begun = Vec::new();
    for record in world.records() {
        match record.entry {
            Entry::Intent(intent) => {
                let op = &script[usize::try_from(intent.effect.action).unwrap()];
                if let Op::Call { kind: Kind::Unproven, .. } | Op::Batch { kind: Kind::Unproven, .. } = op {
                    begun.push(intent.effect.id);
                }
            }
            Entry::Result(EffectResult { effect, .. }) => begun.retain(|id| *id != effect),
            Entry::Retry(Retry { reopens: Some(Asked::Effect(effect)), .. }) => begun.retain(|id| *id != effect),
            _ => {}
        }
    }
    begun
}

/// Another script, which differs at this op; `None`: it would not.
fn mutate(script: &[Op], at: usize, change: u8) -> Option<Vec<Op>> {
    let mut changed = script.to_vec();
    match (change, &mut changed[at]) {
        (0, Op::Read { argument, .. }) => *argument = argument.wrapping_add(1),
        (0, Op::Call { param, .. } | Op::Batch { param, .. }) => *param = param.wrapping_add(1),
        // A read for a call, and the other way round.
        (1, op @ (Op::Call { .. } | Op::Batch { .. })) => *op = Op::Read { pages: 1, argument: 0 },
        (1, op @ Op::Read { .. }) => {
            let (kind, trouble) = (Kind::Local, crate::script::Trouble::None);
            *op = Op::Call { kind, times: 1, param: 0, reads_output: true, trouble };
        }
        // One page or iteration less: whatever comes next is found where it should have been.
        (_, Op::Read { pages, .. }) if *pages > 1 => *pages -= 1,
        (_, Op::Call { times, trouble: crate::script::Trouble::None, .. } | Op::Batch { times, .. }) if *times > 1 => {
            *times -= 1;
        }
        _ => return None,
    }
    if change >= 2 && changed.get(at + 1).is_some() {
        // The place is then that of what comes next; only the last op leaves out without a next.
        return None;
    }
    Some(changed)
}

/// The op that a place is in: queries and actions are numbered alike here.
fn position(place: &Place) -> Option<usize> {
    match place {
        Place::Run => None,
        Place::Query(position) | Place::Action { action: position, .. } => usize::try_from(*position).ok(),
    }
}
