//! A query was answered, with one page.

use alcove_plan::{
    codec::{DecodeError, Decoder, Encoder},
    envelope::Digest,
    failure::Failure,
};

use super::effect::decode_digest;

const PAGE: u8 = 0;
const FAILED: u8 = 1;

/// One page of a query. A run that reads it again sees the same rows, wherever the page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryPage {
    /// Its place: the position among the plan's queries.
    pub query: u32,
    /// Which page, from 0.
    pub page: u32,
    /// What the query was started with: [`digest_of_arguments`](crate::digest_of_arguments).
    pub arguments: Digest,
    /// A *page* message, byte for byte, or why there is none.
    pub answer: Result<Vec<u8>, Failure>,
}

impl QueryPage {
    pub(super) fn encode(&self, encoder: &mut Encoder) {
        encoder.varint(u64::from(self.query));
        encoder.varint(u64::from(self.page));
        encoder.raw(&self.arguments.0);
        match &self.answer {
            Ok(page) => {
                encoder.byte(PAGE);
                encoder.bytes(page);
            }
            Err(failure) => {
                encoder.byte(FAILED);
                encoder.failure(failure);
            }
        }
    }

    pub(super) fn decode(decoder: &mut Decoder<'_>) -> Result<Self, DecodeError> {
        let (query, page) = (decoder.index()?, decoder.index()?);
        let arguments = decode_digest(decoder)?;
        let answer = match decoder.byte()? {
            PAGE => Ok(decoder.bytes()?.to_vec()),
            FAILED => Err(decoder.failure()?),
            _ => return Err(decoder.error("unknown kind of answer")),
        };
        Ok(Self { query, page, arguments, answer })
    }
}
