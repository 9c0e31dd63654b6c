//! Devices as blocks: resistor, capacitor, diode, MOSFET, independent sources.

use crate::block::{Block, Part};
use crate::blocks;
use crate::ir::{BuildError, Design, Direction, Element, Foreign, Kind, Language, Library, Source, Value};
use crate::parts::signal;
use crate::ports;
use crate::units::{Amperes, Farads, Metres, Ohms, Volts};

/// A resistor. Ports `p`, `n`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resistor(pub Ohms);

impl Block for Resistor {
    type Ports = ports::Passive;
    fn part(&self, _: &mut Design) -> Result<Part, BuildError> {
        Ok(Part::new(Element::Resistor(Value::Number(self.0.get()))))
    }
}

/// A capacitor. Ports `p`, `n`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capacitor(pub Farads);

impl Block for Capacitor {
    type Ports = ports::Passive;
    fn part(&self, _: &mut Design) -> Result<Part, BuildError> {
        Ok(Part::new(Element::Capacitor(Value::Number(self.0.get()))))
    }
}

/// An independent voltage source, `v(p) - v(n)`. Ports `p`, `n`. For simulators; the evaluator refuses it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VoltageSource(pub Volts);

impl Block for VoltageSource {
    type Ports = ports::Passive;
    fn part(&self, _: &mut Design) -> Result<Part, BuildError> {
        Ok(Part::new(Element::Source(Source::Voltage(Value::Number(self.0.get())))))
    }
}

/// An independent current source, from `p` through the source to `n`. Ports `p`, `n`. For simulators; the evaluator
/// refuses it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurrentSource(pub Amperes);

impl Block for CurrentSource {
    type Ports = ports::Passive;
    fn part(&self, _: &mut Design) -> Result<Part, BuildError> {
        Ok(Part::new(Element::Source(Source::Current(Value::Number(self.0.get())))))
    }
}

/// The model of a transistor or a diode, in a file of the user's.
///
/// ```
/// use memloom::prelude::*;
///
/// const NCH: Model = Model::spice("nch", concat!(env!("CARGO_MANIFEST_DIR"), "/models.lib")).section("tt");
/// let driver = Mosfet::new(NCH, Metres::new(10e-6), Metres::new(1e-6));
/// # let _ = driver;
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    name: &'static str,
    language: Language,
    path: &'static str,
    section: Option<&'static str>,
}

impl Model {
    /// The `.model` called `name` of the SPICE file at `path`. A relative path is seen from the folder that a simulator
    /// runs in; `concat!(env!("CARGO_MANIFEST_DIR"), "/models.sp")` is one of the crate's.
    pub const fn spice(name: &'static str, path: &'static str) -> Self {
        Self { name, language: Language::Spice, path, section: None }
    }

    /// The same in a file of another language.
    pub const fn of(name: &'static str, path: &'static str, language: Language) -> Self {
        Self { name, language, path, section: None }
    }

    /// The model in a section of its file, such as the corner `tt`.
    #[must_use]
    pub const fn section(self, section: &'static str) -> Self {
        Self { section: Some(section), ..self }
    }

    /// An instance of it, with these pins and parameters.
    fn part(
        &self,
        design: &mut Design,
        kind: Kind,
        pins: &[(&str, Direction)],
        args: &[(&'static str, f64)],
    ) -> Result<Part, BuildError> {
        let (language, path, section) = (self.language, self.path.into(), self.section.map(Into::into));
        let cell = Foreign {
            name: self.name.into(),
            kind,
            libraries: vec![Library { language, path, section }],
            pins: pins.iter().map(|(name, direction)| signal(name, *direction, None)).collect(),
            params: args.iter().map(|(name, _)| (*name).into()).collect(),
        };
        let cell = blocks::foreign(design, &cell)?;
        Ok(Part { args: args.to_vec(), ..Part::new(Element::Foreign(cell)) })
    }
}

/// A MOSFET. Ports `d`, `g`, `s`, `b`. For simulators; the evaluator refuses it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mosfet {
    /// Its model.
    pub model: Model,
    /// Width of the channel.
    pub w: Metres,
    /// Length of the channel.
    pub l: Metres,
    /// How many of them are in parallel.
    pub m: f64,
}

impl Mosfet {
    /// A single one.
    pub const fn new(model: Model, w: Metres, l: Metres) -> Self {
        Self { model, w, l, m: 1.0 }
    }
}

impl Block for Mosfet {
    type Ports = ports::Mosfet;
    fn part(&self, design: &mut Design) -> Result<Part, BuildError> {
        use Direction::{Input, Passive};
        let pins = [("d", Passive), ("g", Input), ("s", Passive), ("b", Passive)];
        let args = [("w", self.w.get()), ("l", self.l.get()), ("m", self.m)];
        self.model.part(design, Kind::Mosfet, &pins, &args)
    }
}

/// A diode. Ports `p` (anode), `n` (cathode). For simulators; the evaluator refuses it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Diode {
    /// Its model.
    pub model: Model,
    /// Its area, as a multiple of the model's.
    pub area: f64,
}

impl Block for Diode {
    type Ports = ports::Passive;
    fn part(&self, design: &mut Design) -> Result<Part, BuildError> {
        let pins = [("p", Direction::Passive), ("n", Direction::Passive)];
        self.model.part(design, Kind::Diode, &pins, &[("area", self.area)])
    }
}
