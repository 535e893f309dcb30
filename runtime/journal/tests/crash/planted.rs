//! The properties prove themselves: a worker with a planted defect breaks them.

use crate::{
    driver::{Stop, execute},
    script::{Kind, Op, Trouble},
    world::{Planted, World},
};

fn call(kind: Kind, trouble: Trouble) -> Op {
    Op::Call { kind, times: 2, param: 7, reads_output: false, trouble }
}

/// A script in which everything matters.
fn script() -> Vec<Op> {
    vec![
        Op::Read { pages: 2, argument: 3 },
        call(Kind::Local, Trouble::None),
        call(Kind::Keyed, Trouble::None),
        call(Kind::Unproven, Trouble::None),
        Op::Batch { kind: Kind::Natural, times: 2, param: 7 },
        call(Kind::Local, Trouble::Refused),
        call(Kind::Local, Trouble::None),
    ]
}

/// Whether some crash, or none, makes a difference that an onlooker sees: something is done twice, or not at all, or
/// the run and its journal disagree.
fn is_found(planted: Planted) -> bool {
    let mut flawless = World::new(Vec::new(), true);
    let should_end = loop {
        if let Stop::Ended(ending) = execute(&mut flawless, &script(), false) {
            break ending;
        }
    };
    (0..60).any(|moment| {
        let mut world = World::new(vec![moment], true);
        world.planted = planted;
        let sound = loop {
            match execute(&mut world, &script(), false) {
                Stop::Again | Stop::Crash => {}
                // What is unknown ends the run early; what it did until then counts.
                Stop::Ended(_) if !world.unknown.is_empty() => break true,
                Stop::Ended(ending) => break ending == should_end && world.deeds.len() == flawless.deeds.len(),
                Stop::Diverged(_) | Stop::Beyond | Stop::Contradicted(_) => break false,
            }
        };
        !sound || world.has_repeated()
    })
}

#[test]
fn a_sound_worker_passes() {
    assert!(!is_found(Planted::Nothing));
}

#[test]
fn every_planted_defect_is_found() {
    for planted in [
        Planted::CallBeforeIntent,
        Planted::RepeatsUnknown,
        Planted::ForgetsReads,
        Planted::TrustsItsGuess,
        Planted::LosesBuffer,
    ] {
        assert!(is_found(planted), "{planted:?}");
    }
}
