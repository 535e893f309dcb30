//! The filters, one file each.

mod arguments;
mod grouping;

mod capitalize;
mod ceil;
mod currency;
mod date;
mod default;
mod divided_by;
mod first;
mod floor;
mod join;
mod json;
mod last;
mod length;
mod lowercase;
mod map;
mod minus;
mod modulo;
mod number;
mod plus;
mod replace;
mod round;
mod slug;
mod split;
mod start_of;
mod times;
mod trim;
mod truncate;
mod uppercase;
mod url_encode;

use alcove_plan::expr::Filter;

use crate::Builtin;

/// All filters, by name.
pub static ALL: &[&Builtin] = &[
    &capitalize::CAPITALIZE,
    &ceil::CEIL,
    &currency::CURRENCY,
    &date::DATE,
    &default::DEFAULT,
    &divided_by::DIVIDED_BY,
    &first::FIRST,
    &floor::FLOOR,
    &join::JOIN,
    &json::JSON,
    &last::LAST,
    &length::LENGTH,
    &lowercase::LOWERCASE,
    &map::MAP,
    &minus::MINUS,
    &modulo::MODULO,
    &number::NUMBER,
    &plus::PLUS,
    &replace::REPLACE,
    &round::ROUND,
    &slug::SLUG,
    &split::SPLIT,
    &start_of::START_OF,
    &times::TIMES,
    &trim::TRIM,
    &truncate::TRUNCATE,
    &uppercase::UPPERCASE,
    &url_encode::URL_ENCODE,
];

/// The filter of a number in plans.
pub fn builtin(filter: Filter) -> &'static Builtin {
    match filter {
        Filter::Capitalize => &capitalize::CAPITALIZE,
        Filter::Ceil => &ceil::CEIL,
        Filter::Currency => &currency::CURRENCY,
        Filter::Date => &date::DATE,
        Filter::Default => &default::DEFAULT,
        Filter::DividedBy => &divided_by::DIVIDED_BY,
        Filter::First => &first::FIRST,
        Filter::Floor => &floor::FLOOR,
        Filter::Join => &join::JOIN,
        Filter::Json => &json::JSON,
        Filter::Last => &last::LAST,
        Filter::Length => &length::LENGTH,
        Filter::Lowercase => &lowercase::LOWERCASE,
        Filter::Map => &map::MAP,
        Filter::Minus => &minus::MINUS,
        Filter::Modulo => &modulo::MODULO,
        Filter::Number => &number::NUMBER,
        Filter::Plus => &plus::PLUS,
        Filter::Replace => &replace::REPLACE,
        Filter::Round => &round::ROUND,
        Filter::Slug => &slug::SLUG,
        Filter::Split => &split::SPLIT,
        Filter::StartOf => &start_of::START_OF,
        Filter::Times => &times::TIMES,
        Filter::Trim => &trim::TRIM,
        Filter::Truncate => &truncate::TRUNCATE,
        Filter::Uppercase => &uppercase::UPPERCASE,
        Filter::UrlEncode => &url_encode::URL_ENCODE,
    }
}
