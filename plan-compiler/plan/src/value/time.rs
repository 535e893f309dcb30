//! Instants.

use core::fmt;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(
    // INVARIANT: within jiff's range (years -9999 to 9999); upheld by `from_micros`.
    jiff::Timestamp,
);

impl Timestamp {
    /// The instant `micros` microseconds after the epoch; `None` outside years -9999 to 9999.
    pub fn from_micros(micros: i64) -> Option<Self> {
        jiff::Timestamp::from_microsecond(micros).ok().map(Self)
    }

    /// Microseconds since the epoch.
    pub fn micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// Reads RFC 3339, and nothing of the wider syntaxes of ISO 8601. Digits beyond microseconds are cut.
    pub fn parse(text: &str) -> Option<Self> {
        if !is_rfc_3339(text.as_bytes()) {
            return None;
        }
        let instant: jiff::Timestamp = text.parse().ok()?;
        let micros = instant.as_nanosecond().div_euclid(1_000);
        Self::from_micros(i64::try_from(micros).ok()?)
    }

    /// The instant for calendar arithmetic.
    pub fn instant(self) -> jiff::Timestamp {
        self.0
    }
}

/// Whether `text` has the form of `date-time` in RFC 3339, § 5.6; its numbers are not looked at.
fn is_rfc_3339(text: &[u8]) -> bool {
    let Some((date_time, rest)) = text.split_at_checked(DATE_TIME_FORM.len()) else { return false };
    let fraction = match rest.split_first() {
        Some((b'.', digits)) => 1 + digits.iter().take_while(|byte| byte.is_ascii_digit()).count(),
        _ => 0,
    };
    let offset = rest.get(fraction..).unwrap_or_default();
    has_form(date_time, DATE_TIME_FORM) && fraction != 1 && OFFSET_FORMS.iter().any(|form| has_form(offset, form))
}

/// `0` stands for a digit, `T` for it, its small letter or a space, `Z` for it and its small letter.
const DATE_TIME_FORM: &[u8] = b"0000-00-00T00:00:00";
const OFFSET_FORMS: [&[u8]; 3] = [b"Z", b"+00:00", b"-00:00"];

fn has_form(text: &[u8], form: &[u8]) -> bool {
    text.len() == form.len()
        && text.iter().zip(form).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't' | b' '),
            b'Z' => matches!(byte, b'Z' | b'z'),
            _ => byte == form,
        })
}

/// RFC 3339 in UTC, with a fraction only where there is one.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
