//! External effects: an intent that is durable, then the call, then its result.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use alcove_catalog::Guarantee as Promise;
use alcove_ids::EffectId;
use alcove_journal::{
    External, Guarantee,
    entry::{Asked, Effect, EffectResult, Entry, Intent, Outcome as Recorded, Retry, RetryOf},
    transition::{ErrorClass, Wait, retry_delay_us},
};
use alcove_plan::{
    codec::Outcome,
    failure::{Code, Failure},
    value::Value,
};
use alcove_platform::{EffectCall, PreparedAction, Unperformed};
use tokio::task::JoinHandle;

use super::{
    answers::Answers,
    calling,
    effects::PAUSE_US_MAX,
    halt::Halt,
    hold::{Committed, Durable},
    reserved::{Used, wants},
    session::Session,
};
use crate::{Outside, Planted, outside::Performed, quota::seed};

/// How long a provider remembers an idempotency key, at the least: a day.
const KEY_WINDOW_US: u64 = 86_400_000_000;

/// By how much the clocks of two machines may differ.
const SKEW: Duration = Duration::from_secs(5);

/// What is known of the attempts at a call before this one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempts {
    /// How many of the action's own retry have failed.
    pub(super) failed: u32,
    /// The call must arrive before this time, in microseconds since 1970-01-01T00:00:00Z.
    pub(super) before_us: i64,
}

/// An external effect on its way.
pub(super) struct Calling {
    effect: EffectId,
    /// The position of its action.
    place: u32,
    /// How many attempts there will have been, if this one fails.
    attempt: u32,
    sent: JoinHandle<Sent>,
}

/// An external effect of which nobody knows whether it happened.
pub(super) struct Unknown {
    pub(super) effect: EffectId,
    /// The position of its action.
    pub(super) place: u32,
    /// E013.
    pub(super) failure: Failure,
}

/// What became of sending an external effect.
pub(super) enum Sent {
    /// Nothing was sent: the commit of its intent failed.
    Halted(Halt),
    /// Nothing was sent, and there is no intent: an effect before it was not performed.
    HeldBack(Committed),
    /// It was sent, or would have been if there had been time.
    Answered(Committed, Result<Performed, Unperformed>),
}

/// What an action's binding promises.
pub(super) fn guarantee(action: &PreparedAction) -> Guarantee {
    Guarantee::External(match action.guarantee() {
        Promise::Local => return Guarantee::Local,
        Promise::ForeignTx => External::ForeignTx,
        Promise::Keyed => External::Keyed { window_us: KEY_WINDOW_US },
        Promise::Natural => External::Natural,
        Promise::Unproven => External::Unproven,
    })
}

impl Session {
    /// Sends an external effect, as often as its action's own retry says.
    #[expect(clippy::too_many_arguments, reason = "a call, what is known of it, and where its answer goes")]
    pub(super) async fn send(
        &mut self,
        place: u32,
        effect: Effect,
        guarantee: External,
        call: &EffectCall,
        params: Value,
        mut attempts: Attempts,
        answers: &mut Answers<'_>,
    ) -> Result<(), Halt> {
        loop {
            let told = self.told;
            let sent = self.attempt(place, &effect, guarantee, call, &params, attempts).await?;
            let (mut committed, answer) = match sent {
                Sent::Halted(halt) => return Err(halt),
                Sent::HeldBack(committed) => {
                    let refused = committed.refused;
                    self.learn(committed, told, answers)?;
                    if answers.holds(call) {
                        answers.push(Outcome::NotPerformed);
                        return Ok(());
                    }
                    match refused {
                        Some(exceeded) => return self.refuse(effect, exceeded.failure(), call, answers).await,
                        None => continue,
                    }
                }
                Sent::Answered(committed, answer) => (committed, answer),
            };
            self.reserved.keep(std::mem::take(&mut committed.reserved));
            self.learn(committed, told, answers)?;
            self.reserved.note(&effect.id, Used::of(&answer));
            let failure = match answer {
                Ok(performed) => {
                    self.tokens.0 += performed.tokens_in;
                    self.tokens.1 += performed.tokens_out;
                    let outcome = Outcome::Performed(performed.outputs);
                    self.note_result(&effect, &outcome);
                    self.settled(&effect, outcome, answers);
                    return Ok(());
                }
                Err(failure) => failure.failure,
            };
            attempts.failed = attempts.failed.saturating_add(1);
            let Some(delay_us) = self.retry_delay_us(place, &effect, &failure, attempts.failed) else {
                let outcome = Outcome::Failed(failure);
                self.note_result(&effect, &outcome);
                self.settled(&effect, outcome, answers);
                return Ok(());
            };
            self.put_off(&effect, failure, attempts.failed, delay_us, answers).await?;
        }
    }

    /// Makes everything before it and its intent durable, and sends it. Both go on if nobody waits for them any more.
    async fn attempt(
        &mut self,
        place: u32,
        effect: &Effect,
        guarantee: External,
        call: &EffectCall,
        params: &Value,
        attempts: Attempts,
    ) -> Result<Sent, Halt> {
        let own = usize::try_from(place).ok().and_then(|place| self.plan.plan.actions.get(place));
        let own = own.and_then(|action| action.timeout_ms).map(|ms| Duration::from_millis(ms.into()));
        let asked = Outside::timeout(call, params);
        let timeout = own.map_or(asked, |own| own.min(asked));
        let now_us = self.now_us();
        let latest_us = now_us.saturating_add(micros(timeout)).saturating_add(micros(SKEW));
        let deadline_us = latest_us.min(attempts.before_us);
        let intent = self.record(Entry::Intent(Intent { effect: effect.clone(), deadline_us, guarantee }));

        let mut durable = self.take_durable();
        durable.then.push(intent);
        // Its own retries, and who sends it again after a crash, go on with what was reserved for it at first.
        if attempts.failed == 0 && !self.reserved.holds(&effect.id) {
            durable.wants = wants(call, params);
        }
        let time_left = Duration::from_micros(u64::try_from(deadline_us.saturating_sub(now_us)).unwrap_or(0));
        let not_after = now() + time_left;
        let (hold, node) = (Arc::clone(&self.hold), Arc::clone(&self.node));
        let (call, params, scope) = (call.clone(), params.clone(), self.scope.clone());
        let sink = self.hold.lock().await.called().of(effect.id.clone(), now_us);
        let sent = tokio::spawn(async move {
            let outside = async || {
                let performed = calling::perform(&node, &scope, &call, &params, not_after, &sink);
                let late = |_| Err(Unperformed::sent(late(&call, guarantee, timeout)));
                tokio::time::timeout(timeout, performed).await.unwrap_or_else(late)
            };
            if node.config.has(Planted::CallBeforeIntent) {
                let answer = outside().await;
                return commit(hold, durable).await.map_or_else(Sent::Halted, |done| Sent::Answered(done, answer));
            }
            match commit(hold, durable).await {
                Err(halt) => Sent::Halted(halt),
                Ok(committed) if !committed.is_whole() => Sent::HeldBack(committed),
                Ok(committed) => Sent::Answered(committed, outside().await),
            }
        });
        let attempt = attempts.failed.saturating_add(1);
        let calling = self.calling.insert(Calling { effect: effect.id.clone(), place, attempt, sent });
        let sent = (&mut calling.sent).await;
        self.calling = None;
        sent.map_err(|_| Halt::defect("a call was broken off"))
    }

    /// How long to wait before the next attempt of the action's own retry; `None`: there is none.
    fn retry_delay_us(&self, place: u32, effect: &Effect, failure: &Failure, failed: u32) -> Option<i64> {
        if ErrorClass::of(failure.code) != ErrorClass::Transient {
            return None;
        }
        let action = usize::try_from(place).ok().and_then(|place| self.plan.plan.actions.get(place))?;
        let delay_us = retry_delay_us(action.retry.as_ref()?, failed, seed(effect.id.as_str()))?;
        Some(i64::try_from(delay_us).unwrap_or(i64::MAX))
    }

    /// Records that a call is tried again later, and waits for it, or lets go of the run until then.
    async fn put_off(
        &mut self,
        effect: &Effect,
        failure: Failure,
        attempt: u32,
        delay_us: i64,
        answers: &mut Answers<'_>,
    ) -> Result<(), Halt> {
        let due_us = self.now_us().saturating_add(delay_us);
        let reopens = Some(Asked::Effect(effect.id.clone()));
        self.note(Entry::Retry(Retry { of: RetryOf::Action, attempt, failure, due_us, reopens }));
        if delay_us > PAUSE_US_MAX {
            return Err(Halt::Wait(Box::new(Wait::Retry { due_us })));
        }
        // Otherwise a crash would leave an attempt in doubt of which it is known that it did nothing.
        self.flush(answers).await?;
        self.sleep_until(due_us).await;
        Ok(())
    }

    /// Records what became of an external effect.
    pub(super) fn note_result(&mut self, effect: &Effect, outcome: &Outcome) {
        let outcome = match outcome {
            Outcome::Performed(outputs) => Recorded::Performed(outputs.clone()),
            Outcome::Failed(failure) => Recorded::Failed(failure.clone()),
            Outcome::NotPerformed | Outcome::Suspended => return,
        };
        self.note(Entry::Result(EffectResult { effect: effect.id.clone(), outcome }));
        self.reserved.settle(&effect.id);
    }

    /// Waits for a call that was on its way when the guest ended, and records what became of it. Gives the effect if
    /// nobody knows whether it happened.
    pub(super) async fn settle_calling(&mut self) -> Option<Unknown> {
        let Calling { effect, place, attempt, sent } = self.calling.take()?;
        let answer = match sent.await {
            Ok(Sent::Answered(committed, answer)) => {
                self.reserved.keep(committed.reserved);
                self.reserved.note(&effect, Used::of(&answer));
                answer.map_err(|failure| failure.failure)
            }
            Ok(Sent::Halted(halt)) => {
                self.stop(halt);
                return None;
            }
            Ok(Sent::HeldBack(_)) | Err(_) => return None,
        };
        let (outcome, unknown) = match answer {
            Ok(performed) => (Recorded::Performed(performed.outputs), None),
            Err(failure) if ErrorClass::of(failure.code) == ErrorClass::Transient => {
                let (due_us, reopens) = (self.now_us(), Some(Asked::Effect(effect)));
                self.note(Entry::Retry(Retry { of: RetryOf::Action, attempt, failure, due_us, reopens }));
                return None;
            }
            Err(failure) => {
                let unknown = (failure.code == Code::UnknownOutcome).then(|| failure.clone());
                (Recorded::Failed(failure), unknown)
            }
        };
        self.note(Entry::Result(EffectResult { effect: effect.clone(), outcome }));
        self.reserved.settle(&effect);
        unknown.map(|failure| Unknown { effect, place, failure })
    }
}

async fn commit(hold: super::hold::SharedHold, durable: Durable) -> Result<Committed, Halt> {
    hold.lock_owned().await.commit(durable).await
}

/// What a call that took too long is told: where it cannot be sent again, nobody knows whether it happened.
fn late(call: &EffectCall, guarantee: External, timeout: Duration) -> Failure {
    let (name, ms) = (call.action.name(), timeout.as_millis());
    match guarantee {
        External::Unproven => {
            let message = format!("`{name}` did not answer within {ms} ms, and it is not known whether it happened");
            Failure::new(Code::UnknownOutcome, message)
        }
        External::ForeignTx | External::Keyed { .. } | External::Natural => {
            Failure::new(Code::External, format!("`{name}` did not answer within {ms} ms"))
        }
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The one reading of a clock that only goes forward: egress holds what it sends against it.
#[expect(clippy::disallowed_methods, reason = "a deadline for this machine, which the engine's clock does not give")]
fn now() -> Instant {
    Instant::now()
}
