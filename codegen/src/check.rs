//! What a dialect refuses, found before a byte is written. Every message is `(place, what to do)`.

use crate::dialect::Dialect;
use crate::name::NodeNames;
use crate::netlist::Netlist;
use crate::{foreign, module, store};
use memloom_ir::{
    ABSENT, Behaviour, Cell, CellNetlist, Crossbar, Design, Element, Function, Id, Instance, Module, Source,
    Value, siemens,
};
use std::collections::{HashMap, HashSet};

pub(crate) type Refusal = (String, String);

/// Names and numbers of leaf models and supplies, and the one name space of subcircuits and models.
pub(crate) fn models(dialect: &dyn Dialect, design: &Design) -> Result<(), Refusal> {
    let mut masters = Space::new(dialect);
    masters.user("module", design.modules.names())?;
    // A model that is a foreign cell in text stands under the latter's name.
    let own = |name: &&str| design.foreign_body(name).is_none();
    masters.user("cell", design.cells.names().filter(own))?;
    masters.user("op-amp", design.op_amps.names().filter(own))?;
    masters.user("behaviour", design.behaviours.names().filter(own))?;
    for (_, name, cell) in design.foreign.iter() {
        masters.take(name.to_owned(), &format!("foreign cell `{name}`"))?;
        foreign::check(dialect, cell)?;
    }
    // A reserved one is printed by another name.
    let supplies = design.supplies.names().filter(|name| !dialect.names().is_reserved(name));
    Space::new(dialect).user("supply", supplies)?;
    for (_, name, cell) in design.cells.iter() {
        positive(name, &[cell.g_min, cell.g_max, cell.v_read])?;
        ordered(name, "g_min", cell.g_min, "g_max", cell.g_max)?;
        device(name, cell)?;
    }
    for (_, name, amp) in design.op_amps.iter() {
        if amp.gain == f64::INFINITY && design.foreign_body(name).is_none() {
            let what = "an ideal op-amp (infinite gain) has no netlist; give it a finite gain, such as 1e5";
            return Err((format!("op-amp `{name}`"), what.into()));
        }
        positive(name, &[amp.gain, amp.gbw, amp.slew])?;
        finite(name, &[amp.offset, amp.swing.0, amp.swing.1, amp.c_in])?;
        if amp.c_in < 0.0 {
            let what = format!("`c_in = {}` is negative; give a capacitance, or zero for none", amp.c_in);
            return Err((format!("op-amp `{name}`"), what));
        }
        ordered(name, "the low rail", amp.swing.0, "the high rail", amp.swing.1)?;
    }
    for (_, name, behaviour) in design.behaviours.iter() {
        if dialect.has_bodies() && design.foreign_body(name).is_none() {
            body(dialect, design, name, behaviour.function)?;
        }
        positive(name, &[behaviour.unit])?;
        finite(name, &[behaviour.swing.0, behaviour.swing.1])?;
        ordered(name, "the low rail", behaviour.swing.0, "the high rail", behaviour.swing.1)?;
    }
    design.supplies.iter().try_for_each(|(_, name, supply)| finite(name, &[supply.volts]))
}

/// A cell's model is sound, and reaches both ends of the cell's range.
fn device(name: &str, cell: &Cell) -> Result<(), Refusal> {
    let refused = |error: memloom_ir::device::Error| (format!("cell `{name}`"), error.to_string());
    cell.device.validate().map_err(refused)?;
    for g in [cell.g_min, cell.g_max] {
        cell.device.state_for(g, cell.v_read).map_err(refused)?;
    }
    Ok(())
}

/// A user's own block has a body in the dialect's language, and a file name of its own.
fn body(dialect: &dyn Dialect, design: &Design, name: &str, function: Function) -> Result<(), Refusal> {
    let Function::Own(own) = function else { return Ok(()) };
    let twin = design.behaviours.iter().find_map(|(.., other)| match other.function {
        Function::Own(other) if other.text_name == own.text_name && other.name != own.name => {
            Some(other.name)
        }
        _ => None,
    });
    if let Some(twin) = twin {
        let what = format!("differs from `{twin}` in case alone, and file names may fold it; rename one");
        return Err((format!("activation `{name}`"), what));
    }
    let (missing, key) = match dialect.takes_verilog_a() {
        true => (own.verilog_a.is_none(), "verilog_a"),
        false => (own.spice.is_none(), "spice"),
    };
    if !missing {
        return Ok(());
    }
    let what = format!("has no body for {}; give its #[activation] a `{key} = \"..\"`", dialect.name());
    Err((format!("activation `{name}`"), what))
}

/// A module too wide for a subcircuit must be inside another, or be the top: else it would vanish.
pub(crate) fn orphans(netlist: &Netlist<'_>) -> Result<(), Refusal> {
    let mut used: HashSet<_> = netlist.flat().into_iter().collect();
    for (.., instance) in netlist.before.modules.iter().flat_map(|(.., m)| m.instances.iter()) {
        if let Element::Module(id) = instance.element {
            used.insert(id);
        }
    }
    let mut wide = netlist.modules().filter(|(id, ..)| !netlist.is_subckt(*id));
    match wide.find(|(id, ..)| !used.contains(id)) {
        None => Ok(()),
        Some((_, name, module)) => {
            let (pins, max) = (module.port_width(), netlist.dialect.max_pins().unwrap_or(u32::MAX));
            let what = format!("has {pins} pins, a subcircuit at most {max}; make it the design's top");
            Err((format!("module `{name}`"), what))
        }
    }
}

/// Names and numbers inside every module.
pub(crate) fn modules(netlist: &Netlist<'_>) -> Result<(), Refusal> {
    let mut subckts = Space::new(netlist.dialect);
    for (id, name, module) in netlist.modules() {
        nodes(netlist, id, name, module)?;
        params(netlist.dialect, name, module)?;
        let mut names = Space::new(netlist.dialect);
        for (_, inst, instance) in module.instances.iter() {
            let place = format!("{name}.{inst}");
            netlist.dialect.names().check(inst).map_err(|what| (place.clone(), what))?;
            module::instance_names(inst, instance).try_for_each(|copy| names.take(copy, &place))?;
            supplied(netlist, &place, instance)?;
            element(netlist, module, &place, instance)?;
            if matches!(instance.element, Element::Crossbar(_)) {
                subckts.take(module::crossbar_name(name, inst), &place)?;
            }
        }
    }
    Ok(())
}

fn params(dialect: &dyn Dialect, name: &str, module: &Module) -> Result<(), Refusal> {
    let mut space = Space::new(dialect);
    for (param, default) in &module.params {
        let place = format!("{name}.{param}");
        dialect.names().check_param(param).map_err(|what| (place.clone(), what))?;
        space.take(param.clone(), &place)?;
        finite(&place, &[*default])?;
    }
    Ok(())
}

fn nodes(netlist: &Netlist<'_>, id: Id<Module>, name: &str, module: &Module) -> Result<(), Refusal> {
    let names = NodeNames::new(&netlist.design, module);
    let mut space = Space::new(netlist.dialect);
    for supply in netlist.supplies(id) {
        space.take(names.supply(supply).to_owned(), &format!("{name}, supply"))?;
    }
    for (net, net_name, _) in module.nets.iter() {
        let place = format!("{name}.{net_name}");
        netlist.dialect.names().check(net_name).map_err(|what| (place.clone(), what))?;
        names.net(net).iter().try_for_each(|wire| space.take(wire.clone(), &place))?;
    }
    Ok(())
}

/// Every supply pin hangs on a rail.
fn supplied(netlist: &Netlist<'_>, place: &str, instance: &Instance) -> Result<(), Refusal> {
    let pins = instance.element.pins(&netlist.design);
    match pins.iter().zip(&instance.pins).find(|(_, bits)| bits.is_empty()) {
        None => Ok(()),
        Some((pin, _)) => {
            let (pin, rail) = (&pin.name, pin.rail.unwrap_or_default());
            let what = format!(
                "supply pin `{pin}` has no rail `{rail}`; declare it, `supplies({rail} = 1.8 V)`, at the #[technology] or the #[module] on top"
            );
            Err((place.into(), what))
        }
    }
}

/// A foreign body draws 1.0 at the voltage of its declaration, unless it has parameters for it, or computes a homogeneous
/// function of a unit that it keeps.
fn units(design: &Design, place: &str, instance: &Instance, behaviour: &Behaviour) -> Result<(), Refusal> {
    let Some(cell) = design.body(&instance.element).and_then(|body| body.cell.as_ref()) else {
        return Ok(());
    };
    let fixed = |name: &str| !cell.params.iter().any(|param| param.eq_ignore_ascii_case(name));
    let other = |volts: &f64| *volts != behaviour.unit;
    let drawn = |name: &str| instance.args.get(name).cloned().unwrap_or_else(|| vec![behaviour.unit]);
    if behaviour.function.is_homogeneous() && drawn("unit_in") == drawn("unit_out") {
        return Ok(());
    }
    let asked = instance.args.iter().filter(|(name, _)| fixed(name));
    match asked
        .flat_map(|(name, values)| values.iter().map(move |volts| (name, volts)))
        .find(|(_, volts)| other(volts))
    {
        None => Ok(()),
        Some((param, wanted)) => {
            let (cell, unit) = (&cell.name, behaviour.unit);
            let what = format!(
                "1.0 is to be {wanted} V here, and `{cell}` draws it at {unit} V; give the subcircuit a parameter `{param}`"
            );
            Err((place.into(), what))
        }
    }
}

fn element(netlist: &Netlist<'_>, module: &Module, place: &str, instance: &Instance) -> Result<(), Refusal> {
    match &instance.element {
        Element::Resistor(value) | Element::Capacitor(value) => number(module, place, value),
        Element::Crossbar(array) => {
            if let Some((name, value)) = array.parasitics().absurd() {
                let what = format!("`{name} = {value}` has no netlist; give a finite number, zero or more");
                return Err((place.into(), what));
            }
            cells(&netlist.design.cells[array.cell()], array).map_err(|what| (place.into(), what))
        }
        Element::Store(frame) => {
            let pins = store::pin_count(frame);
            match netlist.dialect.max_pins() {
                Some(max) if pins > u64::from(max) => Err((
                    place.into(),
                    format!("a frame memory with {pins} pins, at most {max}; use a smaller frame"),
                )),
                _ => Ok(()),
            }
        }
        Element::Source(Source::Voltage(value) | Source::Current(value)) => number(module, place, value),
        Element::Behaviour(id) => units(&netlist.design, place, instance, &netlist.design.behaviours[*id]),
        Element::Module(_) | Element::OpAmp(_) | Element::Foreign(_) => Ok(()),
    }
}

/// A value is finite, or a parameter that the module has.
fn number(module: &Module, place: &str, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::Number(x) => finite(place, &[*x]),
        Value::Param(param) if module.params.contains_key(param) => Ok(()),
        Value::Param(param) => {
            Err((place.into(), format!("the module has no parameter `{param}`; declare it with `param`")))
        }
    }
}

/// Every cell has a conductance that its netlist can say.
fn cells(cell: &Cell, array: &Crossbar) -> Result<(), String> {
    let wrong = |g: f32| {
        if !g.is_finite() || g < 0.0 {
            return Some(format!("has `{g}` siemens; give a finite, positive conductance"));
        }
        let is_device = cell.netlist == CellNetlist::Device && g != ABSENT;
        let state = is_device.then(|| cell.device.state_for(siemens(g), cell.v_read))?;
        state.err().map(|error| format!("cannot be programmed: {error}"))
    };
    let found = array.conductance().iter().enumerate().find_map(|(at, g)| Some((at, wrong(*g)?)));
    found.map_or(Ok(()), |(at, what)| {
        let (row, col) = (at / array.cols() as usize, at % array.cols() as usize);
        Err(format!("cell ({row}, {col}) {what}"))
    })
}

/// Names that must differ from each other in one dialect.
struct Space<'d> {
    dialect: &'d dyn Dialect,
    taken: HashMap<String, (String, String)>,
}

impl<'d> Space<'d> {
    fn new(dialect: &'d dyn Dialect) -> Self {
        Self { dialect, taken: HashMap::new() }
    }

    /// Checks users' names and takes them.
    fn user<'n>(&mut self, kind: &str, names: impl Iterator<Item = &'n str>) -> Result<(), Refusal> {
        for name in names {
            let place = format!("{kind} `{name}`");
            self.dialect.names().check(name).map_err(|what| (place.clone(), what))?;
            self.take(name.to_owned(), &place)?;
        }
        Ok(())
    }

    fn take(&mut self, name: String, place: &str) -> Result<(), Refusal> {
        let key = self.dialect.names().key(&name).into_owned();
        let Some((other, first)) = self.taken.insert(key, (name.clone(), place.to_owned())) else {
            return Ok(());
        };
        let what = if other == name {
            format!("`{name}` is also")
        } else {
            format!("`{name}` is the same as `{other}`,")
        };
        Err((place.to_owned(), format!("{what} the name of {first}; rename one")))
    }
}

fn finite(place: &str, values: &[f64]) -> Result<(), Refusal> {
    match values.iter().find(|x| !x.is_finite()) {
        Some(x) => Err((format!("`{place}`"), format!("`{x}` has no netlist; give a finite number"))),
        None => Ok(()),
    }
}

fn positive(place: &str, values: &[f64]) -> Result<(), Refusal> {
    finite(place, values)?;
    match values.iter().find(|x| **x <= 0.0) {
        Some(x) => Err((
            format!("`{place}`"),
            format!("`{x}` has the wrong sign; give a number on the other side of 0"),
        )),
        None => Ok(()),
    }
}

fn ordered(place: &str, low: &str, a: f64, high: &str, b: f64) -> Result<(), Refusal> {
    if a < b {
        return Ok(());
    }
    Err((format!("`{place}`"), format!("{low} `{a}` is not below {high} `{b}`; swap or separate them")))
}
