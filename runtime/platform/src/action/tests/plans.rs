//! How the database performs the scripts: by key, never by walking through a tenant's rows.

use alcove_catalog::{ActionBinding, Catalog};
use alcove_store::SqlValue;

use crate::{
    action::script::Purpose,
    testing::{platform, prepared, raw_with},
};

#[tokio::test]
async fn no_statement_walks_through_a_table_of_a_tenant() {
    let platform = platform().await;
    for entry in Catalog::shipped().actions().filter(|entry| matches!(entry.binding, ActionBinding::Sql { .. })) {
        let names: Vec<&str> = entry
            .params
            .iter()
            .map(|param| if param.writes.is_some() { "fields.status" } else { param.name.as_str() })
            .collect();
        // How many keys a tenant has is a question about all of them.
        let prepared = prepared(&platform, &entry.name, &names);
        for step in prepared.steps().iter().filter(|step| step.purpose != Purpose::Quota) {
            // How it is performed does not depend on whose calls they are and which: the tenant and the batch.
            let explain = format!("EXPLAIN QUERY PLAN {}", step.sql.as_str());
            let plan = raw_with(&platform, &explain, vec![SqlValue::Null; 2]).await;
            for line in plan.iter().filter_map(|row| row[3].as_str()) {
                // The state of one app is what a statement about the number of its keys has to see.
                let walks = line.ends_with("(tenant_id=?)") || line.starts_with("SCAN users");
                assert!(!walks, "{}: {line}\n{}", entry.name, step.sql.as_str());
            }
        }
    }
}
