//! A place in a rawfile that is read from front to back.

use super::{MOST_NUMBERS, RawError};
use std::io::{BufRead, Read};

/// Longest line of a header, bytes.
const LONGEST_LINE: u64 = 1 << 16;
/// Longest number in text, bytes.
const LONGEST_WORD: usize = 1 << 10;

/// A place in a file of known length.
pub(super) struct Cursor<R> {
    from: R,
    /// Bytes before it.
    pub(super) at: u64,
    length: u64,
    /// Numbers that may still be read.
    pub(super) spare: u64,
}

pub(super) fn io(error: std::io::Error) -> RawError {
    RawError::Io(error.to_string())
}

impl<R: BufRead> Cursor<R> {
    pub(super) fn new(from: R, length: u64) -> Self {
        Self { from, at: 0, length, spare: MOST_NUMBERS }
    }

    /// Bytes behind it.
    pub(super) fn left(&self) -> u64 {
        self.length - self.at
    }

    /// The text up to the next line feed, which is passed over too; `None` at the end of the file.
    pub(super) fn line(&mut self) -> Result<Option<String>, RawError> {
        let mut line = Vec::new();
        let length = (&mut self.from).take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(io)?;
        if length as u64 == LONGEST_LINE {
            return Err(self.error(format!("a line of the header has more than {LONGEST_LINE} bytes")));
        }
        self.pass(length);
        let text = line.strip_suffix(b"\n").unwrap_or(&line);
        Ok((length > 0).then(|| String::from_utf8_lossy(text).into_owned()))
    }

    /// The next word of ascii text, or an empty one at the end of the file.
    pub(super) fn word(&mut self) -> Result<String, RawError> {
        self.skip_blank()?;
        let mut word = Vec::new();
        self.pass_while(|byte| {
            let inside = !byte.is_ascii_whitespace() && word.len() < LONGEST_WORD;
            inside.then(|| word.push(byte)).is_some()
        })?;
        Ok(String::from_utf8_lossy(&word).into_owned())
    }

    pub(super) fn skip_blank(&mut self) -> Result<(), RawError> {
        self.pass_while(|byte| byte.is_ascii_whitespace())
    }

    /// The next eight bytes.
    pub(super) fn double(&mut self) -> Result<f64, RawError> {
        let mut bytes = [0; 8];
        match self.from.read_exact(&mut bytes) {
            Ok(()) => self.pass(bytes.len()),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                return Err(self.error("the file ends inside a number"));
            }
            Err(error) => return Err(io(error)),
        }
        Ok(f64::from_le_bytes(bytes))
    }

    pub(super) fn error(&self, what: impl Into<String>) -> RawError {
        RawError::Syntax { at: self.at, what: what.into() }
    }

    /// Passes over the bytes that `wanted` takes, up to the first that it does not.
    fn pass_while(&mut self, mut wanted: impl FnMut(u8) -> bool) -> Result<(), RawError> {
        loop {
            let buffer = self.from.fill_buf().map_err(io)?;
            let length = buffer.iter().take_while(|byte| wanted(**byte)).count();
            let more = length > 0 && length == buffer.len();
            self.from.consume(length);
            self.pass(length);
            if !more {
                return Ok(());
            }
        }
    }

    fn pass(&mut self, bytes: usize) {
        self.at = self.length.min(self.at + bytes as u64);
    }
}
