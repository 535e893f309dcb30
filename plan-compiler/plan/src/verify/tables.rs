//! The tables that everything else points into: their sizes, their texts, and looking things up in them.

use alloc::{collections::BTreeSet, string::ToString, vec::Vec};

use super::{At, Fault, VerifyError};
use crate::{
    expr::{ExprId, Slot},
    limits::{
        ACTIONS_TOP_MAX, BLOCKS_MAX, NODES_MAX, OPS_MAX, QUERIES_MAX, REGEXES_MAX, SHAPE_NAMES_MAX, SLOTS_MAX,
        STEPS_MAX, STRING_BYTES_MAX, TABLE_MAX, WIDGETS_MAX,
    },
    plan::Plan,
    program::{Program, input_slot},
    value::{DEPTH_MAX, Value},
};

/// Checks the sizes of all lists, and every text, literal and place in the tables.
pub(super) fn check(plan: &Plan, program: &Program) -> Result<(), VerifyError> {
    sizes(plan, program)?;
    places(&plan.places)?;
    for (i, names) in program.shapes.iter().enumerate() {
        let at = At::Shape(i);
        at_most("names", names.len(), SHAPE_NAMES_MAX, at)?;
        let mut seen = BTreeSet::new();
        for name in names {
            text(name, at)?;
            once(&mut seen, "name", name, at)?;
        }
    }
    for (i, literal) in program.literals.iter().enumerate() {
        value(&literal.0, At::Literal(i))?;
    }
    for (i, name) in program.names.iter().enumerate() {
        text(name, At::Name(i))?;
    }
    for (i, regex) in program.regexes.iter().enumerate() {
        text(regex, At::Regex(i))?;
    }
    Ok(())
}

fn sizes(plan: &Plan, program: &Program) -> Result<(), VerifyError> {
    let of_plan = [
        ("queries", plan.queries.len(), QUERIES_MAX),
        ("actions", plan.actions.len(), NODES_MAX),
        ("places", plan.places.len(), TABLE_MAX),
    ];
    let of_program = [
        ("slots", usize::from(program.slots), usize::from(SLOTS_MAX)),
        ("shapes", program.shapes.len(), TABLE_MAX),
        ("literals", program.literals.len(), TABLE_MAX),
        ("names", program.names.len(), TABLE_MAX),
        ("regexes", program.regexes.len(), REGEXES_MAX),
        ("ops", program.ops.len(), OPS_MAX),
        ("expressions", program.exprs.len(), TABLE_MAX),
        ("entities", program.entities.len(), QUERIES_MAX),
        ("steps", program.steps.len(), STEPS_MAX),
        ("nodes", program.nodes.len(), NODES_MAX),
        ("blocks", program.blocks.len(), BLOCKS_MAX),
        ("widgets", program.widgets.len(), WIDGETS_MAX),
        ("results", program.results.len(), ACTIONS_TOP_MAX),
    ];
    of_plan.iter().try_for_each(|(of, len, max)| at_most(of, *len, *max, At::Plan))?;
    of_program.iter().try_for_each(|(of, len, max)| at_most(of, *len, *max, At::Program))?;
    if program.slots < input_slot::FIRST_FREE.0 {
        let (found, expected) = (usize::from(program.slots), usize::from(input_slot::FIRST_FREE.0));
        return Err(Fault::Count { of: "slots", found, expected }.at(At::Program));
    }
    same_count("query calls", program.queries.len(), plan.queries.len(), At::Program)?;
    same_count("action calls", program.actions.len(), plan.actions.len(), At::Program)
}

fn places(places: &[alloc::string::String]) -> Result<(), VerifyError> {
    if places.first().is_none_or(|root| !root.is_empty()) {
        return Err(Fault::NoRootPlace.at(At::Place(0)));
    }
    for (i, place) in places.iter().enumerate() {
        text(place, At::Place(i))?;
        if !is_pointer(place) {
            return Err(Fault::NotAPointer(place.clone()).at(At::Place(i)));
        }
    }
    Ok(())
}

/// Whether `text` is a JSON pointer (RFC 6901).
fn is_pointer(text: &str) -> bool {
    (text.is_empty() || text.starts_with('/')) && text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}

/// Checks that there are no more than so many.
pub(super) fn at_most(of: &'static str, count: usize, max: usize, at: At) -> Result<(), VerifyError> {
    if count <= max { Ok(()) } else { Err(Fault::TooMany { of, count, max }.at(at)) }
}

/// Checks that there are as many as there must be.
pub(super) fn same_count(of: &'static str, found: usize, expected: usize, at: At) -> Result<(), VerifyError> {
    if found == expected { Ok(()) } else { Err(Fault::Count { of, found, expected }.at(at)) }
}

/// Checks an index.
pub(super) fn index(of: &'static str, index: impl TryInto<usize>, len: usize, at: At) -> Result<usize, VerifyError> {
    let index = index.try_into().unwrap_or(usize::MAX);
    if index < len { Ok(index) } else { Err(Fault::NoSuch { of, index, len }.at(at)) }
}

/// Checks the length of a text.
pub(super) fn text(text: &str, at: At) -> Result<(), VerifyError> {
    at_most("bytes in a text", text.len(), STRING_BYTES_MAX, at)
}

/// Checks a name: a text that is not empty.
pub(super) fn name(of: &'static str, name: &str, at: At) -> Result<(), VerifyError> {
    if name.is_empty() { Err(Fault::Empty(of).at(at)) } else { text(name, at) }
}

/// Checks that a name was not seen before.
pub(super) fn once<'a>(
    seen: &mut BTreeSet<&'a str>,
    of: &'static str,
    name: &'a str,
    at: At,
) -> Result<(), VerifyError> {
    if seen.insert(name) { Ok(()) } else { Err(Fault::Repeated { of, name: name.to_string() }.at(at)) }
}

/// Checks the depth of a constant and its texts. Without recursion: a plan in memory need not have been decoded.
pub(super) fn value(value: &Value, at: At) -> Result<(), VerifyError> {
    let mut open: Vec<(&Value, usize)> = Vec::from([(value, 0)]);
    while let Some((value, depth)) = open.pop() {
        if matches!(value, Value::List(_) | Value::Record(_)) && depth == DEPTH_MAX {
            return Err(Fault::ValueDepth { max: DEPTH_MAX }.at(at));
        }
        match value {
            Value::Str(string) => text(string, at)?,
            Value::List(items) => open.extend(items.iter().map(|item| (item, depth + 1))),
            Value::Record(record) => {
                record.shape().names().iter().try_for_each(|name| text(name, at))?;
                open.extend(record.cells().iter().map(|cell| (cell, depth + 1)));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Both sections, and looking things up in them.
pub(super) struct Scope<'p> {
    pub(super) plan: &'p Plan,
    pub(super) program: &'p Program,
}

impl<'p> Scope<'p> {
    pub(super) fn new(plan: &'p Plan, program: &'p Program) -> Self {
        Self { plan, program }
    }

    /// Checks that an expression exists.
    pub(super) fn expr(&self, id: ExprId, at: At) -> Result<(), VerifyError> {
        index("expression", id.0, self.program.exprs.len(), at).map(|_| ())
    }

    /// Checks that some expressions exist.
    pub(super) fn exprs(&self, ids: impl IntoIterator<Item = ExprId>, at: At) -> Result<(), VerifyError> {
        ids.into_iter().try_for_each(|id| self.expr(id, at))
    }

    /// Checks that some slots exist and may be written.
    pub(super) fn writes(&self, slots: impl IntoIterator<Item = Slot>, at: At) -> Result<(), VerifyError> {
        slots.into_iter().try_for_each(|slot| {
            index("slot", slot.0, usize::from(self.program.slots), at)?;
            if slot < input_slot::FIRST_FREE { Err(Fault::InputSlot(slot.0).at(at)) } else { Ok(()) }
        })
    }

    /// Checks a place.
    pub(super) fn place(&self, place: u32, at: At) -> Result<(), VerifyError> {
        index("place", place, self.plan.places.len(), at).map(|_| ())
    }

    /// The number of names of a shape.
    pub(super) fn shape_len(&self, shape: u32, at: At) -> Result<usize, VerifyError> {
        let at_index = index("shape", shape, self.program.shapes.len(), at)?;
        Ok(self.program.shapes.get(at_index).map_or(0, Vec::len))
    }

    /// Checks that a shape has so many names.
    pub(super) fn shape(&self, shape: u32, names: usize, at: At) -> Result<(), VerifyError> {
        same_count("names in the shape", self.shape_len(shape, at)?, names, at)
    }
}
