//! What a crossbar's lines and cells have besides the cells, as text: parameters of the netlist, so that a corner is a
//! line and no new build.

use crate::dialect::Syntax;
use crate::number::number;
use memloom_ir::Parasitics;

/// The parameters of a netlist: kinds of parts and their values, each once, in the order of first use.
#[derive(Debug, Clone, Default)]
pub struct Parameters(Vec<(&'static str, f64)>);

impl Parameters {
    /// Adds those of another crossbar.
    pub(crate) fn add(&mut self, parasitics: &Parasitics) {
        for part in parts(parasitics) {
            if !self.0.contains(&part) {
                self.0.push(part);
            }
        }
    }

    /// Names and values: `ml_r_wire` is the resistance of a wire segment, `ml_r_wire_1` that of another technology's.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (String, f64)> {
        self.0.iter().filter_map(|(kind, value)| Some((self.name(kind, *value)?, *value)))
    }

    /// The name of the parameter that holds this part's value, if one does.
    fn name(&self, kind: &str, value: f64) -> Option<String> {
        let mut alike = self.0.iter().filter(|(other, _)| *other == kind);
        alike.position(|(_, other)| *other == value).map(|k| match k {
            0 => format!("ml_{kind}"),
            k => format!("ml_{kind}_{k}"),
        })
    }
}

/// The parts that there are, by the kinds of their parameters.
fn parts(parasitics: &Parasitics) -> impl Iterator<Item = (&'static str, f64)> {
    let all = parasitics.resistances().into_iter().chain(parasitics.capacitances());
    all.map(|(name, value)| (kind(parasitics, name), value)).filter(|(_, value)| *value > 0.0)
}

/// The kind of the parameter that holds part `name`: equal segments of both kinds of lines are one.
fn kind(parasitics: &Parasitics, name: &'static str) -> &'static str {
    let equal = parasitics.r_wordline == parasitics.r_bitline;
    if equal && matches!(name, "r_wordline" | "r_bitline") { "r_wire" } else { name }
}

/// The text of each value; none of a part that is left out.
pub(crate) struct Values {
    pub(crate) wordline: Option<String>,
    pub(crate) bitline: Option<String>,
    pub(crate) driver: Option<String>,
    pub(crate) sense: Option<String>,
    pub(crate) contact: Option<String>,
    pub(crate) c_cell: Option<String>,
    /// A line's capacitance at one cross-point.
    pub(crate) c_wire: Option<String>,
    /// That of whole lines, a wordline and a bitline, where these are one node.
    pub(crate) c_lines: Option<[String; 2]>,
}

impl Values {
    /// Those of a crossbar of `rows x cols`: `parameters` of the netlist, or else the numbers themselves.
    pub(crate) fn new(
        parasitics: &Parasitics,
        parameters: &Parameters,
        syntax: &dyn Syntax,
        (rows, cols): (u32, u32),
    ) -> Self {
        let (open, close) = syntax.quotes();
        let text = |name: &'static str, value: f64, count: u32| {
            (value > 0.0).then(|| match parameters.name(kind(parasitics, name), value) {
                None => number(value * f64::from(count)),
                Some(name) if count == 1 => format!("{open}{name}{close}"),
                Some(name) => format!("{open}{name}*{count}{close}"),
            })
        };
        let c_wire = |count| text("c_wire", parasitics.c_wire.get(), count);
        Self {
            wordline: text("r_wordline", parasitics.r_wordline.get(), 1),
            bitline: text("r_bitline", parasitics.r_bitline.get(), 1),
            driver: text("r_driver", parasitics.r_driver.get(), 1),
            sense: text("r_sense", parasitics.r_sense.get(), 1),
            contact: text("r_contact", parasitics.r_contact.get(), 1),
            c_cell: text("c_cell", parasitics.c_cell.get(), 1),
            c_wire: c_wire(1),
            c_lines: c_wire(cols).zip(c_wire(rows)).map(|(word, bit)| [word, bit]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memloom_ir::units::{Farads, Ohms};

    #[test]
    fn each_value_of_a_kind_is_one_parameter() {
        let mut all = Parameters::default();
        let driven = Parasitics { r_driver: Ohms::new(50.0), ..Parasitics::wires(Ohms::new(2.5)) };
        let unequal = Parasitics { r_bitline: Ohms::new(1.0), ..driven };
        let loaded = Parasitics { c_wire: Farads::new(1e-15), ..Parasitics::wires(Ohms::new(4.0)) };
        [driven, driven, unequal, loaded, Parasitics::NONE].iter().for_each(|one| all.add(one));
        let named: Vec<_> = all.iter().collect();
        let wanted = [
            ("ml_r_wire", 2.5),
            ("ml_r_driver", 50.0),
            ("ml_r_wordline", 2.5),
            ("ml_r_bitline", 1.0),
            ("ml_r_wire_1", 4.0),
            ("ml_c_wire", 1e-15),
        ];
        assert_eq!(named, wanted.map(|(name, value)| (name.to_owned(), value)));
    }
}
