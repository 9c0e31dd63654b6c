#[derive(::core::fmt::Debug, ::core::clone::Clone)]
struct Load {
    r: Resistor,
}
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    const _: () = __ml::wiring::check_net(
        "x",
        <Bus<Voltage> as __ml::wire::NetType>::NATURE,
        __ml::wire::Role::Input,
        <Bus<Voltage> as __ml::wire::NetType>::WIDTH,
        &[
            __ml::wiring::Connection {
                instance: "r",
                port: "p",
                ports: <<of_r as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
                start: 0,
                end: (<Bus<Voltage> as __ml::wire::NetType>::WIDTH as usize),
            },
        ],
    );
    const _: () = __ml::wiring::check_rail(
        "vss",
        "r",
        "n",
        <<of_r as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
    );
    type of_r = <Resistor as __ml::gate::Gate<
        {
            use __ml::gate::Otherwise as _;
            __ml::gate::block("Resistor", <__ml::gate::Probe<Resistor>>::BLOCK)
        },
    >>::Out;
    #[derive(::core::fmt::Debug)]
    struct LoadPorts {
        pub x: __ml::wire::Pin<
            <Bus<Voltage> as __ml::wire::NetType>::Nature,
            <Bus<Voltage> as __ml::wire::NetType>::Width,
        >,
    }
    impl __ml::ports::Ports for LoadPorts {
        const PORTS: &'static [__ml::ports::PortSpec] = &[
            __ml::ports::PortSpec::new(
                "x",
                __ml::ir::Direction::Input,
                ::core::option::Option::Some(
                    <Bus<Voltage> as __ml::wire::NetType>::NATURE,
                ),
                <Bus<Voltage> as __ml::wire::NetType>::WIDTH,
            ),
        ];
        fn wires(self) -> ::std::vec::Vec<(&'static str, __ml::ir::Bits)> {
            ::std::vec![("x", self.x.bits())]
        }
    }
    impl __ml::block::Block for Load {
        type Ports = LoadPorts;
        fn part(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
            __ml::block::Part::subcircuit(self, design)
        }
    }
    impl __ml::block::Subcircuit for Load {
        fn define(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<
            __ml::ir::Id<__ml::ir::Module>,
            __ml::ir::BuildError,
        > {
            __ml::blocks::supply(design, "vdd", 1.8f64)?;
            let inst_r = __ml::block::Placed::one(
                "r",
                __ml::ir::Origin::here(),
                <of_r as __ml::block::Block>::part(&self.r, design)?,
            );
            let mut module = match __ml::block::start(
                design,
                ::core::stringify!(Load),
                "",
                __ml::ir::Origin::here(),
                &[&inst_r],
            )? {
                __ml::block::Start::Defined(id) => return ::core::result::Result::Ok(id),
                __ml::block::Start::New(module) => module,
            };
            let net_x = <Bus<
                Voltage,
            > as __ml::wire::NetType>::declare(
                &mut module,
                "x",
                __ml::wire::Role::Input,
                __ml::ir::Origin::here(),
            );
            module.origin(__ml::ir::Origin::here());
            {
                let ports = __ml::block::PortsOf::<of_r> {
                    p: __ml::wire::wire(&net_x),
                    n: __ml::wire::wire_named_rail(
                        &mut module,
                        "vss",
                        __ml::ir::Origin::here(),
                    )?,
                };
                inst_r.add(&mut module, ports);
            }
            module.finish()
        }
    }
};
