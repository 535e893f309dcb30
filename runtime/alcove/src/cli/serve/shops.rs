//! Whose webhooks are accepted.

use std::{path::Path, sync::Arc};

use alcove_control::{Shops, ShopsFile};

use crate::cli::{complaint::Complaint, source};

/// The shops of a file; without one there are none.
pub(super) fn shops(file: Option<&Path>) -> Result<Arc<dyn Shops>, Complaint> {
    let Some(path) = file else { return Ok(Arc::new(ShopsFile::default())) };
    let bytes = source::read_data(path)?;
    let shops = ShopsFile::parse(&bytes);
    let shops = shops.map_err(|error| Complaint::caused("invalid-shops", &source::name(path), &error))?;
    Ok(Arc::new(shops))
}
