//! `ETag`, `If-Match` and `If-None-Match` (RFC 9110): who has seen what.

use alcove_control::{AppView, Revision};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{
    problem::{Kind, Problem},
    reply::Reply,
};

/// The app, with its tag.
pub(crate) fn tagged(app: &AppView) -> Result<Reply, Problem> {
    Reply::ok(app).map(|reply| with_tag(reply, &app.revision))
}

/// The app, or that it is as the client has it.
pub(crate) fn unless_known(headers: &HeaderMap, app: &AppView) -> Result<Reply, Problem> {
    let known = tags(headers, &header::IF_NONE_MATCH)?;
    let has_it = known.is_some_and(|known| known.iter().any(|tag| tag.names(&app.revision)));
    if has_it { Ok(with_tag(Reply::unchanged(), &app.revision)) } else { tagged(app) }
}

/// In which states a thing may be changed; `None`: in any.
pub(crate) fn only_if(headers: &HeaderMap) -> Result<Option<Vec<Revision>>, Problem> {
    let Some(tags) = tags(headers, &header::IF_MATCH)? else { return Ok(None) };
    if tags.contains(&Tag::Any) {
        return Ok(None);
    }
    // Weak tags match nothing here (RFC 9110, 13.1.1).
    let strong = |tag: &Tag| if let Tag::Strong(text) = tag { Some(Revision::told(text)) } else { None };
    Ok(Some(tags.iter().filter_map(strong).collect()))
}

pub(crate) fn with_tag(reply: Reply, revision: &Revision) -> Reply {
    match HeaderValue::from_str(&format!("\"{}\"", revision.as_str())) {
        Ok(tag) => reply.header(header::ETAG, tag),
        Err(_) => reply,
    }
}

/// One item of the list in such a header.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tag {
    Any,
    Strong(String),
    Weak(String),
}

impl Tag {
    /// Whether it names a state, for a reader: weak tags do.
    fn names(&self, revision: &Revision) -> bool {
        match self {
            Self::Any => true,
            Self::Strong(text) | Self::Weak(text) => text == revision.as_str(),
        }
    }
}

/// The list of a header; `None`: the header is not there.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Vec<Tag>>, Problem> {
    let mut values = headers.get_all(name).iter().peekable();
    if values.peek().is_none() {
        return Ok(None);
    }
    let wrong =
        || Problem::new(Kind::INVALID, format!("`{name}` must be `*`, or tags such as `\"0f3a\"`, as `ETag` has them"));
    let mut all = Vec::new();
    for value in values {
        // No tag of this server has a comma in it.
        for item in value.to_str().map_err(|_| wrong())?.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            all.push(tag(item).ok_or_else(wrong)?);
        }
    }
    Ok(Some(all))
}

fn tag(item: &str) -> Option<Tag> {
    let quoted = |text: &str| Some(text.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    match item {
        "*" => Some(Tag::Any),
        weak if weak.starts_with("W/") => quoted(weak.trim_start_matches("W/")).map(Tag::Weak),
        strong => quoted(strong).map(Tag::Strong),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderMap, HeaderValue, header};

    use super::only_if;

    fn read(value: &str) -> Result<Option<Vec<String>>, ()> {
        let headers = HeaderMap::from_iter([(header::IF_MATCH, HeaderValue::from_str(value).unwrap())]);
        let all = only_if(&headers).map_err(|_| ())?;
        Ok(all.map(|all| all.iter().map(|revision| revision.as_str().to_owned()).collect()))
    }

    #[test]
    fn a_list_of_tags_is_read_and_anything_else_is_refused() {
        assert_eq!(only_if(&HeaderMap::new()).unwrap(), None);
        assert_eq!(read("*"), Ok(None));
        assert_eq!(read("\"a\", \"b\""), Ok(Some(vec!["a".to_owned(), "b".to_owned()])));
        assert_eq!(read("W/\"a\""), Ok(Some(Vec::new())), "weak tags match nothing");
        for wrong in ["a", "\"a", "W/a", "\"a\" \"b"] {
            assert_eq!(read(wrong), Err(()), "{wrong}");
        }
    }
}
