//! Reading hostile bytes.

use alloc::{string::ToString, sync::Arc, vec::Vec};

use rust_decimal::Decimal;

use super::{
    VERSION,
    encoder::tag,
    parts::{self, TOO_MANY_CONTAINERS, TOO_MANY_VALUES},
};
use crate::{
    failure::{Code, Failure, LimitHit},
    value::{DEPTH_MAX, Record, Shape, Timestamp, Value},
};

/// Why bytes were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed message at byte {at}: {what}")]
pub struct DecodeError {
    /// Where, counted from the start of the message.
    pub at: usize,
    /// What was wrong.
    pub what: &'static str,
}

/// Takes primitives and values from the front of a buffer.
#[derive(Clone, Debug)]
pub struct Decoder<'a> {
    bytes: &'a [u8],
    at: usize,
    values_left: usize,
    containers_left: usize,
}

/// Room that is made for a claimed number of things before they are there.
const CLAIM_MAX: usize = 8;

impl<'a> Decoder<'a> {
    /// Reads a part of a message.
    pub fn new(bytes: &'a [u8]) -> Self {
        let (values_left, containers_left) = parts::most(bytes.len());
        Self { bytes, at: 0, values_left, containers_left }
    }

    /// Reads a message: checks the version byte.
    pub fn message(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut decoder = Self::new(bytes);
        match decoder.byte()? {
            VERSION => Ok(decoder),
            _ => Err(DecodeError { at: 0, what: "unknown version" }),
        }
    }

    /// Refuses bytes that are left over.
    pub fn finish(self) -> Result<(), DecodeError> {
        if self.remaining() == 0 { Ok(()) } else { Err(self.error("bytes left over")) }
    }

    /// An error here.
    pub fn error(&self, what: &'static str) -> DecodeError {
        DecodeError { at: self.at, what }
    }

    /// The number of bytes left.
    pub fn remaining(&self) -> usize {
        self.bytes.len() - self.at
    }

    /// How far it has come.
    pub fn position(&self) -> usize {
        self.at
    }

    /// One byte.
    #[inline]
    pub fn byte(&mut self) -> Result<u8, DecodeError> {
        let byte = *self.bytes.get(self.at).ok_or_else(|| self.error("cut off"))?;
        self.at += 1;
        Ok(byte)
    }

    /// A `varint`.
    #[inline]
    pub fn varint(&mut self) -> Result<u64, DecodeError> {
        let first = self.byte()?;
        if first < 0x80 { Ok(u64::from(first)) } else { self.varint_tail(first) }
    }

    fn varint_tail(&mut self, first: u8) -> Result<u64, DecodeError> {
        let mut n = u64::from(first & 0x7f);
        let mut shift = 7;
        loop {
            let byte = self.byte()?;
            let group = u64::from(byte & 0x7f);
            if shift == 63 && group > 1 {
                return Err(self.error("integer too large"));
            }
            n |= group << shift;
            if byte < 0x80 {
                return if byte == 0 { Err(self.error("integer not in shortest form")) } else { Ok(n) };
            }
            shift += 7;
            if shift > 63 {
                return Err(self.error("integer too large"));
            }
        }
    }

    /// A length or number of things that take at least `bytes_each` bytes each: no more than could follow.
    pub fn count(&mut self, bytes_each: usize) -> Result<usize, DecodeError> {
        let n = usize::try_from(self.varint()?).map_err(|_| self.error("count too large"))?;
        if n.saturating_mul(bytes_each) > self.remaining() {
            return Err(self.error("count exceeds the message"));
        }
        Ok(n)
    }

    /// A `varint` that fits 32 bits.
    pub fn index(&mut self) -> Result<u32, DecodeError> {
        u32::try_from(self.varint()?).map_err(|_| self.error("index too large"))
    }

    /// A `zigzag`.
    pub fn zigzag(&mut self) -> Result<i64, DecodeError> {
        let n = self.varint()?;
        Ok((n >> 1).cast_signed() ^ -((n & 1).cast_signed()))
    }

    /// A `bytes`.
    pub fn bytes(&mut self) -> Result<&'a [u8], DecodeError> {
        let len = self.count(1)?;
        let bytes = self.bytes.get(self.at..self.at + len).ok_or_else(|| self.error("cut off"))?;
        self.at += len;
        Ok(bytes)
    }

    /// A `str`.
    pub fn str(&mut self) -> Result<&'a str, DecodeError> {
        let bytes = self.bytes()?;
        core::str::from_utf8(bytes).map_err(|_| self.error("not UTF-8"))
    }

    /// A value.
    #[inline]
    pub fn value(&mut self) -> Result<Value, DecodeError> {
        self.value_at(0)
    }

    fn value_at(&mut self, depth: usize) -> Result<Value, DecodeError> {
        self.values_left = self.values_left.checked_sub(1).ok_or_else(|| self.error(TOO_MANY_VALUES))?;
        Ok(match self.byte()? {
            tag::NULL => Value::Null,
            tag::FALSE => Value::Bool(false),
            tag::TRUE => Value::Bool(true),
            tag::INT => Value::Int(self.zigzag()?),
            tag::NUM => Value::Num(self.decimal()?),
            tag::STR => Value::Str(self.str()?.into()),
            tag::TIME => {
                let micros = self.zigzag()?;
                Value::Time(Timestamp::from_micros(micros).ok_or_else(|| self.error("timestamp out of range"))?)
            }
            tag::LIST => {
                let depth = self.deeper(depth)?;
                self.list(depth)?
            }
            tag::OBJECT => {
                let depth = self.deeper(depth)?;
                self.record(depth)?
            }
            _ => return Err(self.error("unknown tag")),
        })
    }

    /// A *failure*.
    pub fn failure(&mut self) -> Result<Failure, DecodeError> {
        let code = Code::from_wire(self.byte()?).ok_or_else(|| self.error("unknown code"))?;
        let message = self.str()?.to_string();
        let limit = match self.byte()? {
            0 => None,
            1 => Some(LimitHit { name: self.str()?.to_string(), value: self.varint()? }),
            _ => return Err(self.error("unknown mark of an option")),
        };
        Ok(Failure { code, message, limit })
    }

    /// Enters a list or an object.
    fn deeper(&mut self, depth: usize) -> Result<usize, DecodeError> {
        if depth >= DEPTH_MAX {
            return Err(self.error("nested too deeply"));
        }
        let left = self.containers_left.checked_sub(1);
        self.containers_left = left.ok_or_else(|| self.error(TOO_MANY_CONTAINERS))?;
        Ok(depth + 1)
    }

    fn list(&mut self, depth: usize) -> Result<Value, DecodeError> {
        let count = self.count(1)?;
        let mut items = Vec::with_capacity(count.min(CLAIM_MAX));
        for _ in 0..count {
            items.push(self.value_at(depth)?);
        }
        Ok(Value::list(items))
    }

    fn record(&mut self, depth: usize) -> Result<Value, DecodeError> {
        let count = self.count(2)?;
        // No more capacity from the count: each level of nesting could claim all that is left of the message again.
        let mut names = Vec::with_capacity(count.min(CLAIM_MAX));
        let mut cells = Vec::with_capacity(count.min(CLAIM_MAX));
        for _ in 0..count {
            names.push(self.str()?.into());
            cells.push(self.value_at(depth)?);
        }
        let shape = Shape::from_distinct(names).ok_or_else(|| self.error("name repeated"))?;
        Ok(Value::Record(Arc::new(Record::new(Arc::new(shape), cells))))
    }

    fn decimal(&mut self) -> Result<Decimal, DecodeError> {
        let scale = self.byte()?;
        let sign = self.byte()?;
        let low = self.varint()?;
        let high = self.varint()?;
        let (true, true, Ok(high)) = (scale <= 28, sign <= 1, u32::try_from(high)) else {
            return Err(self.error("decimal out of range"));
        };
        if sign == 1 && low == 0 && high == 0 {
            return Err(self.error("zero with a sign"));
        }
        #[expect(clippy::cast_possible_truncation, reason = "the low half is meant")]
        let (lo, mid) = (low as u32, (low >> 32) as u32);
        Ok(Decimal::from_parts(lo, mid, high, sign == 1, u32::from(scale)))
    }
}
