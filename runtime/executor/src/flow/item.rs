//! Loops, item by item.

use alcove_plan::{
    failure::Failure,
    limits::LOOP_ITEMS_MAX,
    program::{Node, NodeKind},
    value::Value,
};

use super::{
    Flow,
    frame::{Frame, LoopFrame},
};
use crate::{
    effects::Path,
    halt::{At, Halt},
    host::Host,
};

impl<'p, H: Host> Flow<'p, '_, H> {
    /// Opens a loop node.
    pub(super) fn enter_loop(&mut self, node: &'p Node) -> Result<(), Halt> {
        let NodeKind::Loop { items, item, index, count, items_max, locals, body, continue_on_error } = node.kind else {
            return Ok(());
        };
        let place = node.place;
        let items = self.eval.eval_list(items, "`items`").at(place)?;
        let wanted = items_max.map_or(items.len(), |max| items.len().min(max as usize));
        if wanted < items.len() {
            // The log keeps the order that an execution without batches would give it.
            self.flush()?;
            self.warn(place, &format!("only the first {wanted} of {} items are done: `max_items`", items.len()));
        }
        if wanted > LOOP_ITEMS_MAX as usize {
            let message = format!("a loop over {wanted} items; at most {LOOP_ITEMS_MAX} are allowed");
            return Err(Halt::failed(place, Failure::limit("items", u64::from(LOOP_ITEMS_MAX), message)));
        }
        if self.buffer.confuses(self.here) {
            self.flush()?;
        }
        self.eval.set(count, Value::Int(i64::try_from(wanted).unwrap_or(i64::MAX))).at(place)?;
        let frame = LoopFrame {
            place,
            items,
            count: wanted,
            next: 0,
            in_item: false,
            item,
            index,
            locals,
            body,
            continues: continue_on_error,
            path: self.here.enter().at(place)?,
            recover_depth_outside: self.recover_depth,
        };
        self.here = frame.path;
        if frame.continues {
            self.recover_depth = frame.path.depth();
        }
        self.frames.push(Frame::Loop(frame));
        Ok(())
    }

    /// Ends the current item of the loop on top and begins the next, or ends the loop.
    pub(super) fn next_item(&mut self) -> Result<(), Halt> {
        let Some(Frame::Loop(frame)) = self.frames.last_mut() else { return Ok(()) };
        if std::mem::take(&mut frame.in_item) {
            return self.end_item();
        }
        let at = frame.next as usize;
        let Some(item) = frame.items.get(at).filter(|_| at < frame.count).cloned() else {
            return self.leave_loop();
        };
        self.here = frame.path.with_item(frame.next);
        let (place, body) = (frame.place, frame.body);
        self.eval.clear(frame.locals).at(place)?;
        self.eval.set(frame.index, Value::Int(i64::from(frame.next))).at(place)?;
        self.eval.set(frame.item, item).at(place)?;
        frame.next += 1;
        frame.in_item = true;
        self.open(body).at(place)
    }

    fn end_item(&mut self) -> Result<(), Halt> {
        if self.buffer.is_empty() {
            self.items_done += 1;
            return Ok(());
        }
        self.buffer.item_done(self.here);
        if self.buffer.is_full(self.batching) { self.flush() } else { Ok(()) }
    }

    fn leave_loop(&mut self) -> Result<(), Halt> {
        let Some(Frame::Loop(frame)) = self.frames.pop() else { return Ok(()) };
        self.leave(&frame);
        if frame.continues {
            self.buffer.loop_closed(self.here);
        }
        self.eval.set(frame.item, Value::Null).at(frame.place)
    }

    /// Puts the current place outside of a loop.
    pub(super) fn leave(&mut self, frame: &LoopFrame) -> Path {
        self.here = frame.path.prefix(frame.path.depth().saturating_sub(1));
        self.recover_depth = frame.recover_depth_outside;
        self.here
    }
}
