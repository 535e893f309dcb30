//! The limits of the language, with the defaults that `alcove/app@1` names. Whoever enforces one takes it from here or
//! from a configuration that begins with these values.

/// Pipeline steps of an app.
pub const STEPS_MAX: usize = 10;
/// Actions of an app at the top level.
pub const ACTIONS_TOP_MAX: usize = 20;
/// Actions inside loops.
pub const ACTIONS_NESTED_MAX: usize = 50;
/// Loops inside one another.
pub const LOOP_DEPTH_MAX: usize = 2;
/// Conditions inside one another.
pub const CONDITION_DEPTH_MAX: usize = 2;
/// Items of one loop.
pub const LOOP_ITEMS_MAX: u32 = 5_000;
/// Bytes of a config.
pub const CONFIG_BYTES_MAX: usize = 256 * 1024;
/// Bytes of any one string: in a config, rendered, or in a row.
pub const STRING_BYTES_MAX: usize = 64 * 1024;
/// AI calls of a run.
pub const AI_CALLS_MAX: u32 = 500;
/// E-mails of a run.
pub const EMAILS_MAX: u32 = 2_000;
/// The longest wall clock of a run.
pub const TIMEOUT_MS_MAX: u32 = 300_000;
/// Rows that one transform may give, and that one step may hold.
pub const TRANSFORM_ROWS_MAX: usize = 5_000;
/// Bytes of one step's result, as an encoded value.
pub const STEP_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes of a run's log.
pub const LOG_BYTES_MAX: usize = 256 * 1024;
/// Bytes of one compiled regular expression.
pub const REGEX_BYTES_MAX: usize = 1024 * 1024;
/// The chain of events that cause runs that cause events.
pub const CHAIN_DEPTH_MAX: u32 = 8;
/// Keys of an app's state.
pub const STATE_KEYS_MAX: u32 = 100;
/// Bytes of one value of an app's state, as JSON.
pub const STATE_VALUE_BYTES_MAX: usize = 10 * 1024;
/// Calls in one batch of effects.
pub const BATCH_CALLS_MAX: usize = 1_024;
