//! The scripts: how a SQL action is performed. `sql/README.md` says how they are written.

use std::{collections::BTreeMap, sync::LazyLock};

use alcove_ids::{EffectId, TenantId};
use alcove_plan::value::Value;
use alcove_store::{Sql, SqlValue};

use super::PreparedAction;
use crate::{
    Scope,
    cell::{self, CellError},
};

macro_rules! scripts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../sql/", $name, ".sql")))),*]
    };
}

/// Every script, by its name in the catalog's bindings.
const FILES: &[(&str, &str)] = scripts![
    "add_to_room",
    "award_badge",
    "award_xp",
    "create_mission",
    "create_post",
    "delete_state",
    "emit_event",
    "flag_post",
    "get_state",
    "send_email",
    "send_notification",
    "send_push",
    "set_state",
    "update_user",
];

/// What a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Gives `(n, message)` for each call that cannot be performed, whatever the others are.
    Check,
    /// Gives `(message, limit, value)` if the calls together would go past a limit.
    Guard,
    /// Changes something.
    Apply,
    /// Gives `(n, output…)` for each call.
    Outputs,
}

/// A script as it is written.
#[derive(Debug)]
pub(super) struct Script {
    /// Ids that derive from the effect's: column and prefix.
    pub(super) ids: Vec<(&'static str, &'static str)>,
    sections: Vec<(Purpose, String)>,
}

/// One statement, for the parameters of one action of a plan.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) purpose: Purpose,
    pub(super) sql: Sql,
}

/// The columns that come first in the row of every call.
const OF_EVERY_CALL: [&str; 5] = ["effect_id", "execution_id", "now", "app_id", "chain_depth"];

/// The script of that name.
pub(super) fn find(name: &str) -> Option<&'static Script> {
    static SCRIPTS: LazyLock<BTreeMap<&'static str, Script>> =
        LazyLock::new(|| FILES.iter().map(|(name, text)| (*name, Script::parse(text))).collect());
    SCRIPTS.get(name)
}

impl Script {
    fn parse(text: &'static str) -> Self {
        let mut script = Self { ids: Vec::new(), sections: Vec::new() };
        for line in text.lines() {
            let mark = line.strip_prefix("-- @");
            match mark.map(|mark| mark.split_once(' ').unwrap_or((mark, ""))) {
                Some(("ids", list)) => {
                    script.ids = list.split(',').filter_map(|id| id.split_once('=')).map(trim_both).collect();
                }
                Some(("check", _)) => script.sections.push((Purpose::Check, String::new())),
                Some(("guard", _)) => script.sections.push((Purpose::Guard, String::new())),
                Some(("apply", _)) => script.sections.push((Purpose::Apply, String::new())),
                Some(("outputs", _)) => script.sections.push((Purpose::Outputs, String::new())),
                _ if line.starts_with("--") => {}
                _ => {
                    if let Some((_, body)) = script.sections.last_mut() {
                        body.push_str(line);
                        body.push('\n');
                    }
                }
            }
        }
        script
    }

    /// The statements for calls whose rows have these columns after those of every call and [`ids`](Self::ids).
    /// `assignments` is what stands where the script says so: the members of an object that are written.
    pub(super) fn steps(&self, columns: &[String], assignments: &str) -> Vec<Step> {
        let ids = self.ids.iter().map(|(column, _)| (*column).to_owned());
        let columns: Vec<String> =
            OF_EVERY_CALL.map(str::to_owned).into_iter().chain(ids).chain(columns.to_vec()).collect();
        let names: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
        let cells: Vec<String> = (0..columns.len()).map(|at| format!("value ->> {at}")).collect();
        let batch =
            format!("WITH batch (n, {}) AS (SELECT key, {} FROM json_each(?2))", names.join(", "), cells.join(", "));
        let step = |(purpose, body): &(Purpose, String)| {
            let body = body.trim().trim_end_matches(';').replace("/* assignments */", assignments);
            let text = match body.strip_prefix("WITH ") {
                Some(more) => format!("{batch}, {more}"),
                None => format!("{batch} {body}"),
            };
            Step { purpose: *purpose, sql: Sql::built(text) }
        };
        self.sections.iter().map(step).collect()
    }
}

/// The parameters of every statement of a script; `sql/README.md` numbers them.
pub(super) fn params<'r>(tenant: &TenantId, rows: impl IntoIterator<Item = &'r [SqlValue]>) -> [SqlValue; 2] {
    [SqlValue::text(tenant.as_str()), SqlValue::text(cell::json_rows(rows))]
}

/// The cells that come first in the row of a call.
pub(super) fn of_every_call(scope: &Scope, effect: &EffectId) -> [SqlValue; 5] {
    [
        SqlValue::text(effect.as_str()),
        SqlValue::text(scope.execution.as_str()),
        SqlValue::Int(scope.now.micros()),
        SqlValue::text(scope.app.as_str()),
        SqlValue::Int(i64::from(scope.chain_depth) + 1),
    ]
}

/// What a statement of [`Purpose::Outputs`] gave: the outputs of each call, by its position.
pub(super) fn outputs(
    action: &PreparedAction,
    rows: &[Vec<SqlValue>],
) -> Result<BTreeMap<usize, Vec<Value>>, CellError> {
    let mut outputs = BTreeMap::new();
    for row in rows {
        if let Some((n, cells)) = row.split_first()
            && let Some(n) = position(n)
        {
            let values = cells.iter().zip(action.outputs()).map(|(cell, ty)| cell::from_sql(cell, *ty));
            outputs.insert(n, values.collect::<Result<_, _>>()?);
        }
    }
    Ok(outputs)
}

/// The position of a call, as a statement gives it.
pub(super) fn position(n: &SqlValue) -> Option<usize> {
    n.as_int().and_then(|n| usize::try_from(n).ok())
}

fn trim_both((a, b): (&'static str, &'static str)) -> (&'static str, &'static str) {
    (a.trim(), b.trim())
}
