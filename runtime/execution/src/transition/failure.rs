//! Failures as JSON, which is how rows keep them and users read them.

use alcove_plan::failure::Failure;
use serde_json::json;

/// A failure at a place, which is a JSON pointer into the config: `code`, `path`, `message` and, where a limit was
/// reached, `limit`.
pub(crate) fn failure_to_json(failure: &Failure, path: &str) -> String {
    let Failure { code, message, limit } = failure;
    let mut json = json!({ "code": code.as_str(), "path": path, "message": message });
    if let (Some(limit), Some(members)) = (limit, json.as_object_mut()) {
        members.insert("limit".to_owned(), json!({ "name": limit.name, "value": limit.value }));
    }
    json.to_string()
}

#[cfg(test)]
mod tests {
    use alcove_plan::failure::Code;

    use super::*;

    #[test]
    fn a_failure_names_its_limit_only_if_there_is_one() {
        let plain = failure_to_json(&Failure::new(Code::Action, "no such user"), "/actions/0");
        assert_eq!(plain, r#"{"code":"E005","path":"/actions/0","message":"no such user"}"#);
        let limit = failure_to_json(&Failure::limit("fuel", 7, "too much work"), "");
        let expected = r#"{"code":"E009","path":"","message":"too much work","limit":{"name":"fuel","value":7}}"#;
        assert_eq!(limit, expected);
    }
}
