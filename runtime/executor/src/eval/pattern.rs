//! Regular expressions, compiled when they are first used.

use alcove_plan::{failure::Failure, limits::REGEX_BYTES_MAX};
use regex::{Regex, RegexBuilder};

use crate::halt::malformed;

/// The program's patterns, as far as this run has compiled them.
#[derive(Debug)]
pub(super) struct Patterns {
    compiled: Vec<Option<Regex>>,
}

impl Patterns {
    pub(super) fn new(count: usize) -> Self {
        Self { compiled: vec![None; count] }
    }

    pub(super) fn get(&mut self, sources: &[String], index: u32) -> Result<&Regex, Failure> {
        let index = index as usize;
        let (Some(held), Some(source)) = (self.compiled.get_mut(index), sources.get(index)) else {
            return Err(malformed("no such pattern"));
        };
        match held {
            Some(pattern) => Ok(pattern),
            None => Ok(held.insert(compile(source)?)),
        }
    }
}

fn compile(source: &str) -> Result<Regex, Failure> {
    RegexBuilder::new(source).size_limit(REGEX_BYTES_MAX).dfa_size_limit(REGEX_BYTES_MAX).build().map_err(|error| {
        match error {
            regex::Error::CompiledTooBig(_) => {
                let message =
                    format!("a regular expression compiles to more than {REGEX_BYTES_MAX} bytes; simplify it");
                Failure::limit("regex_bytes", REGEX_BYTES_MAX as u64, message)
            }
            _ => malformed("a regular expression that does not parse"),
        }
    })
}
