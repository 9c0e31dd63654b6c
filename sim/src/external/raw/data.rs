//! The numbers after a header.

use super::header::{Form, Header, Variable};
use super::{Cursor, Plot, RawError, Values, Vector};
use std::io::BufRead;

/// Reads the numbers that `header` announces.
pub(super) fn read<R: BufRead>(at: &mut Cursor<R>, header: Header) -> Result<Plot, RawError> {
    check_size(at, &header)?;
    let mut columns: Vec<Values> = header.variables.iter().map(|_| empty(header.complex)).collect();
    for point in 0..header.points {
        if header.form == Form::Ascii {
            read_index(at, point)?;
        }
        for (column, variable) in columns.iter_mut().zip(&header.variables) {
            let absent = !header.padded && variable.length.is_some_and(|length| point >= length);
            if !absent {
                read_value(at, header.form, column)?;
            }
        }
    }
    let vectors = header.variables.into_iter().zip(columns);
    let vectors = vectors.map(|(v, values)| Vector { name: v.name, kind: v.kind, values }).collect();
    Ok(Plot { title: header.title, name: header.name, points: header.points, vectors })
}

/// The announced data must fit in the bytes that are left, so that a wrong count cannot make the reader allocate
/// or loop without end; and in what may still be read.
fn check_size<R: BufRead>(at: &mut Cursor<R>, header: &Header) -> Result<(), RawError> {
    let values = |variable: &Variable| match variable.length {
        Some(length) if !header.padded => length.min(header.points),
        _ => header.points,
    };
    if header.variables.iter().all(|variable| values(variable) < header.points) && header.points > 0 {
        return Err(
            at.error(format!("no variable of plot `{}` has its {} points", header.name, header.points))
        );
    }
    let parts = if header.complex { 2 } else { 1 };
    let numbers: u128 = header.variables.iter().map(|variable| values(variable) as u128 * parts).sum();
    // In text a number takes a digit and a separator at least, and so does the index of a point. The last separator
    // may be missing at the end of the file.
    let (wanted, spare) = match header.form {
        Form::Binary => (numbers * 8, 0),
        Form::Ascii => ((numbers + header.points as u128) * 2, 1),
    };
    if wanted > u128::from(at.left()) + spare {
        return Err(RawError::Short { plot: header.name.clone(), wanted, given: at.left() });
    }
    match u64::try_from(numbers).ok().and_then(|numbers| at.spare.checked_sub(numbers)) {
        Some(spare) => at.spare = spare,
        None => return Err(RawError::TooLarge { plot: header.name.clone(), numbers }),
    }
    Ok(())
}

fn empty(complex: bool) -> Values {
    if complex { Values::Complex(Vec::new()) } else { Values::Real(Vec::new()) }
}

/// In text each point starts with its index.
fn read_index<R: BufRead>(at: &mut Cursor<R>, point: usize) -> Result<(), RawError> {
    let start = at.at;
    let word = at.word()?;
    if word.parse() == Ok(point) {
        return Ok(());
    }
    Err(RawError::Syntax {
        at: start,
        what: format!("`{}` where point {point} was expected", word.escape_default()),
    })
}

fn read_value<R: BufRead>(at: &mut Cursor<R>, form: Form, column: &mut Values) -> Result<(), RawError> {
    match (column, form) {
        (Values::Real(values), Form::Binary) => values.push(at.double()?),
        (Values::Complex(values), Form::Binary) => values.push([at.double()?, at.double()?]),
        (Values::Real(values), Form::Ascii) => values.push(read_text(at, |word| word.parse().ok())?),
        (Values::Complex(values), Form::Ascii) => values.push(read_text(at, |word| {
            let (re, im) = word.split_once(',')?;
            Some([re.parse().ok()?, im.parse().ok()?])
        })?),
    }
    Ok(())
}

fn read_text<R: BufRead, T>(at: &mut Cursor<R>, parse: impl Fn(&str) -> Option<T>) -> Result<T, RawError> {
    let start = at.at;
    let word = at.word()?;
    parse(&word).ok_or_else(|| RawError::Syntax {
        at: start,
        what: format!("`{}` is no number", word.escape_default()),
    })
}
