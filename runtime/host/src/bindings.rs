//! What `wit/executor` says, as Rust types. Generated; nothing is written by hand here.

wasmtime::component::bindgen!({
    path: "../../wit/executor",
    world: "executor",
    imports: {
        "alcove:executor/queries": async,
        "alcove:executor/effects": async,
    },
    exports: { default: async },
    with: {
        "alcove:executor/queries.query": crate::ctx::QueryHandle,
        "alcove:executor/effects.action": crate::ctx::ActionHandle,
    },
    // The program and the input are lent to the guest, not copied first.
    ownership: Borrowing { duplicate_if_necessary: false },
});
