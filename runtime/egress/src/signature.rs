//! Standard Webhooks: who receives a request can tell that it is ours and that it is new.
//!
//! The scheme of <https://www.standardwebhooks.com> (specification 1.0.0), symmetric (`v1`): HMAC-SHA256 over id, time
//! and body. While a secret is being replaced, a request carries a signature by each of both.

use std::fmt;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use ring::hmac;

/// How old a request may be, or how far ahead its sender's clock, in seconds: what the specification recommends.
pub const TOLERANCE_S: i64 = 300;

/// How a secret begins in its text form.
const SECRET_PREFIX: &str = "whsec_";
/// How a symmetric signature begins.
const VERSION: &str = "v1,";
/// The shortest and the longest secret, in bytes.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// Writes padding, and reads secrets with and without it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A secret that sender and receiver share. Never logged, never shown.
#[derive(Clone)]
pub struct SigningKey(hmac::Key);

/// A text that is not a secret. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a signing secret is `whsec_` and the base64 form of {} to {} bytes", SECRET_BYTES.start(), SECRET_BYTES.end())]
pub struct SigningKeyError;

/// The headers that sign a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureHeaders {
    /// `webhook-id`: the same for each attempt at one message.
    pub id: String,
    /// `webhook-timestamp`: seconds since 1970-01-01T00:00:00Z.
    pub timestamp: String,
    /// `webhook-signature`: one for each key, with a space in between.
    pub signature: String,
}

/// Why a request is not to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Its time is no number of seconds.
    #[error("the webhook's timestamp is not a number of seconds")]
    InvalidTimestamp,
    /// It is older than the tolerance.
    #[error("the webhook is more than {TOLERANCE_S} s old")]
    TooOld,
    /// It is from the future by more than the tolerance.
    #[error("the webhook is from more than {TOLERANCE_S} s ahead")]
    TooNew,
    /// None of its signatures is by one of the keys.
    #[error("no signature of the webhook is by a known key")]
    NoMatch,
}

impl SigningKey {
    /// Reads a secret, with or without its prefix.
    pub fn parse(secret: &str) -> Result<Self, SigningKeyError> {
        let bytes = BASE64.decode(secret.strip_prefix(SECRET_PREFIX).unwrap_or(secret)).map_err(|_| SigningKeyError)?;
        SECRET_BYTES
            .contains(&bytes.len())
            .then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
            .ok_or(SigningKeyError)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey")
    }
}

impl SignatureHeaders {
    /// Names and values, for a request.
    pub fn pairs(&self) -> [(&'static str, &str); 3] {
        [("webhook-id", &self.id), ("webhook-timestamp", &self.timestamp), ("webhook-signature", &self.signature)]
    }
}

/// Signs a message that is sent at a time (seconds since 1970-01-01T00:00:00Z) with each of the keys. `None` without
/// keys: such a message is not signed.
///
/// The specification forbids a full stop in an `id`, as it divides what is signed.
pub fn sign(keys: &[SigningKey], id: &str, at_s: i64, body: &[u8]) -> Option<SignatureHeaders> {
    if keys.is_empty() {
        return None;
    }
    let (timestamp, mut signature) = (at_s.to_string(), String::new());
    let signed = signed(id, &timestamp, body);
    for SigningKey(key) in keys {
        if !signature.is_empty() {
            signature.push(' ');
        }
        signature.push_str(VERSION);
        BASE64.encode_string(hmac::sign(key, &signed), &mut signature);
    }
    Some(SignatureHeaders { id: id.to_owned(), timestamp, signature })
}

/// Whether a message that was received at a time is signed with one of the keys, and is new. Compares in constant time.
/// Whoever receives remembers each `id` for the tolerance, so that none is acted on twice.
pub fn verify(keys: &[SigningKey], headers: &SignatureHeaders, body: &[u8], now_s: i64) -> Result<(), VerifyError> {
    let SignatureHeaders { id, timestamp, signature } = headers;
    let at_s: i64 = timestamp.parse().map_err(|_| VerifyError::InvalidTimestamp)?;
    if now_s.saturating_sub(at_s) > TOLERANCE_S {
        return Err(VerifyError::TooOld);
    }
    if at_s.saturating_sub(now_s) > TOLERANCE_S {
        return Err(VerifyError::TooNew);
    }
    let signed = signed(id, timestamp, body);
    let given = signature.split(' ').filter_map(|one| BASE64.decode(one.strip_prefix(VERSION)?).ok());
    let is_ours = |tag: Vec<u8>| keys.iter().any(|SigningKey(key)| hmac::verify(key, &signed, &tag).is_ok());
    if given.into_iter().any(is_ours) { Ok(()) } else { Err(VerifyError::NoMatch) }
}

fn signed(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the reference implementations (github.com/standard-webhooks/standard-webhooks, `libraries/*`).
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const AT_S: i64 = 1_614_265_330;
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    fn key(secret: &str) -> SigningKey {
        SigningKey::parse(secret).unwrap()
    }

    fn other() -> SigningKey {
        key(&format!("whsec_{}", BASE64.encode([7; 32])))
    }

    fn given(signature: &str) -> SignatureHeaders {
        SignatureHeaders { id: ID.to_owned(), timestamp: AT_S.to_string(), signature: signature.to_owned() }
    }

    #[test]
    fn the_reference_vector_is_signed_and_verified() {
        let signed = sign(&[key(SECRET)], ID, AT_S, BODY).unwrap();
        assert_eq!(signed, given(SIGNATURE));
        assert_eq!(signed.pairs().map(|(name, _)| name), ["webhook-id", "webhook-timestamp", "webhook-signature"]);
        assert_eq!(verify(&[key(SECRET)], &signed, BODY, AT_S), Ok(()));
        assert_eq!(verify(&[key("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")], &signed, BODY, AT_S), Ok(()));
    }

    /// Signatures of the reference implementation for Python (PyPI `standardwebhooks` 1.1.0).
    #[test]
    fn messages_are_signed_as_the_reference_signs_them() {
        let bytes: Vec<u8> = (0..64).collect();
        let longest = BASE64.encode(bytes);
        for (secret, id, at_s, body, signature) in [
            (
                "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
                1_674_087_231,
                concat!(
                    r#"{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z","#,
                    r#""data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}"#
                ),
                "v1,Inw/unYkpAh6Njpdz4O+hnN82xYMXQ6NjnZIQN/mzIQ=",
            ),
            (SECRET, "eff_1", 0, "", "v1,WfUY78SPM7IJopcB1yEUNHfRDlLaamsjIZLxpOPhWpQ="),
            (
                &longest,
                "eff_ü",
                1_700_000_000,
                "{\"name\":\"Zoë 🎉\",\"line\":\"a\\n\"}",
                "v1,q/LMcwBL/eDU7285sC+AYm+ZN6JxKF29y5JACsP3azw=",
            ),
        ] {
            assert_eq!(sign(&[key(secret)], id, at_s, body.as_bytes()).unwrap().signature, signature, "{id}");
        }
    }

    #[test]
    fn while_a_secret_is_replaced_both_sign_and_either_verifies() {
        let signed = sign(&[key(SECRET), other()], ID, AT_S, BODY).unwrap();
        assert!(signed.signature.starts_with(&format!("{SIGNATURE} v1,")), "{}", signed.signature);
        assert_eq!(verify(&[key(SECRET)], &signed, BODY, AT_S), Ok(()));
        assert_eq!(verify(&[other()], &signed, BODY, AT_S), Ok(()));
        assert_eq!(verify(&[other(), key(SECRET)], &given(SIGNATURE), BODY, AT_S), Ok(()));
    }

    #[test]
    fn without_a_key_nothing_is_signed_and_nothing_verifies() {
        assert_eq!(sign(&[], ID, AT_S, BODY), None);
        assert_eq!(verify(&[], &given(SIGNATURE), BODY, AT_S), Err(VerifyError::NoMatch));
    }

    #[test]
    fn whatever_is_changed_no_signature_matches() {
        let keys = [key(SECRET)];
        let no_match = Err(VerifyError::NoMatch);
        assert_eq!(verify(&keys, &given(SIGNATURE), br#"{"test": 2432232315}"#, AT_S), no_match);
        let moved = SignatureHeaders { timestamp: (AT_S + 1).to_string(), ..given(SIGNATURE) };
        assert_eq!(verify(&keys, &moved, BODY, AT_S), no_match);
        let renamed = SignatureHeaders { id: "msg_other".to_owned(), ..given(SIGNATURE) };
        assert_eq!(verify(&keys, &renamed, BODY, AT_S), no_match);
        assert_eq!(verify(&[other()], &given(SIGNATURE), BODY, AT_S), no_match);
        let bare = SIGNATURE.strip_prefix("v1,").unwrap();
        for signature in ["", "v1", "v1,", "v1,%%%", bare, &format!("v2,{bare}"), "v1,AAAA"] {
            assert_eq!(verify(&keys, &given(signature), BODY, AT_S), no_match, "{signature}");
        }
    }

    #[test]
    fn a_message_is_new_up_to_the_tolerance_on_either_side_and_not_beyond() {
        let at = |now_s| verify(&[key(SECRET)], &given(SIGNATURE), BODY, now_s);
        assert_eq!(at(AT_S + TOLERANCE_S), Ok(()));
        assert_eq!(at(AT_S + TOLERANCE_S + 1), Err(VerifyError::TooOld));
        assert_eq!(at(AT_S - TOLERANCE_S), Ok(()));
        assert_eq!(at(AT_S - TOLERANCE_S - 1), Err(VerifyError::TooNew));
        for timestamp in ["", "soon", "1e9", "99999999999999999999"] {
            let headers = SignatureHeaders { timestamp: timestamp.to_owned(), ..given(SIGNATURE) };
            assert_eq!(verify(&[key(SECRET)], &headers, BODY, AT_S), Err(VerifyError::InvalidTimestamp), "{timestamp}");
        }
    }

    #[test]
    fn a_secret_has_24_to_64_bytes_and_is_never_shown() {
        for (bytes, is_secret) in [(23, false), (24, true), (64, true), (65, false)] {
            assert_eq!(SigningKey::parse(&BASE64.encode(vec![1; bytes])).is_ok(), is_secret, "{bytes}");
        }
        let refused = SigningKey::parse("whsec_not-a-secret!").unwrap_err();
        assert!(!refused.to_string().contains("not-a-secret"));
        assert_eq!(format!("{:?}", key(SECRET)), "SigningKey");
    }
}
