//! The query of a URL.

use std::{borrow::Cow, str::FromStr};

use alcove_control::Page;
use url::form_urlencoded;

use crate::problem::{Kind, Problem};

/// Names and values, each name once.
#[derive(Debug)]
pub(crate) struct Query<'q>(Vec<(Cow<'q, str>, Cow<'q, str>)>);

impl<'q> Query<'q> {
    /// Reads a query in which only these names may stand.
    pub(crate) fn parse(text: &'q str, names: &[&str]) -> Result<Self, Problem> {
        let mut members: Vec<(Cow<'q, str>, Cow<'q, str>)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            if !names.contains(&&*name) {
                let known = if names.is_empty() { "none".to_owned() } else { format!("`{}`", names.join("`, `")) };
                let detail = format!("there is no parameter `{name}` here; there are {known}");
                return Err(Problem::new(Kind::INVALID, detail));
            }
            if members.iter().any(|(before, _)| *before == name) {
                return Err(Problem::new(Kind::INVALID, format!("the parameter `{name}` is repeated")));
            }
            members.push((name, value));
        }
        Ok(Self(members))
    }

    /// The value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// Which page of a list, from `limit` and `cursor`.
    pub(crate) fn page(&self) -> Result<Page<'_>, Problem> {
        Ok(Page { limit: self.read("limit", "a number")?, cursor: self.get("cursor") })
    }

    /// The value of a name, read as this type.
    pub(crate) fn read<T: FromStr>(&self, name: &str, what: &str) -> Result<Option<T>, Problem> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let wrong = |_| Problem::new(Kind::INVALID, format!("`{name}` is `{text}`; it must be {what}"));
        text.parse().map(Some).map_err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn names_that_are_unknown_or_repeated_are_refused() {
        let query = Query::parse("app=a%20b&limit=5", &["app", "limit"]).unwrap();
        assert_eq!((query.get("app"), query.read::<u32>("limit", "a number").unwrap()), (Some("a b"), Some(5)));
        assert!(query.read::<u32>("app", "a number").is_err());
        assert!(Query::parse("ap=1", &["app"]).is_err());
        assert!(Query::parse("app=1&app=1", &["app"]).is_err());
    }
}
