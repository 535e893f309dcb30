//! `slug`.

use alcove_plan::{
    expr::Filter,
    types::{Kind, Type},
    value::Value,
};
use unicode_normalization::char::decompose_canonical;

use crate::{Accepts, Builtin, EvalError, Example, Output, Sample, Signature, call::Call};

pub(crate) static SLUG: Builtin = Builtin {
    filter: Filter::Slug,
    name: "slug",
    summary: "Lower case letters and digits with hyphens between words, for readable URLs. Latin letters lose their \
              accents, letters of other scripts stay.",
    signature: Signature {
        input: Accepts::kinds(&[Kind::Str]),
        params: &[],
        output: Output::Fixed(Type::One(Kind::Str)),
    },
    examples: &[
        Example { input: Sample::Str("Héllo, World!"), args: &[], output: Sample::Str("hello-world") },
        Example { input: Sample::Str("  --Straße Ærø 42--  "), args: &[], output: Sample::Str("strasse-aero-42") },
        Example { input: Sample::Str("e\u{301}te\u{301}"), args: &[], output: Sample::Str("ete") },
        Example { input: Sample::Str("İzmir Ǿrsted"), args: &[], output: Sample::Str("izmir-orsted") },
        Example { input: Sample::Str("Привет мир"), args: &[], output: Sample::Str("привет-мир") },
        Example { input: Sample::Str("!!!"), args: &[], output: Sample::Str("") },
        Example { input: Sample::Null, args: &[], output: Sample::Null },
    ],
    run,
};

fn run(call: &Call<'_>) -> Result<Value, EvalError> {
    let mut text = call.new_text();
    let mut gap = false;
    for c in call.text()?.chars().flat_map(char::to_lowercase).filter(|c| !COMBINING.contains(c)) {
        let base = base_letter(c);
        let mut buffer = [0; 4];
        let written = match unfold(base) {
            Some(letters) => letters,
            None if base.is_alphanumeric() => base.encode_utf8(&mut buffer),
            None => {
                gap = true;
                continue;
            }
        };
        if gap && !text.is_empty() {
            text.push("-")?;
        }
        gap = false;
        text.push(written)?;
    }
    Ok(text.finish())
}

/// Accents that stand alone, as in decomposed text (the block Combining Diacritical Marks).
const COMBINING: core::ops::RangeInclusive<char> = '\u{300}'..='\u{36f}';

/// The Latin letter below the accents; anything else as it is.
fn base_letter(c: char) -> char {
    let mut base = None;
    decompose_canonical(c, |part| {
        base.get_or_insert(part);
    });
    base.filter(|base| base.is_ascii_alphanumeric() || unfold(*base).is_some()).unwrap_or(c)
}

/// Latin letters that have no decomposition, as they are usually written without the letter.
fn unfold(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ł' => "l",
        'ħ' => "h",
        'ı' => "i",
        _ => return None,
    })
}
