//! `impl Subcircuit`, `impl Block` and `program`.

use super::Crossbar;
use super::model::{Drivers, Scheme, Size, field, shape};
use crate::attribute::{doc_line, name_in_text, origin};
use crate::gate::Gates;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ItemStruct, Type};

pub(super) fn expand(crossbar: &Crossbar, item: &ItemStruct, rules: &TokenStream) -> TokenStream {
    let (text, doc) = (name_in_text(item), doc_line(&item.attrs));
    let (origin, parasitics) = (origin(&item.ident), crossbar.parasitics.expand());
    let cell = &crossbar.cell;
    let cell = quote_spanned!(cell.span()=> <#cell as __ml::parts::CellType>::cell());
    let (Some((g, _)), shape) = (field(item), &crossbar.shape) else { return TokenStream::new() };
    let define = match &crossbar.scheme {
        Scheme::None => quote!(__ml::crossbar::unsigned(design, &declaration, g)),
        Scheme::Differential => quote!(__ml::crossbar::differential(design, &declaration, g)),
        Scheme::DualRail(drivers) => {
            let Drivers { op_amp, v_ref, r_unit } = drivers.as_ref();
            let op_amp = quote_spanned!(op_amp.span()=> <#op_amp as __ml::parts::OpAmpType>::op_amp());
            let (v_ref, r_unit) = (v_ref.si(), r_unit.si());
            quote! {
                __ml::crossbar::dual_rail(
                    design,
                    &declaration,
                    &__ml::crossbar::Drivers {
                        op_amp: #op_amp,
                        v_ref: __ml::units::Volts::new(#v_ref),
                        r_unit: __ml::units::Ohms::new(#r_unit),
                    },
                    g,
                )
            }
        }
    };
    let body = quote! {
        #rules
        let g: &#shape = &self.#g;
        let declaration = __ml::crossbar::Declaration {
            name: #text,
            doc: #doc,
            origin: #origin,
            cell: #cell,
            parasitics: #parasitics,
        };
        #define
    };
    let ports = match crossbar.scheme {
        Scheme::Differential => quote!(DifferentialCrossbar),
        _ => quote!(Crossbar),
    };
    implement(item, &ports, &body, &crossbar.shape, &crossbar.gates)
}

pub(super) fn fallback(item: &ItemStruct) -> TokenStream {
    // Without its field a crossbar has no size: the error about the field stands alone.
    let Some((shape, gates)) = shape(item) else { return TokenStream::new() };
    implement(item, &quote!(Crossbar), &quote!(::core::unreachable!()), &shape, &gates)
}

fn implement(
    item: &ItemStruct,
    ports: &TokenStream,
    define: &TokenStream,
    shape: &Type,
    gates: &Gates,
) -> TokenStream {
    let Some((g, _)) = field(item) else { return TokenStream::new() };
    let (name, vis) = (&item.ident, &item.vis);
    let (imp, ty, bounds) = item.generics.split_for_impl();
    let Size { rows, cols } = Size::of(shape);
    let gates = gates.items();
    quote! {
        #gates
        impl #imp #name #ty #bounds {
            /// A crossbar with these conductances, siemens: one row per input, one value per output.
            #vis fn program(siemens: impl __ml::conductance::WeightMatrix<#rows, #cols>) -> Self {
                Self { #g: __ml::conductance::Conductance::from_siemens(siemens) }
            }
        }
        impl #imp __ml::block::Subcircuit for #name #ty #bounds {
            fn define(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::ir::Id<__ml::ir::Module>, __ml::ir::BuildError> {
                #define
            }
        }
        impl #imp __ml::block::Block for #name #ty #bounds {
            type Ports = __ml::ports::#ports<#rows, #cols>;
            fn part(
                &self,
                design: &mut __ml::ir::Design,
            ) -> ::core::result::Result<__ml::block::Part, __ml::ir::BuildError> {
                __ml::block::Part::subcircuit(self, design)
            }
        }
    }
}
