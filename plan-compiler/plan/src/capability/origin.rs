//! The origin of a URL, for reviewers. Egress parses URLs for itself; nothing is allowed because of what stands here.

use alloc::string::{String, ToString};

/// Scheme and authority, in small letters; the whole text where readers of URLs could disagree about them.
pub(super) fn of(url: &str) -> String {
    clear_origin(url).unwrap_or_else(|| url.to_string())
}

fn clear_origin(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())?;
    // User names, backslashes and blanks are what URLs are disguised with.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let clear = scheme.chars().all(|c| c.is_ascii_alphanumeric()) && authority.chars().all(is_plain);
    clear.then(|| alloc::format!("{scheme}://{authority}").to_ascii_lowercase())
}
