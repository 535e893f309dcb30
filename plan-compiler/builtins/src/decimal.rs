//! Arithmetic of the language's `n`: 28 significant digits, at most 28 of them after the point, magnitude below 10²⁸,
//! rounded half to even. Each function gives `None` where the result is larger.

use rust_decimal::{Decimal, RoundingStrategy};

/// The number of significant digits.
pub const DIGITS_MAX: u32 = 28;

/// 10²⁸: the first magnitude that is too large.
const MAGNITUDE_END: u128 = 10_u128.pow(DIGITS_MAX);

/// The sum.
pub fn add(a: Decimal, b: Decimal) -> Option<Decimal> {
    fit(a.checked_add(b)?)
}

/// The difference.
pub fn subtract(a: Decimal, b: Decimal) -> Option<Decimal> {
    fit(a.checked_sub(b)?)
}

/// The product.
pub fn multiply(a: Decimal, b: Decimal) -> Option<Decimal> {
    fit(a.checked_mul(b)?)
}

/// The quotient; `None` by zero, too.
///
/// Long division, digit by digit, so that the one rounding at the end sees the whole remainder.
pub fn divide(a: Decimal, b: Decimal) -> Option<Decimal> {
    let divisor = b.mantissa().unsigned_abs();
    if divisor == 0 {
        return None;
    }
    let dividend = a.mantissa().unsigned_abs();
    let (mut quotient, mut remainder) = (dividend / divisor, dividend % divisor);
    let mut scale = i64::from(a.scale()) - i64::from(b.scale());
    // A negative scale means that digits before the point are still to come, exact or not.
    while scale < 0 || (remainder != 0 && scale < i64::from(DIGITS_MAX) && quotient < MAGNITUDE_END / 10) {
        // Neither product overflows: the divisor has at most 96 bits, and the quotient is checked each time.
        remainder *= 10;
        quotient = quotient * 10 + remainder / divisor;
        remainder %= divisor;
        scale += 1;
        if scale <= 0 && quotient >= MAGNITUDE_END {
            return None;
        }
    }
    let (quotient, scale) = round_half_even(quotient, remainder, divisor, scale)?;
    let mut result = Decimal::try_from_i128_with_scale(i128::try_from(quotient).ok()?, scale).ok()?;
    result.set_sign_negative(a.is_sign_negative() != b.is_sign_negative() && quotient != 0);
    fit(result.normalize())
}

/// Cuts digits beyond [`DIGITS_MAX`] and beyond the scale, then rounds by what was cut and by `remainder / divisor`.
fn round_half_even(mut quotient: u128, remainder: u128, divisor: u128, mut scale: i64) -> Option<(u128, u32)> {
    // What was cut, as a fraction of the last digit that stays: compared with one half.
    let (mut cut, mut cut_unit) = (0_u128, 1_u128);
    while scale > 0 && (quotient >= MAGNITUDE_END || scale > i64::from(DIGITS_MAX)) {
        cut += quotient % 10 * cut_unit;
        cut_unit *= 10;
        quotient /= 10;
        scale -= 1;
    }
    let half = if cut_unit == 1 {
        (remainder * 2).cmp(&divisor)
    } else {
        (cut * 2).cmp(&cut_unit).then(if remainder == 0 {
            core::cmp::Ordering::Equal
        } else {
            core::cmp::Ordering::Greater
        })
    };
    if half.is_gt() || (half.is_eq() && quotient % 2 == 1) {
        quotient += 1;
    }
    Some((quotient, u32::try_from(scale).ok()?))
}

/// The number within the language's bounds: digits beyond the 28th are rounded.
pub fn fit(n: Decimal) -> Option<Decimal> {
    let digits = n.mantissa().unsigned_abs();
    if digits < MAGNITUDE_END {
        return Some(n);
    }
    let rounded = n.round_sf_with_strategy(DIGITS_MAX, RoundingStrategy::MidpointNearestEven)?;
    (rounded.trunc().mantissa().unsigned_abs() < MAGNITUDE_END).then_some(rounded)
}
