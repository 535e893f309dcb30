//! Reads: from the journal, or from the database as it is, once and for all.

use alcove_journal::{
    cursor::{Pending, ReadAnswer},
    digest_of_arguments,
    effects::Coming,
    entry::Asked,
};
use alcove_plan::{failure::Failure, value::Value};

use super::{
    answers::Answers,
    halt::{defect, stopped},
    session::Session,
};

impl Session {
    /// Starts a query and gives its first page.
    pub(super) async fn start_query(&mut self, query: usize, arguments: Vec<Value>) -> Result<Vec<u8>, Failure> {
        if self.halt.is_some() {
            return Err(stopped());
        }
        // What an earlier query left unread is given back before another reader is asked for.
        self.reading = None;
        let position = position(query)?;
        let answer = self.cursor.start_query(position, digest_of_arguments(&arguments));
        self.answer_read(query, answer, Some(arguments)).await
    }

    /// Gives the next page of the query that is being read.
    pub(super) async fn next_page(&mut self, query: usize) -> Result<Vec<u8>, Failure> {
        if self.halt.is_some() {
            return Err(stopped());
        }
        let answer = self.cursor.next_page(position(query)?);
        self.answer_read(query, answer, None).await
    }

    /// `arguments`: where the query is started.
    async fn answer_read(
        &mut self,
        query: usize,
        answer: ReadAnswer,
        arguments: Option<Vec<Value>>,
    ) -> Result<Vec<u8>, Failure> {
        let (asked, answer) = match answer {
            ReadAnswer::Diverged(divergence) => return Err(self.stop(divergence.into())),
            ReadAnswer::Replayed(answer) => (None, answer),
            ReadAnswer::Live(pending) => {
                if self.buffer.barrier_before(Coming::Read).is_some()
                    && let Err(halt) = self.flush(&mut Answers::new(&[])).await
                {
                    return Err(self.stop(halt));
                }
                let asked = Asked::Read { query: pending.query, page: pending.page };
                (Some(asked), self.read(query, pending, arguments).await)
            }
        };
        if let Err(failure) = &answer {
            let asked = asked.or_else(|| self.cursor.history().last_failure().map(|(asked, _)| asked));
            self.failed = asked.map(|asked| (asked, failure.clone()));
        }
        answer
    }

    /// Reads what the journal does not have, and keeps it for the journal.
    async fn read(
        &mut self,
        query: usize,
        pending: Pending,
        arguments: Option<Vec<Value>>,
    ) -> Result<Vec<u8>, Failure> {
        let answer = match arguments {
            Some(arguments) => self.open(query, &arguments).await,
            None => self.page(query).await,
        };
        self.buffer.read(self.now_us(), pending.answered(answer.clone()));
        answer
    }

    async fn open(&mut self, query: usize, arguments: &[Value]) -> Result<Vec<u8>, Failure> {
        let prepared = self.plan.queries.get(query).ok_or_else(|| defect("a call names no query of the plan"))?;
        self.reading = Some((query, self.node.platform.open(&self.scope, prepared, arguments).await?));
        self.page(query).await
    }

    async fn page(&mut self, query: usize) -> Result<Vec<u8>, Failure> {
        let Some((_, cursor)) = self.reading.as_mut().filter(|(open, _)| *open == query) else {
            return Err(defect("a page was asked for of a query that is not being read"));
        };
        let page = cursor.next_page().await?;
        if page.last {
            self.reading = None;
        }
        Ok(page.message)
    }
}

fn position(query: usize) -> Result<u32, Failure> {
    u32::try_from(query).map_err(|_| defect("a call names no query of the plan"))
}
