//! The executor, ready to run.

use alcove_plan::envelope::Digest;
use tokio::sync::Semaphore;
use wasmtime::{
    Engine,
    component::{HasSelf, Linker},
};

use crate::{
    bindings::{Executor, ExecutorPre},
    code,
    config::RuntimeConfig,
    ctx::RunContext,
    engine,
    error::RuntimeError,
    instance::{self, RunRequest},
    ticker::EpochTicker,
    usage::RunResult,
};

/// One executor component, compiled and linked. Make one for a process and share it: all runs go through it.
pub struct Runtime {
    engine: Engine,
    executor: ExecutorPre<RunContext>,
    digest: Digest,
    memory_bytes_max: usize,
    slots: Semaphore,
    _ticker: EpochTicker,
}

impl Runtime {
    /// Compiles a component, or takes its machine code from the cache, and links it to the world.
    ///
    /// Takes about a second where it compiles, so call it where nothing waits. The component may import nothing but
    /// `wit/executor`.
    pub fn new(component: &[u8], config: &RuntimeConfig) -> Result<Self, RuntimeError> {
        let engine = engine::build(config)?;
        let digest = Digest::of(component);
        let component = code::load(&engine, component, config.code_cache.as_deref())?;
        let mut linker = Linker::new(&engine);
        Executor::add_to_linker::<_, HasSelf<_>>(&mut linker, |run: &mut RunContext| run)
            .map_err(RuntimeError::World)?;
        let executor = linker.instantiate_pre(&component).and_then(ExecutorPre::new).map_err(RuntimeError::World)?;
        let ticker = EpochTicker::start(&engine, config.tick)?;
        let slots = Semaphore::new(usize::try_from(config.instances_max).unwrap_or(Semaphore::MAX_PERMITS));
        Ok(Self { engine, executor, digest, memory_bytes_max: config.memory_bytes_max, slots, _ticker: ticker })
    }

    /// The digest of the component's bytes: what a run is pinned to.
    pub fn executor(&self) -> Digest {
        self.digest
    }

    /// The engine, for measurements that need its very settings.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Runs a plan once, in an instance of its own. Must be called in a Tokio runtime whose time is enabled.
    ///
    /// Waits for a free slot first; the run's clock starts after that. Dropping the future ends the run where it is.
    pub async fn run(&self, mut request: RunRequest) -> RunResult {
        request.limits.memory_bytes = request.limits.memory_bytes.min(self.memory_bytes_max);
        // Nothing closes the semaphore; were it closed, the pool would refuse what it cannot hold.
        let _slot = self.slots.acquire().await;
        instance::run(&self.engine, &self.executor, request).await
    }
}
