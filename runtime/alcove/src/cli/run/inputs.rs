//! The files and options of `alcove run`, read and checked.

use std::path::Path;

use alcove_catalog::ingest;
use alcove_execution::{RunEvent, Tier};
use alcove_plan::{plan::Plan, trigger::Trigger, value::Timestamp};
use alcove_platform::ai::cassette::Cassette;
use serde_json::Value as Json;

use super::{Args, Stop, event};
use crate::{
    cli::{
        complaint::Complaint,
        fixtures::{self, Rows},
        source,
    },
    clock,
    terminal::Terminal,
};

/// Everything that was given.
pub(super) struct Inputs {
    pub(super) plan: Vec<u8>,
    pub(super) now: Timestamp,
    pub(super) tier: Option<Tier>,
    pub(super) cassette: Option<Cassette>,
    pub(super) rows: Vec<(String, Rows)>,
    pub(super) data_name: String,
    event: Option<(String, Json)>,
}

impl Inputs {
    pub(super) fn read(args: &Args, terminal: &mut Terminal) -> Result<Self, Stop> {
        let now = now(args.now.as_deref())?;
        let plan = plan(&args.app, args, terminal)?;
        let cassette = args.ai.as_deref().map(cassette).transpose()?;
        let data_name = args.data.as_deref().map_or_else(String::new, source::name);
        let rows = match &args.data {
            Some(path) => fixtures::read(path, now)?,
            None => Vec::new(),
        };
        let event = args.event.as_deref().map(|path| Ok((source::name(path), json(path)?)));
        let event = event.transpose().map_err(Stop::Complaint)?;
        let tier = args.tier.as_deref().map(tier).transpose()?;
        Ok(Self { plan, now, tier, cassette, rows, data_name, event })
    }

    /// The event of the run: what was given, typed by the catalog; the clock's own for scheduled apps.
    pub(super) fn event(&self, plan: &Plan) -> Result<Option<RunEvent>, Complaint> {
        match (&self.event, &plan.trigger) {
            (Some((file, json)), _) => event::read(json, file, plan, self.now).map(Some),
            (None, Trigger::Scheduled { .. }) => Ok(Some(RunEvent::due(self.now, 0))),
            (None, _) => Ok(None),
        }
    }
}

fn plan(path: &Path, args: &Args, terminal: &mut Terminal) -> Result<Vec<u8>, Stop> {
    let bytes = source::read(path)?;
    if source::is_plan(&bytes) {
        return Ok(bytes);
    }
    source::compile_bytes(&bytes, path, args.format, terminal).map(|compiled| compiled.bytes).map_err(Stop::Said)
}

fn now(text: Option<&str>) -> Result<Timestamp, Complaint> {
    let usage = |message: &str| Complaint::new("usage", "--now", "", message);
    match text {
        Some(text) => Timestamp::parse(text).ok_or_else(|| usage("it is not an RFC 3339 timestamp")),
        None => clock::now().ok_or_else(|| usage("the clock of this machine is out of range")),
    }
}

fn tier(name: &str) -> Result<Tier, Complaint> {
    let known = Tier::ALL.into_iter().find(|tier| tier.name() == name);
    known.ok_or_else(|| {
        let names = Tier::ALL.map(Tier::name).join(", ");
        Complaint::new("usage", "--tier", "", format!("`{name}` is not a tier; there are {names}"))
    })
}

fn cassette(path: &Path) -> Result<Cassette, Complaint> {
    let bytes = source::read_data(path)?;
    Cassette::parse(&bytes).map_err(|error| Complaint::caused("invalid-cassette", &source::name(path), &error))
}

fn json(path: &Path) -> Result<Json, Complaint> {
    let bytes = source::read_data(path)?;
    ingest::json(&bytes).map_err(|error| Complaint::caused("invalid-event", &source::name(path), &error))
}
