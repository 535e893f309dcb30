//! What a guest's memory and tables may grow to.

use wasmtime::{Error, ResourceLimiter, Result};

use crate::{
    engine::{CORE_INSTANCES_PER_RUN, TABLES_PER_RUN},
    stop::Interruption,
};

/// Grants growth up to the run's limits, and remembers the peak. Growth past them traps at once: a guest cannot go on
/// and fail elsewhere for another reason.
#[derive(Debug)]
pub(crate) struct MemoryLimiter {
    memory_bytes: usize,
    memory_bytes_max: usize,
    table_elements_max: usize,
}

impl MemoryLimiter {
    /// Limits in bytes and in elements of each table.
    pub(crate) fn new(memory_bytes_max: usize, table_elements_max: usize) -> Self {
        Self { memory_bytes: 0, memory_bytes_max, table_elements_max }
    }

    /// Bytes of linear memory that were granted. Memory never shrinks, so this is also its peak.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.memory_bytes
    }

    /// The limit in bytes.
    pub(crate) fn memory_bytes_max(&self) -> usize {
        self.memory_bytes_max
    }

    /// The limit in elements.
    pub(crate) fn table_elements_max(&self) -> usize {
        self.table_elements_max
    }
}

impl ResourceLimiter for MemoryLimiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        if maximum.is_some_and(|maximum| desired > maximum && maximum < self.memory_bytes_max) {
            // The module's own maximum: its growth fails as it expects.
            return Ok(false);
        }
        let total = self.memory_bytes.saturating_add(desired.saturating_sub(current));
        if total > self.memory_bytes_max {
            return Err(Error::new(Interruption::Memory));
        }
        self.memory_bytes = total;
        Ok(true)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> Result<bool> {
        if desired > self.table_elements_max { Err(Error::new(Interruption::Table)) } else { Ok(true) }
    }

    fn instances(&self) -> usize {
        CORE_INSTANCES_PER_RUN as usize
    }

    fn memories(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        TABLES_PER_RUN as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_grows_to_its_limit_and_not_a_page_further() {
        let mut limiter = MemoryLimiter::new(3 << 16, 10);
        assert!(limiter.memory_growing(0, 2 << 16, None).is_ok_and(|granted| granted));
        assert!(limiter.memory_growing(2 << 16, 3 << 16, None).is_ok_and(|granted| granted));
        let refusal = limiter.memory_growing(3 << 16, 4 << 16, None).unwrap_err();
        assert_eq!(refusal.downcast_ref(), Some(&Interruption::Memory));
        assert_eq!(limiter.memory_bytes(), 3 << 16);
    }

    #[test]
    fn a_module_may_hold_itself_to_less() {
        let mut limiter = MemoryLimiter::new(3 << 16, 10);
        assert!(limiter.memory_growing(1 << 16, 2 << 16, Some(1 << 16)).is_ok_and(|granted| !granted));
    }

    #[test]
    fn a_table_grows_to_its_limit_and_not_an_element_further() {
        let mut limiter = MemoryLimiter::new(0, 10);
        assert!(limiter.table_growing(0, 10, None).is_ok_and(|granted| granted));
        assert_eq!(limiter.table_growing(10, 11, None).unwrap_err().downcast_ref(), Some(&Interruption::Table));
    }
}
