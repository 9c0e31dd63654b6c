//! One layer: its tiles, the amplifiers that add partial sums, its activations.

use super::kit::Kit;
use super::tile::Tile;
use super::{LowerError, text_name};
use crate::graph::Act;
use crate::plan::{LayerPlan, MatrixPlan, Signal};
use memloom::ir::{Bits, Design, Element, Id, Module, ModuleBuilder, Nature, Net, Origin, Slice};
use memloom::technology::TechnologySpec;
use std::ops::Range;

/// The numbers of a matrix, block by block.
pub(super) trait Weights {
    /// Inputs of one block, without the bias.
    fn inputs(&self) -> usize;
    /// Outputs of one block.
    fn outputs(&self) -> usize;
    /// The weight from `input` to `output` of `block`.
    fn weight(&self, block: usize, output: usize, input: usize) -> f64;
    /// The bias of `output` of `block`; `None` if the matrix has no bias.
    fn bias(&self, block: usize, output: usize) -> Option<f64>;
    /// Whether no weight is negative.
    fn unsigned(&self) -> bool {
        false
    }
}

/// A matrix layer to be built.
pub(super) struct Layer<'a, W> {
    pub(super) plan: &'a LayerPlan,
    pub(super) matrix: &'a MatrixPlan,
    pub(super) input: Signal,
    pub(super) activation: Option<Act>,
    pub(super) weights: &'a W,
}

impl<W: Weights> Layer<'_, W> {
    /// Builds the layer's module: ports `x` (the blocks' inputs), `y` (the blocks' outputs).
    pub(super) fn build(&self, design: &mut Design, kit: &mut Kit) -> Result<Id<Module>, LowerError> {
        let tiles = self.tiles(design, kit)?;
        let grid = &self.matrix.grid;
        let name = text_name(&self.plan.name);
        let summer =
            if self.matrix.summed { Some(kit.summer(design, grid.inputs.len() as u32)?) } else { None };
        let (inputs, outputs) = (self.weights.inputs(), self.weights.outputs());
        let all_outputs = (self.matrix.blocks * outputs) as u32;

        let mut m = design.module(&name);
        m.origin(Origin::layer(&self.plan.name)).section(&name).doc(format!("layer {}", self.plan.name));
        let x = m.input("x", Nature::Voltage, (self.matrix.blocks * inputs) as u32);
        let y = m.output("y", Nature::Voltage, all_outputs);
        let pre = if self.activation.is_some() { m.net("pre", Nature::Voltage, all_outputs) } else { y };
        let parts: Vec<Id<Net>> = match summer {
            None => vec![pre],
            Some(_) => {
                let net = |k| m.net(format!("part{k}"), Nature::Voltage, all_outputs);
                (0..grid.inputs.len()).map(net).collect()
            }
        };
        for tile in &tiles {
            let xs = tile.inputs.clone();
            let instance = m.instance(&tile.name, Element::Module(tile.module));
            let instance =
                instance.pin("x", slice(x, tile.block * inputs + xs.start..tile.block * inputs + xs.end));
            let ys = tile.block * outputs + tile.outputs.start..tile.block * outputs + tile.outputs.end;
            instance.pin("y", slice(parts[tile.part], ys)).add();
        }
        if let Some(summer) = summer {
            let ratios = [1.0, self.matrix.pre.unit / self.matrix.partial];
            let resistors = resistors(&self.plan.name, &kit.technology, ratios)?;
            sum(&mut m, summer, &parts, pre, all_outputs, resistors);
        }
        if let Some(act) = self.activation {
            let instance = m.instance("act", Element::Behaviour(kit.activation(act))).array(all_outputs);
            let instance = instance.net("inp", pre).net("out", y).supply("v_ref", kit.v_ref);
            instance.arg("unit_in", [self.matrix.pre.unit]).arg("unit_out", [self.plan.output.unit]).add();
        }
        Ok(m.finish()?)
    }

    fn tiles(&self, design: &mut Design, kit: &Kit) -> Result<Vec<TileAt>, LowerError> {
        let grid = &self.matrix.grid;
        let layer = text_name(&self.plan.name);
        let mut tiles = Vec::with_capacity(self.matrix.blocks * grid.tiles());
        for block in 0..self.matrix.blocks {
            for (part, xs) in grid.inputs.iter().enumerate() {
                for (col, ys) in grid.outputs.iter().enumerate() {
                    let mut name = layer.clone();
                    if self.matrix.blocks > 1 {
                        name += &format!("_c{block}");
                    }
                    name += &format!("_t{part}_{col}");
                    tiles.push(self.tile(design, kit, name, block, part, xs, ys)?);
                }
            }
        }
        Ok(tiles)
    }

    #[expect(clippy::too_many_arguments, reason = "a tile's place is all of these")]
    fn tile(
        &self,
        design: &mut Design,
        kit: &Kit,
        name: String,
        block: usize,
        part: usize,
        xs: &Range<usize>,
        ys: &Range<usize>,
    ) -> Result<TileAt, LowerError> {
        let inputs = xs.start..xs.end.min(self.weights.inputs());
        let tile = Tile {
            name: name.clone(),
            layer: &self.plan.name,
            section: &text_name(&self.plan.name),
            inputs: inputs.len(),
            outputs: ys.len(),
            gains: ys.clone().flat_map(|k| xs.clone().map(move |i| self.gain(kit, block, k, i))).collect(),
            corner: (xs.start, block * self.weights.outputs() + ys.start),
            unsigned: self.weights.unsigned(),
        };
        let module = tile.build(design, kit)?;
        let name = name[text_name(&self.plan.name).len() + 1..].to_string();
        Ok(TileAt { name, module, block, part, inputs, outputs: ys.clone() })
    }

    /// The gain of a tile, volts at its output per volt at its input; the bias is the input behind the others.
    fn gain(&self, kit: &Kit, block: usize, output: usize, input: usize) -> f64 {
        // An amplifier that sums partial sums inverts them.
        let sign = if self.matrix.summed { -self.matrix.pre.polarity } else { self.matrix.pre.polarity };
        let volts = sign * self.matrix.partial;
        if input < self.weights.inputs() {
            volts * self.weights.weight(block, output, input) / self.input.volts()
        } else {
            volts * self.weights.bias(block, output).unwrap_or(0.0) / kit.technology.cell.spec.v_read
        }
    }
}

/// A tile and its place in the layer.
struct TileAt {
    name: String,
    module: Id<Module>,
    block: usize,
    part: usize,
    inputs: Range<usize>,
    outputs: Range<usize>,
}

/// An amplifier for each output that adds its partial sums.
fn sum(
    m: &mut ModuleBuilder<'_>,
    summer: Id<Module>,
    parts: &[Id<Net>],
    pre: Id<Net>,
    outputs: u32,
    [r_in, r_f]: [f64; 2],
) {
    let wires = |k: u32| parts.iter().map(move |part| Slice::Net { net: *part, start: k, len: 1 });
    let inputs: Bits = (0..outputs).flat_map(wires).collect();
    let instance = m.instance("sum", Element::Module(summer)).array(outputs);
    instance.pin("inp", inputs).net("out", pre).arg("r_in", [r_in]).arg("r_f", [r_f]).add();
}

/// Resistors in the proportion of `ratios`, ohm: the technology's input resistor times each, all made smaller or
/// larger together where one would leave the range that can be made.
pub(super) fn resistors<const N: usize>(
    layer: &str,
    technology: &TechnologySpec,
    ratios: [f64; N],
) -> Result<[f64; N], LowerError> {
    let (least, most) = technology.r_f;
    let low = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    let high = ratios.iter().copied().fold(0.0, f64::max);
    let unit = technology.r_unit.min(most / high).max(least / low);
    // Negated, so that a NaN is refused too.
    if !(low > 0.0 && unit * high <= most * (1.0 + 1e-12)) {
        return Err(LowerError::Resistor { layer: layer.into(), ratio: high / low, least, most });
    }
    Ok(ratios.map(|ratio| unit * ratio))
}

fn slice(net: Id<Net>, range: Range<usize>) -> Bits {
    vec![Slice::Net { net, start: range.start as u32, len: range.len() as u32 }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::technologies;

    #[test]
    fn resistors_shift_together_to_fit_their_range() {
        let technology = technologies::all().swap_remove(0);
        let made = |ratios| resistors("layer", &technology, ratios);
        assert_eq!(made([1.0, 3.0]), Ok([1e5, 3e5]));
        let wide = made([1.0, 5000.0]).unwrap();
        assert!((wide[1] / wide[0] - 5000.0).abs() < 1e-9 && wide[1] <= 1e7 * (1.0 + 1e-12), "{wide:?}");
        let low = made([1e-4, 1.0]).unwrap();
        assert!(low[0] >= 100.0 && (low[1] / low[0] - 1e4).abs() < 1e-8, "{low:?}");
        assert!(matches!(made([1.0, 2e5]), Err(LowerError::Resistor { .. })));
        assert!(matches!(made([-1.0, 1.0]), Err(LowerError::Resistor { .. })));
        assert!(matches!(made([f64::NAN, 1.0]), Err(LowerError::Resistor { .. })));
    }
}
