//! An explanation as text for a terminal.

use std::fmt::{self, Write as _};

use alcove_plan::capability::{Manifest, Start};

use super::{ActionPlan, Explanation, QueryPlan, StepPlan};

pub(super) fn render(explanation: &Explanation) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let written = write(&mut out, explanation);
    debug_assert!(written.is_ok());
    out
}

fn write(out: &mut String, explanation: &Explanation) -> fmt::Result {
    writeln!(out, "{}", explanation.name)?;
    writeln!(out, "\nStarts")?;
    writeln!(out, "  {}", start(&explanation.capabilities.trigger))?;
    if let Some(filter) = &explanation.filter {
        writeln!(out, "  only if {filter}")?;
    }
    capabilities(out, &explanation.capabilities)?;
    if !explanation.entities.is_empty() {
        writeln!(out, "\nRows that the event names")?;
        explanation.entities.iter().try_for_each(|entity| query(out, &entity.query))?;
    }
    if !explanation.steps.is_empty() {
        writeln!(out, "\nPipeline")?;
        explanation.steps.iter().try_for_each(|one| step(out, one))?;
    }
    writeln!(out, "\nActions")?;
    explanation.actions.iter().try_for_each(|one| action(out, one))
}

fn start(start: &Start) -> String {
    match start {
        Start::Manual => "when somebody asks for it".to_owned(),
        Start::Event { event } => format!("on each event `{event}`"),
        Start::Scheduled { cron, timezone } => format!("at `{cron}`, {timezone}"),
        Start::Delayed { event, after_ms } => {
            let delays: Vec<String> = after_ms.iter().map(|(id, ms)| format!("{id} ({} s)", ms / 1_000)).collect();
            format!("after each event `{event}`: {}", delays.join(", "))
        }
    }
}

fn capabilities(out: &mut String, manifest: &Manifest) -> fmt::Result {
    writeln!(out, "\nMay")?;
    for (connector, read) in &manifest.reads {
        let fields: Vec<&str> = read.fields.iter().map(String::as_str).collect();
        writeln!(out, "  read {connector}: {}", fields.join(", "))?;
    }
    for (name, uses) in &manifest.actions {
        let calls = uses.iter().fold(0_u64, |sum, one| sum.saturating_add(one.calls_max));
        match calls {
            1 => writeln!(out, "  do {name}, at most once")?,
            _ => writeln!(out, "  do {name}, at most {calls} times")?,
        }
    }
    for event in &manifest.events {
        writeln!(out, "  emit {event}")?;
    }
    for domain in &manifest.domains {
        writeln!(out, "  call {domain}")?;
    }
    if manifest.any_allowed_domain {
        writeln!(out, "  call any address on the allow-list")?;
    }
    Ok(())
}

fn query(out: &mut String, query: &QueryPlan) -> fmt::Result {
    writeln!(out, "    pushed down to {}: {}", query.connector, query.fields.join(", "))?;
    if let Some(filter) = &query.filter {
        writeln!(out, "      where {filter}")?;
    }
    if !query.sort.is_empty() {
        writeln!(out, "      order by {}", query.sort.join(", "))?;
    }
    if query.offset > 0 {
        writeln!(out, "      after the first {}", query.offset)?;
    }
    writeln!(out, "      limit {}", query.limit)
}

fn step(out: &mut String, step: &StepPlan) -> fmt::Result {
    writeln!(out, "  {}", step.id)?;
    if let Some(pushed_down) = &step.pushed_down {
        query(out, pushed_down)?;
    }
    if let Some(from) = &step.from {
        writeln!(out, "    from {from}")?;
    }
    step.sandbox.iter().try_for_each(|line| writeln!(out, "    in the sandbox: {line}"))
}

fn action(out: &mut String, action: &ActionPlan) -> fmt::Result {
    let indent = "  ".repeat(action.depth + 1);
    let id = action.id.as_ref().map_or_else(String::new, |id| format!(" ({id})"));
    let sent = if action.batched { "batched" } else { "waits for its outcome" };
    write!(out, "{indent}{}{id}: guarantee {}, {sent}", action.action, action.guarantee)?;
    if action.calls_max > 1 {
        write!(out, ", at most {} calls", action.calls_max)?;
    }
    if let Some(class) = action.class {
        write!(out, ", counts as {class}")?;
    }
    if action.behind_approval {
        write!(out, ", after an approval")?;
    }
    if let Some(when) = &action.when {
        write!(out, ", only if {when}")?;
    }
    writeln!(out)
}
