//! What differs between two keys, in words.

use serde_json::{Map, Value};

/// Most differences that are named.
const NAMED: usize = 3;
/// Most characters of a value that are shown.
const SHOWN: usize = 60;

/// What differs between the key of a journal and that of the work now: `` `a.b` is 1 in the journal, 2 now ``; `None`
/// if nothing does.
pub(super) fn text(journal: &Value, now: &Value) -> Option<String> {
    let mut found = Vec::new();
    compare("", journal, now, &mut found);
    let more = found.len().saturating_sub(NAMED);
    found.truncate(NAMED);
    let named = found.join("; ");
    match (found.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(named),
        (false, more) => Some(format!("{named}; and {more} more")),
    }
}

fn compare(path: &str, journal: &Value, now: &Value, found: &mut Vec<String>) {
    match (journal, now) {
        (Value::Object(a), Value::Object(b)) => {
            for name in names(a, b) {
                let value = |map: &Map<String, Value>| map.get(name).cloned().unwrap_or_default();
                compare(&below(path, name), &value(a), &value(b), found);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                compare(&below(path, &at.to_string()), a, b, found);
            }
        }
        _ if journal == now => {}
        _ => found.push(format!("`{path}` is {} in the journal, {} now", shown(journal), shown(now))),
    }
}

/// The names of both, those of `now` first.
fn names<'a>(
    journal: &'a Map<String, Value>,
    now: &'a Map<String, Value>,
) -> impl Iterator<Item = &'a String> {
    now.keys().chain(journal.keys().filter(|name| !now.contains_key(*name)))
}

/// `a.b`; the key's own name goes without saying.
fn below(path: &str, name: &str) -> String {
    if path.is_empty() || path == "key" { name.to_owned() } else { format!("{path}.{name}") }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "not set".into(),
        value => value.to_string(),
    };
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn differences_are_named_by_their_place() {
        let said = |a, b| text(&a, &b).unwrap_or_default();
        assert_eq!(said(json!({ "a": [1, { "b": 2 }] }), json!({ "a": [1, { "b": 2 }] })), "");
        assert_eq!(
            said(json!({ "key": { "a": [1, { "b": 2 }] } }), json!({ "key": { "a": [1, { "b": 3 }] } })),
            "`a.1.b` is 2 in the journal, 3 now"
        );
        assert_eq!(said(json!({ "gone": "x" }), json!({})), "`gone` is \"x\" in the journal, not set now");
        assert_eq!(said(json!({ "a": [1] }), json!({ "a": [1, 2] })), "`a` is [1] in the journal, [1,2] now");
        let many = said(json!([1, 2, 3, 4, 5]), json!([0, 0, 0, 0, 0]));
        assert!(many.starts_with("`0` is 1") && many.ends_with("; and 2 more"), "{many}");
        assert!(said(json!("x".repeat(99)), json!(1)).contains("xx.. in the journal"));
    }
}
