//! What is open: blocks, loops, handlers.

use std::{slice, sync::Arc};

use alcove_plan::{
    expr::Slot,
    failure::Failure,
    program::{BlockId, Node},
    value::Value,
};

use crate::effects::Path;

#[derive(Debug)]
pub(super) enum Frame<'p> {
    /// The nodes that are left of a block.
    Block(slice::Iter<'p, Node>),
    /// A loop; the block of its current item, if there is one, lies above it.
    Loop(LoopFrame),
    /// The handler of an action that has failed; its block lies above it.
    Handler { place: u32, handled: Failure },
}

#[derive(Debug)]
pub(super) struct LoopFrame {
    pub(super) place: u32,
    pub(super) items: Arc<Vec<Value>>,
    /// How many of them are done: fewer than there are where `max_items` cuts.
    pub(super) count: usize,
    /// The next one.
    pub(super) next: u32,
    /// Whether the last one has been begun and neither done nor failed.
    pub(super) in_item: bool,
    pub(super) item: Slot,
    pub(super) index: Slot,
    pub(super) locals: (Slot, Slot),
    pub(super) body: BlockId,
    pub(super) continues: bool,
    /// The loops around an item, the loop itself included.
    pub(super) path: Path,
    /// What `Flow::recover_depth` is outside.
    pub(super) recover_depth_outside: usize,
}
