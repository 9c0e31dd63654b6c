//! Dissolves modules that are wider than a dialect's subcircuits may be into the modules that use them.

use crate::{name, wires};
use memloom_ir::{Arena, Bits, Design, Element, Id, Instance, Module, Slice, Source, Value};

/// Puts the insides of every module in `wide` into its parents; ids stay as they are, modules not `live` become empty.
///
/// A net or instance `x` inside instance `i` becomes `i__x`, in copy 2 of an array `i_2__x`. A dissolved module
/// keeps its ports and, unless it is `keep`, loses its insides.
///
/// # Errors
/// `(place, what)` if a name made this way is taken.
pub(crate) fn dissolve(
    design: &Design,
    wide: &[bool],
    live: &[bool],
    keep: Option<Id<Module>>,
) -> Result<Design, (String, String)> {
    let mut flat = Design {
        name: design.name.clone(),
        modules: Arena::default(),
        cells: design.cells.clone(),
        op_amps: design.op_amps.clone(),
        behaviours: design.behaviours.clone(),
        foreign: design.foreign.clone(),
        bodies: design.bodies.clone(),
        supplies: design.supplies.clone(),
        sample_hold: design.sample_hold,
        top: design.top,
    };
    for (id, name, module) in design.modules.iter() {
        let module = if live[id.index()] { with_insides(&flat, name, module, wide)? } else { shell(module) };
        flat.modules.insert(name, module).expect("names are unique");
    }
    for (id, ..) in design.modules.iter().filter(|(id, ..)| wide[id.index()] && Some(*id) != keep) {
        flat.modules[id].instances = Arena::default();
    }
    Ok(flat)
}

/// `module` without its instances.
fn shell(module: &Module) -> Module {
    Module {
        doc: module.doc.clone(),
        section: module.section.clone(),
        ports: module.ports.clone(),
        params: module.params.clone(),
        nets: module.nets.clone(),
        instances: Arena::default(),
        origin: module.origin.clone(),
    }
}

fn with_insides(
    design: &Design,
    module: &str,
    old: &Module,
    wide: &[bool],
) -> Result<Module, (String, String)> {
    let mut parent = shell(old);
    for (_, name, instance) in old.instances.iter() {
        let placed = match instance.element {
            Element::Module(inner) if wide[inner.index()] => (0..instance.count).try_for_each(|copy| {
                let prefix = name::copy(name, instance.array, copy);
                Insides { prefix: &prefix, inner: &design.modules[inner], instance, copy }.place(&mut parent)
            }),
            _ => add(&mut parent.instances, name.to_owned(), instance.clone()),
        };
        placed.map_err(|what| (format!("{module}.{name}"), what))?;
    }
    Ok(parent)
}

fn add<T>(arena: &mut Arena<T>, name: String, item: T) -> Result<(), String> {
    let taken = format!("`{name}` is taken, but a module inlined here needs it; rename one");
    arena.insert(name, item).map(|_| ()).map_err(|_| taken)
}

/// One copy of a wide module, about to be placed in its parent.
struct Insides<'a> {
    prefix: &'a str,
    inner: &'a Module,
    instance: &'a Instance,
    copy: u32,
}

impl Insides<'_> {
    fn place(&self, parent: &mut Module) -> Result<(), String> {
        let nets = self.nets(parent)?;
        for (_, name, part) in self.inner.instances.iter() {
            let pins = part.pins.iter().map(|bits| rewire(&nets, bits)).collect();
            let moved = Instance {
                element: self.element(&part.element),
                count: part.count,
                array: part.array,
                pins,
                args: part.args.clone(),
                origin: part.origin.clone(),
            };
            add(&mut parent.instances, format!("{}__{name}", self.prefix), moved)?;
        }
        Ok(())
    }

    /// What each net of the inner module is in the parent: a port's net its connection, an inner net a new one.
    fn nets(&self, parent: &mut Module) -> Result<Vec<Bits>, String> {
        let mut nets = Vec::with_capacity(self.inner.nets.len());
        for (id, name, net) in self.inner.nets.iter() {
            let port = self.inner.ports.iter().position(|port| port.net == id);
            nets.push(match port {
                Some(pin) => wires::of_copy(self.instance, pin, net.width, self.copy),
                None => {
                    let name = format!("{}__{name}", self.prefix);
                    add(&mut parent.nets, name.clone(), net.clone())?;
                    let net_id = parent.nets.find(&name).expect("just added");
                    parent.all(net_id)
                }
            });
        }
        Ok(nets)
    }

    /// The element with the module's parameters replaced by this copy's arguments.
    fn element(&self, element: &Element) -> Element {
        match element {
            Element::Resistor(value) => Element::Resistor(self.value(value)),
            Element::Capacitor(value) => Element::Capacitor(self.value(value)),
            Element::Source(Source::Voltage(value)) => Element::Source(Source::Voltage(self.value(value))),
            Element::Source(Source::Current(value)) => Element::Source(Source::Current(self.value(value))),
            other => other.clone(),
        }
    }

    fn value(&self, value: &Value) -> Value {
        let Value::Param(name) = value else { return value.clone() };
        let given = self.instance.args.get(name).map(|values| values[self.copy as usize % values.len()]);
        given.or_else(|| self.inner.params.get(name).copied()).map_or_else(|| value.clone(), Value::Number)
    }
}

fn rewire(nets: &[Bits], bits: &[Slice]) -> Bits {
    let mut wired = Bits::new();
    for slice in bits {
        match *slice {
            Slice::Supply(_) => wired.push(*slice),
            Slice::Net { net, start, len } => {
                wires::part(&nets[net.index()], start, len).for_each(|part| join(&mut wired, part));
            }
        }
    }
    wired
}

/// Appends `part`, to the last slice if it goes on there.
fn join(bits: &mut Bits, part: Slice) {
    if let (Some(Slice::Net { net, start, len }), Slice::Net { net: next, start: from, len: more }) =
        (bits.last_mut(), part)
        && *net == next
        && *start + *len == from
    {
        *len += more;
        return;
    }
    bits.push(part);
}
