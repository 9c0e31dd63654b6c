#[derive(::core::fmt::Debug, ::core::clone::Clone)]
struct Bank<B: Block<Ports = Activation>, const N: usize> {
    each: [B; N],
}
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    impl<B: Block<Ports = Activation>, const N: usize> Bank<B, N> {
        const __ML_RULE_0: () = __ml::wiring::check_net(
            "x",
            <Bus<Voltage, N> as __ml::wire::NetType>::NATURE,
            __ml::wire::Role::Input,
            <Bus<Voltage, N> as __ml::wire::NetType>::WIDTH,
            &[
                __ml::wiring::Connection {
                    instance: "each",
                    port: "inp",
                    ports: <<B as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
                    start: 0,
                    end: (<Bus<Voltage, N> as __ml::wire::NetType>::WIDTH as usize),
                },
            ],
        );
        const __ML_RULE_1: () = __ml::wiring::check_net(
            "y",
            <Bus<Voltage, N> as __ml::wire::NetType>::NATURE,
            __ml::wire::Role::Output,
            <Bus<Voltage, N> as __ml::wire::NetType>::WIDTH,
            &[
                __ml::wiring::Connection {
                    instance: "each",
                    port: "out",
                    ports: <<B as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
                    start: 0,
                    end: (<Bus<Voltage, N> as __ml::wire::NetType>::WIDTH as usize),
                },
            ],
        );
        const __ML_RULE_2: () = __ml::wiring::check_wires(
            "each",
            "inp",
            <<B as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
            N,
            "x",
            0
                + __ml::wiring::count(
                    0,
                    (<Bus<Voltage, N> as __ml::wire::NetType>::WIDTH as usize),
                ),
        );
        const __ML_RULE_3: () = __ml::wiring::check_wires(
            "each",
            "out",
            <<B as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
            N,
            "y",
            0
                + __ml::wiring::count(
                    0,
                    (<Bus<Voltage, N> as __ml::wire::NetType>::WIDTH as usize),
                ),
        );
    }
    #[derive(::core::fmt::Debug)]
    struct BankPorts<const N: usize> {
        pub x: __ml::wire::Pin<
            <Bus<Voltage, N> as __ml::wire::NetType>::Nature,
            <Bus<Voltage, N> as __ml::wire::NetType>::Width,
        >,
        pub y: __ml::wire::Pin<
            <Bus<Voltage, N> as __ml::wire::NetType>::Nature,
            <Bus<Voltage, N> as __ml::wire::NetType>::Width,
        >,
    }
    impl<const N: usize> __ml::ports::Ports for BankPorts<N> {
        const PORTS: &'static [__ml::ports::PortSpec] = &[
            __ml::ports::PortSpec::new(
                "x",
                __ml::ir::Direction::Input,
                ::core::option::Option::Some(
                    <Bus<Voltage, N> as __ml::wire::NetType>::NATURE,
                ),
                <Bus<Voltage, N> as __ml::wire::NetType>::WIDTH,
            ),
            __ml::ports::PortSpec::new(
                "y",
                __ml::ir::Direction::Output,
                ::core::option::Option::Some(
                    <Bus<Voltage, N> as __ml::wire::NetType>::NATURE,
                ),
                <Bus<Voltage, N> as __ml::wire::NetType>::WIDTH,
            ),
        ];
        fn wires(self) -> ::std::vec::Vec<(&'static str, __ml::ir::Bits)> {
            ::std::vec![("x", self.x.bits()), ("y", self.y.bits())]
        }
    }
    impl<B: Block<Ports = Activation>, const N: usize> __ml::block::Block
    for Bank<B, N> {
        type Ports = BankPorts<N>;
        fn part(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
            __ml::block::Part::subcircuit(self, design)
        }
    }
    impl<B: Block<Ports = Activation>, const N: usize> __ml::block::Subcircuit
    for Bank<B, N> {
        fn define(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<
            __ml::ir::Id<__ml::ir::Module>,
            __ml::ir::BuildError,
        > {
            let () = Self::__ML_RULE_0;
            let () = Self::__ML_RULE_1;
            let () = Self::__ML_RULE_2;
            let () = Self::__ML_RULE_3;
            let mut parts = ::std::vec::Vec::new();
            for block in &self.each {
                parts.push(<B as __ml::block::Block>::part(block, design)?);
            }
            let inst_each = __ml::block::Placed::array(
                "each",
                __ml::ir::Origin::here(),
                parts,
            );
            let mut module = match __ml::block::start(
                design,
                &__ml::block::name_of::<Self>(),
                "",
                __ml::ir::Origin::here(),
                &[&inst_each],
            )? {
                __ml::block::Start::Defined(id) => return ::core::result::Result::Ok(id),
                __ml::block::Start::New(module) => module,
            };
            let net_x = <Bus<
                Voltage,
                N,
            > as __ml::wire::NetType>::declare(
                &mut module,
                "x",
                __ml::wire::Role::Input,
                __ml::ir::Origin::here(),
            );
            let net_y = <Bus<
                Voltage,
                N,
            > as __ml::wire::NetType>::declare(
                &mut module,
                "y",
                __ml::wire::Role::Output,
                __ml::ir::Origin::here(),
            );
            module.origin(__ml::ir::Origin::here());
            {
                let ports = __ml::block::PortsOf::<B> {
                    inp: __ml::wire::wire_copies(&net_x),
                    out: __ml::wire::wire_copies(&net_y),
                };
                inst_each.add(&mut module, ports);
            }
            module.finish()
        }
    }
};
