//! The query of a URL.

use std::time::Duration;

use alcove_control::Page;
use url::form_urlencoded;

use crate::{
    cursor::Listing,
    openapi::{CURSOR, Parameter, duration},
    problem::{Kind, Problem},
};

/// Names and values, each name once, each value of the form that the operation's documentation gives it.
#[derive(Debug, Default)]
pub(crate) struct Query {
    members: Vec<(&'static str, String)>,
    /// Of an operation that lists.
    listing: Option<Listing>,
    /// Where the page begins: what was sealed in `cursor`.
    place: Option<String>,
}

impl Query {
    /// Reads the query of a path, in which only these parameters may stand.
    pub(crate) fn parse(path: &str, text: &str, parameters: &'static [Parameter]) -> Result<Self, Problem> {
        let mut members: Vec<(&'static str, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let Some(parameter) = parameters.iter().find(|parameter| parameter.name == name) else {
                return Err(unknown(&name, parameters));
            };
            if members.iter().any(|(before, _)| *before == name) {
                return Err(Problem::new(Kind::INVALID, format!("the parameter `{name}` is repeated")));
            }
            if !parameter.form.admits(&value) {
                let detail = format!("`{name}` is `{value}`; it must be {}", parameter.form.words());
                return Err(Problem::new(Kind::INVALID, detail));
            }
            members.push((parameter.name, value.into_owned()));
        }
        let listing = parameters.iter().any(|known| known.name == CURSOR.name).then(|| Listing::new(path, &members));
        let mut query = Self { members, listing, place: None };
        if let (Some(listing), Some(cursor)) = (&query.listing, query.get(CURSOR.name)) {
            let foreign = || {
                let detail =
                    "`cursor` is not one that this list gave: send what was `next_cursor`, with the same filters";
                Problem::new(Kind::INVALID, detail)
            };
            query.place = Some(listing.open(cursor).ok_or_else(foreign)?);
        }
        Ok(query)
    }

    /// The value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.members.iter().find(|(known, _)| *known == name).map(|(_, value)| &**value)
    }

    /// Which page of a list, from `limit` and `cursor`.
    pub(crate) fn page(&self) -> Page<'_> {
        Page { limit: self.get("limit").and_then(|limit| limit.parse().ok()), cursor: self.place.as_deref() }
    }

    /// The list of which a page was asked for.
    pub(crate) fn listing(&self) -> Option<&Listing> {
        self.listing.as_ref()
    }

    /// How long the caller waits, from `wait`.
    pub(crate) fn wait(&self) -> Option<Duration> {
        self.get("wait").and_then(duration)
    }
}

fn unknown(name: &str, parameters: &[Parameter]) -> Problem {
    let known: Vec<String> = parameters.iter().map(|parameter| format!("`{}`", parameter.name)).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    Problem::new(Kind::INVALID, format!("there is no parameter `{name}` here; there are {known}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Query;
    use crate::openapi::{Form, LIMIT, Parameter, WAIT};

    const KNOWN: &[Parameter] = &[Parameter { name: "app", about: "", form: Form::Text(8) }, LIMIT, WAIT];

    #[test]
    fn names_that_are_unknown_or_repeated_and_values_of_another_form_are_refused() {
        let query = Query::parse("/", "app=a%20b&limit=5&wait=30s", KNOWN).unwrap();
        assert_eq!((query.get("app"), query.page().limit), (Some("a b"), Some(5)));
        assert_eq!((query.wait(), query.page().cursor), (Some(Duration::from_secs(30)), None));
        for text in ["ap=1", "app=1&app=1", "app=", "app=123456789", "limit=x", "limit=0", "wait=1h", "limit"] {
            assert!(Query::parse("/", text, KNOWN).is_err(), "{text}");
        }
    }
}
