//! A worker in small: executes a script against the journal and the world, as the real one does a guest.

use alcove_ids::EffectId;
use alcove_journal::{
    External, Guarantee,
    cursor::{Cursor, Divergence, EffectAnswer, History, HistoryError, ReadAnswer},
    effects::{Buffer, Coming},
    entry::{
        ApprovalRequested, Asked, Decided, Decision, Effect, EffectResult, Ending, Entry, Finished, Intent, Outcome,
        QueryPage, Record, Retry, RetryOf, Suspended, Why,
    },
    transition::ErrorClass,
};
use alcove_plan::{
    codec,
    failure::{Code, Failure},
    value::Value,
};

use crate::{
    script::{self, Kind, Op, Trouble},
    world::{Answer, Crash, Planted, World},
};

const TIMEOUT_US: i64 = 50_000;
const ATTEMPTS_MAX: u32 = 3;

/// Why a worker stops.
#[derive(Debug)]
pub(crate) enum Stop {
    Crash,
    /// It is executed again, against the journal.
    Again,
    Ended(Ending),
    Diverged(Box<Divergence>),
    /// A replay has come to the end of its journal.
    Beyond,
    /// The journal cannot be that of a run.
    Contradicted(#[expect(dead_code, reason = "shown where a test fails")] HistoryError),
}

/// What became of a call, for the run.
enum Told {
    Performed(i64),
    Failed(Failure),
}

pub(crate) struct Driver<'w> {
    world: &'w mut World,
    cursor: Cursor,
    buffer: Buffer<(Effect, Trouble)>,
    /// The start, as long as it is not durable.
    opening: Vec<Record>,
    seen: i64,
    /// Nothing is done: what the journal does not have ends the replay.
    is_replay: bool,
}

impl From<Crash> for Stop {
    fn from(_: Crash) -> Self {
        Self::Crash
    }
}

impl From<Box<Divergence>> for Stop {
    fn from(divergence: Box<Divergence>) -> Self {
        Self::Diverged(divergence)
    }
}

/// Executes the script once, from its beginning.
pub(crate) fn execute(world: &mut World, script: &[Op], is_replay: bool) -> Stop {
    world.next_page = 0;
    let mut records = world.records();
    let mut opening = Vec::new();
    if records.is_empty() {
        opening.push(Record { at_us: world.now_us, entry: Entry::Started(script::started()) });
        records.clone_from(&opening);
    }
    let history = match History::read(records) {
        Ok(history) => history,
        Err(error) => return Stop::Contradicted(error),
    };
    if let (Some(ending), false) = (history.ending(), is_replay) {
        // The crash came after the end was durable: nobody takes such a run from the queue.
        return Stop::Ended(ending.clone());
    }
    let cursor = Cursor::new(history);
    let mut driver = Driver { world, cursor, buffer: Buffer::new(), opening, seen: 0, is_replay };
    driver.run(script).unwrap_or_else(|stop| stop)
}

impl Driver<'_> {
    fn run(&mut self, script: &[Op]) -> Result<Stop, Stop> {
        self.cursor.begin(&script::started())?;
        for (position, op) in script.iter().enumerate() {
            let stopped = match *op {
                Op::Read { pages, argument } => self.read(position, pages, argument).map(|()| None)?,
                Op::Call { .. } => self.call(position, op)?,
                Op::Batch { kind, times, param } => self.batch(position, kind, times, param)?,
            };
            if let Some((failure, id)) = stopped {
                self.world.ended_by = Some(id.clone());
                self.retry_run(&failure, Asked::Effect(id))?;
                let place = u32::try_from(position).unwrap();
                return self.end(Ending::Failed { failure, place });
            }
        }
        self.end(Ending::Succeeded { report: self.seen.to_le_bytes().to_vec() })
    }

    fn end(&mut self, ending: Ending) -> Result<Stop, Stop> {
        self.cursor.end(&ending)?;
        if self.is_replay {
            return Ok(Stop::Ended(ending));
        }
        let lost = self.cursor.lost(self.world.now_us);
        let lost_ids: Vec<EffectId> = lost.iter().map(|result| result.effect.clone()).collect();
        let mut entries: Vec<Entry> = lost.into_iter().map(Entry::Result).collect();
        entries.push(Entry::Finished(Finished { ending: ending.clone() }));
        self.commit(entries)?;
        self.world.unknown.extend(lost_ids);
        Ok(Stop::Ended(ending))
    }

    /// The run's own retry, as long as failures may pass: here without end.
    fn retry_run(&mut self, failure: &Failure, asked: Asked) -> Result<(), Stop> {
        if ErrorClass::of(failure.code) != ErrorClass::Transient {
            return Ok(());
        }
        if self.is_replay {
            return Err(Stop::Beyond);
        }
        let attempt = self.cursor.history().attempts() + 1;
        let (failure, due_us) = (failure.clone(), self.world.now_us);
        self.commit(vec![Entry::Retry(Retry { of: RetryOf::Run, attempt, failure, due_us, reopens: Some(asked) })])?;
        Err(Stop::Again)
    }

    fn read(&mut self, position: usize, pages: u32, argument: i64) -> Result<(), Stop> {
        let query = u32::try_from(position).unwrap();
        for page in 0..pages {
            let answer = if page == 0 {
                self.cursor.start_query(query, script::arguments(argument, self.seen))
            } else {
                self.cursor.next_page(query)
            };
            let bytes = match answer {
                ReadAnswer::Replayed(answer) => answer.unwrap(),
                ReadAnswer::Diverged(divergence) => return Err(divergence.into()),
                ReadAnswer::Live(_) if self.is_replay => return Err(Stop::Beyond),
                ReadAnswer::Live(pending) => {
                    assert_eq!((pending.query, pending.page), (query, page));
                    if self.buffer.barrier_before(Coming::Read).is_some() {
                        self.commit(Vec::new())?;
                    }
                    let bytes = script::page(self.world.read(page, argument)?, page + 1 == pages);
                    let entry: QueryPage = pending.answered(Ok(bytes.clone()));
                    if self.world.planted != Planted::ForgetsReads {
                        self.buffer.read(self.world.now_us, entry);
                    }
                    if self.world.small_buffer {
                        self.commit(Vec::new())?;
                    }
                    bytes
                }
            };
            self.seen = script::see(self.seen, script::row(&bytes));
        }
        Ok(())
    }

    /// Gives the failure that ends the run, and the effect that failed.
    fn call(&mut self, position: usize, op: &Op) -> Result<Option<(Failure, EffectId)>, Stop> {
        let Op::Call { kind, times, param, reads_output, trouble } = *op else { return Ok(None) };
        for index in 0..times {
            let effect = script::effect(position, index, param, self.seen);
            let id = effect.id.clone();
            let told = match kind.guarantee() {
                _ if kind == Kind::Approval => self.approve(&effect)?,
                Guarantee::Local => self.local(effect, reads_output, trouble)?,
                Guarantee::External(guarantee) => self.external(&effect, kind, guarantee, trouble)?,
            };
            match told {
                Told::Performed(output) if reads_output => self.seen = script::see(self.seen, output),
                Told::Performed(_) => {}
                Told::Failed(failure) if trouble == Trouble::Handled && !failure.code.stops_run() => {
                    self.seen = script::see(self.seen, -1);
                }
                Told::Failed(failure) => return Ok(Some((failure, id))),
            }
        }
        Ok(None)
    }

    /// All intents in one commit, then all calls, then the results in another order.
    fn batch(
        &mut self,
        position: usize,
        kind: Kind,
        times: u32,
        param: i64,
    ) -> Result<Option<(Failure, EffectId)>, Stop> {
        let Guarantee::External(guarantee) = kind.guarantee() else { return Ok(None) };
        let (mut intents, mut stopped) = (Vec::new(), None);
        for index in 0..times {
            let effect = script::effect(position, index, param, self.seen);
            let before_us = match self.ask(&effect)? {
                EffectAnswer::Replayed(codec::Outcome::Performed(_)) => continue,
                EffectAnswer::Live { .. } => i64::MAX,
                EffectAnswer::SendAgain { before_us, .. } => before_us,
                EffectAnswer::Replayed(codec::Outcome::Failed(failure)) => {
                    stopped = Some((failure, effect.id));
                    break;
                }
                EffectAnswer::Unknown(failure) => {
                    self.unknown(&effect, &failure)?;
                    stopped = Some((failure, effect.id));
                    break;
                }
                answer => panic!("no answer to go by: {answer:?}"),
            };
            let deadline_us = self.world.now_us.saturating_add(TIMEOUT_US).min(before_us);
            intents.push(Intent { effect, deadline_us, guarantee });
        }
        if !intents.is_empty() {
            self.commit(intents.iter().cloned().map(Entry::Intent).collect())?;
        }
        for intent in &intents {
            if self.world.now_us >= intent.deadline_us {
                return Err(Stop::Again);
            }
            self.world.call(&intent.effect, kind, Trouble::None)?;
        }
        for intent in intents.iter().rev() {
            self.result(&intent.effect, Outcome::Performed(vec![Value::Int(output_of(&intent.effect))]))?;
        }
        Ok(stopped)
    }

    fn unknown(&mut self, effect: &Effect, failure: &Failure) -> Result<(), Stop> {
        self.result(effect, Outcome::Failed(failure.clone()))?;
        self.world.unknown.push(effect.id.clone());
        Ok(())
    }

    fn ask(&mut self, effect: &Effect) -> Result<EffectAnswer, Stop> {
        loop {
            match self.cursor.effect(effect, self.world.now_us) {
                EffectAnswer::Diverged(divergence) => return Err(divergence.into()),
                EffectAnswer::NotBefore { until_us } => {
                    assert!(until_us > self.world.now_us);
                    self.world.now_us = until_us;
                }
                EffectAnswer::Replayed(outcome) => return Ok(EffectAnswer::Replayed(outcome)),
                _ if self.is_replay => return Err(Stop::Beyond),
                answer => return Ok(answer),
            }
        }
    }

    fn local(&mut self, effect: Effect, reads_output: bool, trouble: Trouble) -> Result<Told, Stop> {
        let output = output_of(&effect);
        match self.ask(&effect)? {
            EffectAnswer::Replayed(outcome) => return Ok(told(outcome)),
            EffectAnswer::Live { attempts: 0 } => {}
            answer => panic!("a local effect is never in doubt: {answer:?}"),
        }
        let has_handler = trouble == Trouble::Handled;
        let coming = Coming::call(Guarantee::Local, reads_output, has_handler);
        if self.buffer.barrier_before(coming).is_some() {
            self.commit(Vec::new())?;
        }
        if self.buffer.local(effect.clone(), (effect, trouble), coming).is_none() {
            return Ok(Told::Performed(output));
        }
        let outcomes = self.commit_but_last()?;
        Ok(outcomes.into_iter().last().map_or(Told::Performed(output), told))
    }

    fn external(&mut self, effect: &Effect, kind: Kind, guarantee: External, trouble: Trouble) -> Result<Told, Stop> {
        let (mut attempts, before_us) = match self.ask(effect)? {
            EffectAnswer::Replayed(outcome) => return Ok(told(outcome)),
            EffectAnswer::Live { attempts } => (attempts, i64::MAX),
            EffectAnswer::SendAgain { before_us, attempts } => (attempts, before_us),
            EffectAnswer::Unknown(_) if self.world.planted == Planted::RepeatsUnknown => (0, i64::MAX),
            EffectAnswer::Unknown(failure) => {
                self.unknown(effect, &failure)?;
                return Ok(Told::Failed(failure));
            }
            answer => panic!("no answer to go by: {answer:?}"),
        };
        loop {
            if self.world.planted == Planted::CallBeforeIntent {
                self.world.call(effect, kind, trouble)?;
            }
            let deadline_us = self.world.now_us.saturating_add(TIMEOUT_US).min(before_us);
            self.commit(vec![Entry::Intent(Intent { effect: effect.clone(), deadline_us, guarantee })])?;
            if self.world.now_us >= deadline_us {
                // Egress does not send after the deadline: a later worker judges.
                return Err(Stop::Again);
            }
            match self.world.call(effect, kind, trouble)? {
                Some(Answer::Performed) => {
                    let output = output_of(effect);
                    self.result(effect, Outcome::Performed(vec![Value::Int(output)]))?;
                    return Ok(Told::Performed(output));
                }
                Some(Answer::Refused) => {
                    let failure = Failure::new(Code::Action, "refused");
                    self.result(effect, Outcome::Failed(failure.clone()))?;
                    return Ok(Told::Failed(failure));
                }
                None if attempts + 1 < ATTEMPTS_MAX => attempts = self.retry_action(effect, attempts + 1)?,
                None => {
                    let failure = Failure::new(Code::External, "down");
                    self.result(effect, Outcome::Failed(failure.clone()))?;
                    return Ok(Told::Failed(failure));
                }
            }
        }
    }

    /// The action's own retry: it is known that the attempt did nothing.
    fn retry_action(&mut self, effect: &Effect, attempt: u32) -> Result<u32, Stop> {
        let (failure, due_us) = (Failure::new(Code::External, "down"), self.world.now_us + 20_000);
        let reopens = Some(Asked::Effect(effect.id.clone()));
        self.commit(vec![Entry::Retry(Retry { of: RetryOf::Action, attempt, failure, due_us, reopens })])?;
        self.world.now_us = self.world.now_us.max(due_us);
        Ok(attempt)
    }

    fn approve(&mut self, effect: &Effect) -> Result<Told, Stop> {
        match self.ask(effect)? {
            EffectAnswer::Replayed(codec::Outcome::Suspended) => self.cursor.suspend()?,
            EffectAnswer::Replayed(outcome) => return Ok(told(outcome)),
            EffectAnswer::Live { attempts: 0 } => {
                let until_us = self.world.now_us + 1;
                let (effect, preview) = (effect.clone(), effect.digest);
                self.commit(vec![
                    Entry::ApprovalRequested(ApprovalRequested { effect, preview, expires_us: until_us }),
                    Entry::Suspended(Suspended { why: Why::Approval, until_us }),
                ])?;
            }
            answer => panic!("an approval is never in doubt: {answer:?}"),
        }
        if self.is_replay {
            return Err(Stop::Beyond);
        }
        let decided = Decided { effect: effect.id.clone(), by: Some("ann".to_owned()), decision: Decision::Approved };
        self.commit(vec![Entry::Decided(decided)])?;
        Err(Stop::Again)
    }

    fn result(&mut self, effect: &Effect, outcome: Outcome) -> Result<(), Stop> {
        self.commit(vec![Entry::Result(EffectResult { effect: effect.id.clone(), outcome })])
    }

    /// Commits what was kept back and these entries. Everything that was kept back has been answered.
    fn commit(&mut self, entries: Vec<Entry>) -> Result<(), Stop> {
        let (settled, deeds) = self.settle();
        let told = settled.outcomes.len();
        let misled = settled.misled(told) && self.world.planted != Planted::TrustsItsGuess;
        let mut records = settled.records;
        if !misled {
            let at_us = self.world.now_us;
            records.extend(entries.into_iter().map(|entry| Record { at_us, entry }));
        }
        self.append(records, deeds)?;
        if misled { Err(Stop::Again) } else { Ok(()) }
    }

    /// Commits what was kept back, of which the last effect was not answered yet.
    fn commit_but_last(&mut self) -> Result<Vec<codec::Outcome>, Stop> {
        let (settled, deeds) = self.settle();
        let misled = settled.misled(settled.outcomes.len().saturating_sub(1));
        self.append(settled.records, deeds)?;
        if misled { Err(Stop::Again) } else { Ok(settled.outcomes) }
    }

    fn append(&mut self, records: Vec<Record>, deeds: Vec<(Effect, Trouble)>) -> Result<(), Stop> {
        let opening = std::mem::take(&mut self.opening);
        let records: Vec<Record> = opening.into_iter().chain(records).collect();
        let deeds = deeds.into_iter().map(|(effect, _)| (effect.id, effect.digest)).collect();
        Ok(self.world.commit(&records, deeds)?)
    }

    /// Performs what was kept back, up to the first failure.
    fn settle(&mut self) -> (alcove_journal::effects::Settled, Vec<(Effect, Trouble)>) {
        let batch = self.buffer.take();
        if self.world.planted == Planted::LosesBuffer {
            let batch = Buffer::<()>::new().take();
            return (batch.settle(self.world.now_us, Vec::new()).unwrap(), Vec::new());
        }
        let (mut outcomes, mut deeds, mut failed) = (Vec::new(), Vec::new(), false);
        for (effect, trouble) in batch.calls() {
            let refused = matches!(trouble, Trouble::Refused | Trouble::Handled);
            outcomes.push(match (failed, refused) {
                (true, _) => codec::Outcome::NotPerformed,
                (false, true) => codec::Outcome::Failed(Failure::new(Code::Action, "refused")),
                (false, false) => {
                    deeds.push((effect.clone(), *trouble));
                    codec::Outcome::Performed(vec![Value::Int(output_of(effect))])
                }
            });
            failed |= refused;
        }
        (batch.settle(self.world.now_us, outcomes).unwrap(), deeds)
    }
}

/// What an action gives back: it follows from the call.
fn output_of(effect: &Effect) -> i64 {
    i64::from(effect.digest.0[0]) * 1_000 + i64::from(effect.digest.0[1])
}

fn told(outcome: codec::Outcome) -> Told {
    match outcome {
        codec::Outcome::Performed(outputs) => match outputs.first() {
            Some(Value::Int(output)) => Told::Performed(*output),
            _ => Told::Performed(0),
        },
        codec::Outcome::Failed(failure) => Told::Failed(failure),
        outcome => panic!("no outcome to go by: {outcome:?}"),
    }
}
