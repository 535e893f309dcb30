//! OpenAI's Chat Completions API (<https://platform.openai.com/docs/api-reference/chat>).

use serde_json::{Value, json};

use crate::ai::{Completion, Prompt};

pub(super) const PATH: &str = "/v1/chat/completions";

pub(super) fn request(model: &str, prompt: &Prompt) -> Value {
    json!({
        "model": model,
        "max_completion_tokens": prompt.tokens_max,
        "messages": [
            { "role": "system", "content": prompt.system },
            { "role": "user", "content": prompt.user },
        ],
    })
}

pub(super) fn completion(body: &Value) -> Result<Completion, &'static str> {
    let choice = body.pointer("/choices/0").ok_or("`choices` is empty")?;
    if choice.get("finish_reason").and_then(Value::as_str) == Some("length") {
        return Err("the answer was cut at its token limit");
    }
    let text = choice.pointer("/message/content").and_then(Value::as_str).ok_or("the message has no `content`")?;
    let usage = |name: &str| body.pointer(&format!("/usage/{name}")).and_then(Value::as_u64).unwrap_or(0);
    Ok(Completion { text: text.to_owned(), tokens_in: usage("prompt_tokens"), tokens_out: usage("completion_tokens") })
}

pub(super) fn read_request(body: &Value) -> Result<Prompt, &'static str> {
    let tokens = body.get("max_completion_tokens").and_then(Value::as_u64).unwrap_or(u64::from(u32::MAX));
    let messages = body.get("messages").and_then(Value::as_array).map(Vec::as_slice);
    let (Some([system, user]), Ok(tokens_max)) = (messages, u32::try_from(tokens)) else {
        return Err("`messages` must hold a system and a user message");
    };
    let content = |message: &Value, role: &str| {
        let right = message.get("role").and_then(Value::as_str) == Some(role);
        right.then(|| message.get("content").and_then(Value::as_str).map(str::to_owned)).flatten()
    };
    Ok(Prompt {
        system: content(system, "system").ok_or("the first message must be the system's text")?,
        user: content(user, "user").ok_or("the second message must be the user's text")?,
        tokens_max,
    })
}

pub(super) fn answer(model: &Value, completion: &Completion) -> Value {
    json!({
        "id": "chatcmpl-cassette",
        "object": "chat.completion",
        "created": 0,
        "model": model,
        "choices": [{
            "index": 0,
            "message": { "role": "assistant", "content": completion.text },
            "finish_reason": "stop",
        }],
        "usage": {
            "prompt_tokens": completion.tokens_in,
            "completion_tokens": completion.tokens_out,
            "total_tokens": completion.tokens_in + completion.tokens_out,
        },
    })
}
