//! Adding notes.

use std::collections::{BTreeMap, BTreeSet};

use alcove_ids::TenantId;
use blake3::Hash;

use super::chain;
use crate::{
    StoreError, Transaction,
    tables::audit::{self, Last, Note, Row},
};

/// Notes that are read at once where hashes are made up for.
const PAGE: u32 = 1_000;

/// Where a log goes on.
struct End {
    seq: u64,
    hash: Hash,
}

/// Writes notes down, in this order; they travel with the next flush. Their logs are locked until the transaction ends:
/// let this be the last thing that it does, or it may wait for another that waits for it.
pub async fn append(transaction: &mut Transaction, notes: &[Note]) -> Result<(), StoreError> {
    if notes.is_empty() {
        return Ok(());
    }
    let tenants: BTreeSet<&TenantId> = notes.iter().map(|note| &note.tenant).collect();
    let tenants: Vec<&TenantId> = tenants.into_iter().collect();
    for tenant in &tenants {
        transaction.enqueue_turn(&format!("audit of {tenant}"));
    }
    let dialect = transaction.dialect();
    let lasts = transaction.enqueue(audit::lasts(dialect, &tenants));
    transaction.flush().await?;
    let mut ends: BTreeMap<TenantId, End> = BTreeMap::new();
    for row in transaction.take(lasts)? {
        let last = Last::decode(&row)?;
        let hash = match last.hash {
            Some(hash) => hash,
            None => made_up(transaction, &last.tenant).await?,
        };
        ends.insert(last.tenant, End { seq: last.seq.saturating_add(1), hash });
    }
    let rows: Vec<Row> = notes
        .iter()
        .map(|note| {
            let begin = || End { seq: 0, hash: chain::genesis(&note.tenant) };
            let end = ends.entry(note.tenant.clone()).or_insert_with(begin);
            let (seq, hash) = (end.seq, chain::next(&end.hash, end.seq, note));
            *end = End { seq: seq.saturating_add(1), hash };
            Row { seq, note: note.clone(), hash: Some(hash) }
        })
        .collect();
    transaction.enqueue(audit::insert(dialect, &rows));
    Ok(())
}

/// What a log comes to that is older than the chain.
async fn made_up(transaction: &mut Transaction, tenant: &TenantId) -> Result<Hash, StoreError> {
    let (mut hash, mut from) = (chain::genesis(tenant), 0);
    loop {
        let page = audit::list(transaction.dialect(), tenant, from, PAGE);
        let page = transaction.query(&page.sql, &page.params).await?;
        if page.is_empty() {
            return Ok(hash);
        }
        for cells in page {
            let row = Row::decode(&cells)?;
            hash = chain::next(&hash, row.seq, &row.note);
            from = i64::try_from(row.seq).map_or(i64::MAX, |seq| seq.saturating_add(1));
        }
    }
}
