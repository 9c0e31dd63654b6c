#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
struct Readout {
    r_f: Ohms,
}
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    const _: () = ::core::assert!(
        { let q : __ml::units::Ohms = R_F; q.get() } > 0.0, "{}",
        "`r_f = R_F` is not above zero; write a value such as `10 kohm`"
    );
    const _: () = __ml::parts::check_swing(
        "Ota",
        &<Ota as __ml::parts::OpAmpType>::MODEL,
        <Ota as __ml::parts::OpAmpType>::SWING,
        "`v_ref = 0.9 V`",
        0.9f64,
    );
    const _: () = __ml::parts::check_swing(
        "Ota",
        &<Ota as __ml::parts::OpAmpType>::MODEL,
        <Ota as __ml::parts::OpAmpType>::SWING,
        "the output `v_ref - r_f i` at `i = -50 uA`",
        (0.9f64)
            - ({
                let q: __ml::units::Ohms = R_F;
                q.get()
            }) * (-0.00005f64),
    );
    const _: () = __ml::parts::check_swing(
        "Ota",
        &<Ota as __ml::parts::OpAmpType>::MODEL,
        <Ota as __ml::parts::OpAmpType>::SWING,
        "the output `v_ref - r_f i` at `i = 50 uA`",
        (0.9f64)
            - ({
                let q: __ml::units::Ohms = R_F;
                q.get()
            }) * (0.00005f64),
    );
    impl __ml::parts::TiaType for Readout {
        fn tia() -> __ml::technology::Named<__ml::technology::TiaSpec> {
            __ml::technology::Named::new(
                ::core::stringify!(Readout),
                {
                    __ml::technology::TiaSpec {
                        r_f: {
                            let q: __ml::units::Ohms = R_F;
                            q.get()
                        },
                        c_f: 0.000000000001f64,
                        v_ref: 0.9f64,
                        i_in: ::core::option::Option::Some((-0.00005f64, 0.00005f64)),
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
            tia.spec.r_f = __ml::units::Ohms::get(self.r_f);
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
                __ml::block::Part::new(__ml::ir::Element::Module(tia))
                    .arg("r_f", __ml::units::Ohms::get(self.r_f)),
            )
        }
    }
};
