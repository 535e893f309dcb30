//! The columns of rows, and which of them anything uses.

use super::{Base, Ty};

/// An index into [`Layouts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LayoutId(usize);

/// One column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Its name.
    pub(crate) name: String,
    /// Its type.
    pub(crate) ty: Ty,
    /// Whether the app may name it. Others are read only because a filter in the sandbox needs them.
    pub(crate) declared: bool,
    used: bool,
}

/// Which columns the rows of a layout really have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Present {
    /// All of them: the program builds the rows.
    All,
    /// Those that something uses: the rows are read.
    Used,
    /// Those of the base that the app may see.
    Declared,
}

#[derive(Clone, Debug)]
struct Layout {
    /// Columns in front, from another layout.
    base: Option<LayoutId>,
    columns: Vec<Column>,
    /// Which columns rows really have.
    present: Present,
    /// Whether positions are unsure, because a column in front was replaced.
    by_name: bool,
    /// Whether it was used as a whole: rows nest rows many times over, so nothing is marked twice.
    whole: bool,
}

/// All layouts of an app.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layouts {
    layouts: Vec<Layout>,
}

impl Column {
    /// A column that the app may name.
    pub(crate) fn declared(name: impl Into<String>, ty: Ty) -> Self {
        Self { name: name.into(), ty, declared: true, used: false }
    }

    /// A column that only the compiler may use.
    pub(crate) fn hidden(name: impl Into<String>, ty: Ty) -> Self {
        Self { declared: false, ..Self::declared(name, ty) }
    }
}

impl Layouts {
    /// Rows that the program builds: all columns are there.
    pub(crate) fn fixed(&mut self, columns: Vec<Column>) -> LayoutId {
        self.add(Layout { base: None, columns, present: Present::All, by_name: false, whole: false })
    }

    /// Rows of a query: only columns that something uses are read.
    pub(crate) fn prunable(&mut self, columns: Vec<Column>) -> LayoutId {
        self.add(Layout { base: None, columns, present: Present::Used, by_name: false, whole: false })
    }

    /// The rows of another layout with more columns behind; a column of the same name replaces the one in front.
    pub(crate) fn extended(&mut self, base: LayoutId, columns: Vec<Column>) -> LayoutId {
        let by_name = self.by_name(base) || columns.iter().any(|column| self.column(base, &column.name).is_some());
        self.add(Layout { base: Some(base), columns, present: Present::All, by_name, whole: false })
    }

    /// The rows of another layout without its hidden columns.
    pub(crate) fn narrowed(&mut self, base: LayoutId) -> LayoutId {
        let by_name = self.by_name(base);
        self.add(Layout { base: Some(base), columns: Vec::new(), present: Present::Declared, by_name, whole: false })
    }

    fn add(&mut self, layout: Layout) -> LayoutId {
        self.layouts.push(layout);
        LayoutId(self.layouts.len() - 1)
    }

    fn get(&self, id: LayoutId) -> Option<&Layout> {
        self.layouts.get(id.0)
    }

    /// Whether columns must be found by name.
    pub(crate) fn by_name(&self, id: LayoutId) -> bool {
        self.get(id).is_some_and(|layout| layout.by_name)
    }

    /// A column, hidden ones too.
    pub(crate) fn column(&self, id: LayoutId, name: &str) -> Option<&Column> {
        let layout = self.get(id)?;
        layout
            .columns
            .iter()
            .find(|column| column.name == name)
            .or_else(|| layout.base.and_then(|base| self.column(base, name)))
    }

    /// The names that the app may use, in order.
    pub(crate) fn names(&self, id: LayoutId) -> Vec<&str> {
        let Some(layout) = self.get(id) else { return Vec::new() };
        let mut names = layout.base.map(|base| self.names(base)).unwrap_or_default();
        for column in layout.columns.iter().filter(|column| column.declared) {
            if !names.contains(&column.name.as_str()) {
                names.push(&column.name);
            }
        }
        names
    }

    /// Notes that a column is used.
    pub(crate) fn mark(&mut self, id: LayoutId, name: &str) {
        let Some(layout) = self.layouts.get_mut(id.0) else { return };
        if let Some(column) = layout.columns.iter_mut().find(|column| column.name == name) {
            column.used = true;
        } else if let Some(base) = layout.base {
            self.mark(base, name);
        }
    }

    /// Notes that a value is used as a whole, with everything inside it.
    pub(crate) fn mark_whole(&mut self, ty: &Ty) {
        match &ty.base {
            Base::List(item) => self.mark_whole(item),
            Base::Row(id) => self.mark_layout(*id),
            _ => {}
        }
    }

    fn mark_layout(&mut self, id: LayoutId) {
        let Some(layout) = self.layouts.get_mut(id.0) else { return };
        if std::mem::replace(&mut layout.whole, true) {
            return;
        }
        let base = layout.base;
        let mut inner = Vec::new();
        for column in layout.columns.iter_mut().filter(|column| column.declared) {
            column.used = true;
            if matches!(column.ty.base, Base::Row(_) | Base::List(_)) {
                inner.push(column.ty.clone());
            }
        }
        for ty in &inner {
            self.mark_whole(ty);
        }
        if let Some(base) = base {
            self.mark_layout(base);
        }
    }

    /// The columns that rows really have: declared ones first, hidden ones last. A query reads at least one.
    pub(crate) fn kept(&self, id: LayoutId) -> Vec<&str> {
        let Some(layout) = self.get(id) else { return Vec::new() };
        let mut names = layout.base.map(|base| self.kept(base)).unwrap_or_default();
        if let (Present::Declared, Some(base)) = (layout.present, layout.base) {
            names.retain(|name| self.column(base, name).is_some_and(|column| column.declared));
            return names;
        }
        let kept = |column: &&Column| layout.present != Present::Used || column.used;
        let (declared, hidden): (Vec<_>, Vec<_>) = layout.columns.iter().filter(kept).partition(|c| c.declared);
        names.extend(declared.into_iter().chain(hidden).map(|column| column.name.as_str()));
        if names.is_empty() {
            names.extend(layout.columns.first().map(|column| column.name.as_str()));
        }
        names
    }

    /// Whether rows have columns that the app may not see.
    pub(crate) fn has_hidden(&self, id: LayoutId) -> bool {
        self.get(id).is_some_and(|layout| layout.columns.iter().any(|column| column.used && !column.declared))
    }

    /// Where a column stands among those kept.
    pub(crate) fn position(&self, id: LayoutId, name: &str) -> Option<usize> {
        self.kept(id).iter().position(|kept| *kept == name)
    }
}
