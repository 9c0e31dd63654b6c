//! A plan as text that a person reads.

use super::{LayerPlan, Plan};
use crate::stage::{MatrixKind, Stage, StageKind};
use std::fmt;

/// A plan with the stages it is for; displays as a table, a line a layer.
pub struct Table<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its stages.
    pub stages: &'a [Stage],
}

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let technology = &self.plan.technology;
        let (rows, cols) = technology.tile;
        writeln!(
            f,
            "technology {}, {} tiles of {rows} x {cols}, mapping stationary, batch norm folded",
            technology.name,
            technology.signed.name()
        )?;
        if let Some(zero) = technology.readout.spec.op_amp.spec.auto_zero {
            writeln!(
                f,
                "op-amps zero their offset to {:.3} uV before each image, which takes {:.3} us",
                zero.residual * 1e6,
                zero.time * 1e6
            )?;
        }
        writeln!(
            f,
            "{:<14} {:<13} {:>11} {:>11} {:>13} {:>6} {:>9} {:>9} {:>9}",
            "layer", "kind", "in", "out", "matrix", "tiles", "mV pre", "mV out", "mV part"
        )?;
        for (layer, stage) in self.plan.layers.iter().zip(self.stages) {
            line(f, layer, stage)?;
        }
        Ok(())
    }
}

/// One layer; units in millivolts per 1.0.
fn line(f: &mut fmt::Formatter<'_>, layer: &LayerPlan, stage: &Stage) -> fmt::Result {
    let shape = |s: Option<&crate::graph::Shape>| s.map_or_else(|| "-".into(), ToString::to_string);
    let millivolts = |volts: f64| format!("{:.3}", volts * 1e3);
    let (matrix, tiles, pre, part) = match &layer.matrix {
        None => ("-".into(), "-".into(), "-".into(), "-".into()),
        Some(m) => {
            let inputs = m.grid.inputs.last().map_or(0, |r| r.end);
            let outputs = m.grid.outputs.last().map_or(0, |r| r.end);
            let blocks = if m.blocks > 1 { format!("{} x ", m.blocks) } else { String::new() };
            let part = if m.summed { millivolts(m.partial) } else { "-".into() };
            let tiles = (m.blocks * m.grid.tiles()).to_string();
            (format!("{blocks}{inputs}x{outputs}"), tiles, millivolts(m.pre.volts()), part)
        }
    };
    let (input, output) = (shape(stage.in_shapes.first()), stage.out_shape.to_string());
    let out = millivolts(layer.output.volts());
    let (name, kind) = (&layer.name, kind(stage));
    writeln!(
        f,
        "{name:<14} {kind:<13} {input:>11} {output:>11} {matrix:>13} {tiles:>6} {pre:>9} {out:>9} {part:>9}"
    )
}

/// What a stage is, in a word.
pub fn kind(stage: &Stage) -> &'static str {
    match &stage.kind {
        StageKind::Input => "input",
        StageKind::Pool => "average pool",
        StageKind::Add => "add",
        StageKind::Scale => "scale",
        StageKind::Matrix(m) => match m.kind {
            MatrixKind::Conv => "convolution",
            MatrixKind::Depthwise => "depthwise",
            MatrixKind::Pointwise => "pointwise",
            MatrixKind::Linear => "linear",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::technologies;
    use memloom_ir::AutoZero;

    #[test]
    fn auto_zero_is_told_with_what_it_costs() {
        let mut technology = technologies::all().swap_remove(0);
        let told = |technology| {
            let plan = Plan { technology, layers: Vec::new(), compensate: true };
            Table { plan: &plan, stages: &[] }.to_string()
        };
        assert!(!told(technology.clone()).contains("offset"));
        technology.readout.spec.op_amp.spec.auto_zero = Some(AutoZero { residual: 5e-6, time: 2e-6 });
        let line = "op-amps zero their offset to 5.000 uV before each image, which takes 2.000 us\n";
        assert!(told(technology).contains(line));
    }
}
