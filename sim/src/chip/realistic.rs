//! What a realistic chip is like; where the values are from: docs/accuracy.md.

use super::{Faults, Flicker, Levels, NonIdealities, ProgrammingError, Trim};

impl NonIdealities {
    /// Resistance of its lines between two cross-points, ohm, which is a matter of the design.
    pub const REALISTIC_WIRE: f64 = 1.0;

    /// The array alone, read by op-amps of gain 10,000 and nothing else wrong with them.
    pub fn realistic_array() -> Self {
        Self {
            levels: Some(Levels::Uniform { count: 64 }),
            programming_error: Some(ProgrammingError::Relative { sigma: 0.01 }),
            faults: Faults { stuck_at_g_min: 5e-4, stuck_at_g_max: 5e-4, open: 0.0 },
            repair: true,
            gain: Some(1e4),
            ..Self::default()
        }
    }

    /// The array, its amplifiers and activation circuits.
    pub fn realistic() -> Self {
        Self {
            gain: Some(1e3),
            offset_sigma: 3e-3,
            trim: Some(Trim::default()),
            noise_density: Some(1e-8),
            flicker: Flicker { corner: Some(1e5), cell: Some(1e-6), ..Flicker::default() },
            resistor_sigma: 0.01,
            block_gain_sigma: 0.01,
            block_offset_sigma: 1e-3,
            ..Self::realistic_array()
        }
    }
}
