#[derive(::core::fmt::Debug, ::core::clone::Clone)]
/// 4 rows by 3 columns.
struct Weights {
    g: Conductance<4, 3>,
}
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    const _: () = __ml::conductance::check_size(4, 3);
    const _: () = __ml::parts::check_swing(
        "Ota",
        &<Ota as __ml::parts::OpAmpType>::MODEL,
        <Ota as __ml::parts::OpAmpType>::SWING,
        "`v_ref = 0.9 V`",
        0.9f64,
    );
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
                doc: "4 rows by 3 columns.",
                origin: __ml::ir::Origin::here(),
                cell: <HfO2 as __ml::parts::CellType>::cell(),
                parasitics: __ml::ir::Parasitics::wires(__ml::units::Ohms::new(2.5f64)),
            };
            __ml::crossbar::dual_rail(
                design,
                &declaration,
                &__ml::crossbar::Drivers {
                    op_amp: <Ota as __ml::parts::OpAmpType>::op_amp(),
                    v_ref: __ml::units::Volts::new(0.9f64),
                    r_unit: __ml::units::Ohms::new(100000f64),
                },
                g,
            )
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
