//! Attribute macros of memloom: circuits as typed structs. Use them through `memloom::prelude`.
//!
//! Quantities are tokens with a unit, `10 kohm`, `1 uS`, `0.1 V ..= 1.7 V`, or constants of a type in
//! `memloom::units`. Every attribute takes `crate = path` where memloom is not at `::memloom`. All mistakes of an item
//! are reported at once, each at its token.

mod activation;
mod attribute;
mod crossbar;
mod ctxt;
mod keys;
mod memristor;
mod module;
mod nearest;
mod opamp;
mod quantity;
mod technology;
mod tia;
mod units;

use proc_macro::TokenStream;

/// A memristor cell type: `#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)] struct HfO2;`
///
/// - `g_min`, `g_max`: the programmable range;
/// - `v_read`: the largest voltage across a cell that leaves its state alone;
/// - `levels` (optional): how many conductances a programmer can hit, continuous without it;
/// - `model` (optional): how the state moves, `vteam`, in Kvatinsky's MAGIC parameters.
#[proc_macro_attribute]
pub fn memristor(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<memristor::Memristor>(args.into(), item.into()).into()
}

/// An op-amp: `#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)] struct Ota;`
///
/// - `gain`: open loop, V/V; `gbw`: gain-bandwidth product; `slew`: slew rate;
/// - `swing`: lowest and highest output;
/// - `offset` (optional): input-referred.
///
/// As a block its ports are `inp`, `inn`, `out`.
#[proc_macro_attribute]
pub fn opamp(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<opamp::Opamp>(args.into(), item.into()).into()
}

/// A transimpedance amplifier: `#[tia(r_f = 10 kohm, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)] struct Readout;`
///
/// `v(out) = v_ref - r_f i(inp)`. `c_f` is optional. Ports `inp` (a current), `out` (a voltage).
#[proc_macro_attribute]
pub fn tia(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<tia::Tia>(args.into(), item.into()).into()
}

/// An activation circuit: `#[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)] struct HardSwish;`
///
/// The first word is `hard_swish`, `hard_sigmoid`, `relu` or `multiplier`. `unit` is the voltage that stands for 1.0,
/// `v_ref` the one for 0.0; `swing` (optional) the output range, `0 V ..= 2 v_ref` without it. Ports `inp`, `out`; of a
/// multiplier `a`, `b`, `out`.
#[proc_macro_attribute]
pub fn activation(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<activation::Activation>(args.into(), item.into()).into()
}

/// A crossbar: `#[crossbar(cell = HfO2, r_wire = 2.5 ohm)] struct Weights { g: Conductance<4, 3> }`
///
/// - `cell`: the memristor; `r_wire` (optional): resistance of a wire segment between cross-points;
/// - `signed` (optional): `none` (the default), `dual_rail` or `differential`;
/// - `opamp`, `v_ref` and `r_unit` (optional, 100 kohm): the row drivers of `signed = dual_rail`.
///
/// `Conductance<4, 3>` is 4 inputs by 3 outputs, in siemens, with a sign if `signed`. Ports `row` (4 voltages) and `col`
/// (3 currents); of a differential one `row`, `col_p`, `col_n`. `Weights::program([[1e-5; 3]; 4])` makes a value.
#[proc_macro_attribute]
pub fn crossbar(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<crossbar::Crossbar>(args.into(), item.into()).into()
}

/// A module: nets, and blocks between them.
///
/// Each field has a role. `#[input]`, `#[output]` and `#[net]` declare a `Bus<Voltage, N>` or a `Bus<Current, N>`;
/// `#[inst(port = net, ..)]` an instance of a block, or of an array `[Block; N]`, whose ports take the wires of all
/// copies. A port may also go to `ground` or to a supply, written as its voltage: `n = 0.9 V`.
///
/// The struct that is left has the instances as its fields: ports and nets are wires and have no value.
#[proc_macro_attribute]
pub fn module(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<module::Module>(args.into(), item.into()).into()
}

/// A technology: the declarations that a network is built from, in one type.
///
/// - `name`: for the command line, in quotes; `cell`: the memristor;
/// - `tile`: largest crossbar, `128 x 128` wordlines by bitlines; `signed`: `dual_rail` or `differential`;
/// - `r_wire` (optional): resistance of a wire segment;
/// - `readout`: the TIA; `r_f`: the range of feedback resistors that can be made; `r_unit`: the resistor of inverters;
/// - `hard_swish`, `hard_sigmoid`, `relu`, `multiplier`: the activation circuits.
#[proc_macro_attribute]
pub fn technology(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<technology::Technology>(args.into(), item.into()).into()
}
