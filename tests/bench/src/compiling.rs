//! Compiling an app, and loading its plan.

use std::hint::black_box;

use alcove_catalog::Catalog;
use alcove_compiler::compile;
use alcove_plan::limits::{ACTIONS_NESTED_MAX, ACTIONS_TOP_MAX, CONFIG_BYTES_MAX, STEPS_MAX};
use alcove_store::Store;
use anyhow::{Context, Result};
use serde_json::{Value as Json, json};

use crate::{
    figure::Figure,
    samples::{MICROSECOND, MILLISECOND, Rounds, Samples, measure as sample},
    scene::Sandbox,
};

pub(crate) const NAMES: [&str; 10] = [
    "compile_us_p50",
    "compile_us:welcome-xp-bonus",
    "compile_us:room-welcome",
    "compile_us:mission-completion-congrats",
    "compile_us:weekly-xp-digest",
    "compile_us:reward-reminder",
    "compile_us:purchase-thank-you",
    "compile_us:content-moderator",
    "compile_largest_ms_p50",
    "load_us_p50",
];

const ROUNDS: Rounds = Rounds { warm_up: 50, measured: 500 };
const LARGEST_ROUNDS: Rounds = Rounds { warm_up: 3, measured: 30 };

macro_rules! starter_apps {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../corpus/run/", $name, "/app.json")))),*]
    };
}

const STARTER_APPS: [(&str, &str); 7] = starter_apps![
    "welcome-xp-bonus",
    "room-welcome",
    "mission-completion-congrats",
    "weekly-xp-digest",
    "reward-reminder",
    "purchase-thank-you",
    "content-moderator",
];

pub(crate) async fn measure(sandbox: &Sandbox) -> Result<Vec<Figure>> {
    let runner = sandbox.runner(Store::open_memory().await?);
    let mut each = Vec::new();
    let (mut compiling, mut loading) = (Vec::new(), Vec::new());
    for (name, source) in STARTER_APPS {
        let samples = time(source, ROUNDS).await?;
        compiling.push(samples.median());
        let what = format!("compile `{name}`, {} bytes, from JSON to sealed plan", source.len());
        each.push(Figure::new(format!("compile_us:{name}"), samples.median_in(MICROSECOND), "us", what));
        let bytes = plan(source)?;
        loading.push(
            sample(ROUNDS, async |_| {
                black_box(runner.load(&bytes)?);
                Ok(())
            })
            .await?
            .median(),
        );
    }
    let (compiling, loading) = (Samples::new(compiling)?, Samples::new(loading)?);
    let largest = largest_app()?;
    let largest_time = time(&largest, LARGEST_ROUNDS).await?;
    let mut figures = vec![Figure::new(
        "compile_us_p50",
        compiling.median_in(MICROSECOND),
        "us",
        "compile one app: the median of the seven starter apps' medians",
    )];
    figures.extend(each);
    figures.push(Figure::new(
        "compile_largest_ms_p50",
        largest_time.median_in(MILLISECOND),
        "ms",
        format!("compile the largest app that is allowed, {} bytes", largest.len()),
    ));
    figures.push(Figure::new(
        "load_us_p50",
        loading.median_in(MICROSECOND),
        "us",
        "verify a plan and prepare its SQL: the median of the starter apps' medians",
    ));
    Ok(figures)
}

async fn time(source: &str, rounds: Rounds) -> Result<Samples> {
    plan(source)?;
    sample(rounds, async |_| {
        black_box(compile(source.as_bytes(), Catalog::shipped()));
        Ok(())
    })
    .await
}

fn plan(source: &str) -> Result<Vec<u8>> {
    let compilation = compile(source.as_bytes(), Catalog::shipped());
    Ok(compilation.compiled.with_context(|| format!("{:?}", compilation.diagnostics))?.bytes)
}

/// As many steps and actions as there may be, and templates up to the last byte.
fn largest_app() -> Result<String> {
    const LOOPS: usize = 2;
    let step = |number: usize| {
        json!({
            "id": format!("step_{number}"),
            "connector": "users",
            "filter": { "field": "xp_total", "op": "gte", "value": number },
            "sort": [{ "field": "xp_total", "order": "desc" }],
            "limit": 100,
            "transforms": [{ "type": "filter", "where": { "field": "name", "op": "contains", "value": "a" } }],
        })
    };
    let app = |repeats: usize| {
        let message = |subject: &str| format!("Dear {{{{{subject} | uppercase | truncate:20}}}}, ").repeat(repeats);
        let notify = |user: &str, text: String| {
            let params = json!({ "user_id": user, "message": text });
            json!({ "type": "send_notification", "params": params })
        };
        let loops = (0..LOOPS).map(|number| {
            let nested = vec![notify("{{member.id}}", message("member.name")); ACTIONS_NESTED_MAX / LOOPS];
            let items = format!("{{{{steps.step_{number}.data}}}}");
            json!({ "type": "for_each", "items": items, "as": "member", "actions": nested })
        });
        let single = vec![notify("user_00000", message("steps.step_0.data[0].name")); ACTIONS_TOP_MAX - LOOPS];
        json!({
            "schema": "alcove/app@1",
            "name": "The largest app",
            "trigger": { "type": "manual" },
            "pipeline": (0..STEPS_MAX).map(step).collect::<Vec<_>>(),
            "actions": loops.chain(single).collect::<Vec<Json>>(),
        })
        .to_string()
    };
    let repeats = (1..CONFIG_BYTES_MAX).take_while(|repeats| app(*repeats).len() <= CONFIG_BYTES_MAX).last();
    Ok(app(repeats.context("an app with the most actions is too large already")?))
}
