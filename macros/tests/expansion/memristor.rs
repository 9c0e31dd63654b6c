#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
pub struct HfO2;
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    impl __ml::parts::CellType for HfO2 {
        fn cell() -> __ml::technology::Named<__ml::ir::Cell> {
            __ml::technology::Named::new(
                ::core::stringify!(HfO2),
                {
                    __ml::ir::Cell {
                        g_min: 0.000001f64,
                        g_max: 0.0001f64,
                        levels: ::core::option::Option::Some(64),
                        v_read: 0.2f64,
                        device: __ml::device::Device::Vteam(__ml::device::Vteam {
                                ..__ml::device::Vteam::MAGIC
                            })
                            .stretched(0.000001f64, 0.0001f64),
                        netlist: __ml::ir::CellNetlist::Resistor,
                        flicker: 0.0,
                    }
                },
            )
        }
    }
};
