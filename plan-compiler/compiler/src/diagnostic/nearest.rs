//! "Did you mean": the one rule by which every stage guesses what an author meant.

/// The candidate that is most like `name`, if one is like enough: the same but for case and separators, or at most a
/// third of its characters away; or the only one that begins or ends with it, or it with that, or that begins as it
/// does. Among equals the first one wins.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let name_plain = plain(name);
    let distance_max = name_plain.chars().count().max(3) / 3;
    by_distance(name, candidates.clone())
        .filter(|(distance, _)| *distance <= distance_max)
        .min_by_key(|(distance, _)| *distance)
        .or_else(|| {
            let mut parts = by_distance(name, candidates).filter(|(_, other)| is_part(&name_plain, &plain(other)));
            parts.next().filter(|_| parts.next().is_none())
        })
        .map(|(_, candidate)| candidate)
}

/// The candidate that is most like `name`, however little that is.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    by_distance(name, candidates).min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

fn by_distance<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> impl Iterator<Item = (usize, &'a str)> {
    let (name, plain_name) = (name.to_owned(), plain(name));
    let others = candidates.into_iter().filter(move |candidate| *candidate != name);
    others.map(move |candidate| (strsim::damerau_levenshtein(&plain_name, &plain(candidate)), candidate))
}

/// Whether one of both is the beginning or the end of the other, or they differ only in their ends.
fn is_part(a: &str, b: &str) -> bool {
    /// Fewer characters in common say nothing.
    const COMMON_MIN: usize = 3;
    /// A beginning in common says less.
    const BEGINNING_MIN: usize = 5;
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let beginning = short.bytes().zip(long.bytes()).take_while(|(a, b)| a == b).count();
    ((long.starts_with(short) || long.ends_with(short)) && short.len() >= COMMON_MIN)
        || (beginning >= BEGINNING_MIN && 3 * beginning >= 2 * short.len())
}

/// The sentence of a suggestion.
pub fn did_you_mean(candidate: &str) -> String {
    format!("did you mean `{candidate}`?")
}

/// A sentence that names the nearest candidate, or where none is near, all of them if they are few.
pub fn suggestion<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    /// More names than this help nobody.
    const NAMES_MAX: usize = 16;
    if let Some(candidate) = nearest(name, candidates.clone()) {
        return Some(did_you_mean(candidate));
    }
    let all: Vec<&str> = candidates.into_iter().collect();
    match all.as_slice() {
        [] => None,
        [only] => Some(format!("only `{only}` stands here")),
        many if many.len() <= NAMES_MAX => Some(format!("one of {}", list(many))),
        _ => None,
    }
}

/// Names in backticks, with commas between them.
pub fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A name without what people mix up: case, and `_`, `-`, blank and `.`.
fn plain(name: &str) -> String {
    /// Longer names are not compared in full: the distance costs time by the square.
    const CHARS_MAX: usize = 64;
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.')).take(CHARS_MAX).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: &[&str] = &["manual", "event", "scheduled", "delayed"];

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        assert_eq!(nearest("schedueld", TYPES.iter().copied()), Some("scheduled"));
        assert_eq!(nearest("evnt", TYPES.iter().copied()), Some("event"));
    }

    #[test]
    fn case_and_separators_do_not_count() {
        assert_eq!(nearest("forEach", ["condition", "for_each"]), Some("for_each"));
        assert_eq!(nearest("startswith", ["ends_with", "starts_with"]), Some("starts_with"));
    }

    #[test]
    fn a_part_of_a_name_is_recognised_where_only_one_name_has_it() {
        assert_eq!(nearest("total", ["level", "xp_total"]), Some("xp_total"));
        assert_eq!(nearest("upper", ["lowercase", "uppercase"]), Some("uppercase"));
        assert_eq!(nearest("descending", ["asc", "desc"]), Some("desc"));
        assert_eq!(nearest("parameters", ["type", "params"]), Some("params"));
        assert_eq!(nearest("user_name", ["user_id", "type"]), None);
        assert_eq!(nearest("avatar", ["avatar_url", "locale"]), Some("avatar_url"));
        assert_eq!(nearest("start", ["start_date", "started_at"]), None);
    }

    #[test]
    fn something_else_is_not_guessed() {
        assert_eq!(nearest("webhook", TYPES.iter().copied()), None);
        assert_eq!(nearest("", TYPES.iter().copied()), None);
    }

    #[test]
    fn where_nothing_is_near_a_short_list_is_shown() {
        assert_eq!(
            suggestion("webhook", TYPES.iter().copied()).as_deref(),
            Some("one of `manual`, `event`, `scheduled`, `delayed`")
        );
        assert_eq!(suggestion("x", []), None);
    }
}
