//! How a run is stopped, and what it is told.

use std::time::{Duration, Instant};

use alcove_plan::failure::{Code, Failure, LimitHit};
use tokio_util::sync::CancellationToken;
use wasmtime::Trap;

use crate::engine::WASM_STACK_BYTES;

/// The longest message of a failure, in bytes (`wit/executor/failure.wit`).
const MESSAGE_BYTES_MAX: usize = 1_024;
/// Longer than any run; keeps the end of the run within what a clock can show.
const WALL_CLOCK_MAX: Duration = Duration::from_hours(24);
/// How Wasmtime's error begins when a call copies more to the host than `Store::set_hostcall_fuel` allows. Its type is
/// private; a test of hostile guests fails when the text changes.
const HOSTCALL_FUEL_TEXT: &str = "too much data is being copied between the host and the guest";

/// Why the host traps a guest. Travels through Wasmtime as an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Interruption {
    /// The wall clock is over.
    #[error("the wall clock is over")]
    WallClock,
    /// The run was cancelled.
    #[error("the run was cancelled")]
    Cancelled,
    /// Linear memory would grow past its limit.
    #[error("the memory limit is reached")]
    Memory,
    /// A table would grow past its limit.
    #[error("the table limit is reached")]
    Table,
}

/// The outside reasons to stop: the clock and the caller.
#[derive(Debug)]
pub(crate) struct Deadline {
    started: Instant,
    at: Instant,
    wall_clock: Duration,
    cancel: CancellationToken,
}

impl Deadline {
    /// Starts the clock.
    pub(crate) fn start(wall_clock: Duration, cancel: CancellationToken) -> Self {
        let started = now();
        let wall_clock = wall_clock.min(WALL_CLOCK_MAX);
        Self { started, at: started + wall_clock, wall_clock, cancel }
    }

    /// Time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        now().saturating_duration_since(self.started)
    }

    /// Whether the run must stop now.
    pub(crate) fn check(&self) -> Result<(), Interruption> {
        if self.cancel.is_cancelled() {
            return Err(Interruption::Cancelled);
        }
        if now() >= self.at { Err(Interruption::WallClock) } else { Ok(()) }
    }

    /// Whether the caller has cancelled the run.
    pub(crate) fn check_cancelled(&self) -> Result<(), Interruption> {
        if self.cancel.is_cancelled() { Err(Interruption::Cancelled) } else { Ok(()) }
    }

    /// Waits for a host call, but no longer than the run may last. A call that is ready at once costs no timer.
    pub(crate) async fn guard<F: Future>(&self, call: F) -> Result<F::Output, Interruption> {
        tokio::select! {
            biased;
            answer = call => Ok(answer),
            () = self.cancel.cancelled() => Err(Interruption::Cancelled),
            () = async { tokio::time::sleep_until(self.at.into()).await } => Err(Interruption::WallClock),
        }
    }

    /// The failure for an interruption of this run.
    pub(crate) fn failure(&self, interruption: Interruption, memory_bytes: usize, table_elements: usize) -> Failure {
        match interruption {
            Interruption::WallClock => {
                let ms = u64::try_from(self.wall_clock.as_millis()).unwrap_or(u64::MAX);
                let mut failure =
                    Failure::new(Code::WallClock, format!("the run took longer than its time limit of {ms} ms"));
                failure.limit = Some(LimitHit { name: "wall_clock_ms".to_owned(), value: ms });
                failure
            }
            Interruption::Cancelled => Failure::new(Code::Cancelled, "the run was cancelled"),
            Interruption::Memory => limit("memory", memory_bytes, "the run needs more than its memory limit", "bytes"),
            Interruption::Table => {
                limit("table_elements", table_elements, "the run needs more than its table limit", "elements")
            }
        }
    }
}

/// The failure for a trap that the host did not cause on purpose.
pub(crate) fn trap_failure(error: &wasmtime::Error, fuel: u64, hostcall_bytes: usize) -> Failure {
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => {
            Failure::limit("fuel", fuel, format!("the run used up its fuel of {fuel} units; it does too much work"))
        }
        Some(Trap::StackOverflow) => limit("stack", WASM_STACK_BYTES, "the run nests deeper than its stack", "bytes"),
        _ => {
            let cause = error.root_cause().to_string();
            if cause.starts_with(HOSTCALL_FUEL_TEXT) {
                limit("hostcall_bytes", hostcall_bytes, "one call passes more than it may", "bytes")
            } else {
                internal(format!("the executor trapped: {cause}"))
            }
        }
    }
}

/// A defect of the guest or of the platform.
pub(crate) fn internal(message: impl Into<String>) -> Failure {
    shorten(Failure::new(Code::Internal, message.into()))
}

/// A limit that is counted in things of a size.
pub(crate) fn limit(name: &str, value: usize, what: &str, unit: &str) -> Failure {
    Failure::limit(name, u64::try_from(value).unwrap_or(u64::MAX), format!("{what} of {value} {unit}"))
}

/// Cuts a failure's message to the length that `wit/executor/failure.wit` allows.
pub(crate) fn shorten(mut failure: Failure) -> Failure {
    failure.message.truncate(failure.message.floor_char_boundary(MESSAGE_BYTES_MAX));
    failure
}

/// The one reading of a clock in this crate: how long a run lasts is for nobody else to say.
#[expect(clippy::disallowed_methods, reason = "the wall clock of a run is enforced here")]
fn now() -> Instant {
    Instant::now()
}
