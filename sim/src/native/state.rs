//! Values of every wire of a circuit for a few images at once.
//!
//! A wire that a step drives has a row of values, image by image and tick by tick. Taps of frame memories are not
//! copied: reading one looks the pixel up in the row of the frame.

use super::Error;
use super::elaborate::{Channel, Driver, Elaborated};
use super::kernel::{FEW, LANES, Tally};
use super::noise::{Draw, normal};
use super::plan::{Item, Plan, Step};
use super::program::{Operand, Program};
use super::vectors::Scratch;
use memloom_ir::FrameStore;
use std::collections::HashMap;

/// Stands for the padding in a window table.
const PADDING: u32 = u32::MAX;

/// Which pixel each tap of a frame memory shows: `[tap][read tick]`.
pub(super) struct Windows {
    tables: Vec<Vec<u32>>,
    of_channel: Vec<u32>,
}

impl Windows {
    pub(super) fn new(circuit: &Elaborated<'_>) -> Self {
        let mut known: HashMap<FrameStore, u32> = HashMap::new();
        let mut windows = Self { tables: Vec::new(), of_channel: Vec::new() };
        for channel in &circuit.channels {
            let table = *known.entry(channel.store).or_insert_with(|| {
                let (store, ticks) = (channel.store, channel.store.read_ticks());
                let pixel = |tap| (0..ticks).map(move |tick| store.pixel(tick, tap).unwrap_or(PADDING));
                windows.tables.push((0..store.taps()).flat_map(pixel).collect());
                windows.tables.len() as u32 - 1
            });
            windows.of_channel.push(table);
        }
        windows
    }

    fn pixels(&self, channel: u32, tap: u32, ticks: usize) -> &[u32] {
        &self.tables[self.of_channel[channel as usize] as usize][tap as usize * ticks..][..ticks]
    }
}

/// Ticks of every wire, and where its row starts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layout {
    ticks: Vec<u32>,
    /// Start of the row of one image, by wire.
    start: Vec<usize>,
    /// The same of what a frame memory's cells hold, by channel; empty where that is what was written.
    held: Vec<usize>,
    /// Values of one image.
    pub(super) len: usize,
}

/// No value: a wire that nothing has set.
const UNSET: u32 = 0;

impl Layout {
    /// Ticks follow from those of the input wires; `hold` is the noise of a held value, if it has some.
    pub(super) fn new(
        circuit: &Elaborated<'_>,
        plan: &Plan,
        inputs: &[u32],
        hold: Option<f64>,
    ) -> Result<Self, Error> {
        let wires = circuit.driver.len();
        let held = vec![0; hold.map_or(0, |_| circuit.channels.len())];
        let mut layout = Self { ticks: vec![UNSET; wires], start: vec![0; wires], held, len: 0 };
        for (wire, driver) in circuit.driver.iter().enumerate() {
            match driver {
                Driver::Supply(_) => layout.ticks[wire] = 1,
                Driver::Input(input) => layout.row(wire as u32, inputs[*input as usize]),
                _ => {}
            }
        }
        for item in &plan.items {
            match item {
                Item::Channel(channel) => layout.channel(circuit, *channel)?,
                Item::Step(step) => layout.step(circuit, &plan.steps[*step as usize])?,
            }
        }
        Ok(layout)
    }

    pub(super) fn ticks(&self, wire: u32) -> usize {
        self.ticks[wire as usize] as usize
    }

    fn row(&mut self, wire: u32, ticks: u32) {
        self.ticks[wire as usize] = ticks;
        self.start[wire as usize] = self.len;
        self.len += ticks as usize;
    }

    fn channel(&mut self, circuit: &Elaborated<'_>, index: u32) -> Result<(), Error> {
        let channel = &circuit.channels[index as usize];
        let (store, written) = (&channel.store, self.ticks(channel.inp));
        // A frame of one value is a value held over all pixels.
        if written != 1 && written != store.write_ticks() as usize {
            return Err(Error::Ticks {
                net: circuit.names.node(channel.inp),
                ticks: written,
                other: circuit.names.within(channel.at, "inp"),
                other_ticks: store.write_ticks() as usize,
            });
        }
        if self.ticks(channel.v_ref) != 1 {
            return Err(Error::Ticks {
                net: circuit.names.node(channel.v_ref),
                ticks: self.ticks(channel.v_ref),
                other: circuit.names.within(channel.at, "v_ref"),
                other_ticks: 1,
            });
        }
        channel.taps.iter().for_each(|wire| self.ticks[*wire as usize] = store.read_ticks());
        if let Some(start) = self.held.get_mut(index as usize) {
            *start = self.len;
            self.len += store.write_ticks() as usize;
        }
        Ok(())
    }

    fn step(&mut self, circuit: &Elaborated<'_>, step: &Step) -> Result<(), Error> {
        let ticks = |wire: &u32| self.ticks[*wire as usize];
        let longest = step.inputs.iter().copied().max_by_key(|wire| ticks(wire));
        let most = longest.map_or(1, |wire| ticks(&wire));
        let misfit = |wire: &&u32| ticks(wire) != 1 && ticks(wire) != most;
        if let (Some(wire), Some(longest)) = (step.inputs.iter().find(misfit), longest) {
            return Err(Error::Ticks {
                net: circuit.names.node(*wire),
                ticks: self.ticks(*wire),
                other: circuit.names.node(longest),
                other_ticks: most as usize,
            });
        }
        step.outputs.iter().for_each(|wire| self.row(*wire, most));
        Ok(())
    }
}

/// What is the same for all images.
pub(super) struct Machine<'a> {
    pub(super) circuit: &'a Elaborated<'a>,
    pub(super) plan: &'a Plan,
    pub(super) windows: &'a Windows,
    pub(super) layout: &'a Layout,
    /// Seed of the noise, if there is any.
    pub(super) noise: Option<u64>,
    /// Deviation of a held value, if it has noise, volts.
    pub(super) hold: Option<f64>,
}

/// The values of a few images. A row's values are `[image][tick]`.
#[derive(Default)]
pub(super) struct State {
    images: usize,
    /// Number of the first image.
    first: usize,
    values: Vec<f64>,
    scratch: Scratch,
}

impl State {
    /// Makes room for `images` images, from number `first` on.
    pub(super) fn reset(&mut self, layout: &Layout, images: usize, first: usize) {
        (self.images, self.first) = (images, first);
        self.values.resize(layout.len * images, 0.0);
    }

    /// The row of a wire that a step or an input sets.
    pub(super) fn row(&mut self, layout: &Layout, wire: u32, image: usize) -> &mut [f64] {
        let ticks = layout.ticks(wire);
        &mut self.values[layout.start[wire as usize] * self.images + image * ticks..][..ticks]
    }

    /// Runs every step; `tallies` has one entry per block.
    pub(super) fn run(&mut self, machine: &Machine<'_>, tallies: &mut [Tally]) {
        let mut position = 0;
        for item in &machine.plan.items {
            match item {
                Item::Step(step) => {
                    let step = &machine.plan.steps[*step as usize];
                    let tally = self.step(machine, step, position);
                    tallies[step.block as usize].add(&tally);
                    position = machine.plan.next_position(position, step, machine.layout);
                }
                Item::Channel(channel) => {
                    if let Some((sigma, seed)) = machine.hold.zip(machine.noise) {
                        self.hold(machine, *channel, (seed, position, sigma));
                        let pixels = machine.circuit.channels[*channel as usize].store.write_ticks();
                        position = position.wrapping_add(pixels);
                    }
                }
            }
        }
    }

    /// What the cells of a frame memory hold: what was written, and the noise of the moment in which their switches opened.
    fn hold(&mut self, machine: &Machine<'_>, channel: u32, (seed, position, sigma): (u64, u32, f64)) {
        let Channel { store, inp, .. } = &machine.circuit.channels[channel as usize];
        let pixels = store.write_ticks() as usize;
        for image in 0..self.images {
            let first = machine.layout.held[channel as usize] * self.images + image * pixels;
            for pixel in 0..pixels {
                let number = (self.first + image) as u32;
                let normal = normal(seed, number, position.wrapping_add(pixel as u32));
                self.values[first + pixel] =
                    self.value(machine, *inp, image, pixel) + sigma * f64::from(normal);
            }
        }
    }

    /// What the cells of a frame memory hold of one image, if that is another thing than what was written.
    fn held(&self, machine: &Machine<'_>, channel: u32, image: usize) -> Option<&[f64]> {
        let start = machine.layout.held.get(channel as usize)?;
        let pixels = machine.circuit.channels[channel as usize].store.write_ticks() as usize;
        Some(&self.values[start * self.images + image * pixels..][..pixels])
    }

    fn step(&mut self, machine: &Machine<'_>, step: &Step, position: u32) -> Tally {
        let program = &machine.plan.programs[step.program as usize];
        let ticks = step.outputs.first().map_or(1, |wire| machine.layout.ticks(*wire));
        let lanes = self.images * ticks;
        let mut scratch = std::mem::take(&mut self.scratch);
        let mut tally = Tally::default();
        for first in (0..lanes).step_by(LANES) {
            let span = Span { first, used: LANES.min(lanes - first), ticks, position };
            tally.add(&match span.used {
                0..=FEW => self.block(machine, step, program, span, &mut scratch.few),
                _ => self.block(machine, step, program, span, &mut scratch.full),
            });
        }
        self.scratch = scratch;
        tally
    }

    fn block<const L: usize>(
        &mut self,
        machine: &Machine<'_>,
        step: &Step,
        program: &Program,
        span: Span,
        slots: &mut Vec<[f64; L]>,
    ) -> Tally {
        slots.resize(program.slot_count().max(slots.len()), [0.0; L]);
        for (wire, slot) in step.inputs.iter().zip(slots.iter_mut()) {
            self.gather(machine, *wire, span, &mut slot[..span.used]);
            let last = slot[span.used - 1];
            // Idle lanes repeat the last one.
            slot[span.used..].fill(last);
        }
        let draw = machine.noise.map(|seed| self.draw(seed, span));
        let tally = program.run_block(&mut slots[..program.slot_count()], span.used, draw.as_ref());
        for (wire, operand) in step.outputs.iter().zip(&program.outputs) {
            let start = machine.layout.start[*wire as usize] * self.images + span.first;
            let row = &mut self.values[start..start + span.used];
            match operand {
                Operand::Slot(slot) => row.copy_from_slice(&slots[*slot as usize][..span.used]),
                Operand::Volts(volts) => row.fill(*volts),
            }
        }
        tally
    }

    /// Where the noise of a block comes from.
    fn draw<const L: usize>(&self, seed: u64, span: Span) -> Draw<L> {
        let image = |lane| (self.first + (span.first + lane) / span.ticks) as u32;
        let position = |lane| span.position.wrapping_add(((span.first + lane) % span.ticks) as u32);
        let (image, position) = (std::array::from_fn(image), std::array::from_fn(position));
        Draw { seed, image, position, ticks: span.ticks as u32 }
    }

    /// Values of `wire` in consecutive lanes.
    fn gather(&self, machine: &Machine<'_>, wire: u32, span: Span, lanes: &mut [f64]) {
        match machine.circuit.driver[wire as usize] {
            Driver::Supply(volts) => lanes.fill(volts),
            Driver::Tap { channel, tap } => self.gather_tap(machine, wire, (channel, tap), span, lanes),
            _ if machine.layout.ticks(wire) == span.ticks => {
                let start = machine.layout.start[wire as usize] * self.images + span.first;
                lanes.copy_from_slice(&self.values[start..start + lanes.len()]);
            }
            _ => {
                let start = machine.layout.start[wire as usize] * self.images;
                for (lane, value) in lanes.iter_mut().enumerate() {
                    *value = self.values[start + (span.first + lane) / span.ticks];
                }
            }
        }
    }

    fn gather_tap(
        &self,
        machine: &Machine<'_>,
        wire: u32,
        (channel, tap): (u32, u32),
        span: Span,
        lanes: &mut [f64],
    ) {
        let pixels = machine.windows.pixels(channel, tap, machine.layout.ticks(wire));
        let number = channel;
        let channel = &machine.circuit.channels[channel as usize];
        let mut rest = lanes;
        while !rest.is_empty() {
            let at = span.first + span.used - rest.len();
            let (image, tick) = (at / span.ticks, at % span.ticks);
            let of_image = (span.ticks - tick).min(rest.len());
            let (part, next) = rest.split_at_mut(of_image);
            match self.held(machine, number, image).or_else(|| self.frame(machine, channel.inp, image)) {
                Some(frame) if pixels.len() == span.ticks => {
                    let padding = self.value(machine, channel.v_ref, image, 0);
                    for (value, pixel) in part.iter_mut().zip(&pixels[tick..]) {
                        *value = if *pixel == PADDING { padding } else { frame[*pixel as usize] };
                    }
                }
                _ => {
                    for (lane, value) in part.iter_mut().enumerate() {
                        *value = self.value(machine, wire, image, tick + lane);
                    }
                }
            }
            rest = next;
        }
    }

    /// The row of one image, if `wire` has one with a value for every pixel.
    fn frame(&self, machine: &Machine<'_>, wire: u32, image: usize) -> Option<&[f64]> {
        let ticks = machine.layout.ticks(wire);
        let derived = matches!(machine.circuit.driver[wire as usize], Driver::Supply(_) | Driver::Tap { .. });
        if derived || ticks == 1 {
            return None;
        }
        Some(&self.values[machine.layout.start[wire as usize] * self.images + image * ticks..][..ticks])
    }

    /// The value of any wire; a wire of one tick holds it.
    pub(super) fn value(&self, machine: &Machine<'_>, wire: u32, image: usize, tick: usize) -> f64 {
        let ticks = machine.layout.ticks(wire);
        let tick = if ticks == 1 { 0 } else { tick };
        match machine.circuit.driver[wire as usize] {
            Driver::Supply(volts) => volts,
            Driver::Tap { channel, tap } => {
                let pixel = machine.windows.pixels(channel, tap, ticks)[tick];
                let held = self.held(machine, channel, image);
                let channel = &machine.circuit.channels[channel as usize];
                match (pixel, held) {
                    (PADDING, _) => self.value(machine, channel.v_ref, image, 0),
                    (pixel, Some(row)) => row[pixel as usize],
                    (pixel, None) => self.value(machine, channel.inp, image, pixel as usize),
                }
            }
            _ => self.values[machine.layout.start[wire as usize] * self.images + image * ticks + tick],
        }
    }
}

/// Lanes `first .. first + used` of a step that has `ticks` lanes an image.
#[derive(Clone, Copy)]
struct Span {
    first: usize,
    used: usize,
    ticks: usize,
    /// Position of the step's noise.
    position: u32,
}
