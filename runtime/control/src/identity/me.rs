//! Who the caller is, and what they may do.

use crate::{Control, ControlError, MeView, Permission, Principal};

impl Control {
    /// Who the caller is, and what they may do. Whoever may read anything may ask.
    pub fn me(&self, by: &Principal) -> Result<MeView, ControlError> {
        by.must_somewhere(Permission::Read)?;
        Ok(MeView::from(by))
    }
}
