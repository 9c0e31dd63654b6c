//! What VACASK and Spectre share: `name (nodes) master parameters`.

use super::Head;
use crate::error::Error;
use crate::number::Number;
use crate::text::{IncludePath, Lines, Name, Text, Wrap};
use memloom_ir::{Library, Value};

/// What starts a comment.
pub(super) const COMMENT: &str = "// ";
/// A backslash at its end continues a line.
pub(super) const WRAP: Wrap = Wrap { limit: 120, join: " \\\n  " };

/// Inclusion of other files.
pub(super) fn includes(paths: &[String]) -> Result<Lines, Error> {
    let mut lines = Lines::default();
    for path in paths {
        lines.line(("include \"", IncludePath::new(path)?, "\""));
    }
    Ok(lines)
}

/// Inclusion of a file of a user's, or of a section of it.
pub(super) fn library(library: &Library) -> Result<Lines, Error> {
    let path = IncludePath::new(&library.path)?;
    let mut lines = Lines::default();
    match &library.section {
        Some(section) => lines.line(("include \"", path, "\" section=", Name::new(section)?)),
        None => lines.line(("include \"", path, "\"")),
    }
    Ok(lines)
}

/// An instance that passes parameters of its subcircuit on.
pub(super) fn wrapped(
    text: &mut Text<'_>,
    name: &str,
    pins: &[&str],
    master: &str,
    params: &[&str],
) -> Result<(), Error> {
    text.word(Name::new(name)?)?;
    nodes(text, pins)?;
    text.word(Name::new(master)?)?;
    for param in params {
        let param = Name::new(param)?;
        text.word((param, "=", param))?;
    }
    Ok(text.end()?)
}

/// `subckt`, the comment above it and the parameters below.
pub(super) fn begin(text: &mut Text<'_>, head: &Head<'_>) -> Result<(), Error> {
    text.comment(COMMENT, head.doc)?;
    text.word("subckt")?;
    text.word(Name::new(head.name)?)?;
    nodes(text, head.pins)?;
    text.end()?;
    if head.params.is_empty() { Ok(()) } else { parameters(text, head.params) }
}

/// Parameters of a subcircuit, or of the whole netlist.
pub(super) fn parameters(text: &mut Text<'_>, pairs: &[(&str, f64)]) -> Result<(), Error> {
    text.word("parameters")?;
    text.pairs(pairs)?;
    Ok(text.end()?)
}

/// An instance.
pub(super) fn call(
    text: &mut Text<'_>,
    name: &str,
    pins: &[&str],
    master: &str,
    args: &[(&str, f64)],
) -> Result<(), Error> {
    text.word(Name::new(name)?)?;
    nodes(text, pins)?;
    text.word(Name::new(master)?)?;
    text.pairs(args)?;
    Ok(text.end()?)
}

/// An instance with one parameter: `value_of` is its master and the parameter, `resistor r=`.
pub(super) fn passive(
    text: &mut Text<'_>,
    name: &str,
    pins: &[&str],
    value_of: &'static str,
    value: &Value,
) -> Result<(), Error> {
    text.word(Name::new(name)?)?;
    nodes(text, pins)?;
    match value {
        Value::Number(x) => text.word((value_of, Number(*x)))?,
        Value::Param(param) => text.word((value_of, Name::new(param)?))?,
    }
    Ok(text.end()?)
}

/// A voltage-controlled source against ground: `master` is one of gain 1.
pub(super) fn buffer(
    text: &mut Text<'_>,
    name: &str,
    input: &str,
    output: &str,
    master: &'static str,
) -> Result<(), Error> {
    let [name, input, output] = [Name::new(name)?, Name::new(input)?, Name::new(output)?];
    text.word((name, " (", output, " 0 ", input, " 0) ", master))?;
    Ok(text.end()?)
}

/// Nodes in parentheses.
pub(super) fn nodes(text: &mut Text<'_>, nodes: &[&str]) -> Result<(), Error> {
    match nodes {
        [] => text.word("()")?,
        [only] => text.word(("(", Name::new(only)?, ")"))?,
        [first, inner @ .., last] => {
            text.word(("(", Name::new(first)?))?;
            text.names(inner)?;
            text.word((Name::new(last)?, ")"))?;
        }
    }
    Ok(())
}
