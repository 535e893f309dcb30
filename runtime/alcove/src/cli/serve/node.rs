//! The name of a node that has none.

use alcove_ids::NodeId;

use crate::cli::complaint::Complaint;

/// A name that no other process has.
pub(super) fn by_chance() -> Result<NodeId, Complaint> {
    let unnamed = |message: String| Complaint::new("usage", "--node", "", message);
    let mut chance = [0; 8];
    getrandom::fill(&mut chance).map_err(|error| unnamed(format!("the machine gives no random bytes: {error}")))?;
    let name = format!("node_{:016x}", u64::from_le_bytes(chance));
    NodeId::parse(&name).map_err(|error| unnamed(error.to_string()))
}
