//! `interface queries`: a handle is one query of the plan; its index is all that the guest holds.

use alcove_plan::{
    codec::{DecodeError, Decoder, PageReader},
    failure::Failure,
    query::Hole,
    value::Value,
};
use wasmtime::component::Resource;

use crate::{
    bindings::alcove::executor::{
        failure::Failure as WitFailure,
        queries::{Host, HostQuery},
    },
    check::fit,
    ctx::{QueryHandle, RunContext},
    stop::limit,
};

/// How far each query has come.
#[derive(Debug)]
pub(crate) struct QueryStates {
    states: Vec<QueryState>,
    /// Rows of all queries.
    pub(crate) rows: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum QueryState {
    /// Not started.
    Fresh,
    /// Started; pages follow.
    Open { rows: u64 },
    /// The last page was given, or a call failed.
    Done,
}

impl QueryStates {
    /// No query was started.
    pub(crate) fn new(queries: usize) -> Self {
        Self { states: vec![QueryState::Fresh; queries], rows: 0 }
    }

    /// Ends what is still being read: what a query holds in the platform is there for one query of a run at a time.
    pub(crate) fn end_open(&mut self) {
        for state in &mut self.states {
            if matches!(state, QueryState::Open { .. }) {
                *state = QueryState::Done;
            }
        }
    }

    fn get(&self, query: usize) -> QueryState {
        self.states.get(query).copied().unwrap_or(QueryState::Done)
    }

    fn set(&mut self, query: usize, state: QueryState) {
        if let Some(slot) = self.states.get_mut(query) {
            *slot = state;
        }
    }
}

impl Host for RunContext {}

impl HostQuery for RunContext {
    async fn start(&mut self, handle: Resource<QueryHandle>, arguments: Vec<u8>) -> Result<Vec<u8>, WitFailure> {
        let query = position(handle.rep());
        Ok(start(self, query, &arguments).await?)
    }

    async fn next(&mut self, handle: Resource<QueryHandle>) -> Result<Vec<u8>, WitFailure> {
        let query = position(handle.rep());
        Ok(next(self, query).await?)
    }

    async fn drop(&mut self, _handle: Resource<QueryHandle>) -> wasmtime::Result<()> {
        // A handle is an index: there is nothing to give back, and no function makes another.
        Ok(())
    }
}

async fn start(run: &mut RunContext, query: usize, arguments: &[u8]) -> Result<Vec<u8>, Failure> {
    run.enter()?;
    if run.queries.get(query) != QueryState::Fresh {
        return Err(run.defect(format!("query {query} was started twice")));
    }
    if arguments.len() > run.limits.message_bytes {
        let failure = limit("message_bytes", run.limits.message_bytes, "a query's values take more than", "bytes");
        return Err(run.fail(failure));
    }
    let prepared = run.prepared.clone();
    let Some(shape) = prepared.queries.get(query) else {
        return Err(run.defect(format!("query {query} is not in the plan")));
    };
    let values = match read_arguments(arguments, &shape.holes) {
        Ok(values) => values,
        Err(misfit) => return Err(run.defect(format!("values for query {query}: {misfit}"))),
    };
    run.queries.end_open();
    run.queries.set(query, QueryState::Open { rows: 0 });
    let answer = run.deadline.guard(run.backend.start_query(query, values)).await;
    match answer {
        Ok(page) => take_page(run, query, page),
        Err(interruption) => Err(run.interrupt(interruption)),
    }
}

async fn next(run: &mut RunContext, query: usize) -> Result<Vec<u8>, Failure> {
    run.enter()?;
    if !matches!(run.queries.get(query), QueryState::Open { .. }) {
        return Err(run.defect(format!("query {query} has no further page")));
    }
    let answer = run.deadline.guard(run.backend.next_page(query)).await;
    match answer {
        Ok(page) => take_page(run, query, page),
        Err(interruption) => Err(run.interrupt(interruption)),
    }
}

/// Counts a page's rows before the guest gets it.
fn take_page(run: &mut RunContext, query: usize, page: Result<Vec<u8>, Failure>) -> Result<Vec<u8>, Failure> {
    let before = match run.queries.get(query) {
        QueryState::Open { rows } => rows,
        QueryState::Fresh | QueryState::Done => 0,
    };
    run.queries.set(query, QueryState::Done);
    let page = page.map_err(|failure| run.fail(failure))?;
    let prepared = run.prepared.queries.get(query);
    let (columns, rows_max) = prepared.map_or((0, None), |query| (query.columns, query.rows_max));
    let (more, last) = match PageReader::new(&page, columns) {
        Ok(reader) => (u64::try_from(reader.rows_left()).unwrap_or(u64::MAX), reader.last),
        Err(error) => return Err(run.defect(format!("the platform answered query {query} with no page: {error}"))),
    };
    let rows = before.saturating_add(more);
    if rows_max.is_some_and(|max| rows > u64::from(max)) {
        return Err(run.defect(format!("the platform answered query {query} with more rows than the plan asks for")));
    }
    if run.queries.rows.saturating_add(more) > run.limits.rows {
        let max = run.limits.rows;
        return Err(run.fail(Failure::limit("rows", max, format!("the run reads more than its limit of {max} rows"))));
    }
    run.queries.rows += more;
    run.queries.set(query, if last { QueryState::Done } else { QueryState::Open { rows } });
    Ok(page)
}

fn read_arguments(bytes: &[u8], holes: &[Hole]) -> Result<Vec<Value>, String> {
    let malformed = |error: DecodeError| error.to_string();
    let mut decoder = Decoder::message(bytes).map_err(malformed)?;
    let mut values = Vec::with_capacity(holes.len());
    for (position, hole) in holes.iter().enumerate() {
        let value = decoder.value().map_err(malformed)?;
        values.push(fit(value, *hole).map_err(|misfit| format!("hole {position}: {misfit}"))?);
    }
    decoder.finish().map_err(malformed)?;
    Ok(values)
}

fn position(rep: u32) -> usize {
    usize::try_from(rep).unwrap_or(usize::MAX)
}
