//! `model = vteam(set = magic, v_on = -1.2 V)`: the device's model, a published set, own values of parameters.

use super::Memristor;
use crate::ctxt::Ctxt;
use crate::keys::{Key, Keys, choose};
use crate::quantity::{Quantity, text_of};
use memloom_devices::{Device, Parameter, REACH, Set, Spec};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::borrow::Cow;
use syn::parse::{Parse, ParseStream};

/// The model of a cell's device.
pub(crate) struct DeviceModel {
    spec: &'static Spec,
    set: &'static Set,
    own: Vec<(usize, Value)>,
    /// Whether the resistances at both ends are those of the cell's range.
    stretched: bool,
    span: Span,
    text: String,
}

/// The value of a parameter.
enum Value {
    Quantity(Quantity),
    /// One of the words of a parameter that chooses.
    Word(usize),
}

/// `vteam`, or `vteam(..)`.
struct Call {
    model: Ident,
    args: TokenStream,
}

impl Parse for Call {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let model = input.parse()?;
        let mut args = TokenStream::new();
        if input.peek(syn::token::Paren) {
            let inner;
            syn::parenthesized!(inner in input);
            args = inner.parse()?;
        }
        Ok(Self { model, args })
    }
}

impl DeviceModel {
    /// Reads the key `model`; VTEAM stretched over the cell's range where it is not given.
    pub(super) fn parse(keys: &Keys<'_>) -> Option<Self> {
        if !keys.has("model") {
            return Some(Self::new(Device::SPECS[0], Span::call_site()));
        }
        let call: Call =
            keys.parsed("model", "a model; write `model = vteam`, or `model = vteam(set = magic)`")?;
        let names: Vec<_> = Device::SPECS.iter().map(|spec| (spec.name, *spec)).collect();
        let mut model = Self::new(choose(keys.cx, &call.model, &names)?, call.model.span());
        if !call.args.is_empty() {
            model.text = text_of(&quote_call(&call));
            model.configure(keys.cx, call.args)?;
        }
        Some(model)
    }

    fn new(spec: &'static Spec, span: Span) -> Self {
        let set = &spec.sets[0];
        let stretched = set.device.spanning(1.0, 2.0).is_some();
        Self { spec, set, own: Vec::new(), stretched, span, text: spec.name.into() }
    }

    /// Reads what stands in the parentheses.
    fn configure(&mut self, cx: &Ctxt, args: TokenStream) -> Option<()> {
        let set = self.set.name;
        let mut table = vec![Key { name: "set", example: format!("set = {set}").into(), optional: true }];
        table.extend(self.spec.parameters.iter().map(key));
        let attribute = format!("memristor(model = {})", self.spec.name);
        let keys = Keys::parse(cx, &attribute, &table, args);
        keys.no_words();
        let sets: Vec<_> = self.spec.sets.iter().map(|set| (set.name, set)).collect();
        if keys.has("set") {
            self.set = keys.choice("set", &sets)?;
            self.stretched = false;
        }
        let mut whole = true;
        for (at, parameter) in self.spec.parameters.iter().enumerate().filter(|(_, p)| keys.has(p.name)) {
            match value(&keys, parameter) {
                Some(value) => self.own.push((at, value)),
                None => whole = false,
            }
        }
        self.stretched &= !self.own.iter().any(|(at, _)| self.ends().contains(at));
        whole.then_some(())
    }

    /// The parameters that stretching sets.
    fn ends(&self) -> Vec<usize> {
        let device = &self.set.device;
        let Some(other) = device.spanning(0.123, 0.456) else { return Vec::new() };
        let pairs = device.values().into_iter().zip(other.values()).enumerate();
        pairs.filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect()
    }

    /// The device, if every value is written out.
    fn device(&self, cell: &Memristor) -> Option<Device> {
        let mut values = self.set.device.values();
        for (at, value) in &self.own {
            values[*at] = match value {
                Value::Quantity(quantity) => quantity.number?,
                Value::Word(word) => *word as f64,
            };
        }
        let device = self.set.device.with_values(&values);
        Some(if self.stretched { device.stretched(cell.g_min.number?, cell.g_max.number?) } else { device })
    }

    /// Parameters agree with each other, and the cell's range is one that the device has at `v_read`.
    pub(super) fn check(&self, cx: &Ctxt, cell: &Memristor) {
        let (Some(device), Some(v_read)) = (self.device(cell), cell.v_read.number) else { return };
        if cx.failed() {
            return;
        }
        if let Err(error) = device.validate() {
            return cx.error(self.span, error);
        }
        self.check_threshold(cx, cell, &device);
        let (low, high) = device.reach(v_read);
        for (key, end) in [("g_min", &cell.g_min), ("g_max", &cell.g_max)] {
            let Some(g) = end.number else { continue };
            if (low * (1.0 - REACH)..=high * (1.0 + REACH)).contains(&g) {
                continue;
            }
            let cure = match self.set.device.spanning(1.0, 2.0) {
                Some(_) => {
                    format!(", or write `model = {}` to stretch the model over the range", self.spec.name)
                }
                None => String::new(),
            };
            let [low, high] = [low, high].map(|g| end.dimension.show(g));
            let (text, model, v_read) = (&end.text, &self.text, &cell.v_read.text);
            cx.error(
                end.span,
                format!(
                    "`{key} = {text}` is out of reach of `{model}`, which conducts `{low}` to `{high}` at `v_read = {v_read}`; move it inside{cure}"
                ),
            );
        }
    }

    /// A read moves no state.
    fn check_threshold(&self, cx: &Ctxt, cell: &Memristor, device: &Device) {
        let (Some(v_read), Some(g_max)) = (cell.v_read.number, cell.g_max.number) else { return };
        let Some(least) = device.quiet(g_max).filter(|least| v_read > *least) else { return };
        let (text, model, least) = (&cell.v_read.text, &self.text, cell.v_read.dimension.show(least));
        cx.error(
            cell.v_read.span,
            format!(
                "`v_read = {text}` is beyond the threshold of `{model}`, whose state each read would move; write `v_read = {least}` or less, or a model of a higher threshold"
            ),
        );
    }

    /// The device as an expression of type `Device`; `__ml` is memloom in the expansion.
    pub(super) fn expand(&self, g_min: &TokenStream, g_max: &TokenStream) -> TokenStream {
        let (name, set) = (format_ident!("{}", self.spec.type_name), format_ident!("{}", self.set.constant));
        let own = self.own.iter().map(|(at, value)| {
            let (parameter, value) = (&self.spec.parameters[*at], value.si());
            let field = format_ident!("{}", parameter.name);
            quote!(#field: #value,)
        });
        let stretch = self.stretched.then(|| quote!(.stretched(#g_min, #g_max)));
        quote! {
            __ml::device::Device::#name(__ml::device::#name { #(#own)* ..__ml::device::#name::#set }) #stretch
        }
    }
}

impl Value {
    fn si(&self) -> TokenStream {
        match self {
            Self::Quantity(quantity) => quantity.si(),
            Self::Word(word) => {
                let number = *word as f64;
                quote!(#number)
            }
        }
    }
}

fn quote_call(call: &Call) -> TokenStream {
    let (model, args) = (&call.model, &call.args);
    quote!(#model(#args))
}

fn key(parameter: &'static Parameter) -> Key {
    let value = match parameter.words {
        [] => parameter.dimension.example(),
        [first, ..] => (*first).into(),
    };
    Key { name: parameter.name, example: Cow::Owned(format!("{} = {value}", parameter.name)), optional: true }
}

/// The value of `parameter`, in its range.
fn value(keys: &Keys<'_>, parameter: &Parameter) -> Option<Value> {
    if !parameter.words.is_empty() {
        let words: Vec<_> = parameter.words.iter().enumerate().map(|(at, word)| (*word, at)).collect();
        return keys.choice(parameter.name, &words).map(Value::Word);
    }
    let quantity = keys.quantity(parameter.name, parameter.dimension)?;
    let (name, text, range) = (parameter.name, &quantity.text, parameter.range());
    let message = format!("`{name} = {text}` is out of range; give a value from {range}");
    match quantity.number {
        Some(number) if parameter.allows(number) => {}
        Some(_) => keys.cx.error(quantity.span, message),
        None => {
            let (value, low, high) = (quantity.si(), parameter.low, parameter.high);
            let check = quote_spanned! {quantity.span=> {
                let value: f64 = #value;
                ::core::assert!(#low <= value && value <= #high, "{}", #message)
            }};
            keys.cx.rule(quantity.span, check);
        }
    }
    Some(Value::Quantity(quantity))
}
