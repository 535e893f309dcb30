//! What a plan shows of the inside of values: names of cells.

use std::rc::Rc;

/// What is known of the inside of a value. Shared, because rows may nest the same rows many times over.
#[derive(Clone, Debug, Default)]
pub(super) enum Form {
    /// Nothing.
    #[default]
    Opaque,
    /// A row: the names of its cells, and what is known of each.
    Row(Rc<Vec<(String, Form)>>),
    /// A list of such items.
    List(Rc<Form>),
}

impl Form {
    pub(super) fn row(names: Vec<String>) -> Self {
        Self::Row(Rc::new(names.into_iter().map(|name| (name, Self::Opaque)).collect()))
    }

    /// Of the items of a list.
    pub(super) fn item(self) -> Self {
        match self {
            Self::List(item) => item.as_ref().clone(),
            Self::Opaque | Self::Row(_) => Self::Opaque,
        }
    }

    /// A row with something known of one cell.
    pub(super) fn with_cell(mut self, position: usize, form: Self) -> Self {
        if let Self::Row(cells) = &mut self
            && let Some((_, cell)) = Rc::make_mut(cells).get_mut(position)
        {
            *cell = form;
        }
        self
    }

    /// A row with one more cell.
    pub(super) fn and_cell(self, name: String, form: Self) -> Self {
        self.and_cells(std::iter::once((name, form)))
    }

    /// A row with more cells, which replace those of the same name.
    pub(super) fn and_cells(self, added: impl Iterator<Item = (String, Self)>) -> Self {
        let Self::Row(cells) = self else { return Self::Opaque };
        let added: Vec<_> = added.collect();
        let kept = cells.iter().filter(|(name, _)| added.iter().all(|(other, _)| other != name)).cloned();
        Self::Row(Rc::new(kept.chain(added.iter().cloned()).collect()))
    }
}
