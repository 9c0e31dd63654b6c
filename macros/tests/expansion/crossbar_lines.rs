#[derive(::core::fmt::Debug, ::core::clone::Clone)]
struct Weights {
    g: Conductance<4, 3>,
}
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    const _: () = ::core::assert!(
        { let q : __ml::units::Ohms = R_BIT; q.get() } >= 0f64, "{}",
        "`r_bitline = R_BIT` is negative; write a value such as `2.5 ohm`"
    );
    const _: () = __ml::conductance::check_size(4, 3);
    impl Weights {
        /// A crossbar with these conductances, siemens: one row per input, one value per output.
        fn program(siemens: impl __ml::conductance::WeightMatrix<4, 3>) -> Self {
            Self {
                g: __ml::conductance::Conductance::from_siemens(siemens),
            }
        }
    }
    impl __ml::block::Subcircuit for Weights {
        fn define(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<
            __ml::ir::Id<__ml::ir::Module>,
            __ml::ir::BuildError,
        > {
            let g: &Conductance<4, 3> = &self.g;
            let declaration = __ml::crossbar::Declaration {
                name: ::core::stringify!(Weights),
                doc: "",
                origin: __ml::ir::Origin::here(),
                cell: <HfO2 as __ml::parts::CellType>::cell(),
                parasitics: __ml::ir::Parasitics {
                    r_wordline: __ml::units::Ohms::new(2f64),
                    r_bitline: __ml::units::Ohms::new({
                        let q: __ml::units::Ohms = R_BIT;
                        q.get()
                    }),
                    r_driver: __ml::units::Ohms::new(100f64),
                    r_sense: __ml::units::Ohms::new(50f64),
                    r_contact: __ml::units::Ohms::new(1000f64),
                    c_wire: __ml::units::Farads::new(0.0000000000000002f64),
                    c_cell: __ml::units::Farads::new(0.0000000000000001f64),
                    ..__ml::ir::Parasitics::wires(__ml::units::Ohms::new(0f64))
                },
            };
            __ml::crossbar::unsigned(design, &declaration, g)
        }
    }
    impl __ml::block::Block for Weights {
        type Ports = __ml::ports::Crossbar<4, 3>;
        fn part(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
            __ml::block::Part::subcircuit(self, design)
        }
    }
};
