//! Text for people.

use crate::Result;
use crate::account::Accounts;
use std::io::Write;

/// Prints to standard output; a reader that went away is no error of ours.
pub(crate) fn print(text: &str) -> Result<()> {
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
