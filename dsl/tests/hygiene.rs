//! The attributes name everything by its full path: they work without a prelude, and under another crate name.
#![no_implicit_prelude]

extern crate memloom as analog;

mod declarations {
    use ::memloom::wire::{Bus, Current, Voltage};
    use ::memloom::{activation, conductance::Conductance, crossbar, memristor, module, opamp, tia};

    #[memristor(crate = crate::analog, g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
    struct Cell;

    #[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
    struct Amp;

    #[tia(crate = crate::analog, r_f = 10 kohm, v_ref = 0.9 V, opamp = Amp)]
    struct Readout;

    #[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
    struct Relu;

    #[crossbar(cell = Cell, signed = dual_rail, opamp = Amp, v_ref = 0.9 V)]
    struct Weights {
        g: Conductance<2, 1>,
    }

    // Names that the expansion might use itself.
    #[module(crate = crate::analog)]
    struct Layer {
        #[input]
        design: Bus<Voltage, 2>,
        #[output]
        module: Bus<Voltage>,
        #[net]
        ports: Bus<Current>,
        #[net]
        r#in: Bus<Voltage>,
        #[inst(row = design, col = ports)]
        m: Weights,
        #[inst(inp = ports, out = r#in)]
        tia: Readout,
        #[inst(inp = r#in, out = module)]
        act: Relu,
    }

    #[activation(crate = crate::analog, unit = 100 mV, v_ref = 0.9 V, inputs = [x, design], spice = "Bout out 0 V=v(x)*v(design)", native = product)]
    struct Product {
        unit_out: ::memloom::units::Volts,
    }

    fn product(a: f64, b: f64) -> f64 {
        a * b
    }

    // Names that the generic expansion might use itself.
    #[module(crate = crate::analog)]
    struct Bank<F: ::memloom::block::Block<Ports = ::memloom::ports::Activation>, const SELF: usize> {
        #[input]
        parts: Bus<Voltage, SELF>,
        #[output]
        block: Bus<Voltage, SELF>,
        #[inst(inp = parts[0..SELF], out = [block])]
        design: [F; SELF],
    }

    #[::core::prelude::v1::test]
    fn generic_ones_elaborate() {
        let bank = Bank { design: [Relu, Relu] };
        let design = ::memloom::elaborate("bank", &bank).expect("a good design");
        ::std::assert!(::std::option::Option::is_some(&design.modules.find("Bank_Relu_2")));
        let product = Product { unit_out: ::memloom::units::Volts::new(0.2) };
        ::std::assert_eq!(product.unit_out.get(), 0.2);
    }

    #[::core::prelude::v1::test]
    fn they_elaborate() {
        let layer = Layer { m: Weights::program([[1e-5]; 2]), tia: Readout, act: Relu };
        let design = ::memloom::elaborate("layer", &layer).expect("a good design");
        let top = &design.modules[design.top.expect("a top")];
        let names: ::std::vec::Vec<&str> = ::std::iter::Iterator::collect(top.nets.names());
        ::std::assert_eq!(names, ["design", "module", "ports", "in"]);
    }
}
