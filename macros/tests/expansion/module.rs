#[derive(::core::clone::Clone)]
/// One layer.
#[derive(Debug)]
pub struct Layer {
    xbar: Weights,
    tia: [Readout; 2],
}
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    const _: () = __ml::wiring::check_net(
        "x",
        <Bus<Voltage, 3> as __ml::wire::NetType>::NATURE,
        __ml::wire::Role::Input,
        <Bus<Voltage, 3> as __ml::wire::NetType>::WIDTH,
        &[
            __ml::wiring::Connection {
                instance: "xbar",
                port: "row",
                ports: <<of_xbar as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
                start: 0,
                end: 2,
            },
        ],
    );
    const _: () = __ml::wiring::check_net(
        "y",
        <Bus<Voltage, 2> as __ml::wire::NetType>::NATURE,
        __ml::wire::Role::Output,
        <Bus<Voltage, 2> as __ml::wire::NetType>::WIDTH,
        &[
            __ml::wiring::Connection {
                instance: "tia",
                port: "out",
                ports: <<of_tia as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
                start: 0,
                end: (<Bus<Voltage, 2> as __ml::wire::NetType>::WIDTH as usize),
            },
        ],
    );
    const _: () = __ml::wiring::check_net(
        "i",
        <Bus<Current, 2> as __ml::wire::NetType>::NATURE,
        __ml::wire::Role::Inner,
        <Bus<Current, 2> as __ml::wire::NetType>::WIDTH,
        &[
            __ml::wiring::Connection {
                instance: "xbar",
                port: "col",
                ports: <<of_xbar as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
                start: 0,
                end: (<Bus<Current, 2> as __ml::wire::NetType>::WIDTH as usize),
            },
            __ml::wiring::Connection {
                instance: "tia",
                port: "inp",
                ports: <<of_tia as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
                start: 0,
                end: (<Bus<Current, 2> as __ml::wire::NetType>::WIDTH as usize),
            },
        ],
    );
    const _: () = __ml::wiring::check_slice(
        "x[0..2]",
        "x",
        <Bus<Voltage, 3> as __ml::wire::NetType>::WIDTH,
        0,
        2,
    );
    const _: () = __ml::wiring::check_rail(
        "ground",
        "xbar",
        "row",
        <<of_xbar as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
    );
    const _: () = __ml::wiring::check_wires(
        "xbar",
        "row",
        <<of_xbar as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
        1,
        "[x[0 .. 2] , ground]",
        0 + __ml::wiring::count(0, 2) + __ml::wiring::count(0, 1),
    );
    const _: () = __ml::wiring::check_wires(
        "tia",
        "inp",
        <<of_tia as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
        2,
        "i",
        0
            + __ml::wiring::count(
                0,
                (<Bus<Current, 2> as __ml::wire::NetType>::WIDTH as usize),
            ),
    );
    const _: () = __ml::wiring::check_wires(
        "tia",
        "out",
        <<of_tia as __ml::block::Block>::Ports as __ml::ports::Ports>::PORTS,
        2,
        "y",
        0
            + __ml::wiring::count(
                0,
                (<Bus<Voltage, 2> as __ml::wire::NetType>::WIDTH as usize),
            ),
    );
    type of_xbar = <Weights as __ml::gate::Gate<
        {
            use __ml::gate::Otherwise as _;
            __ml::gate::block("Weights", <__ml::gate::Probe<Weights>>::BLOCK)
        },
    >>::Out;
    type of_tia = <Readout as __ml::gate::Gate<
        {
            use __ml::gate::Otherwise as _;
            __ml::gate::block("Readout", <__ml::gate::Probe<Readout>>::BLOCK)
        },
    >>::Out;
    #[derive(::core::fmt::Debug)]
    pub struct LayerPorts {
        pub x: __ml::wire::Pin<
            <Bus<Voltage, 3> as __ml::wire::NetType>::Nature,
            <Bus<Voltage, 3> as __ml::wire::NetType>::Width,
        >,
        pub y: __ml::wire::Pin<
            <Bus<Voltage, 2> as __ml::wire::NetType>::Nature,
            <Bus<Voltage, 2> as __ml::wire::NetType>::Width,
        >,
    }
    impl __ml::ports::Ports for LayerPorts {
        const PORTS: &'static [__ml::ports::PortSpec] = &[
            __ml::ports::PortSpec::new(
                "x",
                __ml::ir::Direction::Input,
                ::core::option::Option::Some(
                    <Bus<Voltage, 3> as __ml::wire::NetType>::NATURE,
                ),
                <Bus<Voltage, 3> as __ml::wire::NetType>::WIDTH,
            ),
            __ml::ports::PortSpec::new(
                "y",
                __ml::ir::Direction::Output,
                ::core::option::Option::Some(
                    <Bus<Voltage, 2> as __ml::wire::NetType>::NATURE,
                ),
                <Bus<Voltage, 2> as __ml::wire::NetType>::WIDTH,
            ),
        ];
        fn wires(self) -> ::std::vec::Vec<(&'static str, __ml::ir::Bits)> {
            ::std::vec![("x", self.x.bits()), ("y", self.y.bits())]
        }
    }
    impl __ml::block::Block for Layer {
        type Ports = LayerPorts;
        fn part(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
            __ml::block::Part::subcircuit(self, design)
        }
    }
    impl __ml::block::Subcircuit for Layer {
        fn define(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<
            __ml::ir::Id<__ml::ir::Module>,
            __ml::ir::BuildError,
        > {
            let inst_xbar = __ml::block::Placed::one(
                "xbar",
                __ml::ir::Origin::here(),
                <of_xbar as __ml::block::Block>::part(&self.xbar, design)?,
            );
            let mut parts = ::std::vec::Vec::new();
            for block in &self.tia {
                parts.push(<of_tia as __ml::block::Block>::part(block, design)?);
            }
            let inst_tia = __ml::block::Placed::array(
                "tia",
                __ml::ir::Origin::here(),
                parts,
            );
            let mut module = match __ml::block::start(
                design,
                ::core::stringify!(Layer),
                "One layer.",
                __ml::ir::Origin::here(),
                &[&inst_xbar, &inst_tia],
            )? {
                __ml::block::Start::Defined(id) => return ::core::result::Result::Ok(id),
                __ml::block::Start::New(module) => module,
            };
            let net_x = <Bus<
                Voltage,
                3,
            > as __ml::wire::NetType>::declare(
                &mut module,
                "x",
                __ml::wire::Role::Input,
                __ml::ir::Origin::here(),
            );
            let net_y = <Bus<
                Voltage,
                2,
            > as __ml::wire::NetType>::declare(
                &mut module,
                "y",
                __ml::wire::Role::Output,
                __ml::ir::Origin::here(),
            );
            let net_i = <Bus<
                Current,
                2,
            > as __ml::wire::NetType>::declare(
                &mut module,
                "i",
                __ml::wire::Role::Inner,
                __ml::ir::Origin::here(),
            );
            module.origin(__ml::ir::Origin::here());
            {
                let ports = __ml::block::PortsOf::<of_xbar> {
                    row: __ml::wire::wire_pieces(
                        ::std::vec![
                            __ml::wire::piece(& net_x, 0, 2), __ml::wire::piece_of_rail(&
                            mut module, 0.0) ?
                        ],
                    ),
                    col: __ml::wire::wire(&net_i),
                };
                inst_xbar.add(&mut module, ports);
            }
            {
                let ports = __ml::block::PortsOf::<of_tia> {
                    inp: __ml::wire::wire_copies(&net_i),
                    out: __ml::wire::wire_copies(&net_y),
                };
                inst_tia.add(&mut module, ports);
            }
            module.finish()
        }
    }
};
