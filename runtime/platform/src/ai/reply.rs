//! The check of what a model says: it is outside text until it has passed here.

use alcove_plan::{limits::STRING_BYTES_MAX, value::Value};
use rust_decimal::Decimal;
use serde_json::Value as Json;

/// The longest free label of `ai_analyze`, in characters.
const LABEL_CHARS_MAX: usize = 64;

/// `{text, score, classification}` of `ai_analyze`. The error continues the sentence "the model's answer …".
pub(super) fn analysis(reply: &str) -> Result<Vec<Value>, String> {
    let object = object(reply)?;
    let label = string(&object, "classification")?;
    if label.is_empty() || label.chars().count() > LABEL_CHARS_MAX {
        return Err(format!("has a `classification` that is empty or longer than {LABEL_CHARS_MAX} characters"));
    }
    Ok(vec![bounded(string(&object, "text")?)?, score(&object)?, Value::from(label)])
}

/// `{classification, score}` of `ai_classify`.
pub(super) fn classification(reply: &str, labels: &[String]) -> Result<Vec<Value>, String> {
    let object = object(reply)?;
    let label = string(&object, "classification")?;
    if !labels.contains(&label) {
        return Err(format!("has the label `{}`, which is not in the list", shortened(&label)));
    }
    Ok(vec![Value::from(label), score(&object)?])
}

/// `{text}` of `ai_generate`.
pub(super) fn text(reply: &str) -> Result<Vec<Value>, String> {
    let text = reply.trim();
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    Ok(vec![bounded(text.to_owned())?])
}

/// The JSON object of a reply. Models like to wrap one in a fenced block, which is taken off.
fn object(reply: &str) -> Result<Json, String> {
    let trimmed = reply.trim();
    let inner = trimmed
        .strip_prefix("```json")
        .or_else(|| trimmed.strip_prefix("```"))
        .and_then(|rest| rest.strip_suffix("```"))
        .unwrap_or(trimmed);
    match serde_json::from_str(inner) {
        Ok(object @ Json::Object(_)) => Ok(object),
        _ => Err("is not a JSON object".to_owned()),
    }
}

fn string(object: &Json, name: &str) -> Result<String, String> {
    let text = object.get(name).and_then(Json::as_str);
    text.map(|text| text.trim().to_owned()).ok_or_else(|| format!("has no text `{name}`"))
}

fn score(object: &Json) -> Result<Value, String> {
    let number = match object.get("score") {
        Some(Json::Number(number)) => number.to_string(),
        _ => return Err("has no number `score`".to_owned()),
    };
    let decimal = number.parse::<Decimal>().or_else(|_| Decimal::from_scientific(&number));
    match decimal {
        Ok(score) if (Decimal::ZERO..=Decimal::ONE).contains(&score) => Ok(Value::Num(score.normalize())),
        _ => Err(format!("has the score {}, which is not from 0 to 1", shortened(&number))),
    }
}

fn bounded(text: String) -> Result<Value, String> {
    if text.len() > STRING_BYTES_MAX {
        return Err(format!("has {} bytes of text; at most {STRING_BYTES_MAX} are allowed", text.len()));
    }
    Ok(Value::from(text))
}

fn shortened(text: &str) -> String {
    text.chars().take(LABEL_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::{STRING_BYTES_MAX, analysis, classification, text};

    fn labels() -> Vec<String> {
        vec!["spam".to_owned(), "ok".to_owned()]
    }

    #[test]
    fn scores_from_0_to_1_are_taken_and_one_past_is_not() {
        for score in ["0", "1", "0.5", "1.0", "5e-1"] {
            let reply = format!(r#"{{"classification":"spam","score":{score}}}"#);
            assert!(classification(&reply, &labels()).is_ok(), "{score}");
        }
        for score in ["-0.01", "1.01", "1e99", "\"1\"", "null"] {
            let reply = format!(r#"{{"classification":"spam","score":{score}}}"#);
            assert!(classification(&reply, &labels()).is_err(), "{score}");
        }
    }

    #[test]
    fn a_label_outside_the_list_fails() {
        let outside = classification(r#"{"classification":"admin","score":1}"#, &labels());
        assert_eq!(outside.unwrap_err(), "has the label `admin`, which is not in the list");
    }

    #[test]
    fn a_fenced_block_is_unwrapped_and_prose_is_refused() {
        let object = r#"{"text":"fine","score":0.9,"classification":"good"}"#;
        assert!(analysis(&format!("```json\n{object}\n```")).is_ok());
        assert!(analysis(&format!("Here you are: {object}")).is_err());
        assert!(analysis("[1]").is_err());
    }

    #[test]
    fn text_may_be_as_long_as_a_string_and_no_longer() {
        assert!(text(&"x".repeat(STRING_BYTES_MAX)).is_ok());
        assert!(text(&"x".repeat(STRING_BYTES_MAX + 1)).is_err());
        assert!(text(" \n").is_err());
    }
}
