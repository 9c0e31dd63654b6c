//! Messages of rules that constant evaluation decides.

/// Text put together in constant evaluation, where there is no `format!`.
pub(crate) struct Text {
    bytes: [u8; 1024],
    len: usize,
}

impl Text {
    /// No text.
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; 1024], len: 0 }
    }

    /// Appends `part`, whole or not at all: a cut could fall inside a character.
    pub(crate) const fn push(&mut self, part: &str) -> &mut Self {
        let part = part.as_bytes();
        let mut at = 0;
        while self.len + part.len() <= self.bytes.len() && at < part.len() {
            self.bytes[self.len + at] = part[at];
            at += 1;
        }
        self.len += at;
        self
    }

    /// Appends a whole number.
    pub(crate) const fn number(&mut self, value: usize) -> &mut Self {
        if value >= 10 {
            self.number(value / 10);
        }
        let digit = [b'0' + (value % 10) as u8];
        match std::str::from_utf8(&digit) {
            Ok(digit) => self.push(digit),
            Err(_) => self,
        }
    }

    /// What was put together.
    pub(crate) const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "a rule is broken",
        }
    }
}
