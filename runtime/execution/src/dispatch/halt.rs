//! The kill switch, for whoever operates the node.

use super::{Reach, Why};
use crate::Engine;

impl Engine {
    /// Starts nothing of this on this node until the halt is [lifted](Self::lift_halt) or the node is started again;
    /// what runs is given back at its next host call and goes on later. Nothing is lost.
    pub fn halt(&self, reach: &Reach) {
        self.node().dispatcher.halt(reach, Why::GivenBack);
    }

    /// Takes a [`halt`](Self::halt) back.
    pub fn lift_halt(&self, reach: &Reach) {
        self.node().dispatcher.resume(reach);
    }
}
