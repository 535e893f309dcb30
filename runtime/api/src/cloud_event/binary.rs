//! Events whose attributes are headers.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue, header};
use percent_encoding::percent_decode;

use super::{
    attributes::{Attributes, CloudEvent, invalid},
    mode::PREFIX,
};
use crate::problem::Problem;

/// The event of these headers; the body is its data.
pub(crate) fn read<'b>(headers: &HeaderMap, body: &'b str) -> Result<CloudEvent<'b>, Problem> {
    let mut attributes = Attributes::default();
    for name in headers.keys() {
        let Some(attribute) = name.as_str().strip_prefix(PREFIX) else { continue };
        if attribute == "datacontenttype" {
            return Err(invalid("the type of the data is the `Content-Type` of the request, not `ce-datacontenttype`"));
        }
        let mut values = headers.get_all(name).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(invalid(format!("the header `{name}` is repeated")));
        };
        attributes.set(attribute, decoded(name.as_str(), value)?)?;
    }
    if let Some(kind) = headers.get(header::CONTENT_TYPE) {
        attributes.set("datacontenttype", String::from_utf8_lossy(kind.as_bytes()).into_owned().into())?;
    }
    attributes.event((!body.trim_ascii().is_empty()).then_some(body))
}

/// The value of an attribute: quotes are taken off, then percent-encoding, once.
fn decoded(name: &str, value: &HeaderValue) -> Result<Cow<'static, str>, Problem> {
    let wrong = || invalid(format!("the value of the header `{name}` is not percent-encoded UTF-8"));
    let text = str::from_utf8(value.as_bytes()).map_err(|_| wrong())?;
    let unquoted =
        unquoted(text).ok_or_else(|| invalid(format!("the quotes of the header `{name}` are not closed")))?;
    let decoded = percent_decode(unquoted.as_bytes()).decode_utf8().map_err(|_| wrong())?;
    Ok(decoded.into_owned().into())
}

/// The value of a quoted string (RFC 7230), and any other as it is; `None`: the quotes are not closed.
fn unquoted(text: &str) -> Option<Cow<'_, str>> {
    let Some(quoted) = text.strip_prefix('"') else { return Some(Cow::Borrowed(text)) };
    let mut value = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '"' => break,
            '\\' => value.push(characters.next()?),
            other => value.push(other),
        }
    }
    characters.next().is_none().then_some(Cow::Owned(value))
}
