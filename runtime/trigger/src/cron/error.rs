//! Why a schedule cannot be kept.

/// Why a schedule cannot be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// The expression is none.
    #[error("`{cron}` is not a cron expression: {reason}")]
    Cron {
        /// The expression.
        cron: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A zone that this build does not know.
    #[error("the time zone `{name}` is not known")]
    Zone {
        /// Its name.
        name: String,
    },
}
