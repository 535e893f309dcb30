//! A run, for a person.

use alcove_execution::{EffectRecord, RunReport, Status};
use alcove_host::Level;
use alcove_plan::plan::Plan;

use crate::{
    brief::{members, usage},
    escape::shown,
    terminal::{Style, Terminal},
};

/// Effects that are shown one by one.
const EFFECTS_SHOWN: usize = 20;
/// Characters of a value that are shown.
const VALUE_CHARS: usize = 60;

/// Prints what became of a run.
pub(super) fn print(plan: &Plan, delay: Option<&str>, report: &RunReport, terminal: &mut Terminal) {
    let style = match report.status {
        Status::Succeeded => Style::Good,
        Status::Skipped | Status::Waiting => Style::Warn,
        Status::Failed => Style::Bad,
    };
    let status = terminal.paint(style, report.status.name());
    let named = delay.map_or_else(String::new, |delay| format!(", delay {}", shown(delay)));
    terminal.line(&format!("{status}: {}{named} ({})", shown(&plan.name), report.execution));
    match (report.status, delay) {
        (Status::Skipped, None) => terminal.line("  the trigger's filter did not let the event through"),
        (Status::Skipped, Some(_)) => {
            terminal.line("  a filter did not let it through: the trigger's, or the delay's `when`");
        }
        (Status::Waiting, _) => terminal.line("  an approval is open; nothing behind it was done"),
        _ => {}
    }
    if let Some(error) = &report.error {
        let limit = error
            .limit
            .as_ref()
            .map_or_else(String::new, |limit| format!(" (limit {}: {})", shown(&limit.name), limit.value));
        terminal.line(&format!(
            "  {} at `{}`: {}{limit}",
            error.code.as_str(),
            shown(&error.path),
            shown(&error.message)
        ));
    }
    for (number, effect) in (1..).zip(report.effects.iter().take(EFFECTS_SHOWN)) {
        terminal.line(&format!("  {number:>3}. {}", line(effect)));
    }
    if report.effects.len() > EFFECTS_SHOWN {
        terminal.line(&format!("       … and {} more", report.effects.len() - EFFECTS_SHOWN));
    }
    for entry in report.log.iter().filter(|entry| entry.level > Level::Info) {
        let word = terminal.paint(Style::Warn, alcove_execution::level_name(entry.level));
        terminal.line(&format!("  {word} at `{}`: {}", shown(&entry.path), shown(&entry.message)));
    }
    terminal.line(&terminal.paint(Style::Dim, &format!("  {}", usage(report))));
}

/// One effect as `action  name=value … → output=value`.
fn line(effect: &EffectRecord) -> String {
    let outputs = members(&effect.result, &[], VALUE_CHARS);
    let arrow = if outputs.is_empty() { String::new() } else { format!(" → {outputs}") };
    format!("{:<18} {}{arrow}", effect.action, members(&effect.params, &[], VALUE_CHARS))
}
