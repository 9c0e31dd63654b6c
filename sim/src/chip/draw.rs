//! Random numbers by place: the same for a part wherever and whenever it is asked for.
//!
//! A place's name and kind give the key of a ChaCha stream cipher, the cell its stream.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// What is drawn; each kind has numbers of its own.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Fault,
    Programming,
    Drift,
    Offset,
    Resistor,
}

/// The draws of one place.
pub(super) struct Draws(ChaCha8Rng);

impl Draws {
    pub(super) fn new(seed: u64, kind: Kind, path: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update([kind as u8]);
        hash.update(path.as_bytes());
        Self(ChaCha8Rng::from_seed(hash.finalize().into()))
    }

    /// The generator of cell `cell`, at its start.
    pub(super) fn cell(&mut self, cell: usize) -> &mut ChaCha8Rng {
        self.0.set_stream(cell as u64);
        self.0.set_word_pos(0);
        &mut self.0
    }
}
