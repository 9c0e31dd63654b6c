//! The attributes, each with an example that compiles.

/// ```
/// use memloom::prelude::*;
///
/// #[memristor(g_min = 1 uS, g_max = 100 uS, levels = 64, v_read = 0.2 V, model = vteam)]
/// struct HfO2;
///
/// /// HP's device with Biolek's window, stretched over the cell's range: 20 kohm to 1 Mohm.
/// #[memristor(g_min = 1 uS, g_max = 50 uS, v_read = 0.1 V, model = hp(window = biolek, p_w = 2, d = 12 nm))]
/// struct TiO2;
///
/// /// The published device itself, with a threshold of its own.
/// const V_ON: Volts = Volts::new(-1.2);
/// #[memristor(g_min = 5 uS, g_max = 500 uS, v_read = 0.2 V, model = vteam(set = magic, v_on = V_ON))]
/// struct Magic;
///
/// # fn main() -> Result<(), memloom::device::Error> {
/// assert_eq!(HfO2::cell().spec.levels, Some(64));
/// assert_eq!(TiO2::cell().spec.device.get("r_off")?, 1e6);
/// let device = Magic::cell().spec.device;
/// assert_eq!((device.get("v_on")?, device.get("r_on")?), (-1.2, 1e3));
/// # Ok(())
/// # }
/// ```
pub use memloom_macros::memristor;

/// ```
/// use memloom::prelude::*;
///
/// #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
/// struct Ota;
///
/// /// 2 pF at its inverting input, which the rule on phase margins counts.
/// #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, c_in = 2 pF)]
/// struct Packaged;
///
/// /// 10 nV per root hertz, as much again from flicker below 100 kHz; or an offset that it zeroes before each image.
/// #[opamp(
///     gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V,
///     noise_density = 10 nV, flicker_corner = 100 kHz, auto_zero = 20 uV, auto_zero_time = 5 us,
/// )]
/// struct Quiet;
///
/// /// One declaration for every gain.
/// #[opamp(gain = GAIN as f64, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
/// struct Amp<const GAIN: u32>;
/// # fn main() { assert_eq!(Amp::<500>::op_amp().name, "Amp_500") }
/// ```
pub use memloom_macros::opamp;

/// ```
/// use memloom::prelude::*;
///
/// #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
/// struct Ota;
///
/// /// Holds currents of up to 50 uA either way.
/// #[tia(r_f = 10 kohm, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota, i_in = -50 uA ..= 50 uA)]
/// struct Readout;
///
/// /// Every value has its own feedback resistor; `r_f` is the default of the subcircuit.
/// #[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Ota)]
/// struct Tuned {
///     r_f: Ohms,
/// }
/// # fn main() { let _ = [Tuned { r_f: Ohms::new(8e3) }, Tuned { r_f: Ohms::new(9e3) }]; }
/// ```
pub use memloom_macros::tia;

/// ```
/// use memloom::prelude::*;
///
/// #[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]
/// struct Swish;
///
/// /// One of your own: a body for each language, a function for the native evaluator.
/// #[activation(
///     unit = 100 mV, v_ref = 0.9 V, native = f64::tanh,
///     spice = "Bout out 0 V=v(v_ref)+{unit_out}*tanh((v(inp)-v(v_ref))/{unit_in})",
///     verilog_a = "V(out) <+ V(v_ref) + unit_out * tanh((V(inp) - V(v_ref)) / unit_in);",
/// )]
/// struct Tanh;
/// # fn main() { assert_eq!(Tanh::behaviour().spec.function.activation(0.0), Some(0.0)) }
/// ```
pub use memloom_macros::activation;

/// ```
/// use memloom::prelude::*;
///
/// #[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
/// struct HfO2;
///
/// /// Of any size.
/// #[crossbar(cell = HfO2, r_wire = 2.5 ohm, signed = differential)]
/// struct Weights<const INPUTS: usize, const OUTPUTS: usize> {
///     g: Conductance<INPUTS, OUTPUTS>,
/// }
///
/// /// Each kind of line, its end and the contacts of cells apart.
/// #[crossbar(
///     cell = HfO2, r_wordline = 2.5 ohm, r_bitline = 1 ohm, r_driver = 100 ohm, r_sense = 20 ohm, r_contact = 500 ohm,
///     c_wire = 0.2 fF, c_cell = 0.1 fF,
/// )]
/// struct Lossy {
///     g: Conductance<2, 2>,
/// }
/// # fn main() {
/// #     let _ = Weights::program([[1e-5, -2e-5], [3e-5, 0.0]]);
/// #     let _ = Lossy::program([[1e-5, 2e-5], [3e-5, 4e-5]]);
/// # }
/// ```
pub use memloom_macros::crossbar;

/// ```
/// use memloom::prelude::*;
/// use memloom::ports;
///
/// /// Inputs between 0.5 V and 1.3 V, for the rule check.
/// #[module]
/// struct Loads {
///     #[input(range = 0.5 V ..= 1.3 V)]
///     x: Bus<Voltage, 2>,
///     #[inst(p = x, n = ground)]
///     r: [Resistor; 2],
/// }
///
/// /// `N` copies of any activation, the first of them bypassed by a resistor.
/// #[module]
/// struct Bank<A: Block<Ports = ports::Activation>, const N: usize> {
///     #[input]  x: Bus<Voltage, N>,
///     #[output] y: Bus<Voltage, N>,
///     #[inst(inp = x, out = y)]       each: [A; N],
///     #[inst(p = x[0], n = y[0])]     bypass: Resistor,
///     #[inst(p = [y], n = ground)]    load: [Resistor; N],
/// }
///
/// #[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
/// struct Relu;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let r = Resistor(Ohms::new(10e3));
/// let design = elaborate("bank", &Bank { each: [Relu; 3], bypass: r, load: [r; 3] })?;
/// assert!(design.modules.find("Bank_Relu_3").is_some());
/// # Ok(())
/// # }
/// ```
pub use memloom_macros::module;

/// ```
/// use memloom::prelude::*;
///
/// /// `ota` of a file: `.subckt ota inp inn out vdd vss w=10u m=1`.
/// #[subcircuit(
///     file = "tests/cells/ota.sp", name = "ota", ports(inp: input, inn: input, out: output), supplies(vdd, vss),
///     params(w = 20 um),
/// )]
/// struct OtaCell;
///
/// /// An op-amp that netlists have as that cell. The evaluator takes it for what the keys say.
/// #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, subcircuit = OtaCell)]
/// struct Ota;
///
/// /// The rails are declared on top; the op-amp's supply pins hang on them by themselves.
/// #[module(supplies(vdd = 1.8 V, vss = 0 V))]
/// struct Follower {
///     #[input]  x: Bus<Voltage>,
///     #[output] y: Bus<Voltage>,
///     #[inst(inp = x, inn = y, out = y)] amp: Ota,
/// }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let design = elaborate("follower", &Follower { amp: Ota })?;
/// # assert!(memloom::erc::check(&design).is_empty());
/// # Ok(())
/// # }
/// ```
pub use memloom_macros::subcircuit;

/// ```
/// use memloom::prelude::*;
///
/// #[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
/// struct HfO2;
/// #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
/// struct Ota;
/// #[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Ota)]
/// struct Readout;
/// #[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]
/// struct Swish;
/// #[activation(hard_sigmoid, unit = 100 mV, v_ref = 0.9 V)]
/// struct Sigmoid;
/// #[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
/// struct Relu;
/// #[activation(multiplier, unit = 100 mV, v_ref = 0.9 V)]
/// struct Gilbert;
///
/// #[technology(
///     name = "mine", cell = HfO2, tile = 128 x 128, signed = dual_rail, r_wire = 2.5 ohm, readout = Readout,
///     r_f = 100 ohm ..= 10 Mohm, r_unit = 100 kohm,
///     functions = [Swish, Sigmoid, Relu], multiplier = Gilbert,
/// )]
/// struct Mine;
/// # fn main() { assert_eq!(Mine::spec().tile, (128, 128)) }
/// ```
pub use memloom_macros::technology;
