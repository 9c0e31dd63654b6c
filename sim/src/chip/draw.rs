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
    Device,
    Trim,
    Measurement,
    BlockGain,
    BlockOffset,
    Flicker,
    OffsetDrift,
}

/// The draws of one place.
pub(super) struct Draws(ChaCha8Rng);

impl Draws {
    pub(super) fn new(seed: u64, kind: Kind, path: &str) -> Self {
        Self(ChaCha8Rng::from_seed(key(seed, kind, path)))
    }

    /// The generator of cell `cell`, at its start.
    pub(super) fn cell(&mut self, cell: usize) -> &mut ChaCha8Rng {
        self.0.set_stream(cell as u64);
        self.0.set_word_pos(0);
        &mut self.0
    }
}

/// The seed of what is drawn by a generator of its own at a place.
pub(super) fn seed_of(seed: u64, kind: Kind, path: &str) -> u64 {
    let key = key(seed, kind, path);
    u64::from_le_bytes(std::array::from_fn(|at| key[at]))
}

fn key(seed: u64, kind: Kind, path: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update([kind as u8]);
    hash.update(path.as_bytes());
    hash.finalize().into()
}
