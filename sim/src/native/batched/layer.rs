//! One step of the plan in its batched form: stages that fill one buffer.

use super::dense::Dense;
use super::draws::{Draws, Positions};
use super::group::group;
use super::lanes::Lanes;
use super::normals::{Normals, Onto};
use super::shared::{Noisy, Shared};
use super::source::{Pool, Source, stride};
use super::sparse::{Factors, Products, Sparse};
use super::sums::{Fused, Output, Sum, Term};
use super::unfold::Unfold;
use super::window::Window;
use memloom_ir::FrameStore;
use pulp::Simd;
use std::collections::HashMap;

/// What an input of a step is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Input {
    /// A value that never changes.
    Constant(f64),
    Row(Source),
    /// A tap of a window that moves over a frame.
    Tap(Tap),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Tap {
    pub(super) frame: Source,
    pub(super) store: FrameStore,
    pub(super) tap: u32,
    pub(super) padding: f64,
}

/// The stages of a step.
#[derive(Default)]
pub(super) struct Layer {
    /// Copies of taps as rows; they fill the scratch buffer.
    unfold: Vec<Unfold>,
    /// Noise of row drivers, in the same buffer behind these.
    normals: Vec<Normals>,
    /// Cells of that buffer.
    cells: usize,
    windows: Vec<Window>,
    dense: Vec<Dense>,
    sparse: Vec<Sparse>,
    products: Vec<Products>,
    /// Read ticks.
    pub(super) ticks: usize,
    pub(super) out: usize,
    /// The buffer for unfolded taps, and how many cells of it are used.
    pub(super) scratch: Option<usize>,
}

/// Builds a layer.
pub(super) struct Builder {
    inputs: Vec<Input>,
    scratch: usize,
    positions: Positions,
    layer: Layer,
    /// Where each unfolded tap stands.
    unfolded: HashMap<u32, Source>,
}

/// Moves what is constant into offsets.
fn settle(sum: &Sum, inputs: &[Input]) -> Sum {
    let mut sum = sum.clone();
    for segment in &mut sum.segments {
        let (offset, noise) = (&mut segment.offset, &mut segment.noise);
        segment.terms.retain(|Term { input, coefficient, square }| match inputs[*input as usize] {
            Input::Constant(value) => {
                *offset += coefficient * value;
                if let Some(noise) = noise {
                    noise.constant += square * value * value;
                }
                false
            }
            _ => true,
        });
    }
    sum
}

impl Builder {
    /// Builds `fused` on `inputs`, its noise from `position` on: `ticks` cells of each output go to buffer `out`, output by output a stride apart.
    /// Buffer `scratch` is at hand for unfolded taps. `None` if an output is a product of something else than rows.
    pub(super) fn build(
        fused: &Fused,
        inputs: &[Input],
        ticks: usize,
        (out, scratch): (usize, usize),
        position: u32,
    ) -> Option<Layer> {
        let positions = Positions { first: position, ticks };
        let layer = Layer { ticks, out, ..Layer::default() };
        let mut builder =
            Self { inputs: inputs.to_vec(), scratch, positions, layer, unfolded: HashMap::new() };
        builder.noise(&fused.shared)?;
        let inputs = builder.inputs.clone();
        let cell = |output: usize| output * stride(ticks);
        let mut sums = Vec::new();
        let mut products = Vec::new();
        for (index, output) in fused.outputs.iter().enumerate() {
            match output {
                Output::Sum(sum) => sums.push((cell(index), settle(sum, &inputs))),
                Output::Product(product) => {
                    let [a, b] = product.inputs.map(|input| inputs[input as usize]);
                    let (Input::Row(a), Input::Row(b)) = (a, b) else { return None };
                    products.push(Factors { a, b, output: cell(index), product: *product });
                }
            }
        }
        if !products.is_empty() {
            builder.layer.products.push(Products { of: products });
        }
        let rest: Vec<_> = sums.iter().filter(|(output, sum)| !builder.window(*output, sum)).collect();
        let rest: Vec<(usize, &Sum)> = rest.into_iter().map(|(output, sum)| (*output, sum)).collect();
        builder.matrices(&rest);
        Some(builder.layer)
    }

    /// A row of the scratch buffer.
    fn row(&mut self) -> Source {
        let first = self.layer.cells;
        self.layer.cells += stride(self.layer.ticks);
        self.layer.scratch = Some(self.scratch);
        Source { buffer: self.scratch, first, step: usize::from(self.layer.ticks > 1) }
    }

    /// Gives the noise of row drivers to inputs, or makes it further inputs. `None` for a tap that is held while others move.
    fn noise(&mut self, shared: &Shared) -> Option<()> {
        let at = |positions: Positions, row: u32| {
            positions.first.wrapping_add(row.wrapping_mul(positions.ticks as u32))
        };
        for Noisy { input, row, sigma } in &shared.noisy {
            let (source, onto) = match self.inputs[*input as usize] {
                Input::Constant(value) => (self.row(), Onto::Constant(value as f32)),
                // Drivers in a row: one more on the same input.
                Input::Row(source) if source.buffer == self.scratch => (source, Onto::InPlace),
                Input::Row(source) => (self.row(), Onto::Row(source)),
                Input::Tap(tap) if tap.store.read_ticks() as usize == self.layer.ticks => {
                    self.unfold(*input);
                    (self.unfolded[input], Onto::InPlace)
                }
                Input::Tap(_) => return None,
            };
            let position = at(self.positions, *row);
            self.layer.normals.push(Normals { onto, first: source.first, position, sigma: *sigma as f32 });
            self.inputs[*input as usize] = Input::Row(source);
        }
        for row in &shared.lines {
            let source = self.row();
            let position = at(self.positions, *row);
            self.layer.normals.push(Normals {
                onto: Onto::Constant(0.0),
                first: source.first,
                position,
                sigma: 1.0,
            });
            self.inputs.push(Input::Row(source));
        }
        Some(())
    }

    /// Adds `sum` to a window stage, if it is one over the taps of one frame.
    fn window(&mut self, output: usize, sum: &Sum) -> bool {
        let terms = || sum.segments.iter().flat_map(|segment| &segment.terms);
        let tap = |term: &Term| match self.inputs[term.input as usize] {
            Input::Tap(tap) => Some(tap),
            _ => None,
        };
        let Some(first) = terms().next().and_then(tap) else { return false };
        let same = |t: Tap| (t.frame, t.store, t.padding) == (first.frame, first.store, first.padding);
        if first.frame.step == 0 || !terms().all(|term| tap(term).is_some_and(same)) {
            return false;
        }
        let shape = sum.post.map(|post| post.shape);
        let windows = &mut self.layer.windows;
        if !windows.last().is_some_and(|window| window.matches(first.store, first.padding, shape)) {
            windows.push(Window::new(first.store, first.padding, shape));
        }
        let window = windows.last_mut().expect("just added");
        window.push(first.frame, output, sum, |term| tap(term).expect("all are taps").tap, self.positions);
        true
    }

    fn matrices(&mut self, sums: &[(usize, &Sum)]) {
        for (_, sum) in sums {
            sum.segments.iter().flat_map(|s| &s.terms).for_each(|term| self.unfold(term.input));
        }
        let (groups, alone) = group(sums);
        let at = |input: u32| match self.inputs[input as usize] {
            Input::Row(source) => source,
            _ => self.unfolded[&input],
        };
        let positions = self.positions;
        for group in groups {
            let members: Vec<_> = group.members.iter().map(|member| sums[*member]).collect();
            self.layer.dense.push(Dense::new(&members, &group.inputs, at, positions));
        }
        let sparse = |at_sum: &usize| Sparse::new(sums[*at_sum].1, sums[*at_sum].0, at, positions);
        self.layer.sparse.extend(alone.iter().map(sparse));
    }

    /// Gives a tap a row of its own.
    fn unfold(&mut self, input: u32) {
        if let Input::Tap(tap) = self.inputs[input as usize]
            && !self.unfolded.contains_key(&input)
        {
            let step = usize::from(tap.store.read_ticks() > 1);
            let source = Source { step, ..self.row() };
            self.unfolded.insert(input, source);
            self.layer.unfold.push(Unfold::new(tap, source.first));
        }
    }
}

impl Layer {
    /// Cells of the scratch buffer.
    pub(super) fn scratch_cells(&self) -> usize {
        self.cells
    }

    /// Runs all stages; `plane` is scratch, `draws` gives the noise.
    pub(super) fn run<S: Simd>(&self, simd: S, pool: &mut Pool, plane: &mut Lanes, draws: &Draws) {
        if let Some(buffer) = self.scratch {
            let mut rows = pool.take(buffer);
            self.unfold.iter().for_each(|unfold| unfold.run(pool, rows.get_mut()));
            let rows_of = rows.get_mut();
            self.normals.iter().for_each(|row| row.run(simd, pool, rows_of, self.ticks, draws));
            pool.put(buffer, rows);
        }
        let mut lanes = pool.take(self.out);
        let out = lanes.get_mut();
        self.windows.iter().for_each(|stage| stage.run(simd, pool, out, plane, draws));
        self.dense.iter().for_each(|stage| stage.run(simd, pool, out, self.ticks, draws));
        self.sparse.iter().for_each(|stage| stage.run(simd, pool, out, self.ticks, draws));
        self.products.iter().for_each(|stage| stage.run(simd, pool, out, self.ticks));
        pool.put(self.out, lanes);
    }
}
