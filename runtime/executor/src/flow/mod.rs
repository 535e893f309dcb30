//! Blocks and nodes: an explicit stack of frames, so that no plan makes the executor recurse.

mod effect;
mod frame;
mod item;
mod recover;

use alcove_plan::{
    failure::Failure,
    program::{BlockId, Node, NodeKind},
    value::Value,
};

use self::frame::Frame;
use crate::{
    effects::{Answer, Batching, Buffer, Path},
    eval::Evaluator,
    halt::{At, Halt, malformed},
    host::{Host, Level},
};

/// Runs the root block to its end and says how many loop items were done.
pub(crate) fn run_root(eval: &mut Evaluator<'_>, host: &mut impl Host, batching: Batching) -> Result<u64, Halt> {
    let mut flow = Flow {
        eval,
        host,
        batching,
        buffer: Buffer::default(),
        frames: Vec::new(),
        here: Path::default(),
        recover_depth: 0,
        items_done: 0,
        arguments: Vec::new(),
    };
    if !flow.eval.program.blocks.is_empty() {
        flow.open(BlockId(0)).at(0)?;
    }
    loop {
        match flow.advance() {
            Ok(true) => {}
            Ok(false) => return Ok(flow.items_done),
            Err(halt) => flow.recover(halt)?,
        }
    }
}

/// The state of the blocks of a run.
struct Flow<'p, 'r, H> {
    eval: &'r mut Evaluator<'p>,
    host: &'r mut H,
    batching: Batching,
    buffer: Buffer,
    frames: Vec<Frame<'p>>,
    /// The loops around the current place.
    here: Path,
    /// How many of them a failure here leaves: those up to the innermost loop that continues on error.
    recover_depth: usize,
    items_done: u64,
    /// The arguments of the last effect, kept for their space.
    arguments: Vec<Value>,
}

impl<'p, H: Host> Flow<'p, '_, H> {
    /// Does one thing; false at the end of the root block.
    fn advance(&mut self) -> Result<bool, Halt> {
        match self.frames.last_mut() {
            Some(Frame::Block(nodes)) => match nodes.next() {
                Some(node) => self.node(node)?,
                None => drop(self.frames.pop()),
            },
            Some(Frame::Loop(_)) => self.next_item()?,
            Some(Frame::Handler { .. }) => self.handled()?,
            None => {
                self.flush()?;
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn node(&mut self, node: &'p Node) -> Result<(), Halt> {
        let permitted = self.eval.permits(node.when).at(node.place)?;
        match &node.kind {
            NodeKind::Effect { action, outputs, on_failure, deferrable } => {
                if permitted {
                    return self.effect(node.place, *action, *outputs, *on_failure, *deferrable);
                }
                outputs.map_or(Ok(()), |slot| self.eval.set(slot, Value::Null)).at(node.place)
            }
            NodeKind::Loop { .. } if permitted => self.enter_loop(node),
            NodeKind::Branch { condition, then, otherwise } if permitted => {
                let holds = self.eval.holds(*condition).at(node.place)?;
                self.open(if holds { *then } else { *otherwise }).at(node.place)
            }
            NodeKind::Loop { .. } | NodeKind::Branch { .. } => Ok(()),
        }
    }

    /// Puts a block on top. In a verified program a block can be open only once, which bounds the frames.
    fn open(&mut self, block: BlockId) -> Result<(), Failure> {
        let program = self.eval.program;
        let block = program.blocks.get(block.0 as usize).ok_or_else(|| malformed("no such block"))?;
        let from = block.start as usize;
        let nodes = program.nodes.get(from..from.saturating_add(block.len as usize));
        let nodes = nodes.ok_or_else(|| malformed("a block outside of the nodes"))?;
        if self.frames.len() > 2 * program.blocks.len() {
            return Err(malformed("a block inside itself"));
        }
        self.frames.push(Frame::Block(nodes.iter()));
        Ok(())
    }

    /// Performs what is buffered.
    fn flush(&mut self) -> Result<(), Halt> {
        self.settle(false).map(drop)
    }

    /// Performs what is buffered; `awaited`: gives the answer to the last call.
    fn settle(&mut self, awaited: bool) -> Result<Option<Answer>, Halt> {
        if self.buffer.is_empty() {
            return Ok(None);
        }
        let settled = std::mem::take(&mut self.buffer).settle(self.here, awaited, self.host);
        self.items_done += settled.items_done;
        for (item, error) in &settled.failed_items {
            self.log_failed_item(*item, error);
        }
        settled.halt.map_or(Ok(settled.last), Err)
    }

    fn warn(&mut self, place: u32, message: &str) {
        self.host.log(Level::Warning, place, message);
    }
}
