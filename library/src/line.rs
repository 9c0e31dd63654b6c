//! Statements and their words.

/// A word of a statement: what stands between spaces outside quotes, braces and parentheses, or a lone `=`.
pub(crate) fn words(statement: &str) -> Vec<&str> {
    let (mut words, mut start, mut nested, mut quote) = (Vec::new(), None::<usize>, 0u32, None::<char>);
    for (at, c) in statement.char_indices() {
        let inside = quote.is_some() || nested > 0;
        match c {
            _ if quote == Some(c) => quote = None,
            '\'' | '"' if quote.is_none() => {
                quote = Some(c);
                start.get_or_insert(at);
            }
            '{' if quote.is_none() => {
                nested += 1;
                start.get_or_insert(at);
            }
            '}' if quote.is_none() => nested = nested.saturating_sub(1),
            ' ' | '\t' | ',' | '(' | ')' | '=' if !inside => {
                words.extend(start.take().map(|from| &statement[from..at]));
                if c == '=' {
                    words.push("=");
                }
            }
            _ => {
                start.get_or_insert(at);
            }
        }
    }
    words.extend(start.map(|from| &statement[from..]));
    words
}

/// Names before the first `name = value`, and the names of such pairs.
pub(crate) fn pins_and_params(words: &[&str]) -> (Vec<String>, Vec<String>) {
    let is_params =
        |word: &str| word.eq_ignore_ascii_case("params:") || word.eq_ignore_ascii_case("parameters");
    let first = words.iter().position(|word| *word == "=").map_or(words.len(), |at| at.saturating_sub(1));
    let pins = words[..first].iter().filter(|word| !is_params(word)).map(ToString::to_string).collect();
    let named = words.windows(2).filter(|pair| pair[1] == "=" && pair[0] != "=");
    (pins, named.map(|pair| pair[0].to_string()).collect())
}

/// A path or name without its quotes.
pub(crate) fn unquoted(word: &str) -> String {
    word.trim_matches(['"', '\'']).to_string()
}
