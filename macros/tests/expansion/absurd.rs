#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
struct Readout;
const _: () = {
    #[deprecated(
        note = "`r_f = 1 mohm` is absurd: values lie between `1 ohm` and `100 Gohm`; check the unit, or write `allow(absurd)` among the keys"
    )]
    #[allow(non_upper_case_globals)]
    const absurd_value: () = ();
    let _ = absurd_value;
};
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    const _: () = __ml::parts::check_swing(
        "Ota",
        &<Ota as __ml::parts::OpAmpType>::MODEL,
        <Ota as __ml::parts::OpAmpType>::SWING,
        "`v_ref = 0.9 V`",
        0.9f64,
    );
    impl __ml::parts::TiaType for Readout {
        fn tia() -> __ml::technology::Named<__ml::technology::TiaSpec> {
            __ml::technology::Named::new(
                ::core::stringify!(Readout),
                {
                    __ml::technology::TiaSpec {
                        r_f: 0.001f64,
                        c_f: 0.0,
                        v_ref: 0.9f64,
                        i_in: ::core::option::Option::None,
                        op_amp: <Ota as __ml::parts::OpAmpType>::op_amp(),
                    }
                },
            )
        }
    }
    impl __ml::block::Subcircuit for Readout {
        fn define(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<
            __ml::ir::Id<__ml::ir::Module>,
            __ml::ir::BuildError,
        > {
            #[allow(unused_mut)]
            let mut tia = <Self as __ml::parts::TiaType>::tia();
            __ml::block::tia(design, &tia, __ml::ir::Origin::here())
        }
    }
    impl __ml::block::Block for Readout {
        type Ports = __ml::ports::Tia;
        fn part(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
            let tia = __ml::block::tia(
                design,
                &<Self as __ml::parts::TiaType>::tia(),
                __ml::ir::Origin::here(),
            )?;
            ::core::result::Result::Ok(
                __ml::block::Part::new(__ml::ir::Element::Module(tia)),
            )
        }
    }
};
