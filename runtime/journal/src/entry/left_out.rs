//! What the run does not see of its event.

use alcove_plan::codec::{DecodeError, Decoder, Encoder};

/// Members of the event's payload that the catalog does not have, so that the run does not see them. It follows
/// `started`, and says nothing about what the run does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Their names.
    pub members: Vec<String>,
}

impl LeftOut {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        encoder.count(self.members.len());
        for member in &self.members {
            encoder.str(member);
        }
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let count = decoder.count(1)?;
        let members = (0..count).map(|_| Ok(decoder.str()?.to_owned())).collect::<Result<_, DecodeError>>()?;
        Ok(Self { members })
    }
}
