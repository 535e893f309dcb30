//! What an execution with tokens says of itself, in the place of what was left out.

use std::collections::BTreeMap;

use alcove_ids::EffectId;
use alcove_journal::entry::{Effect, Ending, Entry, Record};

use crate::replay::{Called, Transcript};

/// Fills a redacted journal from the transcript of its execution. Lines that it did not write are dropped.
pub(super) fn settle(records: &mut Vec<Record>, transcript: &Transcript) {
    let calls: BTreeMap<&EffectId, &Called> = transcript.calls.iter().map(|call| (&call.id, call)).collect();
    let arguments: BTreeMap<u32, _> = transcript.reads.iter().map(|read| (read.query, read.arguments)).collect();
    let mut lines = transcript.lines.iter();
    records.retain_mut(|record| {
        match &mut record.entry {
            Entry::QueryPage(page) => {
                if let Some(arguments) = arguments.get(&page.query) {
                    page.arguments = *arguments;
                }
            }
            Entry::Intent(intent) => fill(&mut intent.effect, &calls),
            Entry::LocalEffects(local) => {
                local.effects.iter_mut().for_each(|local| fill(&mut local.effect, &calls));
            }
            Entry::ApprovalRequested(request) => fill(&mut request.effect, &calls),
            Entry::Log(line) => match lines.next() {
                Some(written) => *line = written.clone(),
                None => return false,
            },
            Entry::Finished(finished) if !finished.ending.comes_from_outside() => {
                if let Some(ending) = transcript.ending.as_ref().filter(|ending| is_kind_of(ending, &finished.ending)) {
                    finished.ending = ending.clone();
                }
            }
            _ => {}
        }
        true
    });
}

fn fill(effect: &mut Effect, calls: &BTreeMap<&EffectId, &Called>) {
    if let Some(call) = calls.get(&effect.id) {
        effect.digest = call.digest;
        effect.shown = call.shown.clone();
    }
}

fn is_kind_of(ending: &Ending, recorded: &Ending) -> bool {
    std::mem::discriminant(ending) == std::mem::discriminant(recorded)
}
