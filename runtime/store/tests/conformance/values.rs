//! Values: what goes in comes out, and what does not fit is refused.

use alcove_store::{Sql, SqlValue, Statement};

use crate::scene::{Scene, insert};

const ROW: &str = "INSERT INTO cells (id, i, s, b, n) VALUES (?1, ?2, ?3, ?4, ?5)";

pub(crate) async fn every_cell_comes_back_as_it_was(scene: &Scene) {
    let rows = [
        [
            SqlValue::text("a"),
            SqlValue::Int(i64::MIN),
            SqlValue::text("line\nquote ' \u{1f389} \u{7f}"),
            blob(&[0, 255]),
        ],
        [SqlValue::text("b"), SqlValue::Int(i64::MAX), SqlValue::text(""), blob(&[])],
        [SqlValue::text("c"), SqlValue::Int(0), SqlValue::text("1e5"), blob(&vec![7; 100_000])],
        [SqlValue::text("d"), SqlValue::Null, SqlValue::Null, SqlValue::Null],
    ];
    let mut transaction = scene.store.begin().await.unwrap();
    for row in &rows {
        let sql = Sql::fixed("INSERT INTO cells (id, i, s, b) VALUES (?1, ?2, ?3, ?4)");
        transaction.enqueue(Statement::new(sql, row.to_vec()));
    }
    transaction.commit().await.unwrap();
    assert_eq!(scene.query("SELECT id, i, s, b FROM cells ORDER BY id", Vec::new()).await, rows);
    for [id, number, text, bytes] in rows {
        let found = scene
            .query(
                "SELECT id FROM cells WHERE (i IS NULL OR i = ?1) AND (s IS NULL OR s = ?2) AND (b IS NULL OR b = ?3)
                 AND id = ?4",
                vec![number, text, bytes, id.clone()],
            )
            .await;
        assert_eq!(found, [[id]]);
    }
}

fn blob(bytes: &[u8]) -> SqlValue {
    SqlValue::Blob(bytes.into())
}

pub(crate) async fn null_fits_every_column(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    // The same statement, first with nothing but NULL and then without, and the other way round.
    let empty = |id: &str| vec![SqlValue::text(id), SqlValue::Null, SqlValue::Null, SqlValue::Null, SqlValue::Null];
    let full =
        |id: &str| vec![SqlValue::text(id), SqlValue::Int(1), SqlValue::text("s"), blob(b"b"), SqlValue::text("1.5")];
    for params in [empty("a"), full("b"), empty("c"), full("d")] {
        transaction.execute(&Sql::fixed(ROW), &params).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let rows = scene.query("SELECT id, i, s, b, n FROM cells ORDER BY id", Vec::new()).await;
    assert_eq!(rows, [empty("a"), full("b"), empty("c"), full("d")]);
}

pub(crate) async fn decimals_keep_their_digits_and_are_ordered_by_value(scene: &Scene) {
    let ascending = [
        "-79228162514264337593543950335",
        "-10",
        "-2.5",
        "-0.0000000000000000000000000001",
        "0",
        "0.1234567890123456789012345678",
        "0.1234567890123456789012345679",
        "2",
        "2.5",
        "10",
        "9999.9999",
        "10000",
        "99999999999999999999999999.9",
        "79228162514264337593543950335",
    ];
    let mut transaction = scene.store.begin().await.unwrap();
    for (at, n) in ascending.iter().enumerate() {
        let params = [SqlValue::text(format!("{:03}", 999 - at)), SqlValue::text(*n)];
        transaction.execute(&Sql::fixed("INSERT INTO cells (id, n) VALUES (?1, ?2)"), &params).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let rows = scene.query("SELECT n FROM cells ORDER BY n", Vec::new()).await;
    assert_eq!(rows, ascending.map(|n| [SqlValue::text(n)]));
    let more = scene.query("SELECT n FROM cells WHERE n > ?1 AND n <= ?2", ["2", "10.0"].map(SqlValue::text).to_vec());
    assert_eq!(more.await.len(), 2);
    let equal = scene.query("SELECT n FROM cells WHERE n = ?1", vec![SqlValue::text("2.50")]).await;
    assert_eq!(equal, [[SqlValue::text("2.5")]]);
}

pub(crate) async fn an_integer_that_overflows_is_a_refusal(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    let params = [SqlValue::text("a"), SqlValue::Int(i64::MAX)];
    transaction.execute(&Sql::fixed("INSERT INTO cells (id, i) VALUES (?1, ?2)"), &params).await.unwrap();
    let error = transaction.execute(&Sql::fixed("UPDATE cells SET i = i + 1"), &[]).await.unwrap_err();
    assert!(error.is_refusal(), "{error:?}");
}

pub(crate) async fn a_row_that_is_there_already_is_a_refusal(scene: &Scene) {
    let mut transaction = scene.store.begin().await.unwrap();
    transaction.enqueue(insert("a"));
    transaction.commit().await.unwrap();
    let mut transaction = scene.store.begin().await.unwrap();
    let once = Sql::fixed("INSERT INTO cells (id) VALUES (?1) ON CONFLICT DO NOTHING RETURNING id");
    assert!(transaction.query(&once, &[SqlValue::text("a")]).await.unwrap().is_empty());
    transaction.enqueue(insert("a"));
    assert!(transaction.commit().await.unwrap_err().is_refusal());
    let mut transaction = scene.store.begin().await.unwrap();
    let missing = Sql::fixed("INSERT INTO cells (id, i) VALUES (?1, 1)");
    assert!(transaction.execute(&missing, &[SqlValue::Null]).await.unwrap_err().is_refusal());
}

pub(crate) async fn rows_travel_as_one_parameter(scene: &Scene) {
    let each = match scene.store.dialect() {
        alcove_store::Dialect::Sqlite => "json_each(?1) AS batch",
        alcove_store::Dialect::Postgres => "json_array_elements(?1::json) AS batch (value)",
    };
    let sql = format!(
        "INSERT INTO cells (id, i, s) SELECT value ->> 0, CAST(value ->> 1 AS BIGINT), value ->> 2 FROM {each}"
    );
    let rows = SqlValue::text(r#"[["a", 9223372036854775807, "é\n"], ["b", null, null], ["c", -1, ""]]"#);
    let mut transaction = scene.store.begin().await.unwrap();
    assert_eq!(transaction.execute(&Sql::built(sql), &[rows]).await.unwrap(), 3);
    transaction.commit().await.unwrap();
    let expected = [
        [SqlValue::text("a"), SqlValue::Int(i64::MAX), SqlValue::text("é\n")],
        [SqlValue::text("b"), SqlValue::Null, SqlValue::Null],
        [SqlValue::text("c"), SqlValue::Int(-1), SqlValue::text("")],
    ];
    assert_eq!(scene.query("SELECT id, i, s FROM cells ORDER BY id", Vec::new()).await, expected);
}
