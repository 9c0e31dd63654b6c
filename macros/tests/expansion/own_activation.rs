#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
struct Gate;
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    impl __ml::parts::BehaviourType for Gate {
        fn behaviour() -> __ml::technology::Named<__ml::ir::Behaviour> {
            __ml::technology::Named::new(
                ::core::stringify!(Gate),
                {
                    __ml::ir::Behaviour {
                        function: __ml::ir::Function::Own(const {
                            &__ml::ir::Own {
                                name: "Gate",
                                text_name: "own_gate",
                                inputs: &["x", "gate"],
                                verilog_a: ::core::option::Option::None,
                                spice: ::core::option::Option::Some(
                                    "Bout out 0 V=v(x)*v(gate)",
                                ),
                                native: ::core::option::Option::Some(|x: [f64; 2]| {
                                    let f: fn(f64, f64) -> f64 = gated;
                                    f(x[0], x[1])
                                }),
                            }
                        }),
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
    impl __ml::block::Block for Gate {
        type Ports = GatePorts;
        fn part(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
            ::core::result::Result::Ok(__ml::block::Part::behaviour::<Self>(design)?)
        }
    }
    #[derive(::core::fmt::Debug)]
    struct GatePorts {
        pub x: __ml::wire::Pin<__ml::wire::Voltage, __ml::wire::Wires<1>>,
        pub gate: __ml::wire::Pin<__ml::wire::Voltage, __ml::wire::Wires<1>>,
        pub out: __ml::wire::Pin<__ml::wire::Voltage, __ml::wire::Wires<1>>,
    }
    impl __ml::ports::Ports for GatePorts {
        const PORTS: &'static [__ml::ports::PortSpec] = &[
            __ml::ports::PortSpec::new(
                "x",
                __ml::ir::Direction::Input,
                ::core::option::Option::Some(__ml::ir::Nature::Voltage),
                1,
            ),
            __ml::ports::PortSpec::new(
                "gate",
                __ml::ir::Direction::Input,
                ::core::option::Option::Some(__ml::ir::Nature::Voltage),
                1,
            ),
            __ml::ports::PortSpec::new(
                "out",
                __ml::ir::Direction::Output,
                ::core::option::Option::Some(__ml::ir::Nature::Voltage),
                1,
            ),
        ];
        fn wires(self) -> ::std::vec::Vec<(&'static str, __ml::ir::Bits)> {
            ::std::vec![
                ("x", self.x.bits()), ("gate", self.gate.bits()), ("out", self.out
                .bits())
            ]
        }
    }
};
