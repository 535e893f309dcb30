//! Numbers as people read them.

use alloc::string::{String, ToString};

use rust_decimal::{Decimal, RoundingStrategy};

/// The number with a comma before each group of three digits and exactly `decimals` of them after the point; as many as
/// it needs for `None`. Halves go away from zero, and zero has no sign.
pub(super) fn grouped(n: Decimal, decimals: Option<u32>) -> String {
    let rounded = match decimals {
        Some(places) => n.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero),
        None => n.normalize(),
    };
    let plain = rounded.abs().normalize().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::new();
    if rounded.is_sign_negative() && !rounded.is_zero() {
        out.push('-');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    let places = decimals.map_or(fraction.len(), |places| places as usize);
    if places > 0 {
        out.push('.');
        out.push_str(fraction);
        out.extend(core::iter::repeat_n('0', places.saturating_sub(fraction.len())));
    }
    out
}
