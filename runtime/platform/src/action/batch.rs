//! Calls as the parameter of a script's statements, and what the statements say of each call.

use std::collections::BTreeMap;

use alcove_ids::{EffectId, TenantId};
use alcove_plan::{
    types::{Kind, Type},
    value::Value,
};
use alcove_store::SqlValue;

use super::{Most, PreparedAction, script::Purpose};
use crate::{
    Scope,
    cell::{self, CellError},
};

/// The columns that come first in the row of every call.
pub(super) const OF_EVERY_CALL: [(&str, Type); 5] = [
    ("effect_id", Type::One(Kind::Str)),
    ("execution_id", Type::One(Kind::Str)),
    ("now", Type::One(Kind::Time)),
    ("app_id", Type::One(Kind::Str)),
    ("chain_depth", Type::One(Kind::Int)),
];

/// Their cells.
pub(super) fn of_every_call(scope: &Scope, effect: &EffectId) -> [SqlValue; OF_EVERY_CALL.len()] {
    [
        SqlValue::text(effect.as_str()),
        SqlValue::text(scope.execution.as_str()),
        SqlValue::Int(scope.now.micros()),
        SqlValue::text(scope.app.as_str()),
        SqlValue::Int(i64::from(scope.chain_depth) + 1),
    ]
}

/// The parameters of every statement of a script; `sql/README.md` numbers them.
pub(super) fn params<'r>(tenant: &TenantId, rows: impl IntoIterator<Item = &'r [SqlValue]>) -> [SqlValue; 2] {
    [SqlValue::text(tenant.as_str()), SqlValue::text(cell::json_rows(rows))]
}

/// The parameters of one of these statements; `None`: it is left out, as there is no quota to ask about.
pub(super) fn params_of(purpose: Purpose, params: &[SqlValue], most: Option<&Most>) -> Option<Vec<SqlValue>> {
    let mut params = params.to_vec();
    if purpose == Purpose::Quota {
        params.push(SqlValue::Int(i64::try_from(most?.value).unwrap_or(i64::MAX)));
    }
    Some(params)
}

/// What a statement that gives outputs gave: the outputs of each call, by its position.
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
