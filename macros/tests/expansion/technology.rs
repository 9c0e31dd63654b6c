#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
pub struct Hfo2;
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    impl __ml::technology::Technology for Hfo2 {
        fn spec() -> __ml::technology::TechnologySpec {
            __ml::technology::TechnologySpec {
                name: ::core::convert::From::from("hfo2"),
                cell: <HfO2 as __ml::parts::CellType>::cell(),
                tile: (128, 64),
                signed: __ml::technology::SignScheme::DualRail,
                parasitics: __ml::ir::Parasitics::wires(__ml::units::Ohms::new(2.5f64)),
                readout: <Readout as __ml::parts::TiaType>::tia(),
                r_f: (100f64, 10000000f64),
                r_unit: 100000f64,
                sample_hold: ::core::default::Default::default(),
                functions: ::std::vec![
                    __ml::parts::activation:: < Swish > (), __ml::parts::activation:: <
                    Sigmoid > (), __ml::parts::activation:: < Relu > ()
                ],
                multiplier: __ml::parts::multiplier::<Gilbert>(),
                supplies: ::std::vec![],
            }
        }
    }
};
