//! What it takes to cross from guest to host and back.

use std::{path::Path, sync::Arc};

use alcove_host::{
    Backend, Call, CancellationToken, End, Level, Prepared, RunLimits, RunRequest, Runtime, RuntimeConfig,
};
use alcove_plan::{
    codec::Outcome,
    failure::{Code, Failure},
    value::Value,
};
use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::{
    figure::Figure,
    samples::{NANOSECOND, Rounds, Samples, measure as sample},
};

pub(crate) const NAMES: [&str; 2] = ["host_call_ns", "host_call_log_ns"];

const ROUNDS: Rounds = Rounds { warm_up: 10, measured: 100 };
const CALLS: u32 = 20_000;

/// A guest that does nothing but call.
const GUEST: &str = include_str!("call.wat");

/// Which call the guest makes; the numbers are those of `call.wat`.
#[derive(Clone, Copy)]
enum Import {
    Perform = 0,
    Log = 1,
}

pub(crate) async fn measure() -> Result<Vec<Figure>> {
    let runtime = Runtime::new(&component()?, &RuntimeConfig::embedded(None))?;
    Ok(vec![
        Figure::new(
            "host_call_ns",
            cost(&runtime, Import::Perform).await?,
            "ns",
            "`effects.perform` of an empty batch: asynchronous, bytes in, bytes out, all checks",
        ),
        Figure::new(
            "host_call_log_ns",
            cost(&runtime, Import::Log).await?,
            "ns",
            "`log.write` of an empty message: synchronous, nothing comes back",
        ),
    ])
}

/// A run with many calls less a run without, by the number of calls.
async fn cost(runtime: &Runtime, import: Import) -> Result<f64> {
    let without = time(runtime, import, 0).await?.median_in(NANOSECOND);
    let with = time(runtime, import, CALLS).await?.median_in(NANOSECOND);
    Ok((with - without) / f64::from(CALLS))
}

async fn time(runtime: &Runtime, import: Import, calls: u32) -> Result<Samples> {
    let mut input = calls.to_le_bytes().to_vec();
    input.push(import as u8);
    let mut limits = RunLimits::language_defaults(u32::MAX);
    // The log must not be full before the last call.
    limits.log_bytes = usize::MAX;
    sample(ROUNDS, async |_| {
        let request = RunRequest {
            program: Arc::from([]),
            prepared: Arc::new(Prepared::default()),
            input: input.clone(),
            limits: limits.clone(),
            backend: Box::new(Nothing),
            cancel: CancellationToken::new(),
        };
        let end = runtime.run(request).await.end;
        ensure!(end == Ok(End::Skipped), "the guest ended otherwise: {end:?}");
        Ok(())
    })
    .await
}

fn component() -> Result<Vec<u8>> {
    let mut wit = Resolve::default();
    let (package, _) = wit.push_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit/executor"))?;
    let world = wit.select_world(&[package], None)?;
    let mut module = wat::parse_str(GUEST)?;
    embed_component_metadata(&mut module, &wit, world, StringEncoding::UTF8)?;
    ComponentEncoder::default().validate(true).module(&module)?.encode().context("the guest does not fit its world")
}

/// A platform without anything.
struct Nothing;

#[async_trait]
impl Backend for Nothing {
    async fn start_query(&mut self, _query: usize, _arguments: Vec<Value>) -> Result<Vec<u8>, Failure> {
        Err(Failure::new(Code::Internal, "there are no queries"))
    }

    async fn next_page(&mut self, _query: usize) -> Result<Vec<u8>, Failure> {
        Err(Failure::new(Code::Internal, "there are no queries"))
    }

    async fn perform(&mut self, calls: Vec<Call>) -> Vec<Outcome> {
        vec![Outcome::NotPerformed; calls.len()]
    }

    fn log(&mut self, _level: Level, _place: u32, _message: &str) {}
}
