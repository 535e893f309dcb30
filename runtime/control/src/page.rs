//! Lists, page by page.

use std::str::FromStr;

use serde::Serialize;

use crate::ControlError;

/// Items of a page, unless the caller says otherwise.
const LIMIT: u32 = 50;

/// Which page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Page<'q> {
    /// How many items, 1 to 500; 50 unless it is said.
    pub limit: Option<u32>,
    /// What the page before gave as `next_cursor`.
    pub cursor: Option<&'q str>,
}

/// A page.
#[derive(Clone, Debug, Serialize)]
pub struct List<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Gives the next page; `None`: this is the last.
    pub next_cursor: Option<String>,
}

impl<'q> Page<'q> {
    /// Items of a page at the most.
    pub const LIMIT_MAX: u32 = 500;

    /// How many items.
    pub(crate) fn limit(&self) -> Result<u32, ControlError> {
        match self.limit {
            None => Ok(LIMIT),
            Some(limit @ 1..=Self::LIMIT_MAX) => Ok(limit),
            Some(limit) => {
                Err(ControlError::Invalid(format!("`limit` is {limit}; it must be 1 to {}", Self::LIMIT_MAX)))
            }
        }
    }

    /// Where a list by number goes on.
    pub(crate) fn number<N: FromStr>(&self) -> Result<Option<N>, ControlError> {
        self.cursor.map(|cursor| cursor.parse().map_err(|_| foreign())).transpose()
    }

    /// Where a list by time begins: after this moment and id.
    pub(crate) fn after_moment(&self) -> Result<Option<(i64, &'q str)>, ControlError> {
        let Some(cursor) = self.cursor else { return Ok(None) };
        let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id)));
        parts.map(Some).ok_or_else(foreign)
    }
}

fn foreign() -> ControlError {
    ControlError::Invalid("`cursor` is not one that this list gave".to_owned())
}

impl<T> List<T> {
    /// A page of at most `limit` items, of which one more was asked for to know whether there is another page.
    pub(crate) fn of(mut items: Vec<T>, limit: u32, cursor: impl Fn(&T) -> String) -> Self {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > most;
        items.truncate(most);
        let next_cursor = items.last().filter(|_| more).map(cursor);
        Self { items, next_cursor }
    }

    /// The page without what does not pass. It may be short then, even empty, with another behind it.
    pub(crate) fn keep(mut self, passes: impl Fn(&T) -> bool) -> Self {
        self.items.retain(passes);
        self
    }

    /// The page with each item as something else.
    pub(crate) fn map<U>(self, view: impl Fn(T) -> U) -> List<U> {
        List { items: self.items.into_iter().map(view).collect(), next_cursor: self.next_cursor }
    }
}

/// The cursor after an item of a list by time.
pub(crate) fn moment(at: i64, id: &str) -> String {
    format!("{at}.{id}")
}

#[cfg(test)]
mod tests {
    use super::{List, Page, moment};

    #[test]
    fn a_page_may_be_as_long_as_the_limit_and_no_longer() {
        let limit = |limit| Page { limit, cursor: None }.limit().ok();
        assert_eq!(limit(None), Some(50));
        assert_eq!(limit(Some(1)), Some(1));
        assert_eq!(limit(Some(Page::LIMIT_MAX)), Some(Page::LIMIT_MAX));
        assert_eq!((limit(Some(0)), limit(Some(Page::LIMIT_MAX + 1))), (None, None));
    }

    #[test]
    fn a_page_names_the_next_exactly_if_there_is_one() {
        let page = |items: &[i64]| List::of(items.to_vec(), 2, |n| moment(*n, "x"));
        assert_eq!(page(&[1, 2]).next_cursor, None);
        assert_eq!((page(&[1, 2, 3]).next_cursor.as_deref(), page(&[1, 2, 3]).items), (Some("2.x"), vec![1, 2]));
    }

    #[test]
    fn a_cursor_is_read_back_and_anything_else_is_refused() {
        let cursor = moment(-5, "run_1.2");
        let page = |cursor| Page { limit: None, cursor: Some(cursor) };
        assert_eq!(page(&*cursor).after_moment().ok(), Some(Some((-5, "run_1.2"))));
        for text in ["", "x", "1", "x.run"] {
            assert!(page(text).after_moment().is_err(), "{text}");
        }
    }
}
