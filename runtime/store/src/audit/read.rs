//! Reading a log.

use alcove_ids::TenantId;
use blake3::Hash;

use super::walk::{Break, Verified, Walk};
use crate::{
    Store, StoreError,
    tables::audit::{self, Row},
};

/// The notes of a tenant from this number on, so many at most.
pub async fn page(store: &Store, tenant: &TenantId, from: u64, limit: u32) -> Result<Vec<Row>, StoreError> {
    // A number that no column holds is behind every log.
    let from = i64::try_from(from).unwrap_or(i64::MAX);
    let rows = store.query_of(tenant.as_str(), &audit::list(store.dialect(), tenant, from, limit)).await?;
    Ok(rows.iter().map(|cells| Row::decode(cells)).collect::<Result<_, _>>()?)
}

/// Walks along the log of a tenant, and says whether it is whole: each note comes to its hash, none is missing between
/// others, and, if a head is expected, the log has come to that head at one of its notes. That notes are missing at its
/// end shows against such a head only.
///
/// # Errors
///
/// The log could not be read. What is wrong with the log itself is the inner error.
pub async fn verify(
    store: &Store,
    tenant: &TenantId,
    expected: Option<Hash>,
) -> Result<Result<Verified, Break>, StoreError> {
    let mut walk = Walk::new(tenant, expected);
    // From the lowest number that somebody may have put there.
    let list = audit::list(store.dialect(), tenant, i64::MIN, u32::MAX);
    let mut rows = store.rows_of(tenant.as_str(), list.sql, list.params).await?;
    while let Some(chunk) = rows.next().await? {
        for cells in chunk {
            let row = Row::decode(&cells);
            let row = row.map_err(|problem| Break::Row { seq: walk.next(), problem: problem.to_string() });
            if let Err(found) = row.and_then(|row| walk.step(&row)) {
                return Ok(Err(found));
            }
        }
    }
    Ok(walk.end())
}
