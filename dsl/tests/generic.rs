//! Generic declarations: modules over their blocks and sizes, values from a type parameter.

use memloom::ir::{Design, Element, Module};
use memloom::prelude::*;

/// What a process corner sets.
trait Corner {
    const V_REF: Volts;
    const R_F: Ohms;
}

struct Typical;
impl Corner for Typical {
    const V_REF: Volts = Volts::new(0.9);
    const R_F: Ohms = Ohms::new(1e4);
}

struct Slow;
impl Corner for Slow {
    const V_REF: Volts = Volts::new(0.6);
    const R_F: Ohms = Ohms::new(2e4);
}

#[memristor(g_min = 1 uS, g_max = 100 uS, levels = LEVELS, v_read = 0.2 V)]
struct Cell<const LEVELS: u32>;

#[opamp(gain = GAIN as f64, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota<const GAIN: u32>;

#[tia(r_f = C::R_F, v_ref = C::V_REF, opamp = A)]
struct Readout<C: Corner, A: OpAmpType>;

#[crossbar(cell = Cell<64>, signed = dual_rail, opamp = Ota<1000>, v_ref = 0.9 V)]
struct Weights<const R: usize, const C: usize> {
    g: Conductance<R, C>,
}

#[activation(relu, unit = 100 mV, v_ref = C::V_REF)]
struct Relu<C: Corner>;

/// A layer over any readout and any activation.
#[module]
struct Layer<T, A, const I: usize, const O: usize>
where
    T: Block<Ports = memloom::ports::Tia>,
    A: Block<Ports = memloom::ports::Activation>,
{
    #[input]
    x: Bus<Voltage, I>,
    #[output]
    y: Bus<Voltage, O>,
    #[net]
    i: Bus<Current, O>,
    #[net]
    v: Bus<Voltage, O>,
    #[inst(row = x, col = i)]
    xbar: Weights<I, O>,
    #[inst(inp = i, out = v)]
    tia: [T; O],
    #[inst(inp = v, out = y)]
    act: [A; O],
}

type Nominal = Layer<Readout<Typical, Ota<1000>>, Relu<Typical>, 4, 3>;

/// Two layers of different sizes.
#[module]
struct Perceptron {
    #[input]
    x: Bus<Voltage, 4>,
    #[output]
    y: Bus<Voltage, 2>,
    #[net]
    h: Bus<Voltage, 3>,
    #[inst(x = x, y = h)]
    first: Nominal,
    #[inst(x = h, y = y)]
    second: Layer<Readout<Slow, Ota<2000>>, Relu<Slow>, 3, 2>,
}

fn names(design: &Design) -> Vec<&str> {
    design.modules.names().collect()
}

fn find<'d>(design: &'d Design, name: &str) -> &'d Module {
    &design.modules[design.modules.find(name).expect("a module")]
}

#[test]
fn each_instance_of_a_generic_declaration_has_its_own_name() {
    let first =
        Layer { xbar: Weights::program([[1e-5; 3]; 4]), tia: [Readout::new(); 3], act: [Relu::new(); 3] };
    let second =
        Layer { xbar: Weights::program([[2e-5; 2]; 3]), tia: [Readout::new(); 2], act: [Relu::new(); 2] };
    let design = elaborate("mlp", &Perceptron { first, second }).expect("a good design");
    let expected = [
        "Weights_4_3_row_driver",
        "Weights_4_3",
        "Readout_Typical_Ota_1000",
        "Layer_Readout_Typical_Ota_1000_Relu_Typical_4_3",
        "Weights_3_2_row_driver",
        "Weights_3_2",
        "Readout_Slow_Ota_2000",
        "Layer_Readout_Slow_Ota_2000_Relu_Slow_3_2",
        "Perceptron",
    ];
    assert_eq!(names(&design), expected);
    let amps: Vec<(&str, f64)> = design.op_amps.iter().map(|(_, name, amp)| (name, amp.gain)).collect();
    assert_eq!(amps, [("Ota_1000", 1000.0), ("Ota_2000", 2000.0)]);
    assert_eq!(find(&design, "Readout_Slow_Ota_2000").params["r_f"], 2e4);
    let cells: Vec<_> = design.cells.iter().map(|(_, name, cell)| (name, cell.levels)).collect();
    assert_eq!(cells, [("Cell_64", Some(64))]);
    assert!(memloom::erc::check(&design).is_empty());
}

/// `N` copies of any block of one input and one output, side by side.
#[module]
#[derive(Clone)]
struct Bank<B: Block<Ports = memloom::ports::Activation>, const N: usize> {
    #[input]
    x: Bus<Voltage, N>,
    #[output]
    y: Bus<Voltage, N>,
    #[inst(inp = x, out = y)]
    each: [B; N],
}

/// Two banks side by side: a module as `[B; 2]`.
#[module]
struct Banks<const N: usize> {
    #[input]
    x: Bus<Voltage, N>,
    #[output]
    y: Bus<Voltage, N>,
    #[inst(x = x, y = y)]
    bank: [Bank<Relu<Typical>, 3>; 2],
}

#[test]
fn a_generic_module_is_an_array_element() {
    let bank = Bank { each: [Relu::new(); 3] };
    let design = elaborate("banks", &Banks::<6> { bank: [bank.clone(), bank] }).expect("a good design");
    assert_eq!(names(&design), ["Bank_Relu_Typical_3", "Banks_6"]);
    let top = find(&design, "Banks_6");
    let bank = &top.instances[top.instances.find("bank").expect("bank")];
    assert!(matches!(bank.element, Element::Module(_)));
    assert_eq!((bank.count, bank.array), (2, true));
}
