//! Writing.

use alloc::vec::Vec;

use super::VERSION;
use crate::{
    failure::Failure,
    value::{Record, Value},
};

/// Tags of values.
pub(super) mod tag {
    pub(crate) const NULL: u8 = 0;
    pub(crate) const FALSE: u8 = 1;
    pub(crate) const TRUE: u8 = 2;
    pub(crate) const INT: u8 = 3;
    pub(crate) const NUM: u8 = 4;
    pub(crate) const STR: u8 = 5;
    pub(crate) const TIME: u8 = 6;
    pub(crate) const LIST: u8 = 7;
    pub(crate) const OBJECT: u8 = 8;
}

/// Small messages, such as the input of most runs, take no more; larger ones grow from here.
const MESSAGE_BYTES: usize = 128;

/// Appends primitives and values to a buffer.
#[derive(Debug, Default)]
pub struct Encoder {
    out: Vec<u8>,
}

impl Encoder {
    /// An empty buffer, for parts of messages.
    pub fn new() -> Self {
        Self::default()
    }

    /// A buffer that begins with the version byte.
    pub fn message() -> Self {
        let mut encoder = Self { out: Vec::with_capacity(MESSAGE_BYTES) };
        encoder.byte(VERSION);
        encoder
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// The number of bytes written.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// One byte.
    pub fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    /// A `varint`.
    pub fn varint(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.out.push((n & 0x7f) as u8 | 0x80);
            n >>= 7;
        }
        #[expect(clippy::cast_possible_truncation, reason = "below 0x80")]
        self.out.push(n as u8);
    }

    /// A `varint` of a length or an index.
    pub fn count(&mut self, n: usize) {
        self.varint(n as u64);
    }

    /// A `zigzag`.
    pub fn zigzag(&mut self, n: i64) {
        self.varint(((n << 1) ^ (n >> 63)).cast_unsigned());
    }

    /// A `bytes`.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.out.extend_from_slice(bytes);
    }

    /// A `str`.
    pub fn str(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// Bytes that are encoded already.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// A value.
    pub fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.byte(tag::NULL),
            Value::Bool(false) => self.byte(tag::FALSE),
            Value::Bool(true) => self.byte(tag::TRUE),
            Value::Int(n) => {
                self.byte(tag::INT);
                self.zigzag(*n);
            }
            Value::Num(n) => self.decimal(*n),
            Value::Str(text) => {
                self.byte(tag::STR);
                self.str(text);
            }
            Value::Time(instant) => {
                self.byte(tag::TIME);
                self.zigzag(instant.micros());
            }
            Value::List(items) => {
                self.byte(tag::LIST);
                self.count(items.len());
                for item in items.iter() {
                    self.value(item);
                }
            }
            Value::Record(record) => self.record(record),
        }
    }

    /// A *failure*.
    pub fn failure(&mut self, failure: &Failure) {
        self.byte(failure.code.wire());
        self.str(&failure.message);
        match &failure.limit {
            None => self.byte(0),
            Some(limit) => {
                self.byte(1);
                self.str(&limit.name);
                self.varint(limit.value);
            }
        }
    }

    fn decimal(&mut self, n: rust_decimal::Decimal) {
        let magnitude = n.mantissa().unsigned_abs();
        self.byte(tag::NUM);
        #[expect(clippy::cast_possible_truncation, reason = "a scale is at most 28")]
        self.byte(n.scale() as u8);
        self.byte(u8::from(n.mantissa() < 0));
        #[expect(clippy::cast_possible_truncation, reason = "the low half is meant")]
        self.varint(magnitude as u64);
        self.varint((magnitude >> 64) as u64);
    }

    fn record(&mut self, record: &Record) {
        self.byte(tag::OBJECT);
        self.count(record.cells().len());
        for (name, value) in record.members() {
            self.str(name);
            self.value(value);
        }
    }
}
