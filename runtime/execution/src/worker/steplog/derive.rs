//! From a journal to the log that people read.

use std::collections::{BTreeMap, BTreeSet};

use alcove_catalog::Catalog;
use alcove_ids::EffectId;
use alcove_journal::entry::{
    ApprovalRequested, Asked, Decided, Decision, Effect, Ending, Entry, LeftOut, Log, LogLevel, Outcome, QueryPage,
    Record, Retry, RetryOf, Why,
};
use alcove_plan::{codec::PageReader, plan::Plan, value::Value};

use super::step::{OmittedSteps, Step, StepLog, StepOutcome, shown};
use crate::{
    LoadedPlan,
    record::{TRIGGER, left_out},
    worker::shown as allowed,
};

/// Iterations of one action that have entries of their own.
const ITERATIONS_MAX: usize = 1_000;

/// The step log of a run: its journal, as people read it.
pub fn step_log(plan: &LoadedPlan, journal: &[Record]) -> StepLog {
    let mut derivation = Derivation::new(plan.plan());
    for record in journal {
        derivation.take(record);
    }
    StepLog { steps: derivation.steps, omitted: derivation.omitted.into_values().collect() }
}

/// A step, as one record of the journal has made it or left it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StepChange {
    /// Which record, from 0, and which of the steps that it changed, from 0: a name that stays.
    pub(crate) at: (usize, usize),
    /// Where in the log the step stands.
    pub(crate) position: usize,
    /// The step after that record.
    pub(crate) step: Step,
}

/// How the step log of a run came to be: each change of a step by a record after this one. A log that grows repeats
/// none of them.
pub(crate) fn step_changes(plan: &LoadedPlan, journal: &[Record], after: Option<(usize, usize)>) -> Vec<StepChange> {
    let mut derivation = Derivation::new(plan.plan());
    let mut changes = Vec::new();
    for (number, record) in journal.iter().enumerate() {
        derivation.take(record);
        let touched = std::mem::take(&mut derivation.touched);
        let news = touched.into_iter().enumerate().map(|(place, position)| ((number, place), position));
        for (at, position) in news.filter(|(at, _)| after.is_none_or(|after| *at > after)) {
            let step = derivation.steps.get(position).cloned();
            changes.extend(step.map(|step| StepChange { at, position, step }));
        }
    }
    changes
}

struct Derivation<'p> {
    plan: &'p Plan,
    steps: Vec<Step>,
    /// Steps that the latest record has made or changed.
    touched: BTreeSet<usize>,
    /// The entry of each query.
    queries: BTreeMap<u32, usize>,
    /// The entry of each effect that has one; `None`: it is only counted.
    effects: BTreeMap<EffectId, Option<usize>>,
    /// The actions of effects, to show their outputs.
    actions: BTreeMap<EffectId, u32>,
    /// Iterations so far, by action.
    iterations: BTreeMap<u32, usize>,
    omitted: BTreeMap<u32, OmittedSteps>,
}

impl<'p> Derivation<'p> {
    fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            steps: Vec::new(),
            touched: BTreeSet::new(),
            queries: BTreeMap::new(),
            effects: BTreeMap::new(),
            actions: BTreeMap::new(),
            iterations: BTreeMap::new(),
            omitted: BTreeMap::new(),
        }
    }

    fn take(&mut self, Record { at_us, entry }: &Record) {
        let at_us = *at_us;
        match entry {
            Entry::Started(_) => {}
            Entry::QueryPage(page) => self.page(at_us, page),
            Entry::Intent(intent) => self.begin("action", at_us, &intent.effect),
            Entry::Result(result) => self.settle(at_us, &result.effect, &result.outcome),
            Entry::LocalEffects(local) => {
                for local in &local.effects {
                    self.begin("action", at_us, &local.effect);
                    self.settle(at_us, &local.effect.id, &local.outcome);
                }
            }
            Entry::ApprovalRequested(ApprovalRequested { effect, .. }) => self.begin("approval", at_us, effect),
            Entry::Decided(decided) => self.decide(at_us, decided),
            Entry::Suspended(suspended) => {
                let name = match suspended.why {
                    Why::Approval => "approval",
                    Why::Retry => "retry",
                    Why::Delay => "delay",
                };
                let mut step = Step::new("suspended", name, "", at_us);
                step.ended_us = Some(suspended.until_us);
                step.outcome = StepOutcome::Done;
                self.push(step);
            }
            Entry::Retry(retry) => self.retry(at_us, retry),
            Entry::Finished(finished) => self.end(at_us, &finished.ending),
            Entry::Log(Log { level, place, message }) => {
                self.line(at_us, *level, self.plan.place(*place), message.clone());
            }
            Entry::LeftOut(LeftOut { members }) => {
                for member in members {
                    self.line(at_us, LogLevel::Warning, TRIGGER, left_out(member));
                }
            }
        }
    }

    /// A line of the run's log.
    fn line(&mut self, at_us: i64, level: LogLevel, path: &str, message: String) {
        let mut step = Step::new("log", level.as_str(), path, at_us);
        step.done(at_us);
        step.message = Some(message);
        self.push(step);
    }

    fn page(&mut self, at_us: i64, page: &QueryPage) {
        let query = usize::try_from(page.query).ok().and_then(|query| self.plan.queries.get(query));
        let (connector, path) = query.map_or(("", ""), |query| (&*query.connector, self.plan.place(query.place)));
        let known = self.queries.get(&page.query).copied().filter(|_| page.page > 0);
        let at = known.unwrap_or_else(|| self.push(Step::new("query", connector, path, at_us)));
        self.queries.insert(page.query, at);
        let Some(step) = self.step(at) else { return };
        match &page.answer {
            Ok(bytes) => {
                let columns = query.map_or(0, |query| query.fields.len());
                let rows = PageReader::new(bytes, columns).map_or(0, |page| page.rows_left());
                step.rows = Some(step.rows.unwrap_or(0).saturating_add(rows as u64));
                step.done(at_us);
            }
            Err(failure) => step.failed(at_us, failure),
        }
    }

    fn begin(&mut self, kind: &'static str, at_us: i64, effect: &Effect) {
        if self.effects.contains_key(&effect.id) {
            return;
        }
        let action = usize::try_from(effect.action).ok().and_then(|action| self.plan.actions.get(action));
        let (name, path) = action.map_or(("", ""), |action| (&*action.name, self.plan.place(action.place)));
        self.actions.insert(effect.id.clone(), effect.action);
        let iterations = self.iterations.entry(effect.action).or_default();
        *iterations += 1;
        if *iterations > ITERATIONS_MAX {
            let none = || OmittedSteps { name: name.to_owned(), path: path.to_owned(), done: 0, failed: 0 };
            self.omitted.entry(effect.action).or_insert_with(none);
            self.effects.insert(effect.id.clone(), None);
            return;
        }
        let mut step = Step::new(kind, name, path, at_us);
        step.id = action.and_then(|action| action.id.clone());
        step.indices.clone_from(&effect.indices);
        step.effect = Some(effect.id.to_string());
        step.values.params = shown(&effect.shown);
        let at = self.push(step);
        self.effects.insert(effect.id.clone(), Some(at));
    }

    fn settle(&mut self, at_us: i64, effect: &EffectId, outcome: &Outcome) {
        let action = self.actions.get(effect).copied();
        let Some(step) = self.step_of(effect) else {
            let omitted = action.and_then(|action| self.omitted.get_mut(&action));
            if let Some(omitted) = omitted {
                let counter = match outcome {
                    Outcome::Performed(_) => &mut omitted.done,
                    Outcome::Failed(_) => &mut omitted.failed,
                };
                *counter += 1;
            }
            return;
        };
        match outcome {
            Outcome::Performed(outputs) => {
                step.done(at_us);
                let values = self.outputs(action, outputs);
                if let Some(step) = self.step_of(effect) {
                    step.values.outputs = values;
                }
            }
            Outcome::Failed(failure) => step.failed(at_us, failure),
        }
    }

    /// The outputs of an action, as the app allows. Those that have no names are not shown.
    fn outputs(&self, action: Option<u32>, outputs: &[Value]) -> Option<serde_json::Value> {
        let action = self.plan.actions.get(usize::try_from(action?).ok()?)?;
        let entry = Catalog::shipped().action(&action.name).filter(|_| !outputs.is_empty())?;
        shown(&allowed::outputs(self.plan.settings.log_values, entry, outputs))
    }

    fn decide(&mut self, at_us: i64, decided: &Decided) {
        let Some(step) = self.step_of(&decided.effect) else { return };
        let by = decided.by.as_deref().map_or_else(String::new, |by| format!(" by {by}"));
        let (word, given) = match &decided.decision {
            Decision::Approved => ("approved", true),
            Decision::Modified(_) => ("modified and approved", true),
            Decision::Rejected => ("rejected", false),
            Decision::Expired => ("expired", false),
        };
        step.ended_us = Some(at_us);
        step.outcome = if given { StepOutcome::Done } else { StepOutcome::Failed };
        step.message = Some(format!("{word}{by}"));
    }

    fn retry(&mut self, at_us: i64, retry: &Retry) {
        match &retry.reopens {
            Some(Asked::Effect(effect)) => {
                if let Some(step) = self.step_of(effect) {
                    step.reopened();
                }
            }
            Some(Asked::Read { query, .. }) => {
                let at = self.queries.get(query).copied();
                if let Some(step) = at.and_then(|at| self.step(at)) {
                    step.reopened();
                }
            }
            None => {}
        }
        let name = match retry.of {
            RetryOf::Action => "action",
            RetryOf::Run => "run",
            RetryOf::Person => "person",
        };
        let mut step = Step::new("retry", name, "", at_us);
        step.attempts = retry.attempt;
        step.ended_us = Some(retry.due_us);
        step.outcome = StepOutcome::Done;
        step.message = Some(retry.failure.to_string());
        self.push(step);
    }

    fn end(&mut self, at_us: i64, ending: &Ending) {
        let mut step = match ending {
            Ending::Succeeded { .. } => Step::new("end", "succeeded", "", at_us),
            Ending::Failed { place, .. } => Step::new("end", "failed", self.plan.place(*place), at_us),
            Ending::Skipped { .. } => Step::new("end", "skipped", "", at_us),
            Ending::Cancelled { .. } => Step::new("end", "cancelled", "", at_us),
        };
        match ending {
            Ending::Succeeded { .. } => step.done(at_us),
            Ending::Skipped { reason } => {
                step.done(at_us);
                step.message = Some(reason.as_str().to_owned());
            }
            Ending::Failed { failure, .. } | Ending::Cancelled { failure } => step.failed(at_us, failure),
        }
        self.push(step);
    }

    fn step_of(&mut self, effect: &EffectId) -> Option<&mut Step> {
        let at = (*self.effects.get(effect)?)?;
        self.step(at)
    }

    /// Adds a step; gives where it stands.
    fn push(&mut self, step: Step) -> usize {
        let at = self.steps.len();
        self.steps.push(step);
        self.touched.insert(at);
        at
    }

    /// A step that is changed.
    fn step(&mut self, at: usize) -> Option<&mut Step> {
        self.touched.insert(at);
        self.steps.get_mut(at)
    }
}
