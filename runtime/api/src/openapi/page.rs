//! The document as a page for people: everything that it says, without a script.

use std::{fmt::Write, sync::LazyLock};

use serde_json::{Map, Value};

use super::openapi;
use crate::problem::Kind;

static PAGE: LazyLock<String> = LazyLock::new(|| {
    let document: Value = serde_json::from_str(openapi()).unwrap_or_default();
    let mut page = Page(String::with_capacity(256 << 10));
    page.whole(&document);
    page.0
});

/// The page, as HTML.
pub(crate) fn page() -> &'static str {
    &PAGE
}

/// HTML that grows. Every text that is not markup goes through [`Page::text`].
struct Page(String);

impl Page {
    fn markup(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
    }

    /// `<tag>text</tag>`.
    fn element(&mut self, tag: &str, text: &str) {
        self.markup(&format!("<{tag}>"));
        self.text(text);
        let name = tag.split(' ').next().unwrap_or(tag);
        self.markup(&format!("</{name}>\n"));
    }

    fn whole(&mut self, document: &Value) {
        self.markup(
            "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Alcove: HTTP API</title>\n\
             <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"stylesheet\" href=\"/docs/style.css\">\
             </head>\n<body>\n",
        );
        self.element("h1", "Alcove: HTTP API");
        self.element("p", string(document, "/info/description"));
        self.markup("<p>For programs: <a href=\"/openapi.json\">openapi.json</a>.</p>\n");
        for tag in array(document, "/tags") {
            let name = string(tag, "/name");
            self.element("h2", name);
            self.element("p class=\"quiet\"", string(tag, "/description"));
            self.operations(document, name);
        }
        self.element("h2", "Problems");
        self.problems();
        self.element("h2", "Schemas");
        for (name, schema) in members(document, "/components/schemas") {
            self.schema(name, schema);
        }
        self.markup("</body>\n</html>\n");
    }

    fn operations(&mut self, document: &Value, tag: &str) {
        for (path, item) in members(document, "/paths") {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if string(operation, "/tags/0") == tag {
                    self.operation(method, path, operation);
                }
            }
        }
    }

    fn operation(&mut self, method: &str, path: &str, operation: &Value) {
        self.markup("<details><summary><code><span class=\"method\">");
        self.text(&method.to_ascii_uppercase());
        self.markup("</span>");
        self.text(path);
        self.markup("</code> ");
        self.text(string(operation, "/summary"));
        self.markup("</summary>\n");
        self.element("p", string(operation, "/description"));
        let parameters = array(operation, "/parameters");
        if !parameters.is_empty() {
            self.markup("<table><tr><th>parameter</th><th>in</th><th></th><th>schema</th></tr>\n");
            for parameter in parameters {
                let schema = parameter.get("schema").unwrap_or(&Value::Null).to_string();
                let part = |pointer: &str| string(parameter, pointer);
                self.row(&[part("/name"), part("/in"), part("/description"), &schema]);
            }
            self.markup("</table>\n");
        }
        self.markup("<table><tr><th></th><th>type</th><th>schema</th><th></th></tr>\n");
        self.contents("body", operation.get("requestBody"));
        for (status, response) in members(operation, "/responses") {
            self.contents(status, Some(response));
        }
        self.markup("</table></details>\n");
    }

    /// The rows of a body or of a response: one for each type.
    fn contents(&mut self, what: &str, holder: Option<&Value>) {
        let Some(holder) = holder else { return };
        let about = string(holder, "/description");
        let mut contents = members(holder, "/content").peekable();
        if contents.peek().is_none() {
            self.row(&[what, "", "", about]);
        }
        for (media_type, content) in contents {
            self.row(&[what, media_type, &name(content.get("schema")), about]);
        }
    }

    fn row(&mut self, cells: &[&str]) {
        self.markup("<tr>");
        for cell in cells {
            self.element("td", cell);
        }
        self.markup("</tr>\n");
    }

    fn problems(&mut self) {
        self.markup("<table><tr><th>code</th><th>status</th><th></th></tr>\n");
        for kind in Kind::ALL {
            let _ = write!(self.0, "<tr id=\"problem-{}\">", kind.code);
            for cell in [kind.code, kind.status.as_str(), kind.about] {
                self.element("td", cell);
            }
            self.markup("</tr>\n");
        }
        self.markup("</table>\n");
    }

    fn schema(&mut self, name: &str, schema: &Value) {
        self.markup("<details><summary><code>");
        self.text(name);
        self.markup("</code> ");
        self.text(string(schema, "/description"));
        self.markup("</summary>\n");
        self.element("pre", &serde_json::to_string_pretty(schema).unwrap_or_default());
        self.markup("</details>\n");
    }
}

/// What a schema is called where it is used: the name of what it refers to, or the schema itself.
fn name(schema: Option<&Value>) -> String {
    let Some(schema) = schema else { return String::new() };
    let reference = ["/$ref", "/allOf/0/$ref"].iter().find_map(|pointer| schema.pointer(pointer)?.as_str());
    match reference {
        Some(reference) => reference.rsplit('/').next().unwrap_or(reference).to_owned(),
        None => schema.to_string(),
    }
}

fn string<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn array<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn members<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = (&'v String, &'v Value)> + use<'v> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

#[cfg(test)]
mod tests {
    use super::{Page, page};
    use crate::{problem::Kind, routes::OPERATIONS};

    #[test]
    fn the_page_shows_every_operation_and_every_problem_and_runs_nothing() {
        let page = page();
        assert!(OPERATIONS.iter().all(|operation| page.contains(operation.path)));
        assert!(Kind::ALL.iter().all(|kind| page.contains(&format!("id=\"problem-{}\"", kind.code))));
        for part in ["<script", "<style", " style=", " src=", "href=\"http"] {
            assert!(!page.contains(part), "{part}");
        }
    }

    #[test]
    fn text_is_never_markup() {
        let mut page = Page(String::new());
        page.element("p", "<b title=\"'&'\">");
        assert_eq!(page.0, "<p>&lt;b title=&quot;&#39;&amp;&#39;&quot;&gt;</p>\n");
    }
}
