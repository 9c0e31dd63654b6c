//! Control of ngspice: `.control` with an operating point, a sweep of an index or a transient.

use super::Ngspice;
use crate::dialect::{Analysis, Drive, Source, TestBench, Tolerance};
use crate::error::Error;
use crate::number::Number;
use crate::template::{Placed, render, values};
use crate::text::{Name, Text};

impl TestBench for Ngspice {
    fn source(&self, text: &mut Text<'_>, source: Source<'_>, drive: Drive<'_>) -> Result<(), Error> {
        let (name, node) = (Name::new(source.name)?, Name::new(source.node)?);
        // A current source drives its current from its first node, through itself, into the second.
        let (kind, nodes) =
            if source.current { ("I", (" 0 ", node, " ")) } else { ("V", (" ", node, " 0 ")) };
        match drive {
            // One point is an operating point: see `control.j2`.
            Drive::Constant(value) | Drive::Indexed(&[value]) => {
                text.word((kind, name, nodes, Number(value)))?
            }
            Drive::Wave(points) => {
                text.word((kind, name, nodes, "PWL("))?;
                points.iter().try_for_each(|(t, x)| text.word((Number(*t), " ", Number(*x))))?;
                text.word(")")?;
            }
            Drive::Indexed(values) => {
                text.word(("B", name, nodes, kind, "=pwl(v(ml_index),"))?;
                for (index, value) in values.iter().enumerate() {
                    let comma = if index + 1 < values.len() { "," } else { "" };
                    text.word((index, ",", Number(*value), comma))?;
                }
                text.word(")")?;
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
        let (run, points) = match analysis {
            Analysis::Points(1) => (Placed::word("op"), 1),
            Analysis::Points(points) => {
                text.lines(&"Vml_index ml_index 0 0\n".into())?;
                (Placed::word(("dc vml_index 0 ", points - 1, " 1")), points)
            }
            Analysis::Transient { stop, step } => {
                let (step, stop) = (Number(step), Number(stop));
                (Placed::word(("tran ", step, " ", stop, " 0 ", step)), 0)
            }
        };
        let values = values! { run, points, transistors, outputs, raw => self.raw() };
        Ok(text.lines(&render("ngspice/control.j2", values)?)?)
    }

    fn raw(&self) -> &'static str {
        "out.raw"
    }
}
