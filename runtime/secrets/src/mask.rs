//! Masks: what is put in the place of a secret that somebody echoes.

use std::borrow::Cow;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};

/// What stands where a secret stood.
pub const MASK: &str = "[secret]";
/// Secrets that are shorter are not looked for: they would be found in any text. Nobody should have such a secret.
const SOUGHT_BYTES_MIN: usize = 4;

/// Finds secrets in texts, as they are and in the forms in which a service gives back what it was sent: in JSON, in a
/// URL, in base64, and without the scheme that an `Authorization` header begins with.
pub struct Mask(Option<AhoCorasick>);

impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mask")
    }
}

impl Mask {
    /// A mask for these secrets.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s SecretString>) -> Self {
        let forms: Vec<String> = secrets.into_iter().flat_map(|secret| forms(secret.expose_secret())).collect();
        if forms.is_empty() {
            return Self(None);
        }
        // The longest form wins, so that no end of one is left behind. The only error is of patterns by the gigabyte.
        Self(AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(forms).ok())
    }

    /// The text, with [`MASK`] wherever a secret was.
    pub fn apply<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.0 {
            Some(sought) if sought.is_match(text) => {
                let mut masked = String::with_capacity(text.len());
                sought.replace_all_with(text, &mut masked, |_, _, masked| {
                    masked.push_str(MASK);
                    true
                });
                Cow::Owned(masked)
            }
            _ => Cow::Borrowed(text),
        }
    }
}

fn forms(secret: &str) -> Vec<String> {
    // Of `Bearer abc`, a service knows the token as `abc`.
    let credentials = secret.split_once(' ').map(|(_, credentials)| credentials);
    let plain = [Some(secret), credentials].into_iter().flatten().filter(|text| text.len() >= SOUGHT_BYTES_MIN);
    let mut forms: Vec<String> = plain.flat_map(written).collect();
    forms.sort_unstable();
    forms.dedup();
    forms
}

fn written(text: &str) -> impl Iterator<Item = String> {
    let engines = [BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD];
    let encoded = engines.map(|engine| engine.encode(text));
    let url = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let form = url.replace("%20", "+");
    let json = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r");
    [text.to_owned(), url.to_ascii_lowercase(), url, form, json.replace('/', "\\/"), json].into_iter().chain(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(secrets: &[&str]) -> Mask {
        let secrets: Vec<SecretString> = secrets.iter().map(|&secret| SecretString::from(secret)).collect();
        Mask::new(&secrets)
    }

    #[test]
    fn a_secret_is_masked_in_every_form_in_which_it_is_echoed() {
        let secret = "Bearer p/w+\"q\" é";
        let mask = mask(&[secret]);
        for (echoed, masked) in [
            (secret, "[secret]"),
            ("you sent Bearer p/w+\"q\" é!", "you sent [secret]!"),
            ("token=p/w+\"q\" é", "token=[secret]"),
            (r#"{"token":"p/w+\"q\" é"}"#, r#"{"token":"[secret]"}"#),
            (r#"{"token":"p\/w+\"q\" é"}"#, r#"{"token":"[secret]"}"#),
            ("?t=p%2Fw%2B%22q%22%20%C3%A9&x", "?t=[secret]&x"),
            ("?t=p%2fw%2b%22q%22%20%c3%a9&x", "?t=[secret]&x"),
            ("t=p%2Fw%2B%22q%22+%C3%A9", "t=[secret]"),
            (&BASE64_STANDARD.encode(secret), "[secret]"),
            (&BASE64_URL_SAFE_NO_PAD.encode("p/w+\"q\" é"), "[secret]"),
        ] {
            assert_eq!(mask.apply(echoed), masked, "{echoed}");
        }
    }

    #[test]
    fn what_is_no_secret_stays_and_short_ones_are_not_looked_for() {
        let mask = mask(&["abc", "longer-one", "longer-one-still"]);
        for text in ["", "abc", "longer-on", "Longer-One"] {
            assert!(matches!(mask.apply(text), Cow::Borrowed(_)), "{text}");
        }
        assert_eq!(mask.apply("longer-one-still, longer-one"), "[secret], [secret]");
        assert_eq!(Mask::new([]).apply("anything"), "anything");
    }
}
