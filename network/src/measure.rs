//! How large values get over images: counted by magnitude, so that the rare largest ones can be left out.

use crate::calibrate::{Range, Ranges, RangesError};
use crate::graph::{Act, Graph};
use crate::parts;
use crate::reference::Reference;
use crate::sides::Sides;
use crate::stage::{Matrix, Stage};
use memloom_ir::Function;
use std::collections::BTreeMap;

/// Images whose counts are kept at a time.
const TOGETHER: usize = 64;
/// Partial sums are looked at on one image of so many.
const SPARSE: usize = 20;

/// Share of a stage's values, zeros aside, that its range holds; the rest saturates in the circuit.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Percentile(f64);

impl Percentile {
    /// All values: the range is that of the largest one.
    pub const ALL: Self = Self(1.0);

    /// A `share` of the values; `None` unless it is at least a half and at most 1.
    pub fn new(share: f64) -> Option<Self> {
        (0.5..=1.0).contains(&share).then_some(Self(share))
    }

    /// As a number, 0.5 to 1.
    pub fn share(self) -> f64 {
        self.0
    }
}

/// Buckets of an octave.
const PER_OCTAVE: u32 = 64;
/// Octaves that are told apart, from 2^-40 on; what is smaller counts as zero.
const OCTAVES: u32 = 64;
const BUCKETS: usize = (OCTAVES * PER_OCTAVE) as usize;
/// Bits of a number below those that give its bucket, and the bucket of 2^-40 among those of all numbers.
const SHIFT: u32 = f64::MANTISSA_DIGITS - 1 - PER_OCTAVE.ilog2();
const FIRST: u32 = (1023 - 40) * PER_OCTAVE;

/// How often magnitudes occur, in buckets of at most 1.6 %: whole numbers, so that the order of images does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Histogram {
    /// Counts by bucket, without those of none.
    counts: BTreeMap<u16, u64>,
    largest: f64,
}

impl Histogram {
    pub(crate) fn of(magnitudes: impl Iterator<Item = f64>) -> Self {
        let (mut counts, mut largest) = ([0_u32; BUCKETS], 0.0);
        for x in magnitudes {
            let bucket = ((x.to_bits() >> SHIFT) as u32).saturating_sub(FIRST) as usize;
            counts[bucket.min(BUCKETS - 1)] += 1;
            largest = larger(largest, x);
        }
        let found = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        Self { counts: found.map(|(bucket, count)| (bucket as u16, u64::from(*count))).collect(), largest }
    }

    fn add(&mut self, other: &Self) {
        other.counts.iter().for_each(|(bucket, count)| *self.counts.entry(*bucket).or_default() += count);
        self.largest = larger(self.largest, other.largest);
    }

    /// The magnitude that so many of the values do not exceed, not counting zeros, of which a layer may have any number: the
    /// upper end of its bucket; the largest for all.
    pub(crate) fn magnitude(&self, Percentile(share): Percentile) -> f64 {
        if share == 1.0 || !self.largest.is_finite() {
            return self.largest;
        }
        let counts = || self.counts.iter().filter(|(bucket, _)| **bucket > 0);
        let total: u64 = counts().map(|(_, count)| count).sum();
        let beyond = (total as f64 * (1.0 - share)).floor() as u64;
        let mut above = 0;
        let found = counts().rev().find(|(_, count)| {
            above += **count;
            above > beyond
        });
        let end = |bucket: u16| f64::from_bits(u64::from(FIRST + u32::from(bucket) + 1) << SHIFT);
        found.map_or(self.largest, |(bucket, _)| end(*bucket).min(self.largest))
    }
}

fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

/// One stage's values.
#[derive(Clone, Debug, Default)]
struct Seen {
    pre: Histogram,
    /// The same not counting how far values go where the activation is flat, for ranges that leave values out.
    bent: Histogram,
    /// Where weights have two sides; else `pre`, or `bent`, is both.
    side: Option<Histogram>,
    out: Histogram,
    min: f64,
    max: f64,
}

impl Seen {
    fn or(mut self, other: &Self) -> Self {
        let pairs = [(&mut self.pre, &other.pre), (&mut self.bent, &other.bent), (&mut self.out, &other.out)];
        pairs.into_iter().for_each(|(own, other)| own.add(other));
        if let (Some(own), Some(other)) = (&mut self.side, &other.side) {
            own.add(other);
        }
        (self.min, self.max) = (self.min.min(other.min), self.max.max(other.max));
        self
    }

    fn range(&self, percentile: Percentile) -> Range {
        // With all values kept, none saturates.
        let pre = if percentile == Percentile::ALL { &self.pre } else { &self.bent };
        let side = self.side.as_ref().unwrap_or(pre);
        let [pre, side, out] = [pre, side, &self.out].map(|seen| seen.magnitude(percentile));
        Range { pre, side, out, min: self.min.clamp(-out, out), max: self.max.clamp(-out, out) }
    }
}

/// Below and above which values an activation is constant, so that it does not matter how far its input goes beyond.
fn flat(act: Option<Act>) -> (f64, f64) {
    let open = (f64::NEG_INFINITY, f64::INFINITY);
    let Some(Function::Activation(activation)) = act.map(Act::function) else { return open };
    let Some(gate) = &activation.definition().gate else { return open };
    let (low, high) = (f64::from(gate.low - gate.shift), f64::from(gate.high - gate.shift));
    match gate.gated {
        // `x` times a constant is one where that is zero.
        true => (if gate.low == 0.0 { low } else { open.0 }, open.1),
        false => (low, high),
    }
}

/// Looks at stages on single images.
struct Looker<'s> {
    stages: &'s [Stage],
    sides: Sides,
}

impl Looker<'_> {
    fn stage(&self, at: usize, tensors: &[Vec<f64>]) -> Seen {
        let stage = &self.stages[at];
        let (pre, out) = (&tensors[stage.pre_node.index()], &tensors[stage.out_node.index()]);
        let input = |input: crate::stage::StageId| &tensors[self.stages[input.index()].out_node.index()];
        let all = Histogram::of(pre.iter().map(|x| x.abs()));
        // What saturates where the activation is flat is as good as what does not.
        let (low, high) = flat(stage.matrix().and_then(|matrix| matrix.activation));
        // Not a number stays so, for the check to find.
        let magnitude = |x: &f64| if x.is_nan() { *x } else { x.clamp(low, high).abs() };
        let bent = match (low, high) == flat(None) {
            true => all.clone(),
            false => Histogram::of(pre.iter().map(magnitude)),
        };
        let sides = self.sides.magnitudes(at, input, pre);
        Seen {
            side: sides.map(|sides| Histogram::of(sides.into_iter())),
            pre: all,
            bent,
            out: Histogram::of(out.iter().map(|x| x.abs())),
            min: out.iter().copied().fold(f64::INFINITY, f64::min),
            max: out.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// Partial sums of a stage by how many pieces its inputs are cut into.
    fn parts(&self, at: usize, tensors: &[Vec<f64>]) -> BTreeMap<usize, Histogram> {
        let stage = &self.stages[at];
        let input =
            &tensors[self.stages[stage.inputs.first().map_or(at, |input| input.index())].out_node.index()];
        let seen = |pieces| (pieces, Histogram::of(parts::magnitudes(stage, input, pieces).into_iter()));
        parts::cuts(stage).into_iter().map(seen).collect()
    }
}

impl Ranges {
    /// Measures a graph on images (normalised, `[C][H][W]`), on all cores; the result does not depend on how many.
    ///
    /// # Errors
    /// Where there are no images, or the network's numbers overflow.
    ///
    /// # Panics
    /// Where an image's length is not that of the graph's input.
    pub fn measure(
        graph: &Graph,
        stages: &[Stage],
        images: &[Vec<f64>],
        source: &str,
    ) -> Result<Self, RangesError> {
        Self::measure_at(Percentile::ALL, graph, stages, images, source)
    }

    /// As [`Ranges::measure`], ranges of `percentile` of each stage's values, and of the partial sums of stages that are
    /// cut into several tiles.
    ///
    /// # Errors
    /// As [`Ranges::measure`].
    ///
    /// # Panics
    /// As [`Ranges::measure`].
    pub fn measure_at(
        percentile: Percentile,
        graph: &Graph,
        stages: &[Stage],
        images: &[Vec<f64>],
        source: &str,
    ) -> Result<Self, RangesError> {
        let mut ranges = Self::measure_all(&[percentile], graph, stages, images, source)?;
        Ok(ranges.swap_remove(0))
    }

    /// As [`Ranges::measure_at`], for each of `percentiles`: images are looked at once.
    ///
    /// # Errors
    /// As [`Ranges::measure`].
    ///
    /// # Panics
    /// As [`Ranges::measure`].
    pub fn measure_all(
        percentiles: &[Percentile],
        graph: &Graph,
        stages: &[Stage],
        images: &[Vec<f64>],
        source: &str,
    ) -> Result<Vec<Self>, RangesError> {
        let looker = Looker { stages, sides: Sides::new(stages) };
        let reference = Reference::new(graph);
        let look = |tensors: &[Vec<f64>]| -> Vec<Seen> {
            (0..stages.len()).map(|at| looker.stage(at, tensors)).collect()
        };
        let together = images.chunks(TOGETHER).flat_map(|images| reference.map_all(images, look));
        let join = |all: Vec<Seen>, one: Vec<Seen>| all.into_iter().zip(&one).map(|(a, b)| a.or(b)).collect();
        let seen = together.reduce(join).ok_or(RangesError::NoImages)?;
        // With all values kept, nothing that an image shows is to saturate: partial sums are bound by their weights.
        let some = percentiles.iter().any(|percentile| *percentile != Percentile::ALL);
        let parts = if some { seen_parts(&looker, &reference, images) } else { Vec::new() };
        let ranges = |percentile: &Percentile| {
            let ranges = seen.iter().map(|seen| seen.range(*percentile)).collect();
            let measured = Self::checked(source, images.len(), stages, ranges)?;
            if *percentile == Percentile::ALL {
                return Ok(measured);
            }
            let magnitude = |(pieces, part): (&usize, &Histogram)| (*pieces, part.magnitude(*percentile));
            let parts = parts.iter().map(|parts| parts.iter().map(magnitude).collect()).collect();
            measured.with_parts(*percentile, parts).checked_parts(stages)
        };
        percentiles.iter().map(ranges).collect()
    }
}

/// Partial sums of each stage by how many pieces its inputs are cut into.
fn seen_parts(
    looker: &Looker<'_>,
    reference: &Reference<'_>,
    images: &[Vec<f64>],
) -> Vec<BTreeMap<usize, Histogram>> {
    let few: Vec<Vec<f64>> = images.iter().step_by(SPARSE).cloned().collect();
    let look = |tensors: &[Vec<f64>]| -> Vec<BTreeMap<usize, Histogram>> {
        (0..looker.stages.len()).map(|at| looker.parts(at, tensors)).collect()
    };
    let mut seen = vec![BTreeMap::<usize, Histogram>::new(); looker.stages.len()];
    for of_image in few.chunks(TOGETHER).flat_map(|images| reference.map_all(images, look)) {
        for (seen, parts) in seen.iter_mut().zip(&of_image) {
            parts.iter().for_each(|(pieces, part)| seen.entry(*pieces).or_default().add(part));
        }
    }
    seen
}

/// The largest magnitude that a bias has, which is there whatever the input.
pub(crate) fn largest_bias(matrix: &Matrix) -> f64 {
    matrix.bias.iter().fold(0.0_f64, |most, bias| most.max(bias.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_percentile_holds_its_share_and_little_more(
            values in prop::collection::vec(prop_oneof![1 => Just(0.0), 9 => 1e-6f64..1e6], 1..400), share in 0.5f64..1.0,
        ) {
            let percentile = Percentile::new(share).unwrap();
            let found = Histogram::of(values.iter().copied()).magnitude(percentile);
            let mut sorted: Vec<f64> = values.iter().copied().filter(|x| *x > 0.0).collect();
            sorted.sort_by(f64::total_cmp);
            let beyond = (sorted.len() as f64 * (1.0 - share)).floor() as usize;
            let exact = sorted.iter().rev().nth(beyond).copied().unwrap_or(0.0);
            prop_assert!(found >= exact && found <= exact * (1.0 + 1.0 / 64.0) + 1e-12, "{found} for {exact}");
            let largest = Histogram::of(values.iter().copied()).magnitude(Percentile::ALL);
            prop_assert_eq!(largest, sorted.last().copied().unwrap_or(0.0));
        }
    }

    #[test]
    fn counts_do_not_depend_on_the_order() {
        let (a, b) = (Histogram::of([1.0, 0.0, 3.5].into_iter()), Histogram::of([0.0, 1.0, 9.0].into_iter()));
        let (mut ab, mut ba) = (a.clone(), b.clone());
        ab.add(&b);
        ba.add(&a);
        assert_eq!(ab, ba);
        assert_eq!(ab, Histogram::of([3.5, 1.0, 1.0, 0.0, 9.0, 0.0].into_iter()));
    }

    #[test]
    fn an_activation_is_flat_where_its_input_may_saturate() {
        assert_eq!(flat(Some(Act::HARD_SWISH)), (-3.0, f64::INFINITY));
        assert_eq!(flat(Some(Act::HARD_SIGMOID)), (-3.0, 3.0));
        assert_eq!(flat(Some(Act::RELU)), (0.0, f64::INFINITY));
        assert_eq!(flat(Some(Act::of(memloom_ir::functions::GELU))), (f64::NEG_INFINITY, f64::INFINITY));
        for act in [Act::HARD_SWISH, Act::HARD_SIGMOID, Act::RELU] {
            let (low, high) = flat(Some(act));
            assert_eq!(act.apply(low - 10.0), act.apply(low));
            assert!(high.is_infinite() || act.apply(high + 10.0) == act.apply(high));
        }
    }
}
