//! One layer: its tiles, the amplifiers that add partial sums, its activations.

use super::kit::{BIAS_PARTS, Kit};
use super::tile::Tile;
use super::weights::Weights;
use super::{LowerError, text_name};
use crate::graph::Act;
use crate::plan::{LayerPlan, MatrixPlan, Signal};
use memloom_ir::technology::TechnologySpec;
use memloom_ir::{Bits, Design, Element, Id, Module, ModuleBuilder, Nature, Net, Origin, Slice};
use rayon::prelude::*;
use std::ops::Range;

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
        let places = self.places();
        let tiles: Vec<Tile<'_>> = places.iter().map(|place| self.tile(kit, place)).collect();
        let mut made: Vec<_> = tiles.par_iter().map(|tile| tile.parts(kit)).collect::<Result<_, _>>()?;
        kit.unmet.extend(made.iter_mut().filter_map(|parts| parts.unmet.take()));
        let built = tiles.iter().zip(made).map(|(tile, parts)| tile.build(design, kit, parts));
        let tiles = built.collect::<Result<Vec<_>, _>>()?;
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
        for (place, tile) in places.iter().zip(tiles) {
            let at = |range: Range<usize>, first: usize| first + range.start..first + range.end;
            let xs = at(self.wires(place), place.block * inputs);
            let ys = at(place.outputs.clone(), place.block * outputs);
            let mut instance = m.instance(&place.name, Element::Module(tile));
            if !xs.is_empty() {
                instance = instance.pin("x", slice(x, xs));
            }
            instance.pin("y", slice(parts[place.part], ys)).add();
        }
        if let Some(summer) = summer {
            let inputs = grid.inputs.len() as f64;
            let ratio = kit.amplifier.feedback(self.matrix.pre.unit / self.matrix.partial, inputs);
            let ratios = [1.0, ratio];
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

    /// Where each tile stands in the layer.
    fn places(&self) -> Vec<Place> {
        let grid = &self.matrix.grid;
        let mut places = Vec::with_capacity(self.matrix.blocks * grid.tiles());
        for block in 0..self.matrix.blocks {
            for (part, inputs) in grid.inputs.iter().enumerate() {
                for (col, outputs) in grid.outputs.iter().enumerate() {
                    let of_block = if self.matrix.blocks > 1 { format!("c{block}_") } else { String::new() };
                    let name = format!("{of_block}t{part}_{col}");
                    places.push(Place {
                        name,
                        block,
                        part,
                        inputs: inputs.clone(),
                        outputs: outputs.clone(),
                    });
                }
            }
        }
        places
    }

    fn tile(&self, kit: &Kit, place: &Place) -> Tile<'_> {
        let layer = text_name(&self.plan.name);
        let (wires, rails, has_bias) = (self.wires(place), self.bias_rails(kit, place), self.has_bias(place));
        let gains = |k: usize| {
            let mut gains: Vec<f64> = wires.clone().map(|i| self.gain(kit, place.block, k, i)).collect();
            let largest = gains.iter().fold(0.0_f64, |largest, a| largest.max(a.abs()));
            gains.resize(wires.len() + rails, 0.0);
            if has_bias {
                // The lowest rail on which the bias is no larger than the weights.
                let bias = self.bias(kit, place.block, k);
                let fits = |step: &usize| (bias * BIAS_PARTS[*step]).abs() <= largest;
                let step = (0..rails).rev().find(fits).unwrap_or(0);
                gains[wires.len() + step] = bias * BIAS_PARTS[step];
            }
            gains
        };
        Tile {
            name: format!("{layer}_{}", place.name),
            layer: &self.plan.name,
            section: layer,
            inputs: wires.len(),
            rails,
            outputs: place.outputs.len(),
            gains: place.outputs.clone().flat_map(gains).collect(),
            corner: (place.inputs.start, place.block * self.weights.outputs() + place.outputs.start),
            signed: self.matrix.signed,
        }
    }

    /// The inputs of a tile that are wires of the layer: all but the bias.
    fn wires(&self, place: &Place) -> Range<usize> {
        place.inputs.start..place.inputs.end.min(self.weights.inputs())
    }

    /// Whether a tile holds the bias of its outputs.
    fn has_bias(&self, place: &Place) -> bool {
        place.inputs.end > self.weights.inputs()
    }

    /// Bias rails of a tile: as many as there are, or as its wordlines leave room for. A tile without a bias has them for
    /// cells that trim its amplifiers' offsets; one of unsigned weights, which has no row drivers either, has none.
    fn bias_rails(&self, kit: &Kit, place: &Place) -> usize {
        let Some(scheme) = self.matrix.signed else { return 0 };
        let most = kit.technology.tile.0 as usize / scheme.wordlines();
        (most - self.wires(place).len()).min(BIAS_PARTS.len())
    }

    /// Volts at a tile's output per 1.0 of its sum.
    fn volts(&self) -> f64 {
        // An amplifier that sums partial sums inverts them.
        let sign = if self.matrix.summed { -self.matrix.pre.polarity } else { self.matrix.pre.polarity };
        sign * self.matrix.partial
    }

    /// The gain of a tile, volts at its output per volt that its row drivers put on a wordline for a volt at its input.
    fn gain(&self, kit: &Kit, block: usize, output: usize, input: usize) -> f64 {
        // The cells of a frame memory drive the wordlines of unsigned weights themselves.
        let driven = if self.matrix.signed.is_none() { 1.0 } else { kit.amplifier.follower() };
        self.volts() * self.weights.weight(block, output, input) / (self.input.volts() * driven)
    }

    /// The gain from the highest bias rail.
    fn bias(&self, kit: &Kit, block: usize, output: usize) -> f64 {
        self.volts() * self.weights.bias(block, output).unwrap_or(0.0) / kit.technology.cell.spec.v_read
    }
}

/// A tile's place in its layer.
struct Place {
    /// Its name within the layer.
    name: String,
    block: usize,
    /// Which of the partial sums it gives.
    part: usize,
    /// Inputs of the block, the bias behind the others.
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
    let sound = ratios.iter().all(|ratio| ratio.is_finite() && *ratio > 0.0);
    if !sound || unit * high > most * (1.0 + 1e-12) {
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
