//! How each layer is built: units, polarities and tiles, before any circuit is made.
//!
//! Mapping `stationary`: each weight once, the pixels of a frame in turn, frame memories between layers.
//! Batch norm is folded into the weights. A value `x` is drawn as `v_ref + polarity * unit * x`. Units follow from
//! the largest values that occur ([`Ranges`]) so that no wordline leaves `v_ref +- v_read` and no amplifier its swing.

mod grid;
mod partial;
mod text;

pub use grid::Grid;
pub(crate) use grid::cut;
pub use text::{Table, kind};

use crate::calibrate::{Range, Ranges};
use crate::graph::Act;
use crate::measure::largest_bias;
use crate::stage::{Matrix, Stage, StageId, StageKind};
use memloom_ir::technology::{Named, SignScheme, TechnologySpec};
use memloom_ir::{Behaviour, Foreign};

/// How a value is drawn as a voltage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Signal {
    /// Volts per 1.0, > 0.
    pub unit: f64,
    /// +1, or -1 for a signal that is drawn inverted (behind one inverting amplifier).
    pub polarity: f64,
}

impl Signal {
    /// Volts about `v_ref` per 1.0, with its sign.
    pub fn volts(&self) -> f64 {
        self.unit * self.polarity
    }
}

/// How a matrix (or a pooling, which is one) is built.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixPlan {
    /// Independent blocks: the groups of a convolution, the channels of a pooling; 1 for a dense matrix.
    pub blocks: usize,
    /// Tiles of each block.
    pub grid: Grid,
    /// How weights get their sign; `None` in a pooling, whose weights are all of one and large enough for a cell each.
    ///
    /// That of the technology, but [`SignScheme::Differential`] where a block has one output only: its inverted
    /// wordlines would serve a single cell each, with an op-amp for every one, where a second bitline takes one op-amp.
    pub signed: Option<SignScheme>,
    /// Volts per 1.0 of a tile's own output; that of `pre` unless the matrix is split into partial sums.
    pub partial: f64,
    /// The sum, before the activation.
    pub pre: Signal,
    /// Whether a summing amplifier stands behind the tiles.
    pub summed: bool,
}

/// How one stage is built.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerPlan {
    /// The stage.
    pub stage: StageId,
    /// Its name.
    pub name: String,
    /// Its output.
    pub output: Signal,
    /// Its tiles, if it has any.
    pub matrix: Option<MatrixPlan>,
}

/// How a network is built, stage by stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What it is made of.
    pub technology: TechnologySpec,
    /// One entry per stage, in order.
    pub layers: Vec<LayerPlan>,
    /// Whether cells and feedback resistors are chosen for what comes through wires (if the technology has any) and
    /// op-amps of a finite gain, instead of for ideal ones.
    pub compensate: bool,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A layer without a range.
    #[error("the ranges say nothing of layer `{0}`; calibrate this network again")]
    Uncalibrated(String),
    /// A layer whose values are all zero, or not finite.
    #[error("layer `{layer}` has no usable range ({range:?}); calibrate with images that make it active")]
    Range {
        /// The layer.
        layer: String,
        /// The range given.
        range: Range,
    },
    /// A unit so small that 1.0 is lost beside `v_ref`.
    #[error(
        "layer `{layer}` would draw 1.0 as {unit:.3e} V, which is lost in noise: its range is {range:?}; calibrate with \
         images for a range that occurs"
    )]
    Faint {
        /// The layer.
        layer: String,
        /// The unit, volts.
        unit: f64,
        /// Its range.
        range: Range,
    },
    /// A function of the network that the technology has no circuit of.
    #[error(
        "layer `{layer}` needs `{function}`, of which technology `{technology}` has no circuit; add one to its `functions = [{has}, ..]`"
    )]
    NoCircuit {
        /// The layer.
        layer: String,
        /// The function.
        function: String,
        /// The technology's name.
        technology: String,
        /// The circuits that it has.
        has: String,
    },
    /// Two circuits of one function: nothing says which a network is to take.
    #[error(
        "technology `{technology}` has two circuits of `{function}`, `{first}` and `{second}`; leave one of them out"
    )]
    TwoCircuits {
        /// The technology's name.
        technology: String,
        /// The function.
        function: &'static str,
        /// The one.
        first: String,
        /// The other.
        second: String,
    },
    /// A tile that is too small for one signed input and output.
    #[error(
        "technology `{technology}`: a tile of {rows} x {cols} holds no signed weight; use at least 2 x 2"
    )]
    Tile {
        /// The technology.
        technology: String,
        /// Wordlines.
        rows: u32,
        /// Bitlines.
        cols: u32,
    },
    /// Wires that conduct no better than the cells that they lead to.
    #[error(
        "technology `{technology}`: of its wires `{part}` of {ohms} ohm resists no less than a cell of {cell} ohm; \
         nothing would come through, give it less"
    )]
    Wires {
        /// The technology.
        technology: String,
        /// Which of its parasitics.
        part: &'static str,
        /// Its resistance, ohm.
        ohms: f64,
        /// The cell's at its highest conductance, ohm.
        cell: f64,
    },
    /// A v_ref that leaves an amplifier no room.
    #[error("technology `{technology}`: v_ref {v_ref} V lies outside the op-amp's swing; move one of them")]
    Reference {
        /// The technology.
        technology: String,
        /// The virtual ground, volts.
        v_ref: f64,
    },
}

/// Room between the largest value seen and a limit, so that an image a little beyond the calibration fits too. A range
/// that leaves values out has none: those saturate, as one that is a little beyond may.
pub const MARGIN: f64 = 1.25;

/// Room of a bias alone, which is known exactly: op-amps of a finite gain ask for a little more than they give.
const BIAS_MARGIN: f64 = 1.02;

/// Least unit, volts per 1.0: far below what a circuit can tell from noise, and still far above what `f64` can tell
/// from nothing beside `v_ref`.
pub const FAINTEST: f64 = 1e-8;

/// Plans every stage, from the largest values that it takes.
///
/// # Errors
/// See [`PlanError`].
pub fn plan(stages: &[Stage], ranges: &Ranges, technology: &TechnologySpec) -> Result<Plan, PlanError> {
    let room = Room::of(technology)?;
    wires_conduct(technology)?;
    functions_are_told_apart(technology)?;
    let measured = ranges;
    let ranges = stages.iter().map(|stage| usable_range(ranges, stage)).collect::<Result<Vec<_>, _>>()?;
    let mut layers: Vec<LayerPlan> = Vec::with_capacity(stages.len());
    for at in 0..stages.len() {
        let planner = Planner { stages, measured, ranges: &ranges, technology, room, layers: &layers };
        let layer = planner.layer(at)?;
        let partial = layer.matrix.as_ref().map_or(f64::INFINITY, |m| m.partial.min(m.pre.unit));
        let unit = layer.output.unit.min(partial);
        if unit < FAINTEST {
            return Err(PlanError::Faint { layer: layer.name, unit, range: ranges[at] });
        }
        layers.push(layer);
    }
    Ok(Plan { technology: technology.clone(), layers, compensate: true })
}

/// What lies between a cell and its ports conducts better than any cell.
fn wires_conduct(technology: &TechnologySpec) -> Result<(), PlanError> {
    let cell = technology.cell.spec.g_max.recip();
    match technology.parasitics.resistances().into_iter().find(|(_, ohms)| *ohms >= cell) {
        None => Ok(()),
        Some((part, ohms)) => Err(PlanError::Wires { technology: technology.name.clone(), part, ohms, cell }),
    }
}

/// No two circuits of a technology compute one function.
fn functions_are_told_apart(technology: &TechnologySpec) -> Result<(), PlanError> {
    for (at, circuit) in technology.functions.iter().enumerate() {
        let same = |other: &&Named<Behaviour>| other.spec.function == circuit.spec.function;
        if let Some(first) = technology.functions[..at].iter().find(same) {
            return Err(PlanError::TwoCircuits {
                technology: technology.name.clone(),
                function: circuit.spec.function.name(),
                first: first.name.clone(),
                second: circuit.name.clone(),
            });
        }
    }
    Ok(())
}

/// A stage's range, if a unit can be made of it.
fn usable_range(ranges: &Ranges, stage: &Stage) -> Result<Range, PlanError> {
    let range = *ranges.stages.get(&stage.name).ok_or_else(|| PlanError::Uncalibrated(stage.name.clone()))?;
    if [range.pre, range.out].iter().all(|v| v.is_finite() && *v > 0.0) {
        return Ok(range);
    }
    Err(PlanError::Range { layer: stage.name.clone(), range })
}

/// How far signals may go about `v_ref`, volts.
#[derive(Debug, Clone, Copy)]
struct Room {
    /// On a wordline.
    read: f64,
    /// At an amplifier's output.
    swing: f64,
}

impl Room {
    fn of(technology: &TechnologySpec) -> Result<Self, PlanError> {
        let (readout, (low, high)) = (&technology.readout.spec, technology.readout.spec.op_amp.spec.swing);
        let swing = (high - readout.v_ref).min(readout.v_ref - low);
        if swing.is_nan() || swing <= 0.0 {
            return Err(PlanError::Reference { technology: technology.name.clone(), v_ref: readout.v_ref });
        }
        Ok(Self { read: technology.cell.spec.v_read, swing })
    }
}

struct Planner<'a> {
    stages: &'a [Stage],
    measured: &'a Ranges,
    ranges: &'a [Range],
    technology: &'a TechnologySpec,
    room: Room,
    layers: &'a [LayerPlan],
}

impl Planner<'_> {
    fn layer(&self, at: usize) -> Result<LayerPlan, PlanError> {
        let (stage, range) = (&self.stages[at], self.ranges[at]);
        let (matrix, output) = match &stage.kind {
            StageKind::Input => (None, self.positive(self.read_unit(range))),
            StageKind::Add | StageKind::Scale => {
                (None, self.positive(self.read_unit(range).min(self.swing_unit(range.out))))
            }
            StageKind::Pool => {
                let plan = self.pool(at)?;
                let output = plan.pre;
                (Some(plan), output)
            }
            StageKind::Matrix(matrix) => self.matrix(at, matrix)?,
        };
        Ok(LayerPlan { stage: StageId(at), name: stage.name.clone(), output, matrix })
    }

    fn matrix(&self, at: usize, matrix: &Matrix) -> Result<(Option<MatrixPlan>, Signal), PlanError> {
        let range = self.ranges[at];
        self.has_circuit(at, matrix.activation)?;
        let (inputs, outputs) = (matrix.taps() + 1, matrix.out / matrix.groups);
        let signed = if outputs == 1 { SignScheme::Differential } else { self.technology.signed };
        let grid = self.grid(inputs, outputs, signed)?;
        let summed = grid.is_split();
        // The first of a pair of readouts shows what one bitline carries, before the other takes its share away.
        let paired = signed == SignScheme::Differential && !summed;
        // Inputs may always take from a bias, so that no image shows all of it; without a signal it is there.
        let bias = largest_bias(matrix) * BIAS_MARGIN / self.measured.margin();
        let swing = self.swing_unit(if paired { range.pre.max(range.side) } else { range.pre }.max(bias));
        let whole = self.read_unit(range).min(swing);
        let (pre, output) = match matrix.activation {
            Some(act) if self.keeps_units(act) => (whole, whole),
            Some(_) => (swing, self.read_unit(range)),
            None => (whole, whole),
        };
        let partial = if summed {
            // A tile's share of a sum may be larger than the sum.
            let bound =
                partial::largest_partial(matrix, &grid, self.largest_input(at)) / self.measured.margin();
            self.swing_unit(self.largest_part(at, &grid, bound).max(bias))
        } else {
            pre
        };
        let (blocks, pre) = (matrix.groups, self.positive(pre));
        let plan = MatrixPlan { blocks, grid, signed: Some(signed), partial, pre, summed };
        Ok((Some(plan), self.positive(output)))
    }

    /// Whether the activation's circuit is one of the user's that leaves a value drawn as it came: a rectifier.
    fn keeps_units(&self, act: Act) -> bool {
        let circuit = self.technology.circuit(act.function()).filter(|c| c.spec.function.is_homogeneous());
        let cell = circuit.and_then(|circuit| circuit.body.cell.as_ref());
        let sets = |cell: &Foreign| cell.params.iter().any(|param| param.to_lowercase().starts_with("unit_"));
        cell.is_some_and(|cell| !sets(cell))
    }

    /// The technology has a circuit of the layer's activation.
    fn has_circuit(&self, at: usize, activation: Option<Act>) -> Result<(), PlanError> {
        let Some(act) = activation.filter(|act| self.technology.circuit(act.function()).is_none()) else {
            return Ok(());
        };
        let names = self.technology.functions.iter().map(|circuit| circuit.name.as_str());
        Err(PlanError::NoCircuit {
            layer: self.stages[at].name.clone(),
            function: act.to_string(),
            technology: self.technology.name.clone(),
            has: names.collect::<Vec<_>>().join(", "),
        })
    }

    /// A pooling's weights are all of one sign, so it does without inverted wordlines, and its output may come
    /// inverted where only matrices read it: they take a sign for nothing. Where a weight is less than one cell can hold,
    /// it takes the complementary cell of a second bitline.
    fn pool(&self, at: usize) -> Result<MatrixPlan, PlanError> {
        let alone = self.pool_of(at, None)?;
        let pixels = self.stages[at].in_shapes[0].plane() as f64;
        let input = self.layers[self.stages[at].inputs[0].index()].output;
        let least = self.technology.cell.spec.g_min * self.technology.r_f.0;
        if alone.partial / (input.unit * pixels) >= least {
            return Ok(alone);
        }
        self.pool_of(at, Some(SignScheme::Differential))
    }

    /// A pooling whose weights get their sign from `signed`.
    fn pool_of(&self, at: usize, signed: Option<SignScheme>) -> Result<MatrixPlan, PlanError> {
        let (stage, range) = (&self.stages[at], self.ranges[at]);
        let grid = self.grid(stage.in_shapes[0].plane(), 1, signed)?;
        let signs_are_free =
            self.stages.iter().all(|s| !s.inputs.contains(&StageId(at)) || s.matrix().is_some());
        let last = at + 1 == self.stages.len();
        let input = self.layers[stage.inputs[0].index()].output;
        let summed = grid.is_split() || input.polarity > 0.0 && (!signs_are_free || last);
        let unit = self.read_unit(range).min(self.swing_unit(range.out));
        let polarity = if summed { input.polarity } else { -input.polarity };
        // A tile holds part of the pixels, none of which outgrows the input's largest value: its share of the mean
        // is at most that. The summing amplifier brings it down to the unit by two resistors that can be made.
        let partial = if summed {
            let (least, most) = self.technology.r_f;
            let part = self.largest_part(at, &grid, self.largest_input(at));
            self.swing_unit(part).min(unit * most / least)
        } else {
            unit
        };
        let (blocks, pre) = (stage.in_shapes[0].channels, Signal { unit, polarity });
        Ok(MatrixPlan { blocks, grid, signed, partial, pre, summed })
    }

    fn grid(
        &self,
        inputs: usize,
        outputs: usize,
        signed: impl Into<Option<SignScheme>>,
    ) -> Result<Grid, PlanError> {
        Grid::new(inputs, outputs, self.technology.tile, signed.into()).ok_or_else(|| self.tile_error())
    }

    fn tile_error(&self) -> PlanError {
        let (rows, cols) = self.technology.tile;
        PlanError::Tile { technology: self.technology.name.clone(), rows, cols }
    }

    /// Largest value of the first input, margin included.
    fn largest_input(&self, at: usize) -> f64 {
        self.ranges[self.stages[at].inputs[0].index()].out * self.measured.margin()
    }

    /// Largest partial sum of a stage as measured, if it was, and at most the `bound` by its weights.
    fn largest_part(&self, at: usize, grid: &Grid, bound: f64) -> f64 {
        self.measured
            .largest_part(&self.stages[at].name, grid.inputs.len())
            .map_or(bound, |part| part.min(bound))
    }

    /// The unit at which a stage's output fits a wordline.
    fn read_unit(&self, range: Range) -> f64 {
        self.room.read / (range.out * self.measured.margin())
    }

    /// The unit at which `value` fits an amplifier's output.
    fn swing_unit(&self, value: f64) -> f64 {
        self.room.swing / (value * self.measured.margin())
    }

    fn positive(&self, unit: f64) -> Signal {
        Signal { unit, polarity: 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{NodeId, Shape};
    use crate::technologies;

    /// A mean over 16 x 16 pixels, and what it takes.
    fn pooling(technology: &str) -> MatrixPlan {
        let (frame, vector) = (Shape::new(2, 16, 16), Shape::vector(2));
        let stage = |at, name: &str, kind, inputs: &[usize], in_shapes, out_shape| Stage {
            name: name.into(),
            kind,
            inputs: inputs.iter().copied().map(StageId).collect(),
            in_shapes,
            out_shape,
            pre_node: NodeId(at),
            out_node: NodeId(at),
        };
        let stages = [
            stage(0, "input", StageKind::Input, &[], vec![], frame),
            stage(1, "gap", StageKind::Pool, &[0], vec![frame], vector),
        ];
        let range = |out: f64| Range { pre: out, side: out, out, min: 0.0, max: out };
        let ranges = Ranges::checked("test", 1, &stages, vec![range(8.0), range(4.0)]).unwrap();
        let plan = plan(&stages, &ranges, &technologies::find(technology).unwrap()).unwrap();
        plan.layers[1].matrix.clone().unwrap()
    }

    #[test]
    fn a_mean_takes_pairs_only_where_one_cell_conducts_too_much() {
        assert_eq!(pooling("hfo2").signed, None);
        // At least 30 uS and 10 kohm: a gain of 0.3, where a 256th is asked for.
        assert_eq!(pooling("sky130").signed, Some(SignScheme::Differential));
    }
}
