#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
struct Readout;
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    impl __ml::parts::TiaType for Readout {
        fn tia() -> __ml::technology::Named<__ml::technology::TiaSpec> {
            __ml::technology::Named::new(
                ::core::stringify!(Readout),
                { ::core::unreachable!() },
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
::core::compile_error! {
    "`kV` measures a voltage, `r_f` is a resistance; write `10 kohm`"
}
