//! The text before the numbers.

use super::{Cursor, RawError};
use std::io::BufRead;

/// How the numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Binary,
    Ascii,
}

/// A variable's line.
#[derive(Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) kind: String,
    /// Values of an unpadded variable, where the header gives a number other than that of the points.
    pub(super) length: Option<usize>,
}

/// All that the header says.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) title: String,
    pub(super) name: String,
    pub(super) complex: bool,
    pub(super) padded: bool,
    pub(super) points: usize,
    pub(super) variables: Vec<Variable>,
    pub(super) form: Form,
}

/// Reads from `Title:` to the line before the numbers.
pub(super) fn read<R: BufRead>(at: &mut Cursor<R>) -> Result<Header, RawError> {
    let (mut title, mut name) = (String::new(), String::new());
    let (mut flags, mut count, mut points, mut variables) = (None, None, None, None);
    loop {
        let start = at.at;
        let fail = |what: String| RawError::Syntax { at: start, what };
        let line = at.line()?.ok_or_else(|| fail("the header ends before `Binary:` or `Values:`".into()))?;
        let Some((key, value)) = line.split_once(':') else {
            return Err(fail(format!("`{}` is no header line; expected `key: value`", shown(&line))));
        };
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "title" => title = value.into(),
            "plotname" => name = value.into(),
            // These tell how the file came to be, not what is in it. VACASK and ngspice give a sweep's shape as
            // dimensions; its points are in the file one after the other all the same.
            "date" | "command" | "option" | "dimensions" => {}
            "flags" => flags = Some(read_flags(value).map_err(fail)?),
            "no. variables" => count = Some(read_count(value).map_err(fail)?),
            "no. points" => points = Some(read_count(value).map_err(fail)?),
            "variables" => {
                let count = count.ok_or_else(|| fail("`Variables:` before `No. Variables:`".into()))?;
                variables = Some(read_variables(at, value, count)?);
            }
            form @ ("binary" | "values") => {
                let missing = |key: &str| fail(format!("the header has no `{key}:` line"));
                let (complex, padded) = flags.ok_or_else(|| missing("Flags"))?;
                let points = points.ok_or_else(|| missing("No. Points"))?;
                let variables = variables.ok_or_else(|| missing("Variables"))?;
                let form = if form == "binary" { Form::Binary } else { Form::Ascii };
                return Ok(Header { title, name, complex, padded, points, variables, form });
            }
            _ => return Err(fail(format!("unknown header key `{}`", shown(key)))),
        }
    }
}

/// Whether the data are complex, and whether they are padded.
fn read_flags(text: &str) -> Result<(bool, bool), String> {
    let (mut complex, mut padded) = (None, true);
    for flag in text.split_whitespace() {
        match flag {
            "real" => complex = Some(false),
            "complex" => complex = Some(true),
            "padded" => padded = true,
            "unpadded" => padded = false,
            _ => {
                return Err(format!(
                    "unknown flag `{}`; expected `real`, `complex`, `padded` or `unpadded`",
                    shown(flag)
                ));
            }
        }
    }
    let complex = complex.ok_or("the flags say neither `real` nor `complex`")?;
    Ok((complex, padded))
}

fn read_count(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("`{}` is no count", shown(text)))
}

/// Reads `count` lines `index name kind [key=value ..]`; old writers put the first on the `Variables:` line.
fn read_variables<R: BufRead>(
    at: &mut Cursor<R>,
    first: &str,
    count: usize,
) -> Result<Vec<Variable>, RawError> {
    let mut variables = Vec::new();
    for index in 0..count {
        let start = at.at;
        let fail = |what: String| RawError::Syntax { at: start, what };
        let line = match index {
            0 if !first.is_empty() => first.into(),
            _ => {
                at.line()?.ok_or_else(|| fail(format!("{index} of {count} variables, then the file ends")))?
            }
        };
        variables.push(read_variable(&line, index).map_err(fail)?);
    }
    Ok(variables)
}

fn read_variable(line: &str, index: usize) -> Result<Variable, String> {
    let mut words = line.split_whitespace();
    let (Some(number), Some(name), Some(kind)) = (words.next(), words.next(), words.next()) else {
        return Err(format!("`{}` is no variable; expected `{index} name type`", shown(line)));
    };
    if number.parse() != Ok(index) {
        return Err(format!("variable `{}` where variable {index} was expected", shown(number)));
    }
    let mut length = None;
    for attribute in words {
        match attribute.split_once('=') {
            Some(("dims", dims)) => length = Some(read_length(dims)?),
            Some(_) => {}
            None => {
                return Err(format!("`{}` follows the type of variable `{}`", shown(attribute), shown(name)));
            }
        }
    }
    Ok(Variable { name: name.into(), kind: kind.into(), length })
}

/// Values in a vector of dimensions `dims`: `5`, or `3,4` for 12.
fn read_length(dims: &str) -> Result<usize, String> {
    dims.split(',').try_fold(1_usize, |product, dim| {
        read_count(dim)?
            .checked_mul(product)
            .ok_or_else(|| format!("dimensions `{}` are too large", shown(dims)))
    })
}

/// The start of `text`, fit to quote.
fn shown(text: &str) -> String {
    text.chars().take(40).flat_map(char::escape_default).collect()
}
