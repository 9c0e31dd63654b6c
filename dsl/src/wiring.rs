//! Rules on a module's connections, decided while it compiles: each net has its driver, each array its wires.
//!
//! A rule that is broken panics in constant evaluation, so the program does not compile and rustc shows the text.

use crate::ir::{Direction, Nature};
use crate::ports::PortSpec;
use crate::wire::Role;

/// A port of an instance that is wired to a net.
#[derive(Debug, Clone, Copy)]
pub struct Connection {
    /// The instance.
    pub instance: &'static str,
    /// The port.
    pub port: &'static str,
    /// The ports of the instance's block.
    pub ports: &'static [PortSpec],
}

impl Connection {
    /// Which way the port points; `None` if the block has no such port, which rustc reports.
    const fn direction(&self) -> Option<Direction> {
        match find(self.ports, self.port) {
            Some(port) => Some(port.direction),
            None => None,
        }
    }
}

/// A net and all that is wired to it: a voltage has one driver, a current at least one source.
///
/// A terminal of a passive part may carry a signal either way, so it satisfies a net without a driver.
#[track_caller]
pub const fn check_net(net: &str, nature: Nature, role: Role, connections: &[Connection]) {
    let mut drivers = matches!(role, Role::Input) as usize;
    let mut passives = 0;
    let mut at = 0;
    while at < connections.len() {
        match connections[at].direction() {
            // An unknown port may have been meant to drive the net: rustc's error is enough.
            None => return,
            Some(Direction::Output) => drivers += 1,
            Some(Direction::Passive) => passives += 1,
            Some(Direction::Input) => {}
        }
        at += 1;
    }
    if drivers > 1 && matches!(nature, Nature::Voltage) {
        double_driven(net, role, connections);
    }
    if drivers == 0 && passives == 0 {
        undriven(net, nature, connections);
    }
}

#[track_caller]
const fn double_driven(net: &str, role: Role, connections: &[Connection]) -> ! {
    let mut text = Text::new();
    text.push("net `").push(net).push("` has more than one driver: ");
    let mut first = true;
    if matches!(role, Role::Input) {
        text.push("the #[input] itself");
        first = false;
    }
    text.list(connections, Some(Direction::Output), first);
    text.push("; only currents sum on a net, give each voltage its own");
    panic!("{}", text.as_str())
}

#[track_caller]
const fn undriven(net: &str, nature: Nature, connections: &[Connection]) -> ! {
    let mut text = Text::new();
    text.push("net `").push(net).push("` has no driver");
    if connections.is_empty() {
        text.push(" and no reader");
    } else {
        text.push("; it is read by ").list(connections, Some(Direction::Input), true);
    }
    text.push("; wire it to a ").push(match nature {
        Nature::Current => "current output, such as `col` of a crossbar",
        _ => "voltage output, such as `out` of a TIA",
    });
    text.push(", or make it an #[input]");
    panic!("{}", text.as_str())
}

/// A supply is driven already: no output may be wired to it.
#[track_caller]
pub const fn check_rail(rail: &str, connection: Connection) {
    if matches!(connection.direction(), Some(Direction::Output)) {
        let mut text = Text::new();
        text.push("the supply `").push(rail).push("` is driven by `").push(connection.instance).push(".");
        text.push(connection.port).push("`; wire the output to a #[net]");
        panic!("{}", text.as_str())
    }
}

/// An array takes the wires of all its copies: `copies` times the port's width.
#[track_caller]
pub const fn check_copies(connection: Connection, copies: usize, net: &str, width: u32) {
    let Some(port) = find(connection.ports, connection.port) else { return };
    let wanted = port.width as usize * copies;
    if wanted != width as usize {
        let mut text = Text::new();
        text.push("net `").push(net).push("` has ").number(width as usize).push(" wires, port `");
        text.push(connection.port).push("` of the ").number(copies).push(" copies in `");
        text.push(connection.instance)
            .push("` takes ")
            .number(wanted)
            .push("; declare as many wires as copies need");
        panic!("{}", text.as_str())
    }
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

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// Text put together in constant evaluation, where there is no `format!`.
struct Text {
    bytes: [u8; 1024],
    len: usize,
}

impl Text {
    const fn new() -> Self {
        Self { bytes: [0; 1024], len: 0 }
    }

    /// Appends `part`, whole or not at all: a cut could fall inside a character.
    const fn push(&mut self, part: &str) -> &mut Self {
        let part = part.as_bytes();
        let mut at = 0;
        while self.len + part.len() <= self.bytes.len() && at < part.len() {
            self.bytes[self.len + at] = part[at];
            at += 1;
        }
        self.len += at;
        self
    }

    const fn number(&mut self, value: usize) -> &mut Self {
        if value >= 10 {
            self.number(value / 10);
        }
        let digit = [b'0' + (value % 10) as u8];
        match std::str::from_utf8(&digit) {
            Ok(digit) => self.push(digit),
            Err(_) => self,
        }
    }

    /// The connections that point in `direction`, as `` `instance.port` ``.
    const fn list(&mut self, connections: &[Connection], direction: Option<Direction>, mut first: bool) {
        let mut at = 0;
        while at < connections.len() {
            let connection = &connections[at];
            if is(connection.direction(), direction) {
                self.push(if first { "`" } else { ", `" });
                self.push(connection.instance).push(".").push(connection.port).push("`");
                first = false;
            }
            at += 1;
        }
    }

    const fn as_str(&self) -> &str {
        match std::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => "a net's drivers are wrong",
        }
    }
}

const fn is(a: Option<Direction>, b: Option<Direction>) -> bool {
    use Direction::{Input, Output, Passive};
    matches!(
        (a, b),
        (Some(Input), Some(Input))
            | (Some(Output), Some(Output))
            | (Some(Passive), Some(Passive))
            | (None, None)
    )
}
