//! What the tests of this crate share: a platform over a real database, scopes, plans' queries and actions, and dumps.

use std::{collections::BTreeMap, ops::Deref, sync::Arc};

use alcove_catalog::{Catalog, ingest};
use alcove_ids::{AppId, EffectId, ExecutionId, TenantId};
use alcove_plan::{
    action::{Action, Output, Param, ParamValue},
    codec::{Literal, Outcome, PageReader},
    query::{Hole, Limit, Query},
    types::{Kind, Type},
    value::{Timestamp, Value},
};
use alcove_store::{Dialect, Sql, SqlValue, Store, StoreOptions};
use alcove_test_postgres::Database;

use crate::{EffectCall, Platform, PreparedAction, Scope};

/// An empty platform of SQLite in memory.
pub(crate) async fn platform() -> Platform {
    Platform::new(Store::open_memory().await.unwrap(), Catalog::shipped())
}

/// An empty platform of one database or the other.
pub(crate) struct Stage {
    platform: Platform,
    /// Dropped after the platform, and with it the database.
    _database: Option<Database<'static>>,
}

impl Deref for Stage {
    type Target = Platform;

    fn deref(&self) -> &Platform {
        &self.platform
    }
}

/// A stage of each database: what a test proves, it proves on both.
pub(crate) async fn stages() -> [Stage; 2] {
    let database = alcove_test_postgres::fresh_database().unwrap();
    let store = Store::open(database.url(), &StoreOptions::DURABLE).await.unwrap();
    let postgres = Platform::new(store, Catalog::shipped());
    [Stage { platform: platform().await, _database: None }, Stage { platform: postgres, _database: Some(database) }]
}

/// A run of the app `app` of a tenant.
pub(crate) fn scope(tenant: &str) -> Scope {
    Scope {
        tenant: TenantId::parse(tenant).unwrap(),
        app: AppId::parse("app").unwrap(),
        execution: ExecutionId::parse("run_1").unwrap(),
        now: Timestamp::parse("2026-11-20T12:00:00Z").unwrap(),
        chain_depth: 0,
    }
}

/// Loads rows that are written as JSON, as a fixture is.
pub(crate) async fn load(platform: &Platform, scope: &Scope, connector: &str, rows: &str) {
    let rows: Vec<serde_json::Value> = serde_json::from_str(rows).unwrap();
    let entry = Catalog::shipped().connector(connector).unwrap();
    let rows: Vec<Vec<Value>> = rows.iter().map(|row| ingest::row(entry, row, scope.now).unwrap()).collect();
    platform.load_rows(&scope.tenant, &scope.app, connector, &rows).await.unwrap();
}

/// A query for some fields of all rows.
pub(crate) fn select(connector: &str, fields: &[&str]) -> Query {
    Query {
        connector: connector.to_owned(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        filter: Vec::new(),
        holes: Vec::new(),
        sort: Vec::new(),
        offset: 0,
        limit: Limit::All,
        place: 7,
    }
}

/// All rows of a query, and whether the default limit cut them.
pub(crate) async fn rows(platform: &Platform, scope: &Scope, query: &Query, args: &[Value]) -> (Vec<Vec<Value>>, bool) {
    let prepared = platform.prepare_query(query).unwrap();
    let mut cursor = platform.open(scope, &prepared, args).await.unwrap();
    let mut all = Vec::new();
    loop {
        let page = cursor.next_page().await.unwrap();
        let mut reader = PageReader::new(&page.message, query.fields.len()).unwrap();
        assert_eq!((reader.last, reader.rows_left()), (page.last, page.rows));
        while let Some(row) = reader.next_row().unwrap() {
            all.push(row);
        }
        if page.last {
            assert!(cursor.next_page().await.is_err(), "no page follows the last");
            return (all, reader.cut);
        }
    }
}

/// A plan's action with a hole for each of these parameters, or for a member of one (`fields.status`).
pub(crate) fn action(name: &str, params: &[&str]) -> Action {
    let entry = Catalog::shipped().action(name).unwrap();
    let param = |path: &&str| {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        let ty = match path.get(1) {
            None => entry.param(&path[0]).unwrap().ty.ty,
            Some(field) => Catalog::shipped().connector("users").unwrap().field(field).unwrap().ty.ty,
        };
        Param { path, value: ParamValue::Hole(Hole { ty, nullable: true }) }
    };
    Action {
        id: None,
        name: name.to_owned(),
        place: 7,
        params: params.iter().map(param).collect(),
        outputs: entry.outputs.iter().map(|out| Output { name: out.name.clone(), ty: out.ty.ty }).collect(),
        loops: Vec::new(),
        recover_depth: 0,
        behind_approval: false,
        retry: None,
        timeout_ms: None,
    }
}

/// A constant parameter.
pub(crate) fn constant(path: &[&str], value: Value) -> Param {
    Param { path: path.iter().map(|key| (*key).to_owned()).collect(), value: ParamValue::Literal(Literal(value)) }
}

pub(crate) fn prepared(platform: &Platform, name: &str, params: &[&str]) -> Arc<PreparedAction> {
    platform.prepare_action(&action(name, params)).unwrap()
}

/// Calls of one action, one for each list of values, as a loop makes them whose failures stop the run.
pub(crate) fn calls(scope: &Scope, action: &Arc<PreparedAction>, values: Vec<Vec<Value>>) -> Vec<EffectCall> {
    let call = |(at, values): (usize, Vec<Value>)| {
        let index = u32::try_from(at).unwrap();
        EffectCall {
            // Each action of a plan has a place of its own.
            effect_id: EffectId::derive(&scope.execution, place(action.name()), &[index]),
            action: Arc::clone(action),
            values,
            indices: vec![index],
            recover_depth: 0,
        }
    };
    values.into_iter().enumerate().map(call).collect()
}

fn place(name: &str) -> u32 {
    let at = Catalog::shipped().actions().position(|entry| entry.name == name).unwrap();
    u32::try_from(at).unwrap()
}

/// The outputs of a call that happened.
pub(crate) fn outputs(outcome: &Outcome) -> &[Value] {
    match outcome {
        Outcome::Performed(outputs) => outputs,
        other => panic!("not performed: {other:?}"),
    }
}

/// The message of a call that failed.
pub(crate) fn failure(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Failed(failure) => failure.to_string(),
        other => panic!("not failed: {other:?}"),
    }
}

pub(crate) fn text(text: &str) -> Value {
    Value::from(text)
}

/// A type that `any` is not.
pub(crate) const STR: Type = Type::One(Kind::Str);

/// The cells of a query of the database itself.
pub(crate) async fn raw(platform: &Platform, sql: &str) -> Vec<Vec<SqlValue>> {
    raw_with(platform, sql, Vec::new()).await
}

/// The cells of a query of the database itself that has parameters.
pub(crate) async fn raw_with(platform: &Platform, sql: &str, params: Vec<SqlValue>) -> Vec<Vec<SqlValue>> {
    let mut rows = platform.store().rows(Sql::built(sql), params).await.unwrap();
    let mut all = Vec::new();
    while let Some(chunk) = rows.next().await.unwrap() {
        all.extend(chunk);
    }
    all
}

/// Every row of every table that a tenant owns, whichever database it is in.
pub(crate) async fn dump(platform: &Platform, tenant: &str) -> BTreeMap<String, Vec<Vec<SqlValue>>> {
    let mut tables = BTreeMap::new();
    for (table, columns) in tables_of_tenants(platform).await {
        let sql = format!("SELECT {columns} FROM \"{table}\" WHERE tenant_id = '{tenant}' ORDER BY 1, 2, 3");
        tables.insert(table, raw(platform, &sql).await);
    }
    tables
}

/// The tables that have rows of tenants, each with its columns.
pub(crate) async fn tables_of_tenants(platform: &Platform) -> Vec<(String, String)> {
    let columns = match platform.store().dialect() {
        Dialect::Sqlite => {
            "SELECT m.name AS table_name, c.name AS column_name, c.cid AS place
             FROM sqlite_schema AS m JOIN pragma_table_xinfo(m.name) AS c WHERE m.type = 'table'"
        }
        Dialect::Postgres => {
            "SELECT table_name, column_name, ordinal_position AS place FROM information_schema.columns
             WHERE table_schema = current_schema() AND is_identity = 'NO'"
        }
    };
    let sql = format!(
        "WITH columns AS ({columns})
         SELECT table_name, column_name FROM columns
         WHERE table_name IN (SELECT table_name FROM columns WHERE column_name = 'tenant_id')
         ORDER BY table_name, place"
    );
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in raw(platform, &sql).await {
        let [table, column] = [0, 1].map(|at: usize| row[at].as_str().unwrap());
        tables.entry(table.to_owned()).or_default().push(format!("\"{column}\""));
    }
    tables.into_iter().map(|(table, columns)| (table, columns.join(", "))).collect()
}
