//! The one engine: which WebAssembly is accepted, how it is compiled, where its instances live.
//!
//! Everything that the executor does not need is off, whatever Wasmtime's defaults are; `tests/hostile/borders.rs`
//! tries what is off.

use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Strategy};

use crate::{config::RuntimeConfig, error::RuntimeError};

/// The stack of a guest. Deeper recursion is a trap.
pub(crate) const WASM_STACK_BYTES: usize = 512 << 10;
/// The stack of a guest and of the host calls that it makes.
const FIBER_STACK_BYTES: usize = 1 << 20;
/// The modules of one component: the executor, and the two small ones that wrap its imports.
pub(crate) const CORE_INSTANCES_PER_RUN: u32 = 3;
/// One table of functions in the executor, one in the wrapper of its imports.
pub(crate) const TABLES_PER_RUN: u32 = 2;
/// Elements of one table.
pub(crate) const TABLE_ELEMENTS_MAX: usize = 10_000;
/// Of what a run has touched, so much is wiped in place; the rest goes back to the kernel, and a later run pays page
/// faults for it. Sized to a usual run.
const MEMORY_KEPT_BYTES: usize = 512 << 10;
const TABLE_KEPT_BYTES: usize = 16 << 10;
const STACK_KEPT_BYTES: usize = 32 << 10;

/// Makes the engine.
pub(crate) fn build(settings: &RuntimeConfig) -> Result<Engine, RuntimeError> {
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .consume_fuel(true)
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .max_wasm_stack(WASM_STACK_BYTES)
        .async_stack_size(FIBER_STACK_BYTES)
        .async_stack_zeroing(true)
        // A trap is reported by its cause; frames of the executor mean nothing to whoever reads it.
        .wasm_backtrace_max_frames(None)
        .concurrency_support(false)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(settings)));
    reduce_language(&mut config);
    Engine::new(&config).map_err(RuntimeError::Engine)
}

/// Leaves WebAssembly 2.0 without vectors, and components without anything asynchronous.
fn reduce_language(config: &mut Config) {
    config
        .wasm_gc(false)
        .wasm_function_references(false)
        .wasm_exceptions(false)
        .wasm_threads(false)
        .wasm_shared_everything_threads(false)
        .shared_memory(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_custom_page_sizes(false)
        .wasm_relaxed_simd(false)
        .wasm_simd(false)
        .wasm_tail_call(false)
        .wasm_wide_arithmetic(false)
        .wasm_extended_const(false)
        .wasm_stack_switching(false);
}

fn pool(settings: &RuntimeConfig) -> PoolingAllocationConfig {
    let runs = settings.instances_max;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(runs)
        .total_core_instances(runs.saturating_mul(CORE_INSTANCES_PER_RUN))
        .max_core_instances_per_component(CORE_INSTANCES_PER_RUN)
        .total_memories(runs)
        .max_memories_per_component(1)
        .total_tables(runs.saturating_mul(TABLES_PER_RUN))
        .max_tables_per_component(TABLES_PER_RUN)
        .table_elements(TABLE_ELEMENTS_MAX)
        .total_stacks(runs)
        .total_gc_heaps(0)
        .max_memory_size(settings.memory_bytes_max)
        .max_unused_warm_slots(8)
        .linear_memory_keep_resident(MEMORY_KEPT_BYTES)
        .table_keep_resident(TABLE_KEPT_BYTES)
        .async_stack_keep_resident(STACK_KEPT_BYTES)
        // Wipes the pages that were touched, and no others, where the kernel can tell which.
        .pagemap_scan(Enabled::Auto);
    pool
}
