//! The tables that code points into, each entry once.

use std::collections::BTreeMap;

use alcove_plan::{
    codec::{Encoder, Literal},
    plan::Plan,
    program::Program,
    value::Value,
};

/// All tables while they grow.
#[derive(Debug, Default)]
pub(super) struct Tables {
    literals: Vec<Literal>,
    literal_at: BTreeMap<Vec<u8>, u32>,
    names: Table<String>,
    shapes: Table<Vec<String>>,
    regexes: Table<String>,
    places: Table<String>,
}

/// Entries in the order of their first use.
#[derive(Debug)]
struct Table<T> {
    entries: Vec<T>,
    at: BTreeMap<T, u32>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), at: BTreeMap::new() }
    }
}

impl<T: Ord + Clone> Table<T> {
    fn index(&mut self, entry: T) -> u32 {
        if let Some(at) = self.at.get(&entry) {
            return *at;
        }
        let at = next(self.entries.len());
        self.at.insert(entry.clone(), at);
        self.entries.push(entry);
        at
    }
}

impl Tables {
    pub(super) fn literal(&mut self, value: &Value) -> u32 {
        let mut encoder = Encoder::new();
        encoder.value(value);
        let at = next(self.literals.len());
        let literals = &mut self.literals;
        *self.literal_at.entry(encoder.into_bytes()).or_insert_with(|| {
            literals.push(Literal(value.clone()));
            at
        })
    }

    pub(super) fn name(&mut self, name: &str) -> u32 {
        self.names.index(name.to_owned())
    }

    pub(super) fn shape<N: ToString>(&mut self, names: &[N]) -> u32 {
        self.shapes.index(names.iter().map(ToString::to_string).collect())
    }

    pub(super) fn regex(&mut self, pattern: &str) -> u32 {
        self.regexes.index(pattern.to_owned())
    }

    pub(super) fn place(&mut self, pointer: &str) -> u32 {
        self.places.index(pointer.to_owned())
    }

    /// Moves the tables into the sections that carry them.
    pub(super) fn into_sections(self, plan: &mut Plan, program: &mut Program) {
        plan.places = self.places.entries;
        program.literals = self.literals;
        program.names = self.names.entries;
        program.shapes = self.shapes.entries;
        program.regexes = self.regexes.entries;
    }
}

/// A config is too small for as many entries as would not fit.
fn next(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
