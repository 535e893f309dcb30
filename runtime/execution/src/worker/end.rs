//! How the worker lets go of a run: what an execution came to, as an event of the run's state machine.

use alcove_host::{End as GuestEnd, RunFailure};
use alcove_journal::{
    cursor::{History, Place},
    entry::{Asked, Ending, Entry, SkipReason},
    transition::{Event, Stop, Token, Wait},
};
use alcove_plan::{
    codec::decode_value,
    failure::{Code, Failure},
};

use super::{
    answers::Answers,
    course::Course,
    external::Unknown,
    halt::{Halt, defect},
    hold::Durable,
    preview::{self, Basis},
    reserved::wait_for_quota,
    session::Session,
    summary,
};
use crate::{
    commit::{CommitError, End},
    dispatch::Why,
    runner::unreadable,
};

/// Why the worker has not said what became of the run.
#[derive(Debug)]
pub(super) enum Leave {
    /// It is to be executed again, against the journal as it is now.
    Again,
    /// A commit failed.
    Uncommitted(CommitError),
    /// The worker has lost it.
    Lost,
    /// It was not accepted after all.
    Refused,
    /// A quota held something back, and the run waits until it comes back.
    Wait(Wait),
}

impl From<Halt> for Leave {
    /// For halts of commits; what else stops a guest is an end of the run.
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Misled => Self::Again,
            Halt::Uncommitted(error) => Self::Uncommitted(error),
            Halt::Lost => Self::Lost,
            Halt::Refused => Self::Refused,
            Halt::Diverged(divergence) => Self::Uncommitted(CommitError::Defect(divergence.to_string())),
            Halt::Defect(failure) => Self::Uncommitted(CommitError::Defect(failure.message)),
            Halt::Wait(wait) => Self::Wait(*wait),
        }
    }
}

impl Course {
    /// Ends the run as an execution came out, or has it wait for a quota. `end`: `None` where the guest was not
    /// executed.
    pub(super) async fn conclude(
        &mut self,
        session: &mut Session,
        end: Option<Result<GuestEnd, RunFailure>>,
    ) -> Result<(), Leave> {
        match self.end(session, end).await {
            Err(Leave::Wait(wait)) => {
                let end = Some(self.suspended(wait).await);
                self.let_go(Durable { end, ..session.take_durable() }).await
            }
            ended => ended,
        }
    }

    async fn end(&mut self, session: &mut Session, end: Option<Result<GuestEnd, RunFailure>>) -> Result<(), Leave> {
        let unknown = session.settle_calling().await;
        if self.interruption.why() == Some(Why::LeaseLost) {
            return Err(Leave::Lost);
        }
        let end = match (session.halt.take(), unknown) {
            (Some(Halt::Diverged(divergence)), _) => {
                let place = self.place(&divergence.place());
                self.failed(divergence.failure(), place, None).await
            }
            (Some(Halt::Defect(failure)), _) => self.failed(failure, 0, None).await,
            (Some(Halt::Wait(wait)), _) => self.suspended(*wait).await,
            (Some(halt), _) => return Err(halt.into()),
            (None, Some(Unknown { effect, place, failure })) => {
                let place = self.place(&Place::Action { action: place, indices: Vec::new() });
                self.failed(failure, place, Some(Asked::Effect(effect))).await
            }
            (None, None) => match end {
                Some(Ok(end)) => self.ended(session, end).await?,
                Some(Err(failure)) => self.cut_short(session, failure).await,
                None => self.failed(defect("the guest was not executed"), 0, None).await,
            },
        };
        self.settle_lost(session, &end).await?;
        let mut durable = session.take_durable();
        durable.end = Some(end);
        self.let_go(durable).await
    }

    /// Makes the last of the run durable. An effect that was not performed, as the run was told, takes the end back.
    pub(super) async fn let_go(&mut self, durable: Durable) -> Result<(), Leave> {
        let committed = self.hold.lock().await.commit(durable).await?;
        if let Some(wait) = committed.refused.and_then(|exceeded| wait_for_quota(&self.plan, &self.scope, exceeded)) {
            return Err(Leave::Wait(wait));
        }
        match committed.state {
            Some(_) => Ok(()),
            None if committed.is_whole() => {
                Err(Leave::Uncommitted(CommitError::Defect("the end of a run has changed nothing".to_owned())))
            }
            None => Err(Leave::Again),
        }
    }

    async fn ended(&mut self, session: &mut Session, end: GuestEnd) -> Result<End, Leave> {
        match end {
            GuestEnd::Succeeded(report) => Ok(self.succeeded(session, report).await),
            GuestEnd::Skipped => {
                let token = Some(self.token().await);
                let event = Event::Skipped { token, reason: SkipReason::Filter };
                Ok(End { event, summary: summary::of_pause(self.usage), question: None })
            }
            GuestEnd::Waiting => self.waits(session).await,
        }
    }

    async fn succeeded(&self, session: &mut Session, report: Vec<u8>) -> End {
        let value = match decode_value(&report) {
            Ok(value) => value,
            Err(error) => return self.failed(unreadable(error), 0, None).await,
        };
        if let Err(divergence) = session.cursor.end(&Ending::Succeeded { report: report.clone() }) {
            return self.failed(divergence.failure(), self.place(&divergence.place()), None).await;
        }
        let event = Event::Finished { token: self.token().await, report };
        End { event, summary: summary::of_success(self.usage, &value), question: None }
    }

    async fn cut_short(&self, session: &mut Session, failed: RunFailure) -> End {
        let RunFailure { failure, place } = failed;
        let place = place.unwrap_or(0);
        if failure.code == Code::Cancelled && self.interruption.why() == Some(Why::GivenBack) {
            let event = Event::Yielded { token: self.token().await };
            return End { event, summary: summary::of_pause(self.usage), question: None };
        }
        let ending = Ending::Failed { failure: failure.clone(), place };
        if let Err(divergence) = session.cursor.end(&ending) {
            return self.failed(divergence.failure(), self.place(&divergence.place()), None).await;
        }
        // A handler adds to the message what it was there for, and the host cuts what is too long.
        let (code, message) = (failure.code, failure.message.as_str());
        let asked = session.failed.take().filter(|(_, cause)| {
            cause.code == code && (message.starts_with(&cause.message) || cause.message.starts_with(message))
        });
        self.failed(failure, place, asked.map(|(asked, _)| asked)).await
    }

    /// The run has failed.
    pub(super) async fn failed(&self, failure: Failure, place: u32, asked: Option<Asked>) -> End {
        let summary = summary::of_failure(self.usage, &self.plan, &failure, place);
        let event = Event::Failed { token: self.token().await, stop: Stop { failure, place, asked } };
        End { event, summary, question: None }
    }

    async fn suspended(&self, wait: Wait) -> End {
        let event = Event::Suspended { token: self.token().await, wait };
        End { event, summary: summary::of_pause(self.usage), question: None }
    }

    /// The run has come to an approval. What led to it is durable before people are asked: they see what would follow.
    async fn waits(&mut self, session: &mut Session) -> Result<End, Leave> {
        session.flush(&mut Answers::new(&[])).await?;
        let Some(asking) = session.asking.take() else {
            return Ok(self.failed(defect("the run waits, and for nothing"), 0, None).await);
        };
        if let Err(divergence) = session.cursor.suspend() {
            return Ok(self.failed(divergence.failure(), self.place(&divergence.place()), None).await);
        }
        let journal = self.read_journal().await.map_err(Leave::Uncommitted)?;
        let basis = Basis {
            node: &self.node,
            plan: &self.plan,
            scope: &self.scope,
            limits: self.limits(),
            cancel: self.cancel.clone(),
        };
        let preview = match History::read(journal) {
            Ok(history) => preview::make(basis, history, &asking.effect).await,
            Err(error) => Err(defect(error)),
        };
        let preview = match preview {
            Ok(preview) => preview,
            Err(failure) => {
                let place = self.place(&Place::Action { action: asking.place, indices: Vec::new() });
                return Ok(self.failed(failure, place, None).await);
            }
        };
        let event = Event::Suspended { token: self.token().await, wait: asking.wait(self.plan.digest(), &preview) };
        let question = Some(asking.question(&preview));
        Ok(End { event, summary: summary::of_pause(self.usage), question })
    }

    /// Effects that were begun and that nobody will ever settle are settled before the run ends: as unknown.
    async fn settle_lost(&self, session: &mut Session, end: &End) -> Result<(), Leave> {
        if !matches!(end.event, Event::Finished { .. } | Event::Failed { .. } | Event::Skipped { .. }) {
            return Ok(());
        }
        let lost = session.cursor.lost(session.now_us());
        if !lost.is_empty() && session.kept > 0 {
            // If the run was misled, it may come to them after all.
            session.flush(&mut Answers::new(&[])).await?;
        }
        for result in lost {
            session.reserved.settle(&result.effect);
            session.note(Entry::Result(result));
        }
        Ok(())
    }

    async fn token(&self) -> Token {
        self.hold.lock().await.token()
    }

    /// An index into the plan's places.
    fn place(&self, place: &Place) -> u32 {
        let at = |index: &u32| usize::try_from(*index).unwrap_or(usize::MAX);
        match place {
            Place::Run => 0,
            Place::Query(query) => self.plan.plan.queries.get(at(query)).map_or(0, |query| query.place),
            Place::Action { action, .. } => self.plan.plan.actions.get(at(action)).map_or(0, |action| action.place),
        }
    }
}
