//! What lies outside the world, and how a run may end.

use alcove_host::{End, RuntimeError};
use alcove_plan::{codec::Outcome, failure::Code};

use crate::{
    platform::Platform,
    puppet::{Orders, load},
    scene::{ONCE, Scene},
};

fn component(text: &str) -> Result<alcove_host::Runtime, RuntimeError> {
    alcove_host::Runtime::new(&wat::parse_str(text).unwrap(), &alcove_host::RuntimeConfig::embedded(None))
}

#[test]
fn a_component_that_imports_anything_else_does_not_load() {
    for import in [
        r#"(import "wasi:clocks/monotonic-clock@0.2.0" (instance (export "now" (func (result u64)))))"#,
        r#"(import "wasi:random/random@0.2.0" (instance (export "get-random-u64" (func (result u64)))))"#,
        r#"(import "alcove:executor/secrets@1.0.0" (instance (export "read" (func (result string)))))"#,
        r#"(import "alcove:executor/queries@2.0.0" (instance (export "open" (func))))"#,
        r#"(import "alcove:executor/log@1.0.0" (instance (export "write" (func (param "message" string)))))"#,
    ] {
        let loaded = component(&format!("(component {import})"));
        assert!(matches!(loaded, Err(RuntimeError::World(_))), "{import}");
    }
}

#[test]
fn a_component_without_run_does_not_load() {
    assert!(matches!(component("(component)"), Err(RuntimeError::World(_))));
}

#[test]
fn what_is_no_component_does_not_load() {
    for bytes in [&b""[..], b"\0asm", b"garbage", &wat::parse_str("(module)").unwrap()] {
        let loaded = alcove_host::Runtime::new(bytes, &alcove_host::RuntimeConfig::embedded(None));
        assert!(matches!(loaded, Err(RuntimeError::Component(_))));
    }
}

#[test]
fn proposals_that_the_executor_does_not_need_are_refused() {
    for module in [
        "(memory 1) (memory 1)",
        "(memory i64 1)",
        "(memory 1 1 shared)",
        "(func (result v128) v128.const i64x2 0 0)",
        "(func $f return_call $f)",
        "(func (param v128) (result v128) local.get 0 local.get 0 i8x16.relaxed_swizzle)",
        "(tag)",
        "(func try_table end)",
        "(type (struct))",
        "(func (result i31ref) i32.const 0 ref.i31)",
        "(func (param (ref func)))",
        "(memory 1) (func (result i32) i32.const 0 i32.const 1 i32.atomic.rmw.add)",
        "(memory 1 (pagesize 1))",
        "(global i32 (i32.add (i32.const 1) (i32.const 2)))",
        "(func (result i64 i64) i64.const 1 i64.const 2 i64.mul_wide_u)",
        "(type $f (func)) (type $c (cont $f))",
    ] {
        let loaded = component(&format!("(component (core module {module}))"));
        assert!(matches!(loaded, Err(RuntimeError::Component(_))), "{module}");
    }
}

#[test]
fn nothing_asynchronous_is_a_component_here() {
    for part in [
        "(core func (canon backpressure.inc))",
        "(core func (canon task.return))",
        "(type (stream u8))",
        "(type (future u8))",
        "(core func (canon waitable-set.new))",
        "(core func (canon thread.yield))",
        "(core func (canon error-context.drop))",
    ] {
        let text = format!("(component {part})");
        let Ok(bytes) = wat::parse_str(&text) else { panic!("the test's own text is malformed: {text}") };
        let loaded = alcove_host::Runtime::new(&bytes, &alcove_host::RuntimeConfig::embedded(None));
        assert!(matches!(loaded, Err(RuntimeError::Component(_))), "{part}");
    }
}

#[test]
fn a_module_that_wants_more_than_a_slot_of_the_pool_does_not_load() {
    assert!(load(r#"(module (memory (export "memory") 1025) (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable) (func (export "run") (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32) unreachable))"#).is_err());
}

#[tokio::test]
async fn a_run_may_end_as_skipped_or_failed_and_its_failure_is_cut_to_size() {
    assert_eq!(Scene::new().run(Orders::new().skipped()).await.result.end, Ok(End::Skipped));
    let ended = Scene::new().run(Orders::new().failed(2, 5, &"é".repeat(1_000))).await;
    let failure = ended.result.end.unwrap_err();
    assert_eq!((failure.failure.code, failure.place), (Code::Action, Some(5)));
    assert_eq!(failure.failure.message, "é".repeat(512));
}

#[tokio::test]
async fn a_run_may_wait_only_where_an_approval_is_open_and_then_must() {
    let call = |orders: Orders| orders.calls(ONCE, &[(&[], &["x".into()])]);
    let suspended =
        || Scene { platform: Platform { outcome: |_| Outcome::Suspended, ..Platform::new() }, ..Scene::new() };
    assert_eq!(suspended().run(call(Orders::new()).waiting()).await.result.end, Ok(End::Waiting));
    assert_eq!(suspended().run(call(Orders::new())).await.failure().code, Code::Internal);
    assert_eq!(Scene::new().run(call(Orders::new()).waiting()).await.failure().code, Code::Internal);
    let twice = suspended().run(call(call(Orders::new())).waiting()).await;
    assert!(twice.failure().message.contains("not decided"));
    assert_eq!(twice.platform.performed().len(), 1);
}

#[tokio::test]
async fn a_report_outside_of_guest_memory_is_a_trap() {
    let ended = Scene::new().run(Orders::new().report_memory(1 << 20, 1)).await;
    ended.assert_refused_unseen("the executor trapped");
}

#[tokio::test]
async fn nothing_of_a_run_is_left_for_the_next() {
    // A run that fills its report with what memory holds from 600,000 on: zeros, although runs before wrote there.
    let orders = Orders::new().log(0, 0, &"secret".repeat(10_000));
    Scene::new().run(orders.grow(10)).await.answers();
    for _ in 0..70 {
        let ended = Scene::new().run(Orders::new().grow(10).report_memory(700_000, 900_000)).await;
        let Ok(End::Succeeded(report)) = ended.result.end else { panic!("{:?}", ended.result.end) };
        assert!(report.iter().all(|byte| *byte == 0));
    }
}
