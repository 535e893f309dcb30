//! Scripts for PostgreSQL. They are written for SQLite; `sql/README.md` lists what is said differently.

/// The text of a statement in PostgreSQL.
pub(super) fn to_postgres(text: &str) -> String {
    let mut out = String::with_capacity(2 * text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("json_object(") {
        out.push_str(before);
        let (arguments, after) = arguments(after);
        push_object(&arguments, &mut out);
        rest = after;
    }
    out.push_str(rest);
    out.replace("CROSS JOIN", "JOIN")
}

/// The arguments of a call, and what follows it.
fn arguments(text: &str) -> (Vec<&str>, &str) {
    let mut found = Vec::new();
    let (mut depth, mut quoted, mut rest) = (0_usize, false, text);
    let mut at = 0;
    while let Some(byte) = rest.as_bytes().get(at) {
        let ends = !quoted && depth == 0 && matches!(byte, b',' | b')');
        match byte {
            b'\'' => quoted = !quoted,
            b'(' if !quoted => depth += 1,
            b')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if ends && let Some((argument, after)) = rest.split_at_checked(at) {
            found.push(argument.trim());
            (rest, at) = (after.get(1..).unwrap_or_default(), 0);
            if *byte == b')' {
                break;
            }
        } else {
            at += 1;
        }
    }
    (found, rest)
}

/// An object of the keys and values; as a row it is written without spaces, as SQLite writes it.
fn push_object(arguments: &[&str], out: &mut String) {
    out.push_str("(SELECT CAST(row_to_json(members) AS TEXT) FROM (SELECT ");
    for (at, pair) in arguments.chunks(2).enumerate() {
        if let [key, value] = pair {
            out.push_str(if at == 0 { "" } else { ", " });
            out.push_str(value);
            out.push_str(" AS \"");
            out.push_str(key.trim_matches('\''));
            out.push('"');
        }
    }
    out.push_str(") AS members)");
}

#[cfg(test)]
mod tests {
    use super::to_postgres;

    #[test]
    fn objects_become_rows_and_the_rest_stays() {
        let text =
            "SELECT json_object('a', x, 'b', coalesce(y, ',)('), 'c', json(z)), n FROM batch CROSS JOIN t ON a = b";
        let expected = "SELECT (SELECT CAST(row_to_json(members) AS TEXT) FROM (SELECT x AS \"a\", coalesce(y, ',)(') \
                        AS \"b\", json(z) AS \"c\") AS members), n FROM batch JOIN t ON a = b";
        assert_eq!(to_postgres(text), expected);
        assert_eq!(to_postgres("SELECT 1"), "SELECT 1");
    }
}
