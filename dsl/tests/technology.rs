//! `#[technology]` gathers declarations into one value.

use memloom::functions::{Activation, HARD_SIGMOID, HARD_SWISH, RELU};
use memloom::ir::{Behaviour, Cell, Function, OpAmp};
use memloom::prelude::*;
use memloom::technology::{Named, SignScheme, TiaSpec};

/// HfO2 filamentary cell.
#[memristor(g_min = 1 uS, g_max = 100 uS, levels = 64, v_read = 0.2 V, model = vteam)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

const V_REF: Volts = Volts::new(0.9);
const R_F: Ohms = Ohms::new(1e4);

#[tia(r_f = R_F, c_f = 1 pF, v_ref = V_REF, opamp = Ota)]
struct Readout;

#[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]
struct Swish;

#[activation(hard_sigmoid, unit = 100 mV, v_ref = 0.9 V, swing = 0.2 V ..= 1.6 V)]
struct Sigmoid;

#[activation(relu, unit = 100 mV, v_ref = V_REF)]
struct Relu;

#[activation(multiplier, unit = 100 mV, v_ref = 0.9 V)]
struct Gilbert;

#[technology(
    name = "hfo2_130nm", cell = HfO2, tile = 128 x 64, signed = dual_rail, r_wire = 2.5 ohm, readout = Readout,
    r_f = 100 ohm ..= 10 Mohm, r_unit = 100 kohm,
    functions = [Swish, Sigmoid, Relu], multiplier = Gilbert,
)]
struct Hfo2_130nm;

/// Says what it has of noise, and zeroes its offset.
#[opamp(
    gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V,
    noise_density = 10 nV, flicker_corner = 100 kHz, auto_zero = 20 uV, auto_zero_time = 5 us,
)]
struct Quiet;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, flicker = 1e-6)]
struct Flickering;

#[technology(
    name = "held", cell = Flickering, tile = 128 x 64, signed = dual_rail, readout = Readout,
    r_f = 100 ohm ..= 10 Mohm, r_unit = 100 kohm, c_hold = 2 pF, functions = [], multiplier = Gilbert,
)]
struct Held;

#[test]
fn noise_zeroing_and_capacitors_arrive_too() {
    let amp = Quiet::op_amp().spec;
    assert_eq!((amp.noise_density, amp.flicker_corner), (1e-8, 1e5));
    assert_eq!(amp.auto_zero, Some(memloom::ir::AutoZero { residual: 2e-5, time: 5e-6 }));
    let spec = Held::spec();
    assert_eq!((spec.cell.spec.flicker, spec.sample_hold.c_hold), (1e-6, 2e-12));
    assert_eq!(Ota::op_amp().spec.auto_zero, None);
}

#[test]
fn every_key_arrives_in_si_units() {
    let spec = Hfo2_130nm::spec();
    assert_eq!((spec.name.as_str(), spec.tile, spec.signed), ("hfo2_130nm", (128, 64), SignScheme::DualRail));
    assert_eq!((spec.r_f, spec.r_unit), ((100.0, 1e7), 1e5));
    assert_eq!(spec.parasitics, memloom::ir::Parasitics::wires(Ohms::new(2.5)));
    let cell = Cell { levels: Some(64), ..Cell::new(1e-6, 1e-4, 0.2) };
    assert_eq!(spec.cell, Named::new("HfO2", cell));
    let amp = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e7, swing: (0.1, 1.7), ..OpAmp::PLAIN };
    let tia = TiaSpec { r_f: 1e4, c_f: 1e-12, v_ref: 0.9, i_in: None, op_amp: Named::new("Ota", amp) };
    assert_eq!(spec.readout, Named::new("Readout", tia));
    let behaviour = |function: Function, swing| Behaviour { function, swing, unit: 0.1 };
    let circuit =
        |name: &str, function: Activation, swing| Named::new(name, behaviour(function.into(), swing));
    let circuits = [
        circuit("Swish", HARD_SWISH, (0.0, 1.8)),
        circuit("Sigmoid", HARD_SIGMOID, (0.2, 1.6)),
        circuit("Relu", RELU, (0.0, 1.8)),
    ];
    assert_eq!(spec.functions, circuits);
    assert_eq!(spec.circuit(RELU.into()).map(|c| c.name.as_str()), Some("Relu"));
    assert_eq!(spec.multiplier, Named::new("Gilbert", behaviour(Function::Multiplier, (0.0, 1.8))));
}
