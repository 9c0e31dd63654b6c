//! Values of sixteen images side by side, in buffers whose vectors do not straddle cache lines.

/// Images that are evaluated side by side: the fastest index of every buffer.
pub(super) const LANES: usize = 16;

/// A buffer that starts on a cache line.
#[derive(Default)]
pub(super) struct Lanes {
    values: Vec<f32>,
    first: usize,
}

impl Lanes {
    /// Makes room for `cells` values of each lane.
    pub(super) fn reserve(&mut self, cells: usize) {
        if self.values.len() < (cells + 1) * LANES {
            self.values = vec![0.0; (cells + 1) * LANES];
            let first = self.values.as_ptr().align_offset(LANES * size_of::<f32>());
            // Where alignment cannot be had, speed is lost, nothing else.
            self.first = if first < LANES { first } else { 0 };
        }
    }

    pub(super) fn get(&self) -> &[f32] {
        &self.values[self.first..]
    }

    pub(super) fn get_mut(&mut self) -> &mut [f32] {
        &mut self.values[self.first..]
    }
}
