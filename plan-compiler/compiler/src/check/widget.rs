//! Widgets: their data, and the fields that they show.

use crate::{
    checked::{Base, Ty, Widget},
    codes::Code,
    source::Loc,
    syntax,
};

use super::Checker;

impl Checker<'_> {
    pub(super) fn widgets(&mut self, widgets: &[syntax::Widget]) -> Option<Vec<Widget>> {
        let mut checked: Vec<Widget> = Vec::new();
        let mut whole = true;
        for widget in widgets {
            match self.widget(widget) {
                Some(widget) => checked.push(widget),
                None => whole = false,
            }
        }
        whole.then_some(checked)
    }

    fn widget(&mut self, widget: &syntax::Widget) -> Option<Widget> {
        let data = widget.data.as_ref()?;
        let value = self.value(data)?;
        let row = match value.ty.item() {
            Some(item) => item,
            None if shows_rows(widget) => {
                let message = format!("this widget shows rows, but its data is {}", value.ty.with_article());
                let suggestion = "give it the rows of a step, such as `{{steps.<id>.data}}`".to_owned();
                self.suggest(Code::TypeMismatch, &data.loc, message, Some(suggestion));
                return None;
            }
            None => value.ty.clone(),
        };
        let mut whole = true;
        for (_, field) in &widget.fields {
            whole &= self.shown(&row, field, &Self::path_loc(field)).is_some();
        }
        self.layouts.mark_whole(&value.ty);
        let id = widget.id.as_ref().filter(|_| whole)?;
        Some(Widget { id: id.value.clone(), data: value.expr })
    }

    fn shown(&mut self, row: &Ty, field: &crate::source::Spanned<syntax::Path>, loc: &Loc) -> Option<()> {
        if !matches!(row.base, Base::Row(_) | Base::Object | Base::Any) {
            self.report(Code::TypeMismatch, loc, format!("the data has no fields: it is {}", row.with_article()));
            return None;
        }
        let var = self.var();
        self.row_path(var, row, &field.value, &field.loc.pointer).map(|_| ())
    }
}

/// Whether a kind of widget shows a list of rows, rather than one value.
fn shows_rows(widget: &syntax::Widget) -> bool {
    !matches!(widget.kind.as_ref().map(|kind| kind.value.as_str()), Some("stat_card" | "progress_ring") | None)
}
