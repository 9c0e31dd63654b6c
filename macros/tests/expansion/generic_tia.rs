struct Readout<A: OpAmpType>(::core::marker::PhantomData<fn() -> (A,)>);
impl<A: OpAmpType> Readout<A> {
    /// The one value.
    const fn new() -> Self {
        Self(::core::marker::PhantomData)
    }
}
impl<A: OpAmpType> ::core::clone::Clone for Readout<A> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<A: OpAmpType> ::core::marker::Copy for Readout<A> {}
impl<A: OpAmpType> ::core::default::Default for Readout<A> {
    fn default() -> Self {
        Self::new()
    }
}
impl<A: OpAmpType> ::core::fmt::Debug for Readout<A> {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.write_str("Readout")
    }
}
#[allow(missing_docs, non_snake_case, non_camel_case_types, unused_imports)]
#[allow(unreachable_pub, unreachable_code, unused_variables, clippy::all)]
const _: () = {
    use ::memloom::__private as __ml;
    impl<A: OpAmpType> Readout<A> {
        const __ML_RULE_0: () = __ml::parts::check_swing(
            "A",
            &<A as __ml::parts::OpAmpType>::MODEL,
            <A as __ml::parts::OpAmpType>::SWING,
            "`v_ref = 0.9 V`",
            0.9f64,
        );
    }
    impl<A: OpAmpType> __ml::parts::TiaType for Readout<A> {
        fn tia() -> __ml::technology::Named<__ml::technology::TiaSpec> {
            __ml::technology::Named::new(
                &__ml::block::name_of::<Self>(),
                {
                    let () = Self::__ML_RULE_0;
                    __ml::technology::TiaSpec {
                        r_f: 10000f64,
                        c_f: 0.0,
                        v_ref: 0.9f64,
                        i_in: ::core::option::Option::None,
                        op_amp: <A as __ml::parts::OpAmpType>::op_amp(),
                    }
                },
            )
        }
    }
    impl<A: OpAmpType> __ml::block::Subcircuit for Readout<A> {
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
    impl<A: OpAmpType> __ml::block::Block for Readout<A> {
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
