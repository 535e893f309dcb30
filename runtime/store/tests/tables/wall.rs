//! The wall of PostgreSQL: statements that name another tenant, in every table that has one.

use alcove_store::{Sql, SqlValue, Store, StoreError, StoreOptions, Transaction};
use alcove_test_postgres::{Durability, Server};

use crate::databases::{Database, postgres};

/// Every table with a tenant that the server knows of, and a statement that puts a row of tenant `?1` into it.
const TABLES: &str = "
    SELECT CAST(c.table_name AS TEXT),
        format('INSERT INTO %I (%s) VALUES (%s)', c.table_name, string_agg(format('%I', c.column_name), ', '),
               string_agg(CASE c.data_type WHEN 'text' THEN '?1' WHEN 'bytea' THEN 'convert_to(?1, ''UTF8'')'
                          ELSE '0' END, ', '))
    FROM information_schema.columns AS c JOIN information_schema.tables AS t USING (table_schema, table_name)
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_identity = 'NO'
    GROUP BY c.table_name HAVING bool_or(c.column_name = 'tenant_id') ORDER BY 1";

/// A table, and how a row of a tenant is put into it.
struct Table {
    name: String,
    insert: Sql,
}

impl Table {
    async fn all(db: &Database) -> Vec<Self> {
        let mut tx = db.store.begin().await.unwrap();
        let rows = tx.query(&Sql::fixed(TABLES), &[]).await.unwrap();
        let text = |cell: &SqlValue| cell.as_str().unwrap().to_owned();
        let tables = rows.iter().map(|row| Self { name: text(&row[0]), insert: Sql::built(text(&row[1])) });
        let tables: Vec<Self> = tables.collect();
        assert!(tables.iter().any(|table| table.name == "executions") && tables.len() > 30);
        tables
    }

    /// Whether a row of this tenant can be put here. It is taken out again.
    async fn takes(&self, tx: &mut Transaction, tenant: &str) -> bool {
        tx.mark().await.unwrap();
        let put = tx.execute(&self.insert, &[SqlValue::text(tenant)]).await;
        tx.rollback_to_mark().await.unwrap();
        put.is_ok()
    }

    /// How many rows under a condition are seen, and how many a change and a deletion meet, which are undone.
    async fn meets(&self, tx: &mut Transaction, condition: &str) -> Result<[u64; 3], StoreError> {
        let name = &self.name;
        let seen = tx.query(&Sql::built(format!("SELECT 1 FROM \"{name}\" WHERE {condition}")), &[]).await?.len();
        tx.mark().await?;
        let change = Sql::built(format!("UPDATE \"{name}\" SET tenant_id = tenant_id WHERE {condition}"));
        let changed = tx.execute(&change, &[]).await?;
        let deleted = tx.execute(&Sql::built(format!("DELETE FROM \"{name}\" WHERE {condition}")), &[]).await?;
        tx.rollback_to_mark().await?;
        Ok([seen as u64, changed, deleted])
    }
}

/// A database with a row of tenant `a` and one of tenant `b` in every table.
async fn shared() -> (Database, Vec<Table>) {
    let db = postgres().await;
    let tables = Table::all(&db).await;
    let mut tx = db.begin().await;
    for table in &tables {
        for tenant in ["a", "b"] {
            tx.execute(&table.insert, &[SqlValue::text(tenant)]).await.unwrap();
        }
        let seen = tx.query(&Sql::built(format!("SELECT tenant_id FROM \"{}\"", table.name)), &[]).await.unwrap();
        assert_eq!(seen.len(), 2, "{}: who serves all tenants meets them", table.name);
    }
    tx.commit().await.unwrap();
    (db, tables)
}

#[tokio::test]
async fn in_no_table_does_a_transaction_of_one_tenant_meet_a_row_of_another() {
    let (db, tables) = shared().await;
    for table in &tables {
        let mut tx = db.store.begin().await.unwrap();
        tx.for_tenant("a");
        assert_eq!(table.meets(&mut tx, "tenant_id = 'b'").await.unwrap(), [0; 3], "{}", table.name);
        assert_eq!(table.meets(&mut tx, "tenant_id <> 'a'").await.unwrap(), [0; 3], "{}", table.name);
        let all = format!("SELECT tenant_id FROM \"{}\"", table.name);
        assert_eq!(tx.query(&Sql::built(all), &[]).await.unwrap(), [[SqlValue::text("a")]], "{}", table.name);
        assert!(!table.takes(&mut tx, "b").await, "{}", table.name);
        tx.rollback().await;
    }
}

#[tokio::test]
async fn in_no_table_does_a_transaction_that_named_no_tenant_meet_anything() {
    let (db, tables) = shared().await;
    for table in &tables {
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(table.meets(&mut tx, "true").await.unwrap(), [0; 3], "{}", table.name);
        assert!(!table.takes(&mut tx, "a").await, "{}", table.name);
        tx.rollback().await;
    }
}

#[tokio::test]
async fn a_role_that_passes_the_wall_is_known_and_an_ordinary_one_does_not() {
    assert!(!postgres().await.store.passes_the_wall().await.unwrap());
    let server = Server::start(Durability::Memory).unwrap();
    let superuser = Store::open(server.address(), &StoreOptions::DURABLE).await.unwrap();
    assert!(superuser.passes_the_wall().await.unwrap());
}

#[tokio::test]
async fn a_tenant_that_was_named_is_forgotten_with_its_transaction() {
    let (db, tables) = shared().await;
    let table = &tables[0];
    for committed in [true, false] {
        let mut tx = db.store.begin().await.unwrap();
        tx.for_tenant("a");
        assert_eq!(table.meets(&mut tx, "tenant_id = 'a'").await.unwrap()[0], 1);
        if committed {
            tx.commit().await.unwrap();
        } else {
            tx.rollback().await;
        }
        // On the same connection, as it is the one that was used last.
        let mut tx = db.store.begin().await.unwrap();
        assert_eq!(table.meets(&mut tx, "true").await.unwrap(), [0; 3]);
        tx.rollback().await;
    }
}
