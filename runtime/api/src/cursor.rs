//! Places in lists, as clients hold them: opaque, and good for one list with its filters only.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use url::form_urlencoded;

/// How much of the list's digest a cursor carries. It is against mistakes: whoever makes up a place in a list sees
/// nothing that the list would not show.
const TAG_BYTES: usize = 8;

/// A list, of which a client has asked for a page.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    path: String,
    /// The query without the cursor, written anew.
    rest: String,
    tag: [u8; TAG_BYTES],
}

impl Listing {
    /// The list at a path, with these parameters. How many items a page has does not make it another list.
    pub(crate) fn new(path: &str, parameters: &[(&'static str, String)]) -> Self {
        let mut digest = blake3::Hasher::new();
        digest.update(path.as_bytes());
        let mut rest = form_urlencoded::Serializer::new(String::new());
        for (name, value) in parameters.iter().filter(|(name, _)| *name != "cursor") {
            rest.append_pair(name, value);
        }
        let mut filters: Vec<_> = parameters.iter().filter(|(name, _)| !matches!(*name, "cursor" | "limit")).collect();
        filters.sort_unstable();
        for (name, value) in filters {
            // Lengths keep texts apart that would be the same when joined.
            for text in [*name, value] {
                digest.update(&text.len().to_le_bytes()).update(text.as_bytes());
            }
        }
        let mut tag = [0; TAG_BYTES];
        digest.finalize_xof().fill(&mut tag);
        Self { path: path.to_owned(), rest: rest.finish(), tag }
    }

    /// The cursor of a place.
    pub(crate) fn seal(&self, place: &str) -> String {
        URL_SAFE_NO_PAD.encode([&self.tag, place.as_bytes()].concat())
    }

    /// The place of a cursor; `None`: this list did not give it.
    pub(crate) fn open(&self, cursor: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let place = bytes.strip_prefix(&self.tag)?;
        String::from_utf8(place.to_vec()).ok()
    }

    /// Where the next page is (RFC 8288).
    pub(crate) fn link(&self, cursor: &str) -> String {
        let Self { path, rest, .. } = self;
        let and = if rest.is_empty() { "" } else { "&" };
        format!("<{path}?{rest}{and}cursor={cursor}>; rel=\"next\"")
    }
}

#[cfg(test)]
mod tests {
    use super::Listing;

    fn of(path: &str, parameters: &[(&'static str, &str)]) -> Listing {
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Listing::new(path, &parameters)
    }

    #[test]
    fn a_cursor_is_read_back_by_its_list_and_by_no_other() {
        let list = of("/v1/executions", &[("app", "a"), ("status", "failed"), ("limit", "5")]);
        let cursor = list.seal("-5.run_ä");
        let same = [
            of("/v1/executions", &[("app", "a"), ("status", "failed"), ("limit", "5"), ("cursor", "x")]),
            of("/v1/executions", &[("status", "failed"), ("app", "a"), ("limit", "7")]),
            of("/v1/executions", &[("app", "a"), ("status", "failed")]),
        ];
        assert!(same.iter().all(|list| list.open(&cursor).as_deref() == Some("-5.run_ä")));
        let other = [
            of("/v1/approvals", &[("app", "a"), ("status", "failed")]),
            of("/v1/executions", &[("app", "b"), ("status", "failed")]),
            of("/v1/executions", &[("app", "a")]),
            of("/v1/executions", &[]),
        ];
        assert!(other.iter().all(|list| list.open(&cursor).is_none()));
    }

    #[test]
    fn what_no_list_gave_is_refused() {
        let list = of("/v1/apps", &[]);
        for text in ["", "x", "1.run", "????", "AAAAAAAAAAAAAAAA", list.seal("a").split_at(1).1] {
            assert_eq!(list.open(text), None, "{text}");
        }
    }

    #[test]
    fn the_link_has_the_query_again() {
        let list = of("/v1/apps", &[("limit", "2"), ("cursor", "old")]);
        assert_eq!(list.link("new"), "</v1/apps?limit=2&cursor=new>; rel=\"next\"");
        assert_eq!(of("/v1/apps", &[]).link("new"), "</v1/apps?cursor=new>; rel=\"next\"");
    }
}
