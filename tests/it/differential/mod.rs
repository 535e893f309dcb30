//! Random apps over random rows: whatever compiles reports the same in the sandbox and natively.
//!
//! `PROPTEST_CASES` says how many are made.

mod actions;
mod choices;
mod predicates;
mod rows;
mod scope;
mod steps;
mod templates;

use std::cell::Cell;

use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, TestCaseError, TestRunner},
};
use serde_json::json;
use tokio::runtime::Runtime;

use self::choices::Choices;
use crate::scene::{Executor, Scene};

/// Apps that are made where the environment does not say.
const CASES: u32 = 200;
/// Choices of one app; beyond them the first of all alternatives is taken.
const CHOICES: std::ops::Range<usize> = 50..600;

/// An app with its rows and its input.
fn scene(choices: &mut Choices<'_>) -> Scene {
    let data = rows::data(choices);
    let mut scope = scope::input();
    let pipeline = steps::pipeline(choices, &mut scope);
    let actions = actions::block(choices, &scope, &mut actions::Around::default());
    Scene::manual(&pipeline, &json!(actions)).data(data).event("custom.input", &rows::input(choices))
}

#[test]
fn sandbox_and_native_executor_report_the_same() {
    let tokio = Runtime::new().unwrap();
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let (made, compiled, succeeded) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let count = |counter: &Cell<u32>| counter.set(counter.get() + 1);
    let agree = |bytes: Vec<u8>| {
        let scene = scene(&mut Choices::new(&bytes));
        count(&made);
        if scene.compile().is_err() {
            return Ok(());
        }
        count(&compiled);
        let (sandboxed, native) = tokio.block_on(async {
            (scene.stage().await.run(Executor::Wasm).await, scene.stage().await.run(Executor::Native).await)
        });
        if sandboxed["status"] == "succeeded" {
            count(&succeeded);
        }
        if sandboxed == native {
            return Ok(());
        }
        let app = String::from_utf8_lossy(&scene.app).into_owned();
        Err(TestCaseError::fail(format!("{app}\ndata: {}\nsandbox: {sandboxed:#}\nnative: {native:#}", scene.data)))
    };
    runner.run(&vec(any::<u8>(), CHOICES), agree).unwrap_or_else(|error| panic!("{error}"));
    let (made, compiled, succeeded) = (made.get(), compiled.get(), succeeded.get());
    println!("{made} apps were made, {compiled} compiled, {succeeded} runs succeeded");
    assert!(compiled * 10 > made * 3, "only {compiled} of {made} apps compile");
    assert!(succeeded * 4 > compiled, "only {succeeded} of {compiled} runs succeed");
}

/// Says why apps do not compile: for whoever changes the generator.
#[test]
fn most_apps_that_are_made_compile() {
    let mut numbers = 1_u64;
    let mut failed = Vec::new();
    for _ in 0..200 {
        let next = |_| {
            numbers = numbers.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u8::try_from(numbers >> 56).unwrap()
        };
        let bytes: Vec<u8> = (0..400).map(next).collect();
        if let Err(problems) = scene(&mut Choices::new(&bytes)).compile() {
            failed.push(problems);
        }
    }
    assert!(failed.len() < 100, "{} of 200 do not compile:\n{}", failed.len(), failed.join("\n"));
}
