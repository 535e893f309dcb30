//! What an app would do.

use alcove_execution::{DryRun, RunReport};
use alcove_plan::value::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{Control, ControlError, Permission, Principal};

/// What a dry run begins with.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rehearsal {
    /// Which version; the latest, unless it is said.
    pub version: Option<u32>,
    /// The payload of the event that starts the app, or its input.
    #[schema(value_type = Option<Object>)]
    pub payload: Value,
    /// The id of the event.
    pub id: Option<String>,
    /// Which delay of a delayed app fires; all of them, unless it is said.
    pub delay: Option<String>,
    /// What time it is for the run (RFC 3339); now, unless it is said.
    pub now: Option<String>,
}

impl Control {
    /// Runs an app on the tenant's data and performs nothing: the report says what it would do, as that of
    /// `alcove run --dry-run` does.
    pub async fn dry_run(&self, by: &Principal, app: &str, with: &Rehearsal) -> Result<Value, ControlError> {
        let app = by.app(Permission::Run, app)?;
        let now = with.now.as_deref().map(|text| {
            Timestamp::parse(text)
                .ok_or_else(|| ControlError::Invalid(format!("`now` is `{text}`, which is not RFC 3339")))
        });
        let dry = DryRun {
            version: with.version,
            input: &with.payload,
            event_id: with.id.as_deref(),
            delay: with.delay.as_deref(),
            now: now.transpose()?,
        };
        let reports = self.engine.dry_run(&by.tenant, &app, dry).await?;
        Ok(RunReport::all_to_json(&reports))
    }
}
