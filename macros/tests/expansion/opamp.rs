#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
pub struct Ota;
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    impl __ml::parts::OpAmpType for Ota {
        const MODEL: __ml::ir::OpAmp = __ml::ir::OpAmp {
            gain: 10000f64,
            gbw: 10000000f64,
            slew: 10000000f64,
            offset: 0.0,
            swing: (0.1f64, 1.7f64),
            c_in: 0.0,
            noise_density: 0.0,
            flicker_corner: 0.0,
            auto_zero: ::core::option::Option::None,
        };
        const SWING: &'static str = "0.1 V ..= 1.7 V";
        fn op_amp() -> __ml::technology::Named<__ml::ir::OpAmp> {
            __ml::technology::Named::new(
                ::core::stringify!(Ota),
                <Self as __ml::parts::OpAmpType>::MODEL,
            )
        }
    }
    impl __ml::block::Block for Ota {
        type Ports = __ml::ports::OpAmp;
        fn part(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
            __ml::block::Part::op_amp(
                design,
                &<Self as __ml::parts::OpAmpType>::op_amp(),
            )
        }
    }
};
