//! Cards of SPICE.

use crate::dialect::Head;
use crate::error::Error;
use crate::number::Number;
use crate::text::{IncludePath, Lines, Name, Text};
use memloom_ir::{Kind, Library, Value};

/// What starts a comment.
pub(super) const COMMENT: &str = "* ";

/// Inclusion of other files.
pub(super) fn includes(paths: &[String]) -> Result<Lines, Error> {
    let mut lines = Lines::default();
    for path in paths {
        lines.line((".include \"", IncludePath::new(path)?, "\""));
    }
    Ok(lines)
}

/// Inclusion of a file of a user's, `.include`, or of a section of it, `.lib`.
pub(in crate::dialect) fn library(library: &Library) -> Result<Lines, Error> {
    let path = IncludePath::new(&library.path)?;
    let mut lines = Lines::default();
    match &library.section {
        Some(section) => lines.line((".lib \"", path, "\" ", Name::new(section)?)),
        None => lines.line((".include \"", path, "\"")),
    }
    Ok(lines)
}

/// How a dialect spells what differs between cards.
#[derive(Debug, Clone, Copy)]
pub(in crate::dialect) struct Cards {
    /// Around a parameter that is a value: `{r_f}`.
    pub(in crate::dialect) quotes: (&'static str, &'static str),
    /// Before the parameters of a subcircuit and of a call of one: nothing, or `PARAMS:`.
    pub(in crate::dialect) params: &'static str,
}

impl Cards {
    /// `.subckt` and the comment above it.
    pub(super) fn begin(&self, text: &mut Text<'_>, head: &Head<'_>) -> Result<(), Error> {
        text.comment(COMMENT, head.doc)?;
        text.word(".subckt")?;
        text.word(Name::new(head.name)?)?;
        text.names(head.pins)?;
        self.pairs(text, head.params)?;
        Ok(text.end()?)
    }

    /// `.ends`.
    pub(super) fn finish(&self, text: &mut Text<'_>, name: &str) -> Result<(), Error> {
        text.word(".ends")?;
        text.word(Name::new(name)?)?;
        Ok(text.end()?)
    }

    /// An `X` card.
    pub(super) fn call(
        &self,
        text: &mut Text<'_>,
        name: &str,
        nodes: &[&str],
        master: &str,
        args: &[(&str, f64)],
    ) -> Result<(), Error> {
        text.word(("X", Name::new(name)?))?;
        text.names(nodes)?;
        text.word(Name::new(master)?)?;
        self.pairs(text, args)?;
        Ok(text.end()?)
    }

    /// A card of a foreign cell: `X` of a subcircuit, `M` of a MOSFET, `D` of a diode.
    pub(super) fn foreign(
        &self,
        text: &mut Text<'_>,
        kind: Kind,
        name: &str,
        nodes: &[&str],
        master: &str,
        args: &[(&str, f64)],
    ) -> Result<(), Error> {
        let letter = match kind {
            Kind::Subckt => return self.call(text, name, nodes, master, args),
            Kind::Mosfet => "M",
            Kind::Diode => "D",
        };
        text.word((letter, Name::new(name)?))?;
        text.names(nodes)?;
        text.word(Name::new(master)?)?;
        // A model's parameters stand without a keyword.
        text.pairs(args)?;
        Ok(text.end()?)
    }

    /// An `X` card that passes parameters on.
    pub(super) fn wrapped(
        &self,
        text: &mut Text<'_>,
        name: &str,
        nodes: &[&str],
        master: &str,
        params: &[&str],
    ) -> Result<(), Error> {
        text.word(("X", Name::new(name)?))?;
        text.names(nodes)?;
        text.word(Name::new(master)?)?;
        if !params.is_empty() && !self.params.is_empty() {
            text.word(self.params)?;
        }
        for param in params {
            let param = Name::new(param)?;
            text.word((param, "=", self.quotes.0, param, self.quotes.1))?;
        }
        Ok(text.end()?)
    }

    /// A card of two nodes and a value: `R`, `C`, `V`, `I`.
    pub(super) fn passive(
        &self,
        text: &mut Text<'_>,
        letter: &'static str,
        name: &str,
        nodes: &[&str],
        value: &Value,
    ) -> Result<(), Error> {
        text.word((letter, Name::new(name)?))?;
        text.names(nodes)?;
        match value {
            Value::Number(x) => text.word(Number(*x))?,
            Value::Param(param) => text.word((self.quotes.0, Name::new(param)?, self.quotes.1))?,
        }
        Ok(text.end()?)
    }

    /// An `E` card of gain 1 to ground.
    pub(super) fn buffer(
        &self,
        text: &mut Text<'_>,
        name: &str,
        input: &str,
        output: &str,
    ) -> Result<(), Error> {
        let [name, input, output] = [Name::new(name)?, Name::new(input)?, Name::new(output)?];
        text.word(("E", name, " ", output, " 0 ", input, " 0 1"))?;
        Ok(text.end()?)
    }

    fn pairs(&self, text: &mut Text<'_>, pairs: &[(&str, f64)]) -> Result<(), Error> {
        if !pairs.is_empty() && !self.params.is_empty() {
            text.word(self.params)?;
        }
        text.pairs(pairs)
    }
}
