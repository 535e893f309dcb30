//! Anthropic's Messages API, version 2023-06-01 (<https://docs.anthropic.com/en/api/messages>).

use serde_json::{Value, json};

use crate::ai::{Completion, Prompt};

pub(super) const PATH: &str = "/v1/messages";
pub(super) const VERSION_HEADER: (&str, &str) = ("anthropic-version", "2023-06-01");

pub(super) fn request(model: &str, prompt: &Prompt) -> Value {
    json!({
        "model": model,
        "max_tokens": prompt.tokens_max,
        "system": prompt.system,
        "messages": [{ "role": "user", "content": prompt.user }],
    })
}

pub(super) fn completion(body: &Value) -> Result<Completion, &'static str> {
    let blocks = body.get("content").and_then(Value::as_array).ok_or("`content` is not a list")?;
    let is_text = |block: &&Value| block.get("type").and_then(Value::as_str) == Some("text");
    let texts: Option<Vec<&str>> =
        blocks.iter().filter(is_text).map(|block| block.get("text").and_then(Value::as_str)).collect();
    if body.get("stop_reason").and_then(Value::as_str) == Some("max_tokens") {
        return Err("the answer was cut at its token limit");
    }
    let usage = |name: &str| body.pointer(&format!("/usage/{name}")).and_then(Value::as_u64).unwrap_or(0);
    Ok(Completion {
        text: texts.ok_or("a text block has no `text`")?.concat(),
        tokens_in: usage("input_tokens"),
        tokens_out: usage("output_tokens"),
    })
}

pub(super) fn read_request(body: &Value) -> Result<Prompt, &'static str> {
    let tokens = body.get("max_tokens").and_then(Value::as_u64).ok_or("`max_tokens` is required")?;
    let user = match body.get("messages").and_then(Value::as_array).map(Vec::as_slice) {
        Some([message]) if message.get("role").and_then(Value::as_str) == Some("user") => message.get("content"),
        _ => return Err("`messages` must hold one message of the user"),
    };
    Ok(Prompt {
        system: body.get("system").and_then(Value::as_str).unwrap_or_default().to_owned(),
        user: user.and_then(Value::as_str).ok_or("`content` must be text")?.to_owned(),
        tokens_max: u32::try_from(tokens).map_err(|_| "`max_tokens` is too large")?,
    })
}

pub(super) fn answer(model: &Value, completion: &Completion) -> Value {
    json!({
        "id": "msg_cassette",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{ "type": "text", "text": completion.text }],
        "stop_reason": "end_turn",
        "stop_sequence": null,
        "usage": { "input_tokens": completion.tokens_in, "output_tokens": completion.tokens_out },
    })
}
