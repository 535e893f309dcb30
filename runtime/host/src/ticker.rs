//! The thread that makes time pass for guests.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use wasmtime::{Engine, EngineWeak};

use crate::error::RuntimeError;

/// Advances an engine's epoch until it is dropped.
pub(crate) struct EpochTicker {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl EpochTicker {
    /// Starts the thread.
    pub(crate) fn start(engine: &Engine, tick: Duration) -> Result<Self, RuntimeError> {
        let (stop, stopped) = channel();
        let engine = engine.weak();
        let thread = thread::Builder::new()
            .name("alcove-epoch".to_owned())
            .spawn(move || tick_until(&stopped, &engine, tick))
            .map_err(RuntimeError::Ticker)?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for EpochTicker {
    fn drop(&mut self) {
        // Without its sender the thread's wait ends at once.
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

fn tick_until(stopped: &Receiver<()>, engine: &EngineWeak, tick: Duration) {
    while stopped.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
        match engine.upgrade() {
            Some(engine) => engine.increment_epoch(),
            None => return,
        }
    }
}
