//! A checked batch, performed: each effect once, each counter to its limit and not beyond.
//!
//! The backend gets *segments*: as many calls in a row as can be performed without knowing what became of the ones
//! before. A segment ends where the next call may be one call too many, or is the same effect as one before it.

use std::collections::HashSet;

use alcove_plan::{codec::Outcome, failure::Failure};

use crate::{
    backend::Call,
    ctx::RunContext,
    ledger::{EffectKey, Known, Ledger},
    limits::RunLimits,
    stop::shorten,
};

/// The effects of a run so far.
#[derive(Debug)]
pub(crate) struct EffectState {
    ledger: Ledger,
    /// Effects that were performed or failed.
    pub(crate) effects: u32,
    /// The same, by counter.
    pub(crate) counters: Vec<u32>,
    /// Whether an approval was found undecided: nothing more is performed.
    pub(crate) suspended: bool,
}

/// One batch on its way.
#[derive(Default)]
struct Progress {
    outcomes: Vec<Outcome>,
    /// What failures have taken with them.
    failed: Vec<FailedScope>,
    segment: Vec<Call>,
    pending: HashSet<EffectKey>,
    pending_counters: Vec<u32>,
}

/// The item of the innermost loop that continues on error, in which a call has failed.
struct FailedScope {
    depth: usize,
    indices: Vec<u32>,
}

impl EffectState {
    /// Nothing was done.
    pub(crate) fn new(limits: &RunLimits) -> Self {
        Self {
            ledger: Ledger::new(limits.outcome_bytes),
            effects: 0,
            counters: vec![0; limits.counters.len()],
            suspended: false,
        }
    }
}

/// Performs calls that are checked. Fails only where the run was interrupted while it waited for the backend, or where
/// the backend breaks its contract.
pub(crate) async fn perform(run: &mut RunContext, calls: Vec<Call>) -> Result<Vec<Outcome>, Failure> {
    let mut progress = Progress { pending_counters: vec![0; run.limits.counters.len()], ..Progress::default() };
    for call in calls {
        let key = EffectKey::of(&call);
        if !progress.segment.is_empty() && depends_on_pending(run, &progress, &call, key) {
            settle(run, &mut progress).await?;
        }
        match answer_at_once(run, &progress, &call, key) {
            Some(outcome) => progress.answer(run, &call, outcome),
            None => progress.enqueue(run, call, key),
        }
    }
    settle(run, &mut progress).await?;
    Ok(progress.outcomes)
}

/// Whether it must be known what became of the pending calls before this one can be judged.
fn depends_on_pending(run: &RunContext, progress: &Progress, call: &Call, key: EffectKey) -> bool {
    progress.pending.contains(&key)
        || run.effects.ledger.look_up(key) != Known::New
        || limit_reached(run, progress, call).is_some()
}

/// The outcome of a call that is not performed now; `None`: it is to be performed.
fn answer_at_once(run: &mut RunContext, progress: &Progress, call: &Call, key: EffectKey) -> Option<Outcome> {
    if run.stopped().is_some() || run.effects.suspended || progress.failed.iter().any(|scope| scope.covers(call)) {
        return Some(Outcome::NotPerformed);
    }
    match run.effects.ledger.look_up(key) {
        Known::Outcome(outcome) => Some(outcome),
        Known::Forgotten => Some(Outcome::Failed(run.defect("an effect's outcome was asked for again too late"))),
        Known::New => {
            let failure = limit_reached(run, progress, call)?;
            Some(Outcome::Failed(run.fail(failure)))
        }
    }
}

/// The limit that this call would exceed, were all pending ones performed.
fn limit_reached(run: &RunContext, progress: &Progress, call: &Call) -> Option<Failure> {
    let pending = u32::try_from(progress.segment.len()).unwrap_or(u32::MAX);
    let max = run.limits.effects;
    if run.effects.effects.saturating_add(pending) >= max {
        let message = format!("the run performs more than its limit of {max} effects");
        return Some(Failure::limit("effects", u64::from(max), message));
    }
    let position = run.prepared.actions.get(call.action)?.counter?;
    let (counter, used) = (run.limits.counters.get(position)?, run.effects.counters.get(position)?);
    let pending = progress.pending_counters.get(position)?;
    if used.saturating_add(*pending) < counter.max {
        return None;
    }
    let message = format!("the run makes more than its limit of {} calls counted as `{}`", counter.max, counter.name);
    Some(Failure::limit(counter.name, u64::from(counter.max), message))
}

/// Has the pending calls performed and takes in what became of them.
async fn settle(run: &mut RunContext, progress: &mut Progress) -> Result<(), Failure> {
    if progress.segment.is_empty() {
        return Ok(());
    }
    let calls = std::mem::take(&mut progress.segment);
    let sent: Vec<Call> = calls.iter().map(Call::without_values).collect();
    progress.pending.clear();
    progress.pending_counters.fill(0);
    let outcomes = match run.deadline.guard(run.backend.perform(calls)).await {
        Ok(outcomes) => outcomes,
        Err(interruption) => return Err(run.interrupt(interruption)),
    };
    if outcomes.len() != sent.len() {
        let (given, wanted) = (outcomes.len(), sent.len());
        return Err(run.defect(format!("the platform gave {given} outcomes for {wanted} calls")));
    }
    for (call, outcome) in sent.iter().zip(outcomes) {
        let outcome = take_outcome(run, call, outcome)?;
        progress.answer(run, call, outcome);
    }
    Ok(())
}

/// Counts and records what became of a call.
fn take_outcome(run: &mut RunContext, call: &Call, outcome: Outcome) -> Result<Outcome, Failure> {
    let outputs = run.prepared.actions.get(call.action).map_or(0, |action| action.outputs);
    let outcome = match outcome {
        Outcome::Performed(values) if values.len() != outputs => {
            let (given, action) = (values.len(), call.action);
            return Err(run.defect(format!("the platform gave {given} of {outputs} outputs of action {action}")));
        }
        Outcome::Failed(failure) => Outcome::Failed(shorten(failure)),
        outcome => outcome,
    };
    if matches!(outcome, Outcome::Performed(_) | Outcome::Failed(_)) {
        run.effects.effects = run.effects.effects.saturating_add(1);
        let counter = run.prepared.actions.get(call.action).and_then(|action| action.counter);
        if let Some(used) = counter.and_then(|position| run.effects.counters.get_mut(position)) {
            *used = used.saturating_add(1);
        }
    }
    run.effects.ledger.record(EffectKey::of(call), &outcome);
    Ok(outcome)
}

impl Progress {
    fn enqueue(&mut self, run: &RunContext, call: Call, key: EffectKey) {
        let counter = run.prepared.actions.get(call.action).and_then(|action| action.counter);
        if let Some(pending) = counter.and_then(|position| self.pending_counters.get_mut(position)) {
            *pending = pending.saturating_add(1);
        }
        self.pending.insert(key);
        self.segment.push(call);
    }

    /// Appends the outcome of a call and notes what it means for later ones.
    fn answer(&mut self, run: &mut RunContext, call: &Call, outcome: Outcome) {
        match &outcome {
            Outcome::Failed(failure) => {
                run.fail(failure.clone());
                let depth = run.prepared.actions.get(call.action).map_or(0, |action| usize::from(action.recover_depth));
                self.failed.push(FailedScope { depth, indices: call.indices.clone() });
            }
            Outcome::Suspended => run.effects.suspended = true,
            Outcome::Performed(_) | Outcome::NotPerformed => {}
        }
        self.outcomes.push(outcome);
    }
}

impl FailedScope {
    fn covers(&self, call: &Call) -> bool {
        match (self.indices.get(..self.depth), call.indices.get(..self.depth)) {
            (Some(failed), Some(indices)) => failed == indices,
            // A call outside the loop that continues on error goes on as the loop does.
            (_, None) => false,
            // A plan with a depth beyond the call's loops is not verified; the safe answer is the wider one.
            (None, Some(_)) => true,
        }
    }
}

impl Call {
    fn without_values(&self) -> Self {
        Self { action: self.action, indices: self.indices.clone(), values: Vec::new() }
    }
}
