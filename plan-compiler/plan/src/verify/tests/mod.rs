//! What passes, what does not, and that nothing panics.

mod expressions;
mod flow_section;
mod host_section;
mod hostile_bytes;
pub(crate) mod sample;
mod steps_section;

use std::string::ToString;

use super::verify;
use crate::{plan::Plan, program::Program};

/// Changes the sample and gives what the verifier says about it.
fn refusal(change: impl FnOnce(&mut Plan, &mut Program)) -> std::string::String {
    let (mut plan, mut program) = sample::sample();
    change(&mut plan, &mut program);
    verify(&plan, &program).map_or_else(|error| error.to_string(), |()| "accepted".to_string())
}

/// One case: a change of the sample, and what the verifier says.
type Case = (fn(&mut Plan, &mut Program), &'static str);

fn assert_refusals(cases: &[Case]) {
    for (change, expected) in cases {
        assert_eq!(refusal(*change), *expected);
    }
}

#[test]
fn the_sample_passes() {
    assert_eq!(refusal(|_, _| {}), "accepted");
}
