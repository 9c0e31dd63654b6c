#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
pub struct OtaCell {
    w: Metres,
}
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    const _: &[u8] = ::core::include_bytes!(
        ::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), "/",
        "../dsl/tests/cells/ota.sp")
    );
    #[derive(::core::fmt::Debug)]
    pub struct OtaCellPorts {
        pub inp: __ml::wire::Pin<__ml::wire::Voltage, __ml::wire::Wires<1>>,
        pub inn: __ml::wire::Pin<__ml::wire::Voltage, __ml::wire::Wires<1>>,
        pub out: __ml::wire::Pin<__ml::wire::Voltage, __ml::wire::Wires<1>>,
    }
    impl __ml::ports::Ports for OtaCellPorts {
        const PORTS: &'static [__ml::ports::PortSpec] = &[
            __ml::ports::PortSpec::new(
                "inp",
                __ml::ir::Direction::Input,
                ::core::option::Option::Some(__ml::ir::Nature::Voltage),
                1,
            ),
            __ml::ports::PortSpec::new(
                "inn",
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
                ("inp", self.inp.bits()), ("inn", self.inn.bits()), ("out", self.out
                .bits())
            ]
        }
    }
    impl __ml::parts::SubcircuitType for OtaCell {
        const PARAMS: &'static [&'static str] = &["w", "m"];
        const ARGS: &'static [(&'static str, f64)] = &[("w", 0.00002f64), ("m", 2f64)];
        fn foreign() -> __ml::ir::Foreign {
            __ml::ir::Foreign {
                name: ::core::convert::From::from("ota"),
                kind: __ml::ir::Kind::Subckt,
                libraries: ::std::vec![
                    __ml::ir::Library { language : __ml::ir::Language::Spice, path :
                    ::core::convert::From::from(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"),
                    "/", "../dsl/tests/cells/ota.sp")), section :
                    ::core::option::Option::None, }
                ],
                pins: ::std::vec![
                    __ml::parts::signal("inp", __ml::ir::Direction::Input,
                    ::core::option::Option::Some(__ml::ir::Nature::Voltage)),
                    __ml::parts::signal("inn", __ml::ir::Direction::Input,
                    ::core::option::Option::Some(__ml::ir::Nature::Voltage)),
                    __ml::parts::signal("out", __ml::ir::Direction::Output,
                    ::core::option::Option::Some(__ml::ir::Nature::Voltage)),
                    __ml::parts::supply("vdd", "avdd"), __ml::parts::supply("vss", "vss")
                ],
                params: ::std::vec![
                    ::core::convert::From::from("w"), ::core::convert::From::from("m")
                ],
            }
        }
    }
    impl __ml::block::Block for OtaCell {
        type Ports = OtaCellPorts;
        fn part(
            &self,
            design: &mut __ml::ir::Design,
        ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
            ::core::result::Result::Ok(
                __ml::block::Part::foreign::<Self>(design)?
                    .arg("w", __ml::units::Metres::get(self.w)),
            )
        }
    }
};
