//! Which of 100,000 apps of one tenant an event concerns.

use std::sync::Arc;

use alcove_catalog::{Catalog, ingest};
use alcove_compiler::compile;
use alcove_ids::{AppId, TenantId};
use alcove_plan::{value::Timestamp, verify};
use alcove_trigger::index::{Subscription, Triggers};
use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::{
    figure::Figure,
    samples::{MICROSECOND, Rounds, measure as sample},
    scene::TENANT,
};

pub(crate) const NAMES: [&str; 2] = ["match_100k_us_p50", "match_100k_us_p99"];

const APPS: u32 = 100_000;
const ROUNDS: Rounds = Rounds { warm_up: 500, measured: 5_000 };

/// An app that waits for what happens in one of many rooms.
pub(crate) fn app(number: u32) -> String {
    json!({
        "schema": "alcove/app@1",
        "name": format!("App {number}"),
        "trigger": {
            "type": "event",
            "event": "post.created",
            "filter": { "and": [
                { "field": "event.room_id", "op": "eq", "value": format!("room_{number}") },
                { "field": "event.content", "op": "contains", "value": "help" },
            ] },
        },
        "actions": [
            { "type": "send_notification", "params": { "user_id": "{{event.user_id}}", "message": "We saw it" } },
        ],
    })
    .to_string()
}

pub(crate) async fn measure() -> Result<Vec<Figure>> {
    let tenant = TenantId::parse(TENANT)?;
    let triggers = Triggers::default();
    triggers.replace_tenant(&tenant, 1, (0..APPS).map(subscription).collect::<Result<_>>()?);
    let now = Timestamp::from_micros(0).context("an instant out of range")?;
    let all = sample(ROUNDS, async |round| {
        let room = format!("room_{}", u64::from(round) * 7_919 % u64::from(APPS));
        let payload = json!({ "post_id": "p", "room_id": room, "user_id": "u", "content": "help me" });
        let event = ingest::event(Catalog::shipped(), "post.created", &payload, "e", now)?.event;
        let matches = triggers.matching(&tenant, "post.created", &event, now);
        ensure!(matches.runs.len() == 1, "{} apps", matches.runs.len());
        Ok(())
    })
    .await?;
    let what = "an event typed, and held against 100,000 apps of one tenant that wait for events of its type";
    let p99 = all.percentile(99).as_secs_f64() / MICROSECOND.as_secs_f64();
    Ok(vec![
        Figure::new("match_100k_us_p50", all.median_in(MICROSECOND), "us", what).at_most(50.0),
        Figure::new("match_100k_us_p99", p99, "us", "the same, 99th percentile"),
    ])
}

fn subscription(number: u32) -> Result<Arc<Subscription>> {
    let config = app(number);
    let compilation = compile(config.as_bytes(), Catalog::shipped());
    let compiled = compilation.compiled.with_context(|| format!("{:?}", compilation.diagnostics))?;
    let sealed = verify::load(&compiled.bytes)?;
    let app = AppId::parse(&format!("app_{number:06}"))?;
    let parts = (&sealed.plan, &sealed.program);
    let subscription = Subscription::of(app, 1, sealed.digest, parts, Catalog::shipped())?;
    subscription.map(Arc::new).context("the app waits for no event")
}
