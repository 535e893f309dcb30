//! The floor: what Wasmtime alone takes for a store, an instance, a call of an empty function, and dropping it all.

use wasmtime::{
    Engine, Result, Store,
    component::{Component, InstancePre, Linker},
};

/// A component that imports nothing and does nothing. Like any guest it has a memory, which it does not touch.
const EMPTY: &str = r#"
(component
  (core module $empty (memory (export "memory") 1) (func (export "run")))
  (core instance $instance (instantiate $empty))
  (func (export "run") (canon lift (core func $instance "run"))))
"#;

/// The empty component, compiled and linked.
pub(crate) struct Floor {
    engine: Engine,
    component: InstancePre<()>,
}

impl Floor {
    /// In the engine of the sandbox, so with its very settings: fuel, epochs, the pool of instances, asynchronous
    /// calls.
    pub(crate) fn new(engine: &Engine) -> Result<Self> {
        let component = Component::new(engine, wat::parse_str(EMPTY)?)?;
        Ok(Self { engine: engine.clone(), component: Linker::new(engine).instantiate_pre(&component)? })
    }

    /// Does it once.
    pub(crate) async fn cycle(&self) -> Result<()> {
        let mut store = Store::new(&self.engine, ());
        store.set_fuel(u64::MAX)?;
        store.epoch_deadline_async_yield_and_update(1);
        let instance = self.component.instantiate_async(&mut store).await?;
        let run = instance.get_typed_func::<(), ()>(&mut store, "run")?;
        run.call_async(&mut store, ()).await
    }
}
