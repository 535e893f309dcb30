//! NUMERIC as plain decimal text, without loss whatever its length.
//!
//! On the wire it is big-endian words: how many groups there are, the power of 10,000 of the first, the sign, the
//! digits after the point that are shown, and then the groups of four digits.

use std::fmt::Write;

const POSITIVE: u16 = 0x0000;
const NEGATIVE: u16 = 0x4000;

/// Decimal digits of a group.
const GROUP: usize = 4;

/// The shortest text of a number: no trailing zeros, no `.0`. `None` if it is not a number, or infinite.
pub(super) fn to_text(bytes: &[u8]) -> Option<String> {
    let mut words = bytes.chunks_exact(2).filter_map(|word| <[u8; 2]>::try_from(word).ok()).map(u16::from_be_bytes);
    let count = usize::from(words.next()?);
    let weight = i32::from(words.next()?.cast_signed());
    let sign = words.next()?;
    let _shown = words.next()?;
    let groups: Vec<u16> = words.collect();
    if groups.len() != count || ![POSITIVE, NEGATIVE].contains(&sign) {
        return None;
    }
    // The group at a power; those that are not sent are zero.
    let group = |power: i32| {
        let at = usize::try_from(weight - power).ok();
        at.and_then(|at| groups.get(at)).copied().unwrap_or(0)
    };
    let lowest = weight.saturating_add(1).saturating_sub(i32::try_from(count).ok()?);
    let whole = digits((0..=weight).rev().map(group));
    let fraction = digits((lowest..0).rev().map(group));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let sign = if sign == NEGATIVE && count > 0 { "-" } else { "" };
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}"))
}

fn digits(groups: impl Iterator<Item = u16>) -> String {
    let mut text = String::new();
    for group in groups {
        // Writing to a `String` never fails.
        let _ = write!(text, "{group:04}");
    }
    text
}

/// The bytes of a number in plain decimal text (`-12.5`). `None` if the text is something else.
pub(super) fn from_text(text: &str) -> Option<Vec<u8>> {
    let (sign, plain) = match text.strip_prefix('-') {
        Some(rest) => (NEGATIVE, rest),
        None => (POSITIVE, text),
    };
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(whole) || !plain(fraction) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let shown = fraction.trim_end_matches('0');
    let before = whole.len().div_ceil(GROUP);
    let padded = format!(
        "{whole:0>before$}{shown:0<after$}",
        before = before * GROUP,
        after = shown.len().div_ceil(GROUP) * GROUP
    );
    let groups: Option<Vec<u16>> =
        padded.as_bytes().chunks(GROUP).map(|group| str::from_utf8(group).ok()?.parse().ok()).collect();
    let groups = groups?;
    let leading = groups.iter().take_while(|group| **group == 0).count();
    let groups = groups.get(leading..)?;
    let weight = i16::try_from(i64::try_from(before).ok()? - 1 - i64::try_from(leading).ok()?).ok()?;
    let (weight, sign) = if groups.is_empty() { (0, POSITIVE) } else { (weight, sign) };
    let head = [u16::try_from(groups.len()).ok()?, weight.cast_unsigned(), sign, u16::try_from(shown.len()).ok()?];
    Some(head.iter().chain(groups).flat_map(|word| word.to_be_bytes()).collect())
}

#[cfg(test)]
mod tests {
    use super::{from_text, to_text};

    #[test]
    fn a_number_comes_back_in_its_shortest_form() {
        let cases = [
            ("0", "0"),
            ("-0", "0"),
            ("0.0", "0"),
            ("1.50", "1.5"),
            ("-1", "-1"),
            ("10000", "10000"),
            ("9999.9999", "9999.9999"),
            ("00012.3", "12.3"),
            ("0.00001", "0.00001"),
            ("100000000.00000001", "100000000.00000001"),
            ("-0.1234567890123456789012345678", "-0.1234567890123456789012345678"),
            ("79228162514264337593543950335", "79228162514264337593543950335"),
            ("123456789012345678901234567890123456789.987654321", "123456789012345678901234567890123456789.987654321"),
        ];
        for (text, expected) in cases {
            assert_eq!(to_text(&from_text(text).unwrap()).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn bytes_are_those_of_the_server() {
        // SELECT encode(numeric_send(...), 'hex')
        let cases: [(&str, [u16; 7], usize); 4] = [
            ("12345.678", [3, 1, 0, 3, 1, 2345, 6780], 7),
            ("-0.0001", [1, 0xffff, 0x4000, 4, 1, 0, 0], 5),
            ("10000", [1, 1, 0, 0, 1, 0, 0], 5),
            ("0", [0, 0, 0, 0, 0, 0, 0], 4),
        ];
        for (text, words, count) in cases {
            let bytes: Vec<u8> = words[..count].iter().flat_map(|word| word.to_be_bytes()).collect();
            // The server leaves trailing groups of zeros out, and reads them too.
            assert_eq!(to_text(&bytes).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_plain_number_has_no_bytes_and_what_is_not_finite_has_no_text() {
        for text in ["", "-", ".5", "5.", "1e3", "+1", "1_000", " 1", "NaN", "１"] {
            assert_eq!(from_text(text), None, "{text}");
        }
        for sign in [0xc000_u16, 0xd000, 0xf000] {
            let bytes: Vec<u8> = [0, 0, sign, 0].iter().flat_map(|word: &u16| word.to_be_bytes()).collect();
            assert_eq!(to_text(&bytes), None);
        }
    }
}
