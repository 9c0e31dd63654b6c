//! Attribute macros of memloom: circuits as typed structs. Use them through `memloom::prelude`.
//!
//! Quantities are tokens with a unit, `10 kohm`, `1 uS`, `0.1 V ..= 1.7 V`, or constants of a type in
//! `memloom::units`. Every attribute takes `crate = path` where memloom is not at `::memloom`, and `allow(absurd)` where
//! a value that no circuit has is meant: without it, `r_wire = 1 Mohm` is a warning. All mistakes of an item are reported
//! at once, each at its token.
//!
//! Every declaration may have type and const parameters. Its name in text then has its arguments: `Layer<Relu, 4>` is
//! `Layer_Relu_4`. Rules on what depends on a parameter are decided where it is known, by `cargo build`, not by
//! `cargo check`. A struct with type parameters and no fields is made by its `new()`.

mod activation;
mod attribute;
mod body;
mod cfg;
mod circle;
mod crossbar;
mod ctxt;
mod gate;
#[cfg(test)]
mod goldens;
mod keys;
mod memristor;
mod module;
mod opamp;
mod parasitics;
mod quantity;
mod subcircuit;
mod supplies;
mod technology;
mod tia;
mod units;
mod whole;

use proc_macro::TokenStream;

/// A memristor cell type: `#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)] struct HfO2;`
///
/// - `g_min`, `g_max`: the programmable range;
/// - `v_read`: the largest voltage across a cell that leaves its state alone;
/// - `levels` (optional): how many conductances a programmer can hit, a `u32`; continuous without it;
/// - `model` (optional): what the device is, one of `memloom::device::Device::SPECS` (`docs/devices.md`), with a published
///   set of parameters and values of one's own: `vteam`, `vteam(v_on = -1.2 V)`, `vteam(set = magic, d = 5 nm)`;
/// - `netlist` (optional): how netlists write a cell of a crossbar: `resistor`, at its target conductance, or `device`, an
///   instance of the model that starts in the state of its target; `resistor` without it.
///
/// - `subcircuit` (optional): a #[subcircuit] with the ports `p` (wordline) and `n` (bitline) that netlists have at each
///   cross-point, such as a 1T1R cell whose select transistor's gate is a supply pin. Its parameter `g`, siemens, or `r`,
///   ohm, gets the cell's target.
///
/// Without `set` a model takes the first of its sets; one with two resistances has them at `1/g_max` and `1/g_min`, unless
/// one of them is given. With `set` the device is the published one, and `g_min ..= g_max` must be within what it
/// conducts at `v_read`. Without `model` a cell is `vteam`.
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
/// - `supplies` (optional): its supply pins, `supplies(vdd, vss)`, each on the rail of its name, or of another,
///   `supplies(VPWR = vdd)`. A #[technology] or the #[module] on top declares the rails, and they reach every cell that
///   has such pins by themselves;
/// - `subcircuit` (optional): a #[subcircuit] with the ports `inp`, `inn`, `out` that netlists have for it. What the
///   evaluator takes it for is still what the keys say.
///
/// As a block its ports are `inp`, `inn`, `out`.
#[proc_macro_attribute]
pub fn opamp(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<opamp::Opamp>(args.into(), item.into()).into()
}

/// A transimpedance amplifier: `#[tia(r_f = 10 kohm, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)] struct Readout;`
///
/// `v(out) = v_ref - r_f i(inp)`; `v_ref` is in the op-amp's swing. Ports `inp` (a current), `out` (a voltage).
///
/// - `c_f` (optional): the feedback capacitor;
/// - `i_in` (optional): the range of input currents, for all of which the op-amp's swing must hold the output; the rule
///   check goes by it where it cannot tell the current.
///
/// A field `r_f: Ohms` gives each value its own feedback resistor, and the key becomes the default.
#[proc_macro_attribute]
pub fn tia(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<tia::Tia>(args.into(), item.into()).into()
}

/// An activation circuit: `#[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)] struct HardSwish;`
///
/// The first word is the name of a function, one of `memloom::functions::ALL`, or `multiplier`; a parameter of the function
/// is a key, `slope = 0.1`. `unit` is the voltage that stands
/// for 1.0, `v_ref` the one for 0.0; `swing` (optional) the output range, `0 V ..= 2 v_ref` without it. Ports `inp`,
/// `out`; of a multiplier `a`, `b`, `out`. Fields `unit`, `unit_in` or `unit_out`, of type `Volts`, give each value its own.
///
/// One of your own has no such word but a body, printed verbatim inside a subcircuit or a Verilog-A module:
///
/// - `spice`: the lines, with nodes `inp`, `out`, `v_ref` and parameters `{unit_in}`, `{unit_out}`, `{low}`, `{high}`;
/// - `verilog_a`: the statements of its `analog` block, with ports and parameters of the same names;
/// - `inputs` (optional): `[x, gate]` instead of `[inp]`, one port or two;
/// - `native` (optional): the name of a function `f(x)`, of two inputs `f(x, y)`, in units, for the native evaluator.
///
/// A dialect whose body is missing refuses the design, and so does the evaluator without a function.
///
/// `supplies` and `subcircuit` are as in #[opamp]: a #[subcircuit] with the block's ports, `v_ref` among them if it needs
/// it, stands in netlists for a function of the library or for one of your own. It draws 1.0 at `unit`, unless it has
/// parameters `unit_in` and `unit_out` (a multiplier `unit`).
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
/// The numbers may be parameters: `struct Weights<const R: usize, const C: usize> { g: Conductance<R, C> }`.
#[proc_macro_attribute]
pub fn crossbar(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<crossbar::Crossbar>(args.into(), item.into()).into()
}

/// A module: nets, and blocks between them.
///
/// Each field has a role. `#[input]`, `#[output]` and `#[net]` declare a `Bus<Voltage, N>` or a `Bus<Current, N>`;
/// `#[inst(port = net, ..)]` an instance of a block, or of an array `[Block; N]`, whose ports take the wires of all
/// copies. A port may be wired to
///
/// - a net `x`, some of its wires `x[0..2]`, `x[3..]`, or one of them `x[3]`;
/// - `ground`, or a supply written as its voltage: `0.9 V`, or a constant `{ V_REF }`;
/// - several of those joined end to end, first wire first: `[a, b[1..], ground]`.
///
/// `#[input(range = 0.5 V ..= 1.3 V)]` says between which values an input lies in use, of a current in amperes: the rule
/// check goes by it, to the voltage across each cell and the output of each amplifier.
///
/// Currents of several outputs sum on a net; a voltage has one driver, wire by wire. A module may be generic over its
/// blocks, whose ports its bounds name: `struct Layer<A: Block<Ports = memloom::ports::Activation>, const N: usize>`.
///
/// `#[module(supplies(vdd = 1.8 V, vss = 0 V))]` declares rails, for the supply pins of all cells in it and below; `vdd` is
/// then a supply that a port may be wired to. A module inside another names rails that are declared around it without a
/// voltage, `#[module(supplies(vdd))]`.
///
/// The struct that is left has the instances as its fields: ports and nets are wires and have no value.
#[proc_macro_attribute]
pub fn module(args: TokenStream, item: TokenStream) -> TokenStream {
    cfg::each(item.into(), |item| attribute::run::<module::Module>(args.clone().into(), item)).into()
}

/// A cell of a file of yours: `#[subcircuit(file = "ota.sp", name = "ota", ports(inp: input, out: output))] struct Ota;`
///
/// - `file`: a SPICE netlist or library, from the crate's folder or beside the source file; `spectre` and `vacask`
///   (optional): the same cell in these languages;
/// - `name`: the subcircuit, as the file spells it; `library` (optional): the section of the file, such as `"tt"`;
/// - `ports`: its signal pins, each an `input`, an `output` or `passive`. Inputs and outputs carry a voltage, unless
///   `current` follows, as in `i: input current`;
/// - `supplies` (optional): its supply pins, as in #[opamp];
/// - `params` (optional): values of its parameters, `params(w = 10 um, m = 4)`. A field of such a name, `w: Metres`, gives
///   each value its own, and the key becomes the default.
///
/// The file is read while the program compiles: it must be there and have the subcircuit, with these pins, whatever their
/// order, and parameters. Netlists include it. As a block it is for simulators alone: memloom's evaluator refuses it. As
/// the `subcircuit` of an #[opamp], an #[activation] or a #[memristor] the evaluator takes what that declares.
#[proc_macro_attribute]
pub fn subcircuit(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<subcircuit::Subcircuit>(args.into(), item.into()).into()
}

/// A technology: the declarations that a network is built from, in one type.
///
/// - `name`: for the command line, in quotes; `cell`: the memristor;
/// - `tile`: largest crossbar, `128 x 128` wordlines by bitlines, numbers or constants; `signed`: `dual_rail` or `differential`;
/// - `r_wire` (optional): resistance of a wire segment;
/// - `readout`: the TIA; `r_f`: the range of feedback resistors that can be made; `r_unit`: the resistor of inverters;
/// - `functions`: the activation circuits, `[HardSwish, HardSigmoid, Relu]`, those of your own among them; `multiplier`;
/// - `supplies` (optional): the rails that supply pins hang on, `supplies(vdd = 1.8 V, vss = 0 V)`.
#[proc_macro_attribute]
pub fn technology(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<technology::Technology>(args.into(), item.into()).into()
}
