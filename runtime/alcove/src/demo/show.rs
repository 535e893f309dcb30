//! The demo on paper.

use std::{collections::BTreeMap, path::Path, time::Duration};

use alcove_execution::{EffectRecord, LoadedPlan, RunEvent, RunReport};
use alcove_host::Level;

use crate::{
    brief::{members, usage},
    community::Census,
    escape::shown,
    terminal::{Style, Terminal},
};

/// Effects of one kind that are shown one by one.
const EXAMPLES: usize = 2;
/// What every event carries besides its payload.
const ENVELOPE: [&str; 3] = ["id", "type", "timestamp"];
/// Characters of a value that are shown.
const VALUE_CHARS: usize = 72;

pub(super) fn opening(census: &Census, loading: Duration, sandbox: Duration, terminal: &mut Terminal) {
    terminal.line(&terminal.paint(Style::Bold, "Alcove demo: seven apps on one community"));
    terminal.line("");
    let counts: Vec<String> = census.rows.iter().map(|(name, rows)| format!("{rows} {name}")).collect();
    terminal.line(&format!("The community ({}): {}", ms(loading), counts.join(", ")));
    terminal
        .line(&format!("The sandbox ({}): one executor, compiled once, a fresh instance for every run", ms(sandbox)));
}

pub(super) fn app(plan: &LoadedPlan, bytes: usize, compiling: Duration, terminal: &mut Terminal) {
    let name = terminal.paint(Style::Bold, &shown(&plan.plan().name));
    terminal.line("");
    terminal.line(&format!(
        "{name} · {} trigger · compiled in {} to a plan of {bytes} bytes",
        plan.plan().trigger.kind(),
        ms(compiling)
    ));
}

pub(super) fn report(event: Option<&RunEvent>, report: &RunReport, terminal: &mut Terminal) {
    if let Some(event) = event {
        terminal.line(&format!("  on {} {}", event.name, members(&event.value, &ENVELOPE, VALUE_CHARS)));
    }
    let mut kinds: BTreeMap<&str, Vec<&EffectRecord>> = BTreeMap::new();
    for effect in &report.effects {
        kinds.entry(effect.action).or_default().push(effect);
    }
    for (kind, effects) in kinds {
        for effect in effects.iter().take(EXAMPLES) {
            terminal.line(&format!(
                "    {} {}",
                terminal.paint(Style::Good, kind),
                members(&effect.params, &[], VALUE_CHARS)
            ));
        }
        if effects.len() > EXAMPLES {
            terminal.line(&format!(
                "    {} … and {} more",
                terminal.paint(Style::Good, kind),
                effects.len() - EXAMPLES
            ));
        }
    }
    if report.effects.is_empty() {
        terminal.line("    nothing to do");
    }
    if let Some(error) = &report.error {
        let code = terminal.paint(Style::Bad, error.code.as_str());
        terminal.line(&format!("    {code} at `{}`: {}", shown(&error.path), shown(&error.message)));
    }
    for entry in report.log.iter().filter(|entry| entry.level > Level::Info).take(EXAMPLES) {
        let word = terminal.paint(Style::Warn, alcove_execution::level_name(entry.level));
        terminal.line(&format!("    {word} at `{}`: {}", shown(&entry.path), shown(&entry.message)));
    }
    terminal.line(&terminal.paint(Style::Dim, &format!("  {}: {}", report.status.name(), usage(report))));
}

pub(super) fn closing(database: Option<&Path>, terminal: &mut Terminal) {
    terminal.line("");
    match database {
        Some(path) => terminal.line(&format!("The community is in {}.", path.display())),
        None => terminal.line("The community is gone with its temporary file; `--database FILE` keeps it."),
    }
    terminal.line("Next: `alcove explain` on one of the apps in tests/corpus/run shows what it may touch.");
}

fn ms(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1_000.0)
}
