//! The names of triggers, from which the ids of runs follow.

use alcove_ids::{EffectId, ExecutionId};

/// What the sources of events that runs cause begin with. Nobody outside may send an event of such a source, so nobody
/// can take the place of one.
pub(crate) const RUN_SOURCE_PREFIX: &str = "run:";

/// The source of an event that an effect caused: the run, so that people find it.
pub(super) fn source_of_run(execution: Option<&ExecutionId>, effect: &EffectId) -> String {
    match execution {
        Some(execution) => format!("{RUN_SOURCE_PREFIX}{execution}"),
        None => format!("{RUN_SOURCE_PREFIX}{effect}"),
    }
}

/// An event. The length of the source keeps names apart that would read the same.
pub(super) fn event(source: &str, id: &str) -> String {
    format!("event:{}:{source}:{id}", source.len())
}

/// A delay after an event.
pub(super) fn delay(source: &str, id: &str, delay: u32) -> String {
    format!("delay:{delay}:{}:{source}:{id}", source.len())
}

/// A tick of a schedule, by its due time.
pub(super) fn due(due_us: i64) -> String {
    format!("due:{due_us}")
}

/// A request of a person or a program.
pub(super) fn manual(request: &str) -> String {
    format!("manual:{request}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_triggers_never_have_one_name() {
        let names = [
            event("a:b", "c"),
            event("a", "b:c"),
            event("a", "b"),
            delay("a", "b", 0),
            delay("a", "b", 1),
            due(1),
            manual("1"),
        ];
        for (at, name) in names.iter().enumerate() {
            assert!(!names[..at].contains(name), "{name}");
        }
    }
}
