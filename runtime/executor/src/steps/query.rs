//! Queries: arguments out, pages in.

use std::{ops::ControlFlow, sync::Arc};

use alcove_plan::{
    codec::{PageReader, encode_arguments},
    failure::Failure,
    value::{DEPTH_MAX, Record, Shape, Value},
};

use crate::{
    eval::Evaluator,
    halt::{malformed, undecodable},
    host::Host,
    measure,
};

/// A query that has not been started.
pub(crate) struct Query {
    index: u16,
    shape: Arc<Shape>,
    arguments: Vec<u8>,
}

impl Query {
    /// Evaluates the arguments.
    pub(crate) fn new(index: u16, eval: &mut Evaluator<'_>) -> Result<Self, Failure> {
        let call = eval.program.queries.get(usize::from(index)).ok_or_else(|| malformed("no such query"))?;
        let mut values = Vec::new();
        eval.eval_all(&call.args, &mut values)?;
        for value in &values {
            measure::check(value, DEPTH_MAX)?;
        }
        Ok(Self { index, shape: eval.shape(call.shape)?, arguments: encode_arguments(&values) })
    }

    /// Gives each row to `take`, asking for pages until it breaks. Says whether the connector's default limit cut the
    /// rows (which only the last page knows).
    pub(crate) fn each_row(
        self,
        eval: &mut Evaluator<'_>,
        host: &mut impl Host,
        mut take: impl FnMut(&mut Evaluator<'_>, Value) -> Result<ControlFlow<()>, Failure>,
    ) -> Result<bool, Failure> {
        let mut bytes = host.start_query(self.index, &self.arguments)?;
        loop {
            let mut page = PageReader::new(&bytes, self.shape.names().len()).map_err(page_error)?;
            let (last, cut) = (page.last, page.cut);
            while let Some(cells) = page.next_row().map_err(page_error)? {
                let row = Value::Record(Arc::new(Record::new(self.shape.clone(), cells)));
                if take(eval, row)?.is_break() {
                    return Ok(false);
                }
            }
            if last {
                return Ok(cut);
            }
            bytes = host.next_page(self.index)?;
        }
    }

    /// The first row, if there is one.
    pub(crate) fn first_row(self, eval: &mut Evaluator<'_>, host: &mut impl Host) -> Result<Option<Value>, Failure> {
        let mut first = None;
        self.each_row(eval, host, |_, row| {
            first = Some(row);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
    }
}

fn page_error(error: alcove_plan::codec::DecodeError) -> Failure {
    undecodable("page", error)
}
