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

// What follows bounds the form of a plan, so that hostile bytes cannot make a host or a guest work or allocate
// out of proportion. Each is far above what a config within the limits of the language compiles to, unless its
// comment says that the compiler has to check it.

/// Bytes of a sealed plan.
pub const PLAN_BYTES_MAX: usize = 1024 * 1024;
/// Queries of a plan: steps and entities.
pub const QUERIES_MAX: usize = 32;
/// Columns of a query, and parameters, holes or outputs of an action.
pub const FIELDS_MAX: usize = 256;
/// Nodes of the filter of a query. The compiler keeps what is beyond in the guest, or refuses it.
pub const FILTER_NODES_MAX: usize = 256;
/// Nodes of a filter inside one another.
pub const FILTER_DEPTH_MAX: usize = 32;
/// Items of a constant list in a filter. The compiler has to check it.
pub const FILTER_LIST_MAX: usize = 1_000;
/// Keys of a sort, a group or a join, and metrics of an aggregate. The compiler has to check it.
pub const KEYS_MAX: usize = 64;
/// Rows that a query may leave out at the beginning. The compiler has to check it.
pub const OFFSET_MAX: u32 = 1_000_000;
/// Literal keys inside one another in the path of a parameter.
pub const PARAM_PATH_MAX: usize = 32;
/// Actions of an app altogether, inside and outside of loops, handlers too. The compiler has to check it.
pub const NODES_MAX: usize = 256;
/// Blocks of a program: two of each node at the most, and the root.
pub const BLOCKS_MAX: usize = 2 * NODES_MAX + 1;
/// Transforms of one step. The compiler has to check it.
pub const TRANSFORMS_MAX: usize = 100;
/// Delays of an app. The compiler has to check it.
pub const DELAYS_MAX: usize = 100;
/// The longest delay: 3,660 days. The compiler has to check it.
pub const DELAY_MS_MAX: u64 = 3_660 * 86_400_000;
/// Widgets of an app. The compiler has to check it.
pub const WIDGETS_MAX: usize = 100;
/// Attempts of a retry.
pub const RETRY_ATTEMPTS_MAX: u8 = 10;
/// The longest pause of a retry: seven days. The compiler has to check it.
pub const RETRY_DELAY_MS_MAX: u64 = 7 * 86_400_000;
/// The growth of a retry's pauses, in hundredths, lies between this and [`RETRY_FACTOR_PERCENT_MAX`].
pub const RETRY_FACTOR_PERCENT_MIN: u32 = 100;
/// See [`RETRY_FACTOR_PERCENT_MIN`]. The compiler has to check it.
pub const RETRY_FACTOR_PERCENT_MAX: u32 = 10_000;
/// Slots of a program.
pub const SLOTS_MAX: u16 = 8_192;
/// Shapes, names, literals, expressions or places of a plan.
pub const TABLE_MAX: usize = 65_536;
/// Names of one shape. The compiler has to check it for maps.
pub const SHAPE_NAMES_MAX: usize = 1_024;
/// Regular expressions of a program. The compiler has to check it.
pub const REGEXES_MAX: usize = 256;
/// Ops of all expressions.
pub const OPS_MAX: usize = 131_072;
/// Values on the stack of an expression. The compiler joins long texts in parts.
pub const STACK_MAX: usize = 1_024;
