//! A believable community for the demo: some 5,000 users, 40 rooms, missions, orders, and what they did last week.

mod activity;
mod orders;
mod people;
mod places;
mod rng;
mod row;

use alcove_catalog::Catalog;
use alcove_ids::{AppId, TenantId};
use alcove_plan::value::{Timestamp, Value};
use alcove_platform::{LoadError, Platform};

use row::Rows;

/// Users of the community.
pub(crate) const USERS: i64 = 5_000;
/// The seed of all that looks like chance.
const SEED: u64 = 0x000A_1C07_E000;

/// What was loaded.
#[derive(Debug)]
pub(crate) struct Census {
    /// Rows by connector, in the order in which they were loaded.
    pub(crate) rows: Vec<(&'static str, usize)>,
}

/// Fills an empty platform with the community of a tenant.
pub(crate) async fn settle(
    platform: &Platform,
    tenant: &TenantId,
    app: &AppId,
    now: Timestamp,
) -> Result<Census, LoadError> {
    let mut rng = rng::Rng::new(SEED);
    let mut rows = Rows::new(Catalog::shipped(), now);
    places::build(&mut rows);
    people::build(&mut rows, &mut rng);
    activity::build(&mut rows, &mut rng);
    orders::build(&mut rows, &mut rng);
    let mut census = Census { rows: Vec::new() };
    for (connector, rows) in rows.into_inner() {
        platform.load_rows(tenant, app, connector, &rows).await?;
        census.rows.push((connector, rows.len()));
    }
    Ok(census)
}

/// The id of a user by number, from 1.
fn user_id(number: i64) -> Value {
    Value::from(format!("user_{number:04}"))
}
