//! `currency`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};

use super::grouping::grouped;
use crate::{Accepts, Builtin, EvalError, Example, Output, Param, Sample, Signature, call::Call};

pub(crate) static CURRENCY: Builtin = Builtin {
    filter: Filter::Currency,
    name: "currency",
    summary: "An amount of money by its ISO 4217 code (USD if not given): its symbol where it is a well-known one, \
              and as many decimals as it has.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Num]),
        params: &[Param::required("code", &[Kind::Str]).optional().valid(code)],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example { input: Sample::Num("1234.5"), args: &[Sample::Str("USD")], output: Sample::Str("$1,234.50") },
        Example { input: Sample::Int(-5), args: &[], output: Sample::Str("-$5.00") },
        Example { input: Sample::Num("1234.5"), args: &[Sample::Str("CHF")], output: Sample::Str("1,234.50 CHF") },
        Example { input: Sample::Num("1234.5"), args: &[Sample::Str("JPY")], output: Sample::Str("¥1,235") },
        Example { input: Sample::Num("0.125"), args: &[Sample::Str("KWD")], output: Sample::Str("0.125 KWD") },
        Example { input: Sample::Num("-1234.5"), args: &[Sample::Str("CHF")], output: Sample::Str("-1,234.50 CHF") },
        Example { input: Sample::Num("-0.001"), args: &[], output: Sample::Str("$0.00") },
        Example { input: Sample::Null, args: &[Sample::Str("USD")], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let code = call.optional_text(0).unwrap_or("USD");
    let amount = grouped(call.decimal()?, Some(decimals(code)));
    let (sign, digits) = amount.strip_prefix('-').map_or(("", &*amount), |digits| ("-", digits));
    Ok(match symbol(code) {
        Some(symbol) => alloc::format!("{sign}{symbol}{digits}"),
        None => alloc::format!("{sign}{digits} {code}"),
    }
    .into())
}

fn code(code: &Value) -> Result<(), &'static str> {
    match code.as_str() {
        Some(text) if text.len() != 3 || !text.bytes().all(|b| b.is_ascii_uppercase()) => {
            Err("must be the three capital letters of a currency, such as `USD`")
        }
        _ => Ok(()),
    }
}

/// The symbols that CLDR gives to currencies in English.
fn symbol(code: &str) -> Option<&'static str> {
    Some(match code {
        "AUD" => "A$",
        "BRL" => "R$",
        "CAD" => "CA$",
        "CNY" => "CN¥",
        "EUR" => "€",
        "GBP" => "£",
        "HKD" => "HK$",
        "ILS" => "₪",
        "INR" => "₹",
        "JPY" => "¥",
        "KRW" => "₩",
        "MXN" => "MX$",
        "NZD" => "NZ$",
        "PHP" => "₱",
        "TWD" => "NT$",
        "USD" => "$",
        "VND" => "₫",
        _ => return None,
    })
}

/// The decimals of the minor unit, by ISO 4217.
fn decimals(code: &str) -> u32 {
    match code {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}
