//! Who the caller is, and what they may do.

use crate::{Control, MeView, Principal};

impl Control {
    /// Who the caller is. Whoever was recognised may ask.
    pub fn me(&self, by: &Principal) -> MeView {
        MeView::from(by)
    }
}
