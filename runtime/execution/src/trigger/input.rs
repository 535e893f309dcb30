//! What a run begins with, as rows keep it until the run's journal does.

use alcove_plan::{
    codec::{DecodeError, Decoder, Encoder, encode_value},
    value::Value,
};

/// What a run begins with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RunInput {
    /// What it sees as `event`.
    pub(crate) event: Value,
    /// Members of the payload that it does not see, as the catalog does not have them.
    pub(crate) left_out: Vec<String>,
}

impl RunInput {
    /// A message of the value, followed by the names, if there are any: most runs have none.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut bytes = encode_value(&self.event);
        if !self.left_out.is_empty() {
            let mut names = Encoder::new();
            names.count(self.left_out.len());
            self.left_out.iter().for_each(|name| names.str(name));
            bytes.extend(names.into_bytes());
        }
        bytes
    }

    /// Reads what [`encode`](Self::encode) wrote.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut decoder = Decoder::message(bytes)?;
        let event = decoder.value()?;
        let count = if decoder.remaining() == 0 { 0 } else { decoder.count(1)? };
        let left_out = (0..count).map(|_| Ok(decoder.str()?.to_owned())).collect::<Result<_, DecodeError>>()?;
        decoder.finish()?;
        Ok(Self { event, left_out })
    }
}

impl From<Value> for RunInput {
    /// All of what came.
    fn from(event: Value) -> Self {
        Self { event, left_out: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(left_out: &[&str]) -> RunInput {
        let event = Value::object([("id", Value::from("e")), ("n", Value::Int(7))]);
        RunInput { event, left_out: left_out.iter().map(ToString::to_string).collect() }
    }

    #[test]
    fn an_input_reads_back_with_what_was_left_out_of_it() {
        for left_out in [&[][..], &["colour"], &["", "ä", "colour"]] {
            assert_eq!(RunInput::decode(&input(left_out).encode()).unwrap(), input(left_out));
        }
        assert_eq!(input(&[]).encode(), encode_value(&input(&[]).event));
    }

    #[test]
    fn what_is_cut_off_or_has_more_behind_it_is_no_input() {
        let bytes = input(&["colour"]).encode();
        let whole = [encode_value(&input(&[]).event).len(), bytes.len()];
        for length in (0..bytes.len()).filter(|length| !whole.contains(length)) {
            assert!(RunInput::decode(&bytes[..length]).is_err(), "{length} bytes");
        }
        assert!(RunInput::decode(&[bytes, vec![0]].concat()).is_err());
    }
}
