//! Cards of SPICE.

use crate::dialect::{CellSyntax, Head, Syntax};
use crate::error::Error;
use crate::number::Number;
use crate::text::{IncludePath, Lines, Name, Text, Wrap};
use memloom_ir::{Kind, Library, Source as DcSource, Value};

/// What starts a comment.
const COMMENT: &str = "* ";

/// Inclusion of a file of a user's, `.include`, or of a section of it, `.lib`.
pub(in crate::dialect) fn library(library: &Library) -> Result<Lines, Error> {
    match &library.section {
        None => include(&library.path),
        Some(section) => {
            let mut lines = Lines::default();
            lines.line((".lib \"", IncludePath::new(&library.path)?, "\" ", Name::new(section)?));
            Ok(lines)
        }
    }
}

fn include(path: &str) -> Result<Lines, Error> {
    let mut lines = Lines::default();
    lines.line((".include \"", IncludePath::new(path)?, "\""));
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

impl Syntax for Cards {
    fn wrap(&self) -> Wrap {
        Wrap { limit: 120, join: "\n+ " }
    }

    fn cell(&self) -> CellSyntax {
        CellSyntax { name: "R", nodes: " ", value: " ", args: "" }
    }

    fn cell_capacitor(&self) -> CellSyntax {
        CellSyntax { name: "C", ..self.cell() }
    }

    fn device(&self) -> CellSyntax {
        CellSyntax { name: "X", nodes: " ", value: " ", args: self.params }
    }

    fn comment(&self) -> &'static str {
        COMMENT
    }

    fn quotes(&self) -> (&'static str, &'static str) {
        self.quotes
    }

    fn parameter(&self, text: &mut Text<'_>, name: &str, value: f64) -> Result<(), Error> {
        text.word(".param")?;
        text.pairs(&[(name, value)])?;
        Ok(text.end()?)
    }

    fn includes(&self, paths: &[String]) -> Result<Lines, Error> {
        let mut lines = Lines::default();
        for path in paths {
            lines += include(path)?;
        }
        Ok(lines)
    }

    fn library(&self, library: &Library) -> Result<Lines, Error> {
        self::library(library)
    }

    /// `.subckt` and the comment above it.
    fn begin(&self, text: &mut Text<'_>, head: &Head<'_>) -> Result<(), Error> {
        text.comment(COMMENT, head.doc)?;
        text.word(".subckt")?;
        text.word(Name::new(head.name)?)?;
        text.names(head.pins)?;
        self.pairs(text, head.params)?;
        Ok(text.end()?)
    }

    /// `.ends`.
    fn finish(&self, text: &mut Text<'_>, name: &str) -> Result<(), Error> {
        text.word(".ends")?;
        text.word(Name::new(name)?)?;
        Ok(text.end()?)
    }

    /// An `X` card.
    fn call(
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
    fn foreign(
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
    fn wrapped(
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

    fn dc_source(
        &self,
        text: &mut Text<'_>,
        name: &str,
        nodes: &[&str],
        source: &DcSource,
    ) -> Result<(), Error> {
        match source {
            DcSource::Voltage(volts) => self.passive(text, "V", name, nodes, volts),
            DcSource::Current(amperes) => self.passive(text, "I", name, nodes, amperes),
        }
    }

    fn resistor(&self, text: &mut Text<'_>, name: &str, nodes: &[&str], ohm: &Value) -> Result<(), Error> {
        self.passive(text, "R", name, nodes, ohm)
    }

    fn capacitor(&self, text: &mut Text<'_>, name: &str, nodes: &[&str], farad: &Value) -> Result<(), Error> {
        self.passive(text, "C", name, nodes, farad)
    }

    /// An `E` card of gain 1 to ground.
    fn buffer(&self, text: &mut Text<'_>, name: &str, input: &str, output: &str) -> Result<(), Error> {
        let [name, input, output] = [Name::new(name)?, Name::new(input)?, Name::new(output)?];
        text.word(("E", name, " ", output, " 0 ", input, " 0 1"))?;
        Ok(text.end()?)
    }
}

impl Cards {
    /// A card of two nodes and a value: `R`, `C`, `V`, `I`.
    fn passive(
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

    fn pairs(&self, text: &mut Text<'_>, pairs: &[(&str, f64)]) -> Result<(), Error> {
        if !pairs.is_empty() && !self.params.is_empty() {
            text.word(self.params)?;
        }
        text.pairs(pairs)
    }
}
