//! What each attribute expands to, as text beside this test. `MEMLOOM_BLESS=1` rewrites it.

use crate::attribute::{Model, run};
use pretty_assertions::assert_eq;
use proc_macro2::TokenStream;
use quote::quote;
use std::path::Path;

#[track_caller]
fn golden<M: Model>(name: &str, args: TokenStream, item: TokenStream) {
    let expanded = run::<M>(args, item).to_string();
    let file: syn2::File = syn2::parse_str(&expanded).expect("an expansion is Rust");
    let text = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expansion").join(format!("{name}.rs"));
    if std::env::var_os("MEMLOOM_BLESS").is_some() {
        std::fs::write(&path, &text).expect("the golden is written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(kept, text, "{name}: run with MEMLOOM_BLESS=1 to rewrite it");
}

#[test]
fn memristor() {
    let args = quote!(g_min = 1 uS, g_max = 100 uS, levels = 64, v_read = 0.2 V);
    golden::<crate::memristor::Memristor>(
        "memristor",
        args,
        quote!(
            pub struct HfO2;
        ),
    );
}

#[test]
fn memristor_of_its_own_model() {
    let model = quote!(team(set = technion, alpha_on = 4, i_off = 0.1 mA, iv = exponential));
    golden::<crate::memristor::Memristor>(
        "memristor_model",
        quote!(g_min = 10 uS, g_max = 1 mS, v_read = 8 mV, model = #model, netlist = device),
        quote!(
            struct Drift;
        ),
    );
}

#[test]
fn opamp() {
    let args = quote!(gain = 10_000, gbw = 10 MHz, slew = 10 V / us, swing = 0.1 V ..= 1.7 V);
    golden::<crate::opamp::Opamp>(
        "opamp",
        args,
        quote!(
            pub struct Ota;
        ),
    );
}

#[test]
fn opamp_with_supplies() {
    let args = quote!(
        gain = 10_000,
        gbw = 10 MHz,
        slew = 10 V / us,
        swing = 0.1 V ..= 1.7 V,
        supplies(vdd, VEE = vss)
    );
    golden::<crate::opamp::Opamp>(
        "opamp_supplied",
        args,
        quote!(
            struct Ota;
        ),
    );
}

#[test]
fn subcircuit() {
    let args = quote! {
        file = "../dsl/tests/cells/ota.sp", name = "ota", ports(inp: input, inn: input, out: output),
        supplies(vdd = avdd, vss), params(w = 20 um, m = 2)
    };
    golden::<crate::subcircuit::Subcircuit>(
        "subcircuit",
        args,
        quote!(
            pub struct OtaCell {
                w: Metres,
            }
        ),
    );
}

#[test]
fn opamp_of_a_file() {
    let args = quote!(
        gain = 10_000,
        gbw = 10 MHz,
        slew = 10 V / us,
        swing = 0.1 V ..= 1.7 V,
        subcircuit = OtaCell
    );
    golden::<crate::opamp::Opamp>(
        "opamp_foreign",
        args,
        quote!(
            struct Ota;
        ),
    );
}

#[test]
fn module_with_supplies() {
    let item = quote! {
        struct Load {
            #[input]
            x: Bus<Voltage>,
            #[inst(p = x, n = vss)]
            r: Resistor,
        }
    };
    golden::<crate::module::Module>("module_supplied", quote!(supplies(vdd = 1.8 V, vss)), item);
}

#[test]
fn tia_of_one_value_each() {
    let args = quote!(r_f = R_F, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota, i_in = -50 uA ..= 50 uA);
    golden::<crate::tia::Tia>(
        "tia",
        args,
        quote!(
            struct Readout {
                r_f: Ohms,
            }
        ),
    );
}

#[test]
fn generic_tia() {
    let args = quote!(r_f = 10 kohm, v_ref = 0.9 V, opamp = A);
    golden::<crate::tia::Tia>(
        "generic_tia",
        args,
        quote!(
            struct Readout<A: OpAmpType>;
        ),
    );
}

#[test]
fn activation() {
    let args = quote!(hard_swish, unit = 100 mV, v_ref = 0.9 V);
    golden::<crate::activation::Activation>(
        "activation",
        args,
        quote!(
            struct Swish;
        ),
    );
}

#[test]
fn own_activation() {
    let args = quote! {
        unit = 100 mV, v_ref = 0.9 V, inputs = [x, gate], native = gated, spice = "Bout out 0 V=v(x)*v(gate)"
    };
    golden::<crate::activation::Activation>(
        "own_activation",
        args,
        quote!(
            struct Gate;
        ),
    );
}

#[test]
fn crossbar() {
    let args = quote!(cell = HfO2, r_wire = 2.5 ohm, signed = dual_rail, opamp = Ota, v_ref = 0.9 V);
    let item = quote! {
        /// 4 rows by 3 columns.
        struct Weights {
            g: Conductance<4, 3>,
        }
    };
    golden::<crate::crossbar::Crossbar>("crossbar", args, item);
}

#[test]
fn crossbar_of_unequal_lines() {
    let args = quote!(
        cell = HfO2, r_wordline = 2 ohm, r_bitline = R_BIT, r_driver = 100 ohm, r_sense = 50 ohm, r_contact = 1 kohm,
        c_wire = 0.2 fF, c_cell = 0.1 fF
    );
    let item = quote! {
        struct Weights {
            g: Conductance<4, 3>,
        }
    };
    golden::<crate::crossbar::Crossbar>("crossbar_lines", args, item);
}

#[test]
fn module() {
    let item = quote! {
        /// One layer.
        #[derive(Debug)]
        pub struct Layer {
            #[input]
            x: Bus<Voltage, 3>,
            #[output]
            y: Bus<Voltage, 2>,
            #[net]
            i: Bus<Current, 2>,
            #[inst(row = [x[0..2], ground], col = i)]
            xbar: Weights,
            #[inst(inp = i, out = y)]
            tia: [Readout; 2],
        }
    };
    golden::<crate::module::Module>("module", TokenStream::new(), item);
}

#[test]
fn generic_module() {
    let item = quote! {
        struct Bank<B: Block<Ports = Activation>, const N: usize> {
            #[input]
            x: Bus<Voltage, N>,
            #[output]
            y: Bus<Voltage, N>,
            #[inst(inp = x, out = y)]
            each: [B; N],
        }
    };
    golden::<crate::module::Module>("generic_module", TokenStream::new(), item);
}

#[test]
fn technology() {
    let args = quote! {
        name = "hfo2", cell = HfO2, tile = 128 x 64, signed = dual_rail, r_wire = 2.5 ohm, readout = Readout,
        r_f = 100 ohm ..= 10 Mohm, r_unit = 100 kohm, functions = [Swish, Sigmoid, Relu],
        multiplier = Gilbert
    };
    golden::<crate::technology::Technology>(
        "technology",
        args,
        quote!(
            pub struct Hfo2;
        ),
    );
}

#[test]
fn a_mistake_leaves_the_item_and_its_traits() {
    let args = quote!(r_f = 10 kV, v_ref = 0.9 V, opamp = Ota);
    golden::<crate::tia::Tia>(
        "mistake",
        args,
        quote!(
            struct Readout;
        ),
    );
}

#[test]
fn an_absurd_value_is_a_warning() {
    let args = quote!(r_f = 1 mohm, v_ref = 0.9 V, opamp = Ota);
    golden::<crate::tia::Tia>(
        "absurd",
        args,
        quote!(
            struct Readout;
        ),
    );
}
