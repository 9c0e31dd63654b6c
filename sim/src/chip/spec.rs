//! What is not ideal about a chip, as values that a user may write down.

use super::trim::Trim;
use memloom_ir::device::Variation;
use memloom_ir::{Cell, OpAmp};
use serde::{Deserialize, Serialize};

/// What is not ideal; the default is the circuit as designed.
///
/// ```
/// use memloom_sim::chip::{Chip, NonIdealities, ProgrammingError};
/// let spec = NonIdealities {
///     seed: 7,
///     programming_error: Some(ProgrammingError::Relative { sigma: 0.05 }),
///     ..NonIdealities::default()
/// };
/// assert!(Chip::new(spec).is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NonIdealities {
    /// Which chip of all that could be made.
    pub seed: u64,
    /// Conductances that the programmer can hit; others are rounded to the nearest.
    pub levels: Option<Levels>,
    /// How far a programmed conductance is from its target.
    pub programming_error: Option<ProgrammingError>,
    /// How the devices' own parameters spread.
    pub devices: Option<DeviceSpread>,
    /// Cells that do not do as told.
    pub faults: Faults,
    /// Whether the programmer has the complementary cell of a faulty one ([`memloom_ir::Opposites`]) compensate it.
    pub repair: bool,
    /// How conductances move after programming.
    pub drift: Option<Drift>,
    /// How conductances depend on temperature.
    pub temperature: Option<Temperature>,
    /// What the supply does.
    pub supply: Option<Supply>,
    /// Whether feedback follows what cells and resistors have changed together.
    pub tracking: Option<Tracking>,
    /// Whether cross-points without a cell hold one at the cell type's lowest conductance, as in an array that has a
    /// cell at every cross-point.
    pub fill_absent: bool,
    /// Open-loop gain of every op-amp, V/V; `None` as declared.
    pub gain: Option<f64>,
    /// Standard deviation of each op-amp's input-referred offset about the declared one, volts.
    pub offset_sigma: f64,
    /// Standard deviation of each resistor about its value, relative: the mismatch of feedback resistors.
    pub resistor_sigma: f64,
    /// Standard deviation of the gain of each activation circuit and multiplier about 1.
    pub block_gain_sigma: f64,
    /// Standard deviation of the offset at the output of each activation circuit and multiplier, volts.
    pub block_offset_sigma: f64,
    /// How offsets are trimmed after programming; `None` where they are not.
    pub trim: Option<Trim>,
    /// Whether offsets are trimmed again after the drift and at the temperature that are given.
    pub retrim: bool,
    /// Whether op-amps and behavioural blocks may leave their swing.
    pub ignore_rails: bool,
    /// Input-referred noise of each op-amp in its bandwidth, volts rms.
    pub op_amp_noise: f64,
    /// Whether parts have the noise that physics and their declarations give them: of op-amps by density and corner, of all
    /// that conducts by temperature, of cells by their flicker, of sample-and-holds by their capacitor.
    pub noise: bool,
    /// Input-referred noise density of each op-amp in the place of the declared one, volts per root hertz. With it come the
    /// thermal noise of all that conducts, each in the bandwidth that the op-amp's `gbw` gives its stage, and that of
    /// sample-and-holds, `k T / C`; `None` for what [`Self::noise`] says.
    pub noise_density: Option<f64>,
    /// Noise whose density goes with `1 / f`.
    pub flicker: Flicker,
    /// Noise of each cell at each read.
    pub read_noise: Option<ReadNoise>,
    /// The converter at each input of the circuit.
    pub dac: Option<Converter>,
    /// The converter at each output of the circuit.
    pub adc: Option<Converter>,
}

/// Conductances that can be programmed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Levels {
    /// This many, evenly spaced from the cell type's lowest to its highest conductance.
    Uniform {
        /// How many, at least 2.
        count: u32,
    },
    /// These, siemens, ascending: measured ones.
    List {
        /// The conductances.
        siemens: Vec<f64>,
    },
}

/// Gaussian error of a programmed conductance, cut off at zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ProgrammingError {
    /// The same for every conductance.
    Absolute {
        /// Standard deviation, siemens.
        sigma: f64,
    },
    /// In proportion to the conductance.
    Relative {
        /// Standard deviation over the conductance.
        sigma: f64,
    },
    /// By conductance, measured; linear between the points, constant outside.
    Table {
        /// Conductance and standard deviation, siemens, ascending by conductance.
        points: Vec<(f64, f64)>,
    },
}

/// Devices whose parameters spread, programmed without verify: each is brought to the state in which the device as
/// declared has the target, and conducts by its own parameters there.
///
/// ```
/// use memloom_ir::device::{Law, Spread, Variation};
/// use memloom_sim::chip::{Chip, DeviceSpread, NonIdealities};
/// let variation = Variation::of_devices([Spread::new("r_on", Law::Lognormal(0.1))]);
/// let spec = NonIdealities { devices: Some(DeviceSpread { variation, cycle: 0 }), ..Default::default() };
/// let cell = memloom_ir::Cell::new(1e-6, 1e-4, 0.2);
/// let device = Chip::new(spec)?.device("top.layer.xbar", &cell, 17)?;
/// assert_ne!(device.get("r_on")?, cell.device.get("r_on")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeviceSpread {
    /// The parameters and their distributions, from device to device and from cycle to cycle.
    pub variation: Variation,
    /// Which programming cycle it is.
    pub cycle: u64,
}

/// Fractions of cells that do not do as told; a cell has one fault at most.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Cells that stay at the cell type's lowest conductance.
    pub stuck_at_g_min: f64,
    /// Cells that stay at its highest conductance.
    pub stuck_at_g_max: f64,
    /// Cells that are open: one less the yield.
    pub open: f64,
}

/// `g(t) = g(t0) (t / t0)^-nu`, with a `nu` of its own for each cell. Cells that are stuck do not drift.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// Time since programming, seconds.
    pub time: f64,
    /// When the conductance was what was programmed, seconds.
    pub t0: f64,
    /// Mean of the exponent.
    pub nu: f64,
    /// Its standard deviation.
    pub nu_sigma: f64,
}

/// What differs from the temperature at which the chip was programmed: `g(T) = g (1 + coefficient (T - reference))`, never
/// below zero, and likewise for resistors and rails; offsets of op-amps move by so many volts a kelvin each.
///
/// `v_ref` itself is that of a bandgap, to which all signals refer: where it moves, all move with it.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Temperature {
    /// Temperature of the chip, degrees Celsius.
    pub celsius: f64,
    /// Temperature at which it was programmed, degrees Celsius.
    pub reference: f64,
    /// Relative change of conductance per kelvin.
    pub coefficient: f64,
    /// Relative change of resistors per kelvin.
    pub resistor: f64,
    /// Relative change per kelvin of what constant rails have about `v_ref`: that of the reference they are made from.
    pub rail: f64,
    /// Standard deviation of the change of an op-amp's offset, volts per kelvin.
    pub offset: f64,
}

impl Temperature {
    /// Relative change of what has `coefficient`; 1 for none.
    pub(crate) fn change(&self, coefficient: f64) -> f64 {
        1.0 + coefficient * (self.celsius - self.reference)
    }
}

/// A supply that is not at the voltage at which offsets were trimmed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supply {
    /// How far it is above that, volts; below zero for a lower one. The upper ends of swings move as much.
    pub shift: f64,
    /// Supply rejection: `shift` over how far it moves the offset of each op-amp.
    pub rejection: f64,
}

/// Feedback that follows what all cells and resistors have changed together, as reference cells beside them show it: each
/// feedback resistor has codes of [`Self::step`], and takes the nearest to what undoes mean drift and temperature.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tracking {
    /// Relative step between codes; 0 for a continuous one.
    pub step: f64,
}

/// Gaussian noise of a cell's conductance, drawn anew at each read.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ReadNoise {
    /// The same for every conductance.
    Absolute {
        /// Standard deviation, siemens.
        sigma: f64,
    },
    /// In proportion to the conductance.
    Relative {
        /// Standard deviation over the conductance.
        sigma: f64,
    },
}

impl NonIdealities {
    /// Whether anything differs from read to read.
    pub(crate) fn is_noisy(&self) -> bool {
        self.op_amp_noise > 0.0 || self.read_noise.is_some() || self.is_thermal()
    }

    /// What feedback that follows the cells multiplies all columns by, as far as its codes go.
    pub(crate) fn tracked(&self) -> f64 {
        let Some(Tracking { step }) = self.tracking else { return 1.0 };
        let drifted = self.drift.map_or(1.0, |drift| (drift.time / drift.t0).powf(-drift.nu));
        let warm = self.temperature.map_or(1.0, |t| t.change(t.coefficient) * t.change(t.resistor));
        let wanted = (drifted * warm).recip();
        if step > 0.0 && wanted.is_finite() { ((wanted - 1.0) / step).round() * step + 1.0 } else { wanted }
    }

    /// Whether there is noise by physics: of whatever has a temperature.
    pub(crate) fn is_thermal(&self) -> bool {
        self.noise || self.noise_density.is_some()
    }

    /// Density of an op-amp's white noise, volts per root hertz.
    pub(crate) fn density(&self, op_amp: &OpAmp) -> f64 {
        self.noise_density.unwrap_or(op_amp.noise_density)
    }

    /// Corner of an op-amp's flicker noise, hertz. One that zeroes its offset takes it away, but for what it leaves of both.
    pub(crate) fn corner(&self, op_amp: &OpAmp) -> f64 {
        match op_amp.auto_zero {
            Some(_) => 0.0,
            None => self.flicker.corner.unwrap_or(if self.noise { op_amp.flicker_corner } else { 0.0 }),
        }
    }

    /// Flicker noise of a cell, over its current and squared, at 1 Hz.
    pub(crate) fn cell_flicker(&self, cell: &Cell) -> f64 {
        self.flicker.cell.unwrap_or(if self.noise { cell.flicker } else { 0.0 })
    }

    /// Temperature of the chip, kelvin.
    pub(crate) fn kelvin(&self) -> f64 {
        self.temperature.map_or(27.0, |temperature| temperature.celsius) + 273.15
    }
}

impl ReadNoise {
    /// Standard deviation of a cell of `g` siemens.
    pub fn sigma(&self, g: f64) -> f64 {
        match self {
            Self::Absolute { sigma } => *sigma,
            Self::Relative { sigma } => sigma * g,
        }
    }
}

/// Flicker noise, whose density goes with `1 / f`.
///
/// It is slower than an image: from the time since offsets were trimmed to that of an image are more decades than from there
/// to the bandwidth of a stage. So a chip has one draw of it, as an offset of each op-amp and a deviation of each cell that
/// were not there at the trim. Its variance is that of the whole band, down to one over [`Self::time`]. Over images of one
/// chip it does not change; the score that is to be expected of an image is the same as if each had a draw of its own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Flicker {
    /// Where that of each op-amp meets its white noise, in the place of the declared one, hertz.
    pub corner: Option<f64>,
    /// Of each cell, in the place of the declared one: the density of its current's noise over the current, squared, at 1 Hz.
    pub cell: Option<f64>,
    /// Time since offsets were trimmed, seconds; 0 for no flicker noise.
    pub time: f64,
}

impl Default for Flicker {
    /// As declared, a day after the trim.
    fn default() -> Self {
        Self { corner: None, cell: None, time: 86_400.0 }
    }
}

/// A converter of `2^bits` codes evenly spaced over `range`, its ends included; values outside take the end's code.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Converter {
    /// Resolution, 1 to 24 bits.
    pub bits: u32,
    /// Lowest and highest code, volts.
    pub range: (f64, f64),
}

impl Converter {
    /// The nearest voltage that has a code.
    pub fn convert(&self, volts: f64) -> f64 {
        let (lo, hi) = self.range;
        let step = (hi - lo) / f64::from((1u32 << self.bits) - 1);
        lo + ((volts.clamp(lo, hi) - lo) / step).round() * step
    }
}
