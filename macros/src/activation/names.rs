//! Misspelled parameters in a user's own body: a word near a parameter's name that nothing in the body declares.
//!
//! A body is text in a language of its own, so only what is sure is reported: another word may be that language's.

use crate::ctxt::Ctxt;
use memloom_library::nearest;
use syn::LitStr;

/// Parameters of every activation of a user's own.
const PARAMS: [&str; 4] = ["unit_in", "unit_out", "low", "high"];

/// In SPICE a parameter stands between braces, `{unit_in}`, or in an expression between quotes. Case is folded.
pub(super) fn spice(cx: &Ctxt, body: &LitStr) {
    let text = body.value().to_lowercase();
    let declared = |name: &str| {
        let lines = text.lines().filter(|line| line.trim_start().starts_with(".param"));
        lines.flat_map(words).any(|word| word == name)
    };
    let braces = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    for name in braces.flat_map(|(inside, _)| free(inside)).filter(|name| !declared(name)) {
        report(cx, body, name, &[]);
    }
}

/// In Verilog-A a parameter stands anywhere in an expression.
pub(super) fn verilog_a(cx: &Ctxt, body: &LitStr, inputs: &[String]) {
    let text = without_comments(&body.value());
    let declares = ["real", "integer", "genvar", "parameter", "localparam", "branch", "electrical"];
    let is_declaration = |statement: &&str| words(statement).any(|word| declares.contains(&word));
    let declared: Vec<&str> = text.split(';').filter(is_declaration).flat_map(words).collect();
    let mut ports: Vec<&str> = inputs.iter().map(String::as_str).collect();
    ports.extend(["out", "v_ref"]);
    for name in free(&text).filter(|name| !declared.contains(name)) {
        report(cx, body, name, &ports);
    }
}

fn report(cx: &Ctxt, body: &LitStr, name: &str, ports: &[&str]) {
    if PARAMS.contains(&name) || ports.contains(&name) {
        return;
    }
    if let Some(right) = nearest(name, PARAMS) {
        cx.error(body.span(), format!("the block has no parameter `{name}`; did you mean `{right}`?"));
    }
}

/// Words that stand for a value: no number, no function, no system task.
fn free(text: &str) -> impl Iterator<Item = &str> {
    let start = text.as_ptr() as usize;
    words(text).filter(move |word| {
        let at = word.as_ptr() as usize - start;
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].trim_start().chars().next();
        !word.starts_with(|c: char| c.is_ascii_digit())
            && after != Some('(')
            && !matches!(before, Some('$' | '`' | '.'))
    })
}

/// The text up to `//` in each line, without what stands in quotes or between `/*` and `*/`.
fn without_comments(text: &str) -> String {
    let mut rest: String =
        text.lines().flat_map(|line| [line.split("//").next().unwrap_or(line), "\n"]).collect();
    for (open, close) in [("/*", "*/"), ("\"", "\"")] {
        while let Some((head, tail)) = rest.split_once(open) {
            rest = format!("{head} {}", tail.split_once(close).map_or("", |(_, after)| after));
        }
    }
    rest
}

/// The words of a body.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_word(c)).filter(|word| !word.is_empty())
}

/// Whether a name may have this character.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::Span;

    fn said(check: impl Fn(&Ctxt, &LitStr), body: &str) -> String {
        let cx = Ctxt::default();
        check(&cx, &LitStr::new(body, Span::call_site()));
        cx.into_compile_errors().to_string()
    }

    #[test]
    fn misspelled_parameters_of_a_spice_body() {
        assert!(said(spice, "Bout out 0 V={unitin}*v(inp)").contains("did you mean `unit_in`?"));
        assert!(said(spice, "Bout out 0 V={2*Unit_oyt}").contains("did you mean `unit_out`?"));
        for good in [
            "V={UNIT_IN}*v(inp)",
            "V={1.5*min(high, 2)}",
            ".param lo=1\nV={lo}",
            "V={pi*e}",
            "Rlow out 0 {gain}",
        ] {
            assert_eq!(said(spice, good), "", "{good}");
        }
    }

    #[test]
    fn misspelled_parameters_of_a_verilog_a_body() {
        let check = |cx: &Ctxt, body: &LitStr| verilog_a(cx, body, &["inp".into()]);
        assert!(said(check, "V(out) <+ unit_im * V(inp);").contains("did you mean `unit_in`?"));
        for good in [
            "V(out) <+ unit_in * V(inp) + log(3) + $pow(2);",
            "real lows; lows = 3; V(out) <+ lows;",
            "V(out) <+ 1; // lows and unit_on\n",
            "/* unit_im */ V(out) <+ pow(low, high);",
            "$strobe(\"unit_im\");",
        ] {
            assert_eq!(said(check, good), "", "{good}");
        }
    }
}
