//! What is said: text for people, JSON for programs. The one place through which anything reaches a terminal.

use crate::Result;
use crate::account::Accounts;
use memloom_codegen::{visible_json, visible_lines};
use serde::Serialize;
use std::io::Write;

/// Prints to standard output, control characters as `\u{..}`; a reader that went away is no error of ours.
///
/// Lines and tabs are the caller's layout: a name of a stranger's that stands in it goes through
/// [`memloom_codegen::visible`], so that it is no line of its own.
pub(crate) fn print(text: &str) -> Result<()> {
    put(&visible_lines(text))
}

/// Says something on standard error, as [`print()`] does. Its further lines are indented: a name of a stranger's that
/// holds a line end makes no line that looks like one of memloom's.
pub(crate) fn say(what: &str) {
    say_lines(&what.replace('\n', "\n  "));
}

/// Says lines on standard error whose layout is wanted.
pub(crate) fn say_lines(lines: &str) {
    // Nobody is left to be told that standard error is closed.
    let _ = writeln!(std::io::stderr(), "{}", visible_lines(lines));
}

/// Prints `value` as JSON for people to read too.
pub(crate) fn print_json(value: &impl Serialize) -> Result<()> {
    put(&json(value)?)
}

/// Prints `value` as JSON on one line.
pub(crate) fn print_json_line(value: &impl Serialize) -> Result<()> {
    put(&(visible_json(&serde_json::to_string(value)?).into_owned() + "\n"))
}

/// `value` as JSON of a file, control characters as `\uXXXX`.
pub(crate) fn json(value: &impl Serialize) -> Result<String> {
    Ok(visible_json(&serde_json::to_string_pretty(value)?).into_owned() + "\n")
}

fn put(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("standard output: {e}").into()),
        _ => Ok(()),
    }
}

/// A number with its thousands apart: `1,624,450`.
pub(crate) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The layers and what they are made of.
pub(crate) fn layers(accounts: &Accounts) -> String {
    let mut text = format!(
        "{:<14} {:<13} {:>10} {:>10} {:>6} {:>6} {:>11} {:>8}\n",
        "layer", "kind", "in", "out", "ticks", "tiles", "memristors", "op-amps"
    );
    for layer in &accounts.layers {
        text += &format!(
            "{:<14} {:<13} {:>10} {:>10} {:>6} {:>6} {:>11} {:>8}\n",
            layer.name,
            layer.kind,
            layer.input,
            layer.output,
            layer.ticks,
            layer.parts.crossbars,
            thousands(layer.parts.memristors),
            thousands(layer.parts.op_amps)
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_are_apart() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (1_624_450, "1,624,450")];
        cases.iter().for_each(|(n, text)| assert_eq!(thousands(*n), *text));
    }
}
