//! Calls: from the journal, or performed: local ones kept back until the next barrier, external ones sent.

use alcove_host::Call;
use alcove_journal::{
    Guarantee,
    cursor::EffectAnswer,
    effects::Coming,
    entry::{self, Asked, Effect, Entry, LocalEffect, LocalEffects},
    transition::Wait,
};
use alcove_plan::{codec::Outcome, failure::Failure, value::Timestamp};
use alcove_platform::{EffectCall, Performer};

use super::{
    answers::Answers,
    approval::Asking,
    external::{Attempts, guarantee},
    halt::{Halt, stopped},
    session::Session,
};

/// The longest pause that is waited for with the instance in memory, in microseconds.
pub(super) const PAUSE_US_MAX: i64 = 2_000_000;

impl Session {
    /// Performs calls in order; one outcome for each.
    pub(super) async fn perform(&mut self, calls: Vec<Call>) -> Vec<Outcome> {
        self.reading = None;
        let count = calls.len();
        if self.halt.is_some() {
            return vec![Outcome::Failed(stopped()); count];
        }
        let prepared: Result<Vec<_>, Failure> = calls.into_iter().map(|call| self.calls.prepare(call)).collect();
        let (places, calls): (Vec<u32>, Vec<EffectCall>) = match prepared {
            Ok(prepared) => prepared.into_iter().unzip(),
            Err(failure) => return vec![Outcome::Failed(failure); count],
        };
        let mut answers = Answers::new(&calls);
        for (at, (place, call)) in places.into_iter().zip(&calls).enumerate() {
            if let Err(halt) = self.answer(place, call, &mut answers).await {
                let failure = self.stop(halt);
                answers.stop(at, failure);
                break;
            }
        }
        self.told = self.kept;
        answers.finish()
    }

    /// Answers the next call.
    async fn answer(&mut self, place: u32, call: &EffectCall, answers: &mut Answers<'_>) -> Result<(), Halt> {
        if answers.holds(call) {
            answers.push(Outcome::NotPerformed);
            return Ok(());
        }
        let params = call.action.rendered(&call.values);
        let effect = self.calls.effect(place, call, &params);
        let attempts = match self.ask(&effect).await? {
            EffectAnswer::Replayed(Outcome::Suspended) => {
                return Err(Halt::defect("a run was taken up while its approval is not decided"));
            }
            EffectAnswer::Replayed(outcome) => {
                self.settled(&effect, outcome, answers);
                return Ok(());
            }
            EffectAnswer::Unknown(failure) => {
                self.note_result(&effect, &Outcome::Failed(failure.clone()));
                self.settled(&effect, Outcome::Failed(failure), answers);
                return Ok(());
            }
            EffectAnswer::Live { attempts } => Attempts { failed: attempts, before_us: i64::MAX },
            EffectAnswer::SendAgain { before_us, attempts } => Attempts { failed: attempts, before_us },
            EffectAnswer::NotBefore { .. } | EffectAnswer::Diverged(_) => {
                return Err(Halt::defect("a call was neither answered nor to be performed"));
            }
        };
        let params = match params {
            Ok(params) => params,
            Err(failure) => return self.refuse(effect, failure, call, answers).await,
        };
        match (call.action.performer(), guarantee(&call.action)) {
            (Performer::Approval, _) => {
                self.asking = Some(Box::new(Asking { effect, place, params }));
                answers.push(Outcome::Suspended);
                Ok(())
            }
            (Performer::Tables, _) | (_, Guarantee::Local) => self.keep_local(place, effect, call, answers).await,
            (Performer::Ai | Performer::Http | Performer::Api, Guarantee::External(external)) => {
                self.send(place, effect, external, call, params, attempts, answers).await
            }
        }
    }

    /// What the journal says of a call. A short wait is waited for here.
    pub(super) async fn ask(&mut self, effect: &Effect) -> Result<EffectAnswer, Halt> {
        loop {
            let now_us = self.now_us();
            match self.cursor.effect(effect, now_us) {
                EffectAnswer::Diverged(divergence) => return Err(divergence.into()),
                EffectAnswer::NotBefore { until_us } if until_us.saturating_sub(now_us) > PAUSE_US_MAX => {
                    return Err(Halt::Wait(Box::new(Wait::Delay { until_us })));
                }
                EffectAnswer::NotBefore { until_us } => self.sleep_until(until_us).await,
                answer => return Ok(answer),
            }
        }
    }

    /// Waits, with the instance in memory.
    pub(super) async fn sleep_until(&self, until_us: i64) {
        if let Some(until) = Timestamp::from_micros(until_us) {
            self.node.clock.sleep_until(until).await;
        }
    }

    /// Keeps a local effect back, unless somebody looks at what becomes of it.
    async fn keep_local(
        &mut self,
        place: u32,
        effect: Effect,
        call: &EffectCall,
        answers: &mut Answers<'_>,
    ) -> Result<(), Halt> {
        let facts = usize::try_from(place).ok().and_then(|place| self.plan.facts.get(place));
        let (outputs_read, has_handler) = facts.map_or((true, true), |facts| (facts.outputs_read, facts.has_handler));
        let coming = Coming::Local { outputs_read, has_handler };
        if self.buffer.barrier_before(coming).is_some() {
            self.flush(answers).await?;
            if answers.holds(call) {
                answers.push(Outcome::NotPerformed);
                return Ok(());
            }
        }
        answers.push_kept(Self::guess(call));
        match self.keep(effect, call.clone(), coming) {
            Some(_) => self.flush(answers).await,
            None => Ok(()),
        }
    }

    /// Records that a call was refused before anything of it was done.
    pub(super) async fn refuse(
        &mut self,
        effect: Effect,
        failure: Failure,
        call: &EffectCall,
        answers: &mut Answers<'_>,
    ) -> Result<(), Halt> {
        // What was kept back came before it.
        if self.kept > 0 {
            self.flush(answers).await?;
            if answers.holds(call) {
                answers.push(Outcome::NotPerformed);
                return Ok(());
            }
        }
        let outcome = Outcome::Failed(failure.clone());
        let refused = LocalEffect { effect: effect.clone(), outcome: entry::Outcome::Failed(failure) };
        self.note(Entry::LocalEffects(LocalEffects { effects: vec![refused] }));
        self.settled(&effect, outcome, answers);
        Ok(())
    }

    /// Answers the next call with what is certain.
    pub(super) fn settled(&mut self, effect: &Effect, outcome: Outcome, answers: &mut Answers<'_>) {
        if let Outcome::Failed(failure) = &outcome {
            self.failed = Some((Asked::Effect(effect.id.clone()), failure.clone()));
        }
        answers.push(outcome);
    }
}
