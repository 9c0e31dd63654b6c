//! Which sums have enough inputs in common to be computed as one matrix product.

use super::sums::{Shape, Sum};

/// Fewest sums that make a matrix.
const SUMS: usize = 4;
/// Most terms of a sum that is computed on its own at once.
const FEW: usize = 4;

/// Sums over the same inputs, segment by segment.
pub(super) struct Group {
    /// The inputs of each segment, ascending.
    pub(super) inputs: Vec<Vec<u32>>,
    /// Numbers of the sums.
    pub(super) members: Vec<usize>,
    shape: Option<Shape>,
    /// Which segments end a group.
    closes: Vec<bool>,
}

/// Groups, and the sums that are in none.
pub(super) fn group(sums: &[(usize, &Sum)]) -> (Vec<Group>, Vec<usize>) {
    let mut groups: Vec<Group> = Vec::new();
    let mut alone = Vec::new();
    for (at, (_, sum)) in sums.iter().enumerate() {
        if sum.segments.iter().map(|segment| segment.terms.len()).sum::<usize>() <= FEW {
            alone.push(at);
            continue;
        }
        match groups.iter_mut().rev().find(|group| group.fits(sum)) {
            Some(group) => group.add(at, sum),
            None => groups.push(Group::new(at, sum)),
        }
    }
    let (kept, small): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.members.len() >= SUMS);
    alone.extend(small.into_iter().flat_map(|group| group.members));
    alone.sort_unstable();
    (kept, alone)
}

fn inputs(sum: &Sum) -> impl Iterator<Item = Vec<u32>> {
    sum.segments.iter().map(|segment| segment.terms.iter().map(|term| term.input).collect())
}

fn closes(sum: &Sum) -> impl Iterator<Item = bool> {
    sum.segments.iter().map(|segment| segment.close.is_some())
}

/// All numbers of two ascending lists, ascending.
fn union(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut all = [a, b].concat();
    all.sort_unstable();
    all.dedup();
    all
}

impl Group {
    fn new(at: usize, sum: &Sum) -> Self {
        let shape = sum.post.map(|post| post.shape);
        Self { inputs: inputs(sum).collect(), members: vec![at], shape, closes: closes(sum).collect() }
    }

    /// Whether `sum` has at least half of its inputs in common with the group, in each segment.
    fn fits(&self, sum: &Sum) -> bool {
        let overlap = |(own, other): (&Vec<u32>, &super::sums::Segment)| {
            let (first, last) = (other.terms.first(), other.terms.last());
            let (Some(first), Some(last)) = (first, last) else { return own.is_empty() };
            if own.last() < Some(&first.input) || own.first() > Some(&last.input) {
                return false;
            }
            let shared = other.terms.iter().filter(|term| own.binary_search(&term.input).is_ok()).count();
            2 * shared >= own.len() + other.terms.len() - shared
        };
        self.shape == sum.post.map(|post| post.shape)
            && self.closes.iter().copied().eq(closes(sum))
            && self.inputs.iter().zip(&sum.segments).all(overlap)
    }

    fn add(&mut self, at: usize, sum: &Sum) {
        self.members.push(at);
        for (own, other) in self.inputs.iter_mut().zip(inputs(sum)) {
            if *own != other {
                *own = union(own, &other);
            }
        }
    }
}
