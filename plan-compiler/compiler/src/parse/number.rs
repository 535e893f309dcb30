//! Number literals: what `i` and `n` can hold, exactly, or nothing.

use rust_decimal::Decimal;

/// Significant digits of `n`, and the digits before and behind its point, at most.
const DIGITS_MAX: usize = 28;

/// A number of the language.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    /// Written without point and exponent.
    Int(i64),
    /// Any other.
    Num(Decimal),
}

/// A number that the language cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NumberError {
    #[error("the whole number `{0}` is out of range: integers are signed and have 64 bits")]
    Int(String),
    #[error(
        "the number `{0}` is out of range: numbers have 28 significant digits, at most 28 of them behind the point"
    )]
    Num(String),
}

/// From a literal that JSON's grammar has accepted.
pub(super) fn parse(literal: &str) -> Result<Number, NumberError> {
    if literal.contains(['.', 'e', 'E']) {
        decimal(literal).map(Number::Num).ok_or_else(|| NumberError::Num(shown(literal)))
    } else {
        literal.parse().map(Number::Int).map_err(|_| NumberError::Int(shown(literal)))
    }
}

/// Whether a text is a number as JSON writes it.
pub(super) fn is_literal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    digits(whole) && (whole == "0" || !whole.starts_with('0')) && digits(fraction) && digits(exponent)
}

/// Digits, without the zeros at both ends that say nothing, times a power of ten.
fn decimal(literal: &str) -> Option<Decimal> {
    let (mantissa, exponent) = literal.split_once(['e', 'E']).unwrap_or((literal, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (negative, whole) = whole.strip_prefix('-').map_or((false, whole), |whole| (true, whole));
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0');
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(Decimal::ZERO);
    }
    if significant.len() > DIGITS_MAX {
        return None;
    }
    let shift = i64::try_from(digits.len() - significant.len()).ok()? - i64::try_from(fraction.len()).ok()?;
    let exponent = exponent.parse::<i64>().ok()?.checked_add(shift)?;
    let unsigned: i128 = significant.parse().ok()?;
    let signed = if negative { -unsigned } else { unsigned };
    if exponent < 0 {
        let scale = u32::try_from(exponent.unsigned_abs()).ok().filter(|scale| *scale as usize <= DIGITS_MAX)?;
        return Decimal::try_from_i128_with_scale(signed, scale).ok();
    }
    let zeros = usize::try_from(exponent).ok().filter(|zeros| zeros.saturating_add(significant.len()) <= DIGITS_MAX)?;
    let power = 10_i128.checked_pow(u32::try_from(zeros).ok()?)?;
    Decimal::try_from_i128_with_scale(signed.checked_mul(power)?, 0).ok()
}

/// A literal, shortened for a message.
fn shown(literal: &str) -> String {
    const CHARS_MAX: usize = 40;
    if literal.len() <= CHARS_MAX {
        return literal.to_owned();
    }
    literal.chars().take(CHARS_MAX).chain("…".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn num(literal: &str) -> Option<String> {
        match parse(literal) {
            Ok(Number::Num(value)) => Some(value.to_string()),
            Ok(Number::Int(value)) => Some(format!("i{value}")),
            Err(_) => None,
        }
    }

    #[test]
    fn integers_have_64_bits() {
        assert_eq!(num("9223372036854775807").as_deref(), Some("i9223372036854775807"));
        assert_eq!(num("-9223372036854775808").as_deref(), Some("i-9223372036854775808"));
        assert_eq!(num("9223372036854775808"), None);
    }

    #[test]
    fn only_numbers_of_json_are_literals() {
        assert!(["0", "-1", "10.50", "1e3", "2E-7"].into_iter().all(is_literal));
        assert!(!["", "-", "01", "1.", ".5", "+1", "1e", "1-2", "0x1", "1.2.3"].into_iter().any(is_literal));
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(num("0.1").as_deref(), Some("0.1"));
        assert_eq!(num("-1.50").as_deref(), Some("-1.5"));
        assert_eq!(num("1e3").as_deref(), Some("1000"));
        assert_eq!(num("12.5E-2").as_deref(), Some("0.125"));
        assert_eq!(num("-0.0e9999999999999999999").as_deref(), Some("0"));
    }

    #[test]
    fn decimals_have_28_significant_digits() {
        assert_eq!(num("1.234567890123456789012345678").as_deref(), Some("1.234567890123456789012345678"));
        assert_eq!(num("1.2345678901234567890123456789"), None);
        assert_eq!(num("1e27").as_deref(), Some("1000000000000000000000000000"));
        assert_eq!(num("1e28"), None);
        assert!(num("1e-28").is_some());
        assert_eq!(num("1e-29"), None);
        assert_eq!(num("1e99999999999999999999"), None);
    }
}
