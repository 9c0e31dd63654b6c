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

    #[::core::prelude::v1::test]
    fn they_elaborate() {
        let layer = Layer { m: Weights::program([[1e-5]; 2]), tia: Readout, act: Relu };
        let design = ::memloom::elaborate("layer", &layer).expect("a good design");
        let top = &design.modules[design.top.expect("a top")];
        let names: ::std::vec::Vec<&str> = ::std::iter::Iterator::collect(top.nets.names());
        ::std::assert_eq!(names, ["design", "module", "ports", "in"]);
    }
}
