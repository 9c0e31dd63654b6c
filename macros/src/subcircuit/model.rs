//! What `#[subcircuit]` says.

use super::{check, expand};
use crate::attribute::{Model, no_fields, rules_and_expansions};
use crate::ctxt::Ctxt;
use crate::keys::{Key, Keys, choose, optional, required};
use crate::quantity::{Quantity, text_of};
use crate::supplies::{self, SupplyPin};
use crate::units::{self, Dimension};
use memloom_library::Language;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{ItemStruct, LitStr, Token};

/// A cell of a user's file.
pub(crate) struct Subcircuit {
    /// The file in each language that has one, as [`FILES`] lists them.
    pub(super) files: Vec<(Language, LitStr)>,
    pub(super) section: Option<LitStr>,
    pub(super) name: LitStr,
    pub(super) ports: Vec<Port>,
    /// Where `ports` is written.
    pub(super) ports_at: Span,
    pub(super) supplies: Vec<SupplyPin>,
    pub(super) params: Vec<Param>,
}

/// A signal pin.
pub(super) struct Port {
    pub(super) name: Ident,
    /// `Input`, `Output` or `Passive`.
    pub(super) direction: &'static str,
    /// `Voltage` or `Current`; a passive pin takes either.
    pub(super) nature: Option<&'static str>,
}

/// A parameter that the declaration sets.
pub(super) struct Param {
    pub(super) name: Ident,
    pub(super) value: Quantity,
}

/// The key of a file in each language.
const FILES: [(&str, Language); 3] =
    [("file", Language::Spice), ("spectre", Language::Spectre), ("vacask", Language::Vacask)];

impl Model for Subcircuit {
    const ATTRIBUTE: &'static str = "subcircuit";
    const KEYS: &'static [Key] = &[
        required("name", "name = \"ota\""),
        required("ports", "ports(inp: input, out: output)"),
        optional("file", "file = \"ota.sp\""),
        optional("spectre", "spectre = \"ota.scs\""),
        optional("vacask", "vacask = \"ota.inc\""),
        optional("library", "library = \"tt\""),
        optional("supplies", "supplies(vdd, vss)"),
        optional("params", "params(w = 10 um)"),
    ];

    fn parse(keys: &Keys<'_>, item: &ItemStruct) -> Option<Self> {
        keys.no_words();
        let params: Vec<Param> = keys.list("params").into_iter().filter_map(|p| param(keys.cx, p)).collect();
        let names: Vec<String> = params.iter().map(|param| param.name.to_string()).collect();
        no_fields(keys.cx, Self::ATTRIBUTE, item, &names.iter().map(String::as_str).collect::<Vec<_>>());
        let quoted = |key: &str, example: &str| keys.parsed(key, &format!("in quotes; write `{example}`"));
        let file = |(key, language): (&str, Language)| {
            Some((language, quoted(key, &format!("{key} = \"ota.sp\""))?))
        };
        let files: Vec<_> = FILES.into_iter().filter_map(file).collect();
        if FILES.iter().all(|(key, _)| !keys.has(key)) {
            keys.cx.error(
                Span::call_site(),
                "#[subcircuit] needs a file with the circuit; write `file = \"ota.sp\"`",
            );
        }
        let ports = keys.list("ports").into_iter().map(|p| port(keys.cx, p)).collect::<Vec<_>>();
        let supplies = supplies::pins(keys);
        let section = quoted("library", "library = \"tt\"");
        let name = quoted("name", "name = \"ota\"")?;
        let (ports_at, ports) = (keys.span("ports")?, ports.into_iter().collect::<Option<_>>()?);
        Some(Self { files, section, name, ports, ports_at, supplies, params })
    }

    rules_and_expansions!();
}

/// `inp: input`, `out: output`, `i: input current`, `d: passive`.
fn port(cx: &Ctxt, tokens: TokenStream) -> Option<Port> {
    let parser = |input: ParseStream<'_>| {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>()?;
        Ok((name, input.parse::<Ident>()?, input.parse::<Option<Ident>>()?))
    };
    let (span, text) = (tokens.span(), text_of(&tokens));
    let Ok((name, direction, nature)) = parser.parse2(tokens) else {
        let message = format!(
            "`{text}` is not a port; write `inp: input`, `out: output`, `i: input current` or `d: passive`"
        );
        cx.error(span, message);
        return None;
    };
    let directions = [("input", "Input"), ("output", "Output"), ("passive", "Passive")];
    let direction = choose(cx, &direction, &directions)?;
    let nature = match nature {
        None if direction == "Passive" => None,
        None => Some("Voltage"),
        Some(nature) => Some(choose(cx, &nature, &[("voltage", "Voltage"), ("current", "Current")])?),
    };
    Some(Port { name, direction, nature })
}

/// `w = 10 um`: a quantity of any dimension, or a plain number.
fn param(cx: &Ctxt, tokens: TokenStream) -> Option<Param> {
    let parser = |input: ParseStream<'_>| {
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![=]>()?;
        Ok((name, input.parse::<TokenStream>()?))
    };
    let (span, text) = (tokens.span(), text_of(&tokens));
    let Ok((name, value)) = parser.parse2(tokens) else {
        cx.error(span, format!("`{text}` sets no parameter; write `w = 10 um`"));
        return None;
    };
    let value = Quantity::parse(cx, &name, dimension(&value), value)?;
    Some(Param { name, value })
}

/// What a value measures, by its unit; a plain number has none, nor has an expression.
fn dimension(value: &TokenStream) -> Dimension {
    let trees: Vec<TokenTree> = value.clone().into_iter().collect();
    let unit = trees.iter().skip_while(|tree| matches!(tree, TokenTree::Punct(_))).skip(1);
    let symbol: String = unit.map(ToString::to_string).collect();
    units::lookup(&symbol).map_or(Dimension::Number, |found| found.0)
}
