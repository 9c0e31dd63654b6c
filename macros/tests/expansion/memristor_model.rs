#[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
struct Drift;
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    impl __ml::parts::CellType for Drift {
        fn cell() -> __ml::technology::Named<__ml::ir::Cell> {
            __ml::technology::Named::new(
                ::core::stringify!(Drift),
                {
                    __ml::ir::Cell {
                        g_min: 0.00001f64,
                        g_max: 0.001f64,
                        levels: ::core::option::Option::None,
                        v_read: 0.008f64,
                        device: __ml::device::Device::Team(__ml::device::Team {
                            alpha_on: 4f64,
                            i_off: 0.0001f64,
                            iv: 1f64,
                            ..__ml::device::Team::TECHNION
                        }),
                        netlist: __ml::ir::CellNetlist::Device,
                        flicker: 0.0,
                    }
                },
            )
        }
    }
};
