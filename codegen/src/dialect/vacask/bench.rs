//! Control of VACASK: a `control` block with an operating point, a sweep of an index or a transient.

use super::Vacask;
use crate::dialect::spectre_like::nodes;
use crate::dialect::{Analysis, Drive, Source, TestBench, Tolerance};
use crate::error::Error;
use crate::number::Number;
use crate::template::{Placed, render, values};
use crate::text::{Name, Text};

impl TestBench for Vacask {
    fn source(&self, text: &mut Text<'_>, source: Source<'_>, drive: Drive<'_>) -> Result<(), Error> {
        let Source { name, node, current } = source;
        let (master, pins) = if current { ("ml_i", ["0", node]) } else { ("ml_v", [node, "0"]) };
        text.word(Name::new(name)?)?;
        nodes(text, &pins)?;
        text.word(master)?;
        match drive {
            Drive::Constant(value) => text.word(("dc=", Number(value)))?,
            Drive::Indexed(values) => {
                list(text, "dc=[", values.iter().copied())?;
                text.word("][ml_index]")?;
            }
            Drive::Wave(points) => {
                text.word("type=\"pwl\"")?;
                list(text, "wave=[", points.iter().flat_map(|(t, x)| [*t, *x]))?;
                text.word("]")?;
            }
        }
        Ok(text.end()?)
    }

    fn control(
        &self,
        text: &mut Text<'_>,
        analysis: Analysis,
        tolerance: Tolerance,
        outputs: &[String],
    ) -> Result<(), Error> {
        let transistors = tolerance == Tolerance::Transistors;
        let outputs = outputs.iter().map(|output| Name::new(output)).collect::<Result<Vec<_>, _>>()?;
        let (indices, run): (Vec<usize>, _) = match analysis {
            Analysis::Points(points) => ((0..points).collect(), Placed::word("op")),
            Analysis::Transient { stop, step } => {
                let (step, stop) = (Number(step), Number(stop));
                (Vec::new(), Placed::word(("tran step=", step, " stop=", stop, " maxstep=", step)))
            }
        };
        Ok(text.lines(&render("vacask/control.j2", values! { indices, run, transistors, outputs })?)?)
    }

    fn raw(&self) -> &'static str {
        "out.raw"
    }
}

fn list(text: &mut Text<'_>, open: &'static str, values: impl Iterator<Item = f64>) -> Result<(), Error> {
    text.word(open)?;
    let mut values = values.peekable();
    while let Some(value) = values.next() {
        let comma = if values.peek().is_some() { "," } else { "" };
        text.word((Number(value), comma))?;
    }
    Ok(())
}
