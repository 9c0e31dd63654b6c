//! A user's own behavioural block: its ports, its bodies, and the rules that tie them.

use super::names::{self, is_word, words};
use crate::ctxt::Ctxt;
use crate::keys::Keys;
use memloom_library::{list, nearest};
use proc_macro2::Ident;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{ExprPath, LitStr, Token};

/// A block by its bodies.
pub(crate) struct Own {
    pub(crate) inputs: Vec<String>,
    pub(crate) verilog_a: Option<LitStr>,
    pub(crate) spice: Option<LitStr>,
    pub(crate) native: Option<ExprPath>,
}

/// `[inp]` or `[a, b]`.
struct Inputs(Vec<Ident>);

impl Parse for Inputs {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let names;
        syn::bracketed!(names in input);
        Ok(Self(Punctuated::<Ident, Token![,]>::parse_terminated(&names)?.into_iter().collect()))
    }
}

impl Own {
    /// Reads the keys of a user's own; reports what is wrong with them.
    pub(crate) fn parse(keys: &Keys<'_>) -> Option<Self> {
        let names: Option<Inputs> = keys.parsed("inputs", "a list of ports; write `inputs = [inp]`");
        let body = "a body; write it in quotes, `spice = \"Eout out 0 inp 0 1\"`, `verilog_a = \"V(out) <+ V(inp);\"`";
        let own = Self {
            inputs: inputs(keys, names)?,
            verilog_a: keys.parsed("verilog_a", body),
            spice: keys.parsed("spice", body),
            native: keys.parsed(
                "native",
                "a function's name; write a `fn f(x: f64) -> f64` and name it, `native = f`",
            ),
        };
        if let Some(span) = keys.span("native").or(keys.span("inputs"))
            && !keys.has("spice")
            && !keys.has("verilog_a")
            && !keys.has("subcircuit")
        {
            let message = "an activation of your own has no circuit; write `spice = \"..\"`, `verilog_a = \"..\"` or `subcircuit = Cell`";
            keys.cx.error(span, message);
        }
        own.check(keys.cx);
        Some(own)
    }

    fn check(&self, cx: &Ctxt) {
        if let Some(body) = &self.verilog_a {
            is_a_body(cx, body, "verilog_a", &["module", "endmodule", "analog", "`include"]);
            ports_occur(cx, body, &self.inputs);
            probes_are_ports(cx, body, &self.inputs);
            names::verilog_a(cx, body, &self.inputs);
        }
        if let Some(body) = &self.spice {
            is_a_body(cx, body, "spice", &[".subckt", ".ends", ".end", ".include"]);
            ports_occur(cx, body, &self.inputs);
            names::spice(cx, body);
        }
    }
}

/// One input or two, each a name that is not taken.
fn inputs(keys: &Keys<'_>, names: Option<Inputs>) -> Option<Vec<String>> {
    let Some(Inputs(names)) = names else {
        return (!keys.has("inputs")).then(|| vec!["inp".into()]);
    };
    if names.is_empty() || names.len() > 2 {
        let message = format!("`inputs` has {} ports; an activation has one input or two", names.len());
        keys.cx.error(keys.span("inputs")?, message);
        return None;
    }
    let mut seen: Vec<String> = vec!["out".into(), "v_ref".into(), "unit_in".into(), "unit_out".into()];
    for name in names {
        if seen.contains(&name.to_string()) {
            keys.cx
                .error(name.span(), format!("`{name}` is taken; give the input another name, such as `inp`"));
        }
        seen.push(name.to_string());
    }
    Some(seen.split_off(4))
}

/// A body is what stands inside a model: its head, with ports and parameters, and its tail are written around it.
fn is_a_body(cx: &Ctxt, body: &LitStr, key: &str, heads: &[&str]) {
    let text = body.value();
    let word = text.split_whitespace().find(|word| heads.iter().any(|head| word.eq_ignore_ascii_case(head)));
    if let Some(word) = word {
        let message = format!(
            "`{word}` is written around the body; in `{key}` write only what stands between head and tail"
        );
        cx.error(body.span(), message);
    }
}

/// A body reads every input and drives `out`.
fn ports_occur(cx: &Ctxt, body: &LitStr, inputs: &[String]) {
    let text = body.value();
    let words: Vec<&str> = words(&text).collect();
    for port in inputs.iter().map(String::as_str).chain(["out"]) {
        // SPICE folds case.
        if !words.iter().any(|word| word.eq_ignore_ascii_case(port)) {
            let what = if port == "out" { "drives" } else { "reads" };
            let names = list(inputs.iter().map(String::as_str).chain(["out", "v_ref"]));
            cx.error(body.span(), format!("nothing {what} the port `{port}`; the ports are {names}"));
        }
    }
}

/// Verilog-A reads and drives ports: a body has no nodes of its own.
fn probes_are_ports(cx: &Ctxt, body: &LitStr, inputs: &[String]) {
    let text = body.value();
    let known = || inputs.iter().map(String::as_str).chain(["out", "v_ref"]);
    for access in ["V(", "I("] {
        for (at, _) in text.match_indices(access) {
            let starts = text[..at].chars().next_back().is_none_or(|c| !is_word(c));
            let Some(end) = text[at..].find(')').filter(|_| starts) else { continue };
            for node in text[at + 2..at + end].split(',').map(str::trim).filter(|n| !known().any(|k| k == *n))
            {
                let hint = match nearest(node, known()) {
                    Some(right) => format!("did you mean `{right}`?"),
                    None => format!("the ports are {}", list(known())),
                };
                cx.error(body.span(), format!("the block has no port `{node}`; {hint}"));
            }
        }
    }
}
