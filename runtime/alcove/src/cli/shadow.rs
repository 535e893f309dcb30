//! `alcove shadow`.

use std::path::Path;

use alcove_execution::{Recording, RecordingError, ShadowReport, ShadowRun, ShadowStatus, ShadowSummary, Shadowed};
use alcove_ids::{AppId, TenantId};
use alcove_store::{Store, tables::versions};
use anyhow::Context;

use super::{Exit, Format, complaint::Complaint, recorded, replay, source};
use crate::{
    escape::shown,
    terminal::{Style, Terminal},
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The app whose runs were recorded.
    app: String,
    /// The other version: its number in the database, or the file of an app (JSON) or a plan.
    new_version: String,
    /// How many of the app's last runs.
    #[arg(long, value_name = "N", default_value = "20", value_parser = clap::value_parser!(u16).range(1..=1_000))]
    last: u16,
    #[command(flatten)]
    database: recorded::Database,
    /// How to print.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,
}

/// Why there is no report.
enum Refusal {
    /// What is wrong with the arguments or the database.
    Complaint(Complaint),
    /// The compiler has said what is wrong with the app.
    Said(Exit),
}

impl From<Complaint> for Refusal {
    fn from(complaint: Complaint) -> Self {
        Self::Complaint(complaint)
    }
}

pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    match tokio.context("the async runtime cannot start")?.block_on(shadow(args, terminal))? {
        Ok(report) => show(&report, args.format, terminal),
        Err(Refusal::Complaint(complaint)) => Ok(complaint.report(args.format, terminal)),
        Err(Refusal::Said(exit)) => Ok(exit),
    }
}

async fn shadow(args: &Args, terminal: &mut Terminal) -> anyhow::Result<Result<ShadowReport, Refusal>> {
    let app = match AppId::parse(&args.app) {
        Ok(app) => app,
        Err(error) => return Ok(Err(Complaint::caused("usage", &args.app, &error).into())),
    };
    let (store, tenant) = match args.database.open().await {
        Ok(opened) => opened,
        Err(complaint) => return Ok(Err(complaint.into())),
    };
    let plan = match plan(args, &store, &tenant, &app, terminal).await {
        Ok(plan) => plan,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let shadowed = match Shadowed::load(replay::replayer().await?, &plan) {
        Ok(shadowed) => shadowed,
        Err(error) => return Ok(Err(Complaint::caused("invalid-plan", &args.new_version, &error).into())),
    };
    let report = of_runs(args, &shadowed, &store, &tenant, &app).await;
    store.close().await;
    Ok(report.map_err(Refusal::from))
}

/// The plan of the other version.
async fn plan(
    args: &Args,
    store: &Store,
    tenant: &TenantId,
    app: &AppId,
    terminal: &mut Terminal,
) -> Result<Vec<u8>, Refusal> {
    let Ok(version) = args.new_version.parse::<u32>() else {
        let path = Path::new(&args.new_version);
        let bytes = source::read(path)?;
        if source::is_plan(&bytes) {
            return Ok(bytes);
        }
        let compiled = source::compile_bytes(&bytes, path, args.format, terminal);
        return compiled.map(|compiled| compiled.bytes).map_err(Refusal::Said);
    };
    let unavailable = |error: &dyn std::error::Error| Complaint::caused("unavailable", "--database", error);
    let rows = store.query_of(tenant.as_str(), &versions::get(store.dialect(), tenant, app, version)).await;
    let rows = rows.map_err(|error| unavailable(&error))?;
    let row = rows.first().ok_or_else(|| {
        Complaint::new("unknown-version", &args.app, "", format!("there is no version {version} of `{app}`"))
    })?;
    Ok(versions::Row::decode(row).map_err(|error| unavailable(&error))?.plan)
}

/// One run after the other, the newest first.
async fn of_runs(
    args: &Args,
    shadowed: &Shadowed,
    store: &Store,
    tenant: &TenantId,
    app: &AppId,
) -> Result<ShadowReport, Complaint> {
    let unavailable = |error: &RecordingError| Complaint::caused("unavailable", "--database", error);
    let runs = Recording::latest(store, tenant, app, args.last.into()).await.map_err(|error| unavailable(&error))?;
    let mut report = Vec::with_capacity(runs.len());
    for run in runs {
        let recording = match Recording::read(store, tenant, &run).await {
            Ok(recording) => recording,
            // It was left out before it began, or pruned meanwhile.
            Err(RecordingError::NoJournal { .. } | RecordingError::Unknown { .. }) => continue,
            Err(error) => return Err(unavailable(&error)),
        };
        let shadow = shadowed.run(&recording).await;
        report.push(shadow.map_err(|error| Complaint::caused("not-replayed", run.as_str(), &error))?);
    }
    Ok(ShadowReport::of(report))
}

fn show(report: &ShadowReport, format: Format, terminal: &mut Terminal) -> anyhow::Result<Exit> {
    match format {
        Format::Json => terminal.json(&serde_json::to_string(report)?),
        Format::Human => {
            report.runs.iter().for_each(|run| show_run(run, terminal));
            let ShadowSummary { runs, same, different, incomplete, failed } = report.summary;
            terminal.line(&format!(
                "{runs} runs: {same} same, {different} different, {incomplete} incomplete, {failed} failed"
            ));
        }
    }
    Ok(Exit::Done)
}

fn show_run(run: &ShadowRun, terminal: &mut Terminal) {
    let (word, style) = match run.status {
        ShadowStatus::Same => ("same", Style::Good),
        ShadowStatus::Different => ("different", Style::Warn),
        ShadowStatus::Incomplete => ("incomplete", Style::Warn),
        ShadowStatus::Failed => ("failed", Style::Bad),
    };
    let word = terminal.paint(style, word);
    terminal.line(&format!("{word} {}: {}, was {}", shown(&run.execution), run.now, run.recorded));
    let effects = [("+", &run.effects.added), ("-", &run.effects.removed)];
    for (sign, effect) in effects.iter().flat_map(|(sign, effects)| effects.iter().map(move |effect| (sign, effect))) {
        let (path, action, params) = (shown(&effect.path), shown(&effect.action), effect.params.to_string());
        terminal.line(&format!("  {sign} {action} at `{path}` {:?}: {}", effect.indices, shown(&params)));
    }
    for changed in &run.effects.changed {
        let (path, action) = (shown(&changed.now.path), shown(&changed.now.action));
        let (now, was) = (changed.now.params.to_string(), changed.recorded.to_string());
        let (now, was) = (shown(&now), shown(&was));
        terminal.line(&format!("  ~ {action} at `{path}` {:?}: {now}, was {was}", changed.now.indices));
    }
    for question in &run.unanswered {
        let (path, name) = (shown(&question.path), shown(&question.name));
        let arguments = question.arguments.to_string();
        terminal.line(&format!("  ? {} {name} at `{path}`: {}", question.kind, shown(&arguments)));
    }
    if let Some(error) = &run.error {
        terminal.line(&format!("  {}", shown(error)));
    }
}
