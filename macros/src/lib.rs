//! Attribute macros of memloom: circuits as typed structs.

mod activation;
mod attribute;
mod crossbar;
mod ctxt;
mod keys;
mod memristor;
mod module;
mod nearest;
mod opamp;
mod quantity;
mod technology;
mod tia;
mod units;

use proc_macro::TokenStream;

/// Declares a memristor cell type.
#[proc_macro_attribute]
pub fn memristor(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<memristor::Memristor>(args.into(), item.into()).into()
}

/// Declares an op-amp model.
#[proc_macro_attribute]
pub fn opamp(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<opamp::Opamp>(args.into(), item.into()).into()
}

/// Declares a transimpedance amplifier.
#[proc_macro_attribute]
pub fn tia(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<tia::Tia>(args.into(), item.into()).into()
}

/// Declares an activation circuit or a multiplier.
#[proc_macro_attribute]
pub fn activation(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<activation::Activation>(args.into(), item.into()).into()
}

/// Gathers declarations into a technology, which a network is built from.
#[proc_macro_attribute]
pub fn technology(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<technology::Technology>(args.into(), item.into()).into()
}

/// Declares a crossbar of memristors.
#[proc_macro_attribute]
pub fn crossbar(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<crossbar::Crossbar>(args.into(), item.into()).into()
}

/// Declares a module: nets and the blocks between them.
#[proc_macro_attribute]
pub fn module(args: TokenStream, item: TokenStream) -> TokenStream {
    attribute::run::<module::Module>(args.into(), item.into()).into()
}
