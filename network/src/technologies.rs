//! The technologies that come with memloom, declared as a user would declare their own.

mod sky130;

use memloom::prelude::*;
use memloom_ir::erc::Process;
use memloom_ir::technology::TechnologySpec;
use memloom_sky130::Verdict;
use std::path::Path;

/// HfO2 filamentary cell, ohmic below 0.2 V.
///
/// Its flicker noise makes the current fluctuate by 0.3 % from 10 Hz to 100 kHz: within the 0.01 to 1 % that filaments show
/// whatever they are in (Santa et al., "Universal 1/f type current noise of Ag filaments in redox-based memristive
/// nanojunctions", Nanoscale 11, 2019, doi 10.1039/C8NR09985E).
#[memristor(g_min = 1 uS, g_max = 100 uS, levels = 64, v_read = 0.2 V, flicker = 1e-6, model = vteam)]
pub struct HfO2;

/// Two-stage amplifier on a 1.8 V supply. Where its noise is from: docs/accuracy.md.
#[opamp(
    gain = 10_000,
    gbw = 10 MHz,
    slew = 10 V/us,
    swing = 0.1 V ..= 1.7 V,
    noise_density = 10 nV,
    flicker_corner = 100 kHz,
)]
pub struct Ota;

/// Column amplifier.
#[tia(r_f = 10 kohm, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
pub struct Readout;

/// x * relu6(x + 3) / 6.
#[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]
pub struct HardSwish;

/// relu6(x + 3) / 6.
#[activation(hard_sigmoid, unit = 100 mV, v_ref = 0.9 V)]
pub struct HardSigmoid;

/// max(x, 0).
#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
pub struct Relu;

/// a * b.
#[activation(multiplier, unit = 100 mV, v_ref = 0.9 V)]
pub struct Multiplier;

/// HfO2 cells on a 1.8 V process, signed by inverted wordlines.
#[technology(
    name = "hfo2",
    cell = HfO2,
    tile = 128 x 128,
    signed = dual_rail,
    r_wire = 0 ohm,
    readout = Readout,
    r_f = 1 kohm ..= 10 Mohm,
    r_unit = 100 kohm,
    functions = [Relu, HardSigmoid, HardSwish],
    multiplier = Multiplier,
)]
pub struct Hfo2;

/// As [`Hfo2`], signed by pairs of bitlines.
#[technology(
    name = "hfo2_differential",
    cell = HfO2,
    tile = 128 x 128,
    signed = differential,
    r_wire = 0 ohm,
    readout = Readout,
    r_f = 1 kohm ..= 10 Mohm,
    r_unit = 100 kohm,
    functions = [Relu, HardSigmoid, HardSwish],
    multiplier = Multiplier,
)]
pub struct Hfo2Differential;

/// The technology that is taken where none is named.
pub fn default() -> TechnologySpec {
    Hfo2::spec()
}

/// Every technology that comes with memloom; the first is the [`default`].
pub fn all() -> Vec<TechnologySpec> {
    vec![default(), Hfo2Differential::spec(), sky130::sky130()]
}

/// Which cells of the technology called `name` are good enough as transistors; nothing where none were measured.
pub fn verdicts(name: &str) -> Vec<Verdict> {
    if name == sky130::NAME { memloom_sky130::measured().verdicts() } else { Vec::new() }
}

/// What the process of the technology called `name` can make and drive; `None` where none is known.
pub fn process(name: &str) -> Option<Process> {
    (name == sky130::NAME).then(sky130::process)
}

/// `technology` with circuits of transistors for behavioural cells, where it has such: sky130's amplifier and rectifier, which
/// netlists take from the file `library`. `None` for a technology without.
pub fn of_transistors(technology: TechnologySpec, library: &Path) -> Option<TechnologySpec> {
    (technology.name == sky130::NAME).then(|| sky130::with_transistors(technology, library))
}

/// A name that no technology has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no technology `{name}`; choose one of {known}")]
pub struct UnknownTechnology {
    name: String,
    known: String,
}

/// The technology called `name`.
///
/// # Errors
/// If there is none.
pub fn find(name: &str) -> Result<TechnologySpec, UnknownTechnology> {
    all().into_iter().find(|t| t.name == name).ok_or_else(|| UnknownTechnology {
        name: name.into(),
        known: all().iter().map(|t| format!("`{}`", t.name)).collect::<Vec<_>>().join(", "),
    })
}
