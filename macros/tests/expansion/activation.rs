#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
struct Swish;
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    impl __ml::parts::BehaviourType for Swish {
        fn behaviour() -> __ml::technology::Named<__ml::ir::Behaviour> {
            __ml::technology::Named::new(
                ::core::stringify!(Swish),
                {
                    __ml::ir::Behaviour {
                        function: __ml::ir::Function::Activation(
                            __ml::functions::HARD_SWISH,
                        ),
                        swing: (0.0, 2.0 * 0.9f64),
                        unit: 0.1f64,
                    }
                },
            )
        }
        fn v_ref() -> __ml::units::Volts {
            __ml::units::Volts::new(0.9f64)
        }
    }
    impl __ml::block::Block for Swish {
        type Ports = __ml::ports::Activation;
        fn part(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
            ::core::result::Result::Ok(__ml::block::Part::behaviour::<Self>(design)?)
        }
    }
    impl __ml::parts::ActivationType for Swish {}
};
