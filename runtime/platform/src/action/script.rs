//! The scripts: how a SQL action is performed. `sql/README.md` says how they are written.

use std::{collections::BTreeMap, sync::LazyLock};

use alcove_plan::types::{Kind, Type};
use alcove_store::{Dialect, Sql};

use super::{batch::OF_EVERY_CALL, translate};
use crate::dialect;

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
    "create_user_from_shopify",
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
    /// Gives a row if the calls together would go past a quota of the tenant, which is `?3`. Performed only if there is
    /// one.
    Quota,
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
    /// Whether it reads nothing that a script changes, so that transactions perform it side by side.
    pub(super) side_by_side: bool,
    sections: Vec<(Purpose, String)>,
}

/// One statement, for the parameters of one action of a plan.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) purpose: Purpose,
    pub(super) sql: Sql,
}

/// The script of that name.
pub(super) fn find(name: &str) -> Option<&'static Script> {
    static SCRIPTS: LazyLock<BTreeMap<&'static str, Script>> =
        LazyLock::new(|| FILES.iter().map(|(name, text)| (*name, Script::parse(text))).collect());
    SCRIPTS.get(name)
}

impl Script {
    fn parse(text: &'static str) -> Self {
        let mut script = Self { ids: Vec::new(), side_by_side: false, sections: Vec::new() };
        for line in text.lines() {
            let mark = line.strip_prefix("-- @");
            match mark.map(|mark| mark.split_once(' ').unwrap_or((mark, ""))) {
                Some(("ids", list)) => {
                    script.ids = list.split(',').filter_map(|id| id.split_once('=')).map(trim_both).collect();
                }
                Some(("side-by-side", _)) => script.side_by_side = true,
                Some(("check", _)) => script.sections.push((Purpose::Check, String::new())),
                Some(("guard", _)) => script.sections.push((Purpose::Guard, String::new())),
                Some(("quota", _)) => script.sections.push((Purpose::Quota, String::new())),
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
    pub(super) fn steps(&self, dialect: Dialect, columns: &[(String, Type)], assignments: &str) -> Vec<Step> {
        let ids = self.ids.iter().map(|(column, _)| (*column, Type::One(Kind::Str)));
        let own = columns.iter().map(|(column, ty)| (column.as_str(), *ty));
        let batch = batch(dialect, &OF_EVERY_CALL.into_iter().chain(ids).chain(own).collect::<Vec<_>>());
        let step = |(purpose, body): &(Purpose, String)| {
            let body = body.trim().trim_end_matches(';').replace("/* assignments */", assignments);
            let body = match dialect {
                Dialect::Sqlite => body,
                Dialect::Postgres => translate::to_postgres(&body),
            };
            let text = match body.strip_prefix("WITH ") {
                Some(more) => format!("WITH {batch}, {more}"),
                None => format!("WITH {batch} {body}"),
            };
            Step { purpose: *purpose, sql: Sql::built(text) }
        };
        self.sections.iter().map(step).collect()
    }
}

/// The calls as a common table. PostgreSQL reads it before anything is joined to it: behind row security, a condition
/// that reads JSON could not use an index. It wants to see every parameter used.
fn batch(dialect: Dialect, columns: &[(&str, Type)]) -> String {
    let names: Vec<String> = columns.iter().map(|(column, _)| format!("\"{column}\"")).collect();
    let cells = columns.iter().enumerate().map(|(at, (_, ty))| dialect::cell(dialect, at, *ty));
    let (names, cells) = (names.join(", "), cells.collect::<Vec<_>>().join(", "));
    match dialect {
        // In binary form: `value` would be written out as text and parsed again for each of its cells.
        Dialect::Sqlite => format!(
            "cells (n, value) AS MATERIALIZED (SELECT key, jsonb(value) FROM json_each(?2)), \
             batch (n, {names}) AS (SELECT n, {cells} FROM cells)"
        ),
        Dialect::Postgres => format!(
            "batch (n, {names}) AS MATERIALIZED (SELECT place - 1, {cells} \
             FROM jsonb_array_elements(CAST(?2 AS JSONB)) WITH ORDINALITY AS calls (value, place) \
             WHERE CAST(?1 AS TEXT) IS NOT NULL)"
        ),
    }
}

fn trim_both((a, b): (&'static str, &'static str)) -> (&'static str, &'static str) {
    (a.trim(), b.trim())
}
