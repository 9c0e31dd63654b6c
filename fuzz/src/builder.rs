use arbitrary::{Result, Unstructured};
use memloom::functions::{HARD_SIGMOID, HARD_SWISH, RELU};
use memloom::ir::{
    ABSENT, Behaviour, Bits, Cell, CellNetlist, Crossbar, Design, Direction, Element, FrameStore, Function,
    Id, ModuleBuilder, Nature, Net, OpAmp, Parasitics, Slice, Supply, Value,
};
use memloom::units::{Farads, Ohms};
use memloom_sim::native::{Evaluator, Matrix, Options, Signals};

use crate::netlists;

/// Calls of the circuit builder, drawn from the bytes. What it lets through is checked; what the check lets through is
/// printed in every dialect and evaluated.
pub fn builder(bytes: &[u8]) -> bool {
    run(&mut Unstructured::new(bytes)).unwrap_or(false)
}

fn run(draw: &mut Unstructured<'_>) -> Result<bool> {
    let mut design = Design::new(name(draw)?);
    leaves(draw, &mut design)?;
    for _ in 0..draw.int_in_range(1..=4)? {
        module(draw, &mut design)?;
    }
    design.top = design.modules.iter().map(|(id, ..)| id).last();
    let printed = netlists::print(&design);
    evaluate(&design);
    Ok(printed)
}

/// Panics of the evaluator are findings too, whatever the rule check said.
fn evaluate(design: &Design) {
    let (Some(top), Ok(evaluator)) = (design.top, Evaluator::new(design, &Options::default())) else {
        return;
    };
    let top = &design.modules[top];
    let inputs = top.ports.iter().filter(|port| port.direction == Direction::Input);
    let signals: Signals = inputs
        .map(|port| (top.nets.name(port.net).to_owned(), top.nets[port.net].width as usize))
        .map(|(name, width)| (name, Matrix::new(width, vec![0.9; width])))
        .collect();
    let _ = evaluator.run(&signals);
}

fn leaves(draw: &mut Unstructured<'_>, design: &mut Design) -> Result<()> {
    for _ in 0..draw.int_in_range(0..=2)? {
        let _ = design.supplies.insert(name(draw)?, Supply { volts: number(draw)? });
    }
    if draw.arbitrary()? {
        let mut cell = Cell::new(number(draw)?, number(draw)?, number(draw)?);
        cell.levels = draw.arbitrary()?;
        cell.netlist = *draw.choose(&[CellNetlist::Resistor, CellNetlist::Device])?;
        let _ = design.cells.insert(name(draw)?, cell);
    } else {
        let _ = design.cells.insert("HfO2", Cell::new(1e-6, 1e-4, 0.2));
    }
    let ota = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e7, swing: (0.1, 1.7), ..OpAmp::PLAIN };
    let odd = OpAmp { gain: number(draw)?, gbw: number(draw)?, offset: number(draw)?, ..ota };
    let _ = design.op_amps.insert(name(draw)?, *draw.choose(&[ota, odd])?);
    for function in [HARD_SWISH.into(), HARD_SIGMOID.into(), RELU.into(), Function::Multiplier] {
        let unit = if draw.ratio(1, 8)? { number(draw)? } else { 0.1 };
        let _ = design.behaviours.insert(name(draw)?, Behaviour { function, swing: (0.1, 1.7), unit });
    }
    Ok(())
}

/// A module that the builder takes or refuses.
fn module(draw: &mut Unstructured<'_>, design: &mut Design) -> Result<()> {
    let elements = elements(draw, design)?;
    let supplies: Vec<_> = design.supplies.iter().map(|(id, ..)| id).collect();
    let mut m = design.module(name(draw)?);
    if draw.ratio(1, 4)? {
        m.doc(name(draw)?).section(name(draw)?).param(name(draw)?, number(draw)?);
    }
    let mut wiring = Wiring { nets: Vec::new(), supplies };
    for _ in 0..draw.int_in_range(1..=6)? {
        wiring.net(draw, &mut m)?;
    }
    for element in elements {
        instance(draw, &mut m, element, &wiring)?;
    }
    let _ = m.finish();
    Ok(())
}

fn instance(
    draw: &mut Unstructured<'_>,
    m: &mut ModuleBuilder<'_>,
    element: Element,
    wiring: &Wiring,
) -> Result<()> {
    let pins = if has_pins(&element) { element.pins(m.design()) } else { Vec::new() };
    let pins: Vec<_> = pins.iter().map(|pin| (pin.name.to_string(), pin.width, pin.nature)).collect();
    let array = if draw.ratio(1, 4)? { Some(draw.int_in_range(0..=4)?) } else { None };
    let mut instance = m.instance(name(draw)?, element);
    if let Some(count) = array {
        instance = instance.array(count);
    }
    for (pin, width, nature) in pins {
        let width = if draw.ratio(1, 4)? { width.saturating_mul(array.unwrap_or(1)) } else { width };
        instance = instance.pin(pin, wiring.bits(draw, width, nature)?);
    }
    if draw.ratio(1, 8)? {
        instance = instance.arg(*draw.choose(&["unit_in", "unit_out", "unit", "r"])?, vec![number(draw)?]);
    }
    instance.add();
    Ok(())
}

/// A frame memory whose window has no place in its frame has no pins to ask for; the builder must refuse it.
fn has_pins(element: &Element) -> bool {
    let Element::Store(store) = element else { return true };
    let reaches = |length: u32, kernel: u32| kernel > 0 && kernel <= length + 2 * store.padding;
    store.stride > 0 && reaches(store.height, store.kernel_height) && reaches(store.width, store.kernel_width)
}

/// What the instances of a module are to be.
fn elements(draw: &mut Unstructured<'_>, design: &Design) -> Result<Vec<Element>> {
    let modules: Vec<_> = design.modules.iter().map(|(id, ..)| id).collect();
    let cells: Vec<_> = design.cells.iter().map(|(id, ..)| id).collect();
    let op_amps: Vec<_> = design.op_amps.iter().map(|(id, ..)| id).collect();
    let behaviours: Vec<_> = design.behaviours.iter().map(|(id, ..)| id).collect();
    let mut elements = Vec::new();
    for _ in 0..draw.int_in_range(0..=5)? {
        elements.push(match draw.int_in_range(0..=6)? {
            0 => Element::Resistor(value(draw)?),
            1 => Element::Capacitor(value(draw)?),
            2 => Element::OpAmp(*draw.choose(&op_amps)?),
            3 => Element::Behaviour(*draw.choose(&behaviours)?),
            4 => Element::Store(store(draw)?),
            5 if !modules.is_empty() => Element::Module(*draw.choose(&modules)?),
            _ => Element::Crossbar(crossbar(draw, &cells)?),
        });
    }
    Ok(elements)
}

fn store(draw: &mut Unstructured<'_>) -> Result<FrameStore> {
    let mut side = || draw.int_in_range(0..=4);
    let (height, width, kernel_height, kernel_width) = (side()?, side()?, side()?, side()?);
    let (stride, padding) = (side()?, side()?);
    Ok(FrameStore { height, width, kernel_height, kernel_width, stride, padding })
}

fn crossbar(draw: &mut Unstructured<'_>, cells: &[Id<Cell>]) -> Result<Crossbar> {
    let cell = *draw.choose(cells)?;
    let (rows, cols) = (draw.int_in_range(0..=4)?, draw.int_in_range(0..=4)?);
    let r_wire = *draw.choose(&[0.0, 1.0, 1e3, -1.0, f64::NAN])?;
    let conductance = (0..rows * cols).map(|_| {
        Ok(match draw.int_in_range(0..=7)? {
            0..=4 => 1e-5,
            5 | 6 => ABSENT,
            _ => draw.arbitrary::<f32>()?,
        })
    });
    let conductance = conductance.collect::<Result<_>>()?;
    let ends = |draw: &mut Unstructured<'_>| draw.choose(&[0.0, 0.0, 50.0, -1.0, f64::INFINITY]).copied();
    let parasitics = Parasitics {
        r_bitline: Ohms::new(*draw.choose(&[r_wire, 0.0, 2.5])?),
        r_driver: Ohms::new(ends(draw)?),
        r_sense: Ohms::new(ends(draw)?),
        r_contact: Ohms::new(ends(draw)?),
        c_wire: Farads::new(1e-15 * ends(draw)?),
        c_cell: Farads::new(1e-15 * ends(draw)?),
        ..Parasitics::wires(Ohms::new(r_wire))
    };
    Ok(Crossbar::new(rows, cols, cell, 0.0, conductance).with_parasitics(parasitics))
}

fn value(draw: &mut Unstructured<'_>) -> Result<Value> {
    Ok(if draw.ratio(1, 4)? { Value::Param(name(draw)?) } else { Value::Number(number(draw)?) })
}

/// The nets of a module under construction and the supplies of its design.
struct Wiring {
    nets: Vec<(Id<Net>, Nature, u32)>,
    supplies: Vec<Id<Supply>>,
}

impl Wiring {
    fn net(&mut self, draw: &mut Unstructured<'_>, m: &mut ModuleBuilder<'_>) -> Result<()> {
        let nature = *draw.choose(&[Nature::Voltage, Nature::Voltage, Nature::Current, Nature::Select])?;
        let width = if draw.ratio(1, 32)? { 1500 } else { draw.int_in_range(0..=4)? };
        let name = name(draw)?;
        let net = match draw.int_in_range(0..=3)? {
            0 => m.net(name, nature, width),
            1 => m.input(name, nature, width),
            2 => m.output(name, nature, width),
            _ => m.port(name, Direction::Passive, nature, width),
        };
        if draw.ratio(1, 8)? {
            m.range(m.all(net), number(draw)?, number(draw)?);
        }
        self.nets.push((net, nature, width));
        Ok(())
    }

    /// Mostly wires that fit a pin of that width and nature, if there are any.
    fn bits(&self, draw: &mut Unstructured<'_>, width: u32, nature: Option<Nature>) -> Result<Bits> {
        if !self.supplies.is_empty() && draw.ratio(1, 6)? {
            return Ok(vec![Slice::Supply(*draw.choose(&self.supplies)?)]);
        }
        let fits = |(_, of, wires): &&(Id<Net>, Nature, u32)| {
            *wires >= width && nature.is_none_or(|nature| nature == *of)
        };
        let fitting: Vec<_> = self.nets.iter().filter(fits).copied().collect();
        let among = if fitting.is_empty() || draw.ratio(1, 16)? { &self.nets } else { &fitting };
        let (net, _, wires) = *draw.choose(among)?;
        let start = draw.int_in_range(0..=wires.saturating_sub(width))?;
        Ok(vec![Slice::Net { net, start, len: width }])
    }
}

/// Numbers that parts have, and some that none can have.
fn number(draw: &mut Unstructured<'_>) -> Result<f64> {
    const ODD: [f64; 8] = [0.0, -1.0, f64::NAN, f64::INFINITY, -0.0, f64::MAX, 5e-324, 1e30];
    const PLAIN: [f64; 8] = [1e3, 1e4, 1e-12, 0.9, 0.1, 0.2, 1e-6, 1e-4];
    match draw.int_in_range(0..=7)? {
        0 => draw.arbitrary(),
        1 => draw.choose(&ODD).copied(),
        _ => draw.choose(&PLAIN).copied(),
    }
}

/// Names: plain ones, such as simulators and languages know by another meaning, and any text.
fn name(draw: &mut Unstructured<'_>) -> Result<String> {
    const ODD: [&str; 12] =
        ["", "0", "gnd", "end", ".ends", "A", "a b", "r_1", "x[0]", "top", "n\n.control", "\u{2028}"];
    Ok(match draw.int_in_range(0..=15)? {
        0 => draw.arbitrary::<&str>()?.chars().take(12).collect(),
        1 => (*draw.choose(&ODD)?).to_owned(),
        letter => format!("{}{}", char::from(b'a' + letter), draw.int_in_range(0..=9)?),
    })
}
