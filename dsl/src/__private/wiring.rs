//! Rules on a module's connections, decided while it compiles: each net has its driver, each port its wires.
//!
//! A rule that is broken panics in constant evaluation, so the program does not compile and rustc shows the text.

use crate::ir::{Direction, Nature};
use crate::ports::PortSpec;
use crate::text::Text;
use crate::wire::Role;

/// A port of an instance, and the wires `start .. end` of a net that it is wired to.
#[derive(Debug, Clone, Copy)]
pub struct Connection {
    /// The instance.
    pub instance: &'static str,
    /// The port.
    pub port: &'static str,
    /// The ports of the instance's block.
    pub ports: &'static [PortSpec],
    /// First wire.
    pub start: usize,
    /// One past the last wire.
    pub end: usize,
}

impl Connection {
    /// Which way the port points; `None` if the block has no such port, which rustc reports.
    const fn direction(&self) -> Option<Direction> {
        match find(self.ports, self.port) {
            Some(port) => Some(port.direction),
            None => None,
        }
    }

    const fn covers(&self, wire: usize) -> bool {
        self.start <= wire && wire < self.end
    }
}

/// A net and all that is wired to it: a voltage has one driver, a current at least one source.
///
/// A terminal of a passive part may carry a signal either way, so it satisfies a net without a driver.
#[track_caller]
pub const fn check_net(net: &str, nature: Nature, role: Role, width: u32, connections: &[Connection]) {
    let width = width as usize;
    let mut at = 0;
    while at < connections.len() {
        let connection = &connections[at];
        // An unknown port may have been meant to drive the net, and so may wires past its end: one error is enough.
        if connection.direction().is_none() || connection.start >= connection.end || connection.end > width {
            return;
        }
        at += 1;
    }
    // What is wired changes only where a connection starts or ends.
    check_wire(net, nature, role, width, 0, connections);
    at = 0;
    while at < connections.len() {
        check_wire(net, nature, role, width, connections[at].start, connections);
        check_wire(net, nature, role, width, connections[at].end, connections);
        at += 1;
    }
}

#[track_caller]
const fn check_wire(
    net: &str,
    nature: Nature,
    role: Role,
    width: usize,
    wire: usize,
    connections: &[Connection],
) {
    if wire >= width {
        return;
    }
    let mut drivers = matches!(role, Role::Input) as usize;
    let mut passives = 0;
    let mut at = 0;
    while at < connections.len() {
        if connections[at].covers(wire) {
            match connections[at].direction() {
                Some(Direction::Output) => drivers += 1,
                Some(Direction::Passive) => passives += 1,
                _ => {}
            }
        }
        at += 1;
    }
    if drivers > 1 && matches!(nature, Nature::Voltage) {
        double_driven(net, role, wire, width, connections);
    }
    if drivers == 0 && passives == 0 {
        undriven(net, nature, wire, width, connections);
    }
}

#[track_caller]
const fn double_driven(net: &str, role: Role, wire: usize, width: usize, connections: &[Connection]) -> ! {
    let mut text = Text::new();
    name_wire(&mut text, net, wire, width, connections);
    text.push(" has more than one driver: ");
    let mut first = true;
    if matches!(role, Role::Input) {
        text.push("the #[input] itself");
        first = false;
    }
    list(&mut text, connections, wire, Direction::Output, first);
    text.push("; only currents sum on a net, give each voltage its own");
    panic!("{}", text.as_str())
}

#[track_caller]
const fn undriven(net: &str, nature: Nature, wire: usize, width: usize, connections: &[Connection]) -> ! {
    let mut text = Text::new();
    name_wire(&mut text, net, wire, width, connections);
    text.push(" has no driver");
    if read(connections, wire) {
        text.push("; it is read by ");
        list(&mut text, connections, wire, Direction::Input, true);
    } else {
        text.push(" and no reader");
    }
    text.push("; wire it to a ").push(match nature {
        Nature::Current => "current output, such as `col` of a crossbar",
        _ => "voltage output, such as `out` of a TIA",
    });
    text.push(", or make it an #[input]");
    panic!("{}", text.as_str())
}

const fn read(connections: &[Connection], wire: usize) -> bool {
    let mut at = 0;
    while at < connections.len() {
        if connections[at].covers(wire) {
            return true;
        }
        at += 1;
    }
    false
}

/// ``net `y` ``, or ``net `y[2]` `` where the wires of a net differ.
const fn name_wire(text: &mut Text, net: &str, wire: usize, width: usize, connections: &[Connection]) {
    text.push("net `").push(net);
    let mut at = 0;
    while at < connections.len() {
        if connections[at].start > 0 || connections[at].end < width {
            text.push("[").number(wire).push("]");
            break;
        }
        at += 1;
    }
    text.push("`");
}

/// The connections of `wire` that point in `direction`, as `` `instance.port` ``.
const fn list(
    text: &mut Text,
    connections: &[Connection],
    wire: usize,
    direction: Direction,
    mut first: bool,
) {
    let mut at = 0;
    while at < connections.len() {
        let connection = &connections[at];
        if connection.covers(wire) && points(connection.direction(), direction) {
            text.push(if first { "`" } else { ", `" });
            text.push(connection.instance).push(".").push(connection.port).push("`");
            first = false;
        }
        at += 1;
    }
}

/// A range is in the unit of what its net carries.
#[track_caller]
pub const fn check_range(net: &str, nature: Nature, amperes: bool) {
    if matches!(nature, Nature::Current) == amperes {
        return;
    }
    let mut text = Text::new();
    text.push("net `").push(net).push("` carries a ").push(nature.name());
    text.push("; write its range in ").push(if amperes {
        "volts, `0.5 V ..= 1.3 V`"
    } else {
        "amperes, `-50 uA ..= 50 uA`"
    });
    panic!("{}", text.as_str())
}

/// A supply is driven already: no output may be wired to it.
#[track_caller]
pub const fn check_rail(rail: &str, instance: &str, port: &str, ports: &[PortSpec]) {
    let Some(spec) = find(ports, port) else { return };
    if matches!(spec.direction, Direction::Output) {
        let mut text = Text::new();
        text.push("the supply `").push(rail).push("` is driven by `").push(instance).push(".").push(port);
        text.push("`; wire the output to a #[net]");
        panic!("{}", text.as_str())
    }
}

/// What is wired to a port has as many wires as the port has over all copies of its instance.
#[track_caller]
pub const fn check_wires(
    instance: &str,
    port: &str,
    ports: &[PortSpec],
    copies: usize,
    what: &str,
    wires: usize,
) {
    let Some(spec) = find(ports, port) else { return };
    let wanted = spec.width as usize * copies;
    // A slice of no wires is reported as such.
    if wanted == wires || wires == 0 {
        return;
    }
    let mut text = Text::new();
    text.push("`").push(what).push("` has ").number(wires).push(" wires, port `").push(port).push("` of ");
    if copies == 1 {
        text.push("`").push(instance);
    } else {
        text.push("the ").number(copies).push(" copies in `").push(instance);
    }
    text.push("` takes ").number(wanted).push("; connect as many wires as the port has");
    panic!("{}", text.as_str())
}

/// The wires `start .. end` of a net are some of its wires.
#[track_caller]
pub const fn check_slice(slice: &str, net: &str, width: u32, start: usize, end: usize) {
    let mut text = Text::new();
    text.push("`").push(slice).push("` ");
    if end > width as usize {
        text.push("reaches past net `").push(net).push("`, which has ").number(width as usize);
        text.push(" wires, the first of them 0; write a range inside `0..").number(width as usize).push("`");
    } else if start >= end {
        text.push("has no wires; write the first wire and the one after the last, such as `");
        text.push(net).push("[0..").number(width as usize).push("]`");
    } else {
        return;
    }
    panic!("{}", text.as_str())
}

/// How many wires `start .. end` are; none where it runs backwards, which [`check_slice`] reports.
pub const fn count(start: usize, end: usize) -> usize {
    end.saturating_sub(start)
}

const fn find<'a>(ports: &'a [PortSpec], name: &str) -> Option<&'a PortSpec> {
    let mut at = 0;
    while at < ports.len() {
        if same(ports[at].name, name) {
            return Some(&ports[at]);
        }
        at += 1;
    }
    None
}

pub(crate) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

const fn points(a: Option<Direction>, b: Direction) -> bool {
    use Direction::{Input, Output, Passive};
    matches!((a, b), (Some(Input), Input) | (Some(Output), Output) | (Some(Passive), Passive))
}
