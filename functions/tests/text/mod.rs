//! Evaluates the expressions that both languages read: numbers, `+ - * /`, parentheses, `min max abs exp tanh`.

/// The value of `text`, of whose names `value` knows the numbers.
pub(crate) fn evaluate(text: &str, value: &dyn Fn(&str) -> Option<f64>) -> Result<f64, String> {
    let mut reader = Reader { rest: text, value };
    let result = reader.sum()?;
    if reader.rest.is_empty() { Ok(result) } else { Err(format!("`{}` is left", reader.rest)) }
}

struct Reader<'a> {
    rest: &'a str,
    value: &'a dyn Fn(&str) -> Option<f64>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, token: char) -> bool {
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, token: char) -> Result<(), String> {
        if self.take(token) { Ok(()) } else { Err(format!("`{token}` before `{}`", self.rest)) }
    }

    fn sum(&mut self) -> Result<f64, String> {
        let mut value = self.product()?;
        loop {
            if self.take('+') {
                value += self.product()?;
            } else if self.take('-') {
                value -= self.product()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn product(&mut self) -> Result<f64, String> {
        let mut value = self.factor()?;
        loop {
            if self.take('*') {
                value *= self.factor()?;
            } else if self.take('/') {
                value /= self.factor()?;
            } else {
                return Ok(value);
            }
        }
    }

    fn factor(&mut self) -> Result<f64, String> {
        if self.take('-') {
            return Ok(-self.factor()?);
        }
        if self.take('(') {
            let value = self.sum()?;
            return self.expect(')').map(|()| value);
        }
        let word = self.word();
        if let Ok(number) = word.parse() {
            return Ok(number);
        }
        if !self.take('(') {
            return (self.value)(word).ok_or_else(|| format!("`{word}` is unknown"));
        }
        let first = self.sum()?;
        let second = if self.take(',') { Some(self.sum()?) } else { None };
        self.expect(')')?;
        match (word, second) {
            ("min", Some(second)) => Ok(first.min(second)),
            ("max", Some(second)) => Ok(first.max(second)),
            ("abs", None) => Ok(first.abs()),
            ("exp", None) => Ok(first.exp()),
            ("tanh", None) => Ok(first.tanh()),
            _ => Err(format!("`{word}` is no function of both languages")),
        }
    }

    fn word(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.');
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }
}
