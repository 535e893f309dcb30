//! Settings, with every default filled in.

use alcove_plan::{
    limits::TIMEOUT_MS_MAX,
    settings::{Concurrency, LogValues, OnQuotaExceeded, Settings},
    trigger::Trigger,
};

use crate::syntax;

/// Failed runs in a row before an app that says nothing is paused.
const AUTO_PAUSE_AFTER: u32 = 5;

/// The settings of a plan. Runs of events wait their turn, so that no event is lost; those of the clock and of people
/// are left out while another runs. Rendered values are logged without personal data.
pub(super) fn filled(settings: &syntax::Settings, trigger: &Trigger) -> Settings {
    let concurrency = match trigger {
        Trigger::Manual | Trigger::Scheduled { .. } => Concurrency::Skip,
        Trigger::Event { .. } | Trigger::Delayed { .. } => Concurrency::Queue,
    };
    Settings {
        enabled: settings.enabled.unwrap_or(true),
        timeout_ms: settings.timeout_ms.as_ref().map_or(TIMEOUT_MS_MAX, |timeout| timeout.value),
        retry: settings.retry.as_ref().map(|retry| retry.value),
        auto_pause_after: settings.auto_pause_after.as_ref().map_or(AUTO_PAUSE_AFTER, |count| count.value),
        notify_on_error: settings.notify_on_error.unwrap_or(true),
        on_quota_exceeded: settings.on_quota_exceeded.unwrap_or(OnQuotaExceeded::Skip),
        concurrency: settings.concurrency.as_ref().map_or(concurrency, |written| written.value),
        concurrency_max: settings.concurrency_max.as_ref().map(|max| max.value),
        log_values: settings.log_values.unwrap_or(LogValues::Redacted),
    }
}
