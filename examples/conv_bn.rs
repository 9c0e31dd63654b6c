//! A batch-normalised 3 x 3 convolution on an 8 x 8 image: gamma and beta are folded into the crossbar and a bias
//! row, a frame memory presents one window of the image after another.

use memloom::ir::{BuildError, Design, Direction, Element, FrameStore, Id, Module, Nature, Slice};
use memloom::prelude::*;
use memloom_sim::native::{Options, evaluate_module};

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

/// The kernels: 9 taps by 2 channels.
#[crossbar(cell = HfO2, signed = dual_rail, opamp = Ota, v_ref = 0.9 V)]
struct Kernels {
    g: Conductance<9, 2>,
}

/// The bias row: what is left of the batch norm, on an input that is always 1.0.
#[crossbar(cell = HfO2, signed = dual_rail, opamp = Ota, v_ref = 0.9 V)]
struct Bias {
    g: Conductance<1, 2>,
}

#[tia(r_f = R_F, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

/// relu(batch_norm(kernel * window)), 2 channels. The currents of kernels and bias meet on one net.
#[module]
struct Convolution {
    #[input]
    window: Bus<Voltage, 9>,
    #[input]
    one: Bus<Voltage>,
    #[output]
    y: Bus<Voltage, 2>,
    #[net]
    i: Bus<Current, 2>,
    #[net]
    v: Bus<Voltage, 2>,
    #[inst(row = window, col = i)]
    kernels: Kernels,
    #[inst(row = one, col = i)]
    bias: Bias,
    #[inst(inp = i, out = v)]
    tia: [Readout; 2],
    #[inst(inp = v, out = y)]
    act: [Relu; 2],
}

const R_F: Ohms = Ohms::new(10e3);
const V_REF: f64 = 0.9;
const UNIT: f64 = 0.1;
const SIDE: u32 = 8;

/// A trained channel: a kernel, row by row, and its batch norm.
struct Channel {
    kernel: [f64; 9],
    gamma: f64,
    beta: f64,
    mean: f64,
    variance: f64,
}

const EPSILON: f64 = 1e-5;

const CHANNELS: [Channel; 2] = [
    // Edges from left to right.
    Channel {
        kernel: [-0.25, 0.0, 0.25, -0.5, 0.0, 0.5, -0.25, 0.0, 0.25],
        gamma: 1.2,
        beta: 0.1,
        mean: 0.05,
        variance: 2.0,
    },
    // A blur, with a gamma below zero.
    Channel { kernel: [0.1; 9], gamma: -0.9, beta: 0.4, mean: 0.3, variance: 0.5 },
];

impl Channel {
    /// `gamma / sqrt(variance + epsilon)`, which scales every weight.
    fn scale(&self) -> f64 {
        self.gamma / (self.variance + EPSILON).sqrt()
    }

    /// What the batch norm adds.
    fn shift(&self) -> f64 {
        self.beta - self.mean * self.scale()
    }
}

/// A disc, brighter in its middle: 0.0 ..= 1.0.
fn image() -> Vec<f64> {
    let at = |k: u32| {
        let (y, x) = (f64::from(k / SIDE) - 3.5, f64::from(k % SIDE) - 3.0);
        (1.2 - (x * x + y * y).sqrt() / 3.0).clamp(0.0, 1.0)
    };
    (0..SIDE * SIDE).map(at).collect()
}

fn frame() -> FrameStore {
    FrameStore::window(SIDE, SIDE, 3, 1, 1)
}

/// The frame memory and the convolution behind it; the ids of the whole and of the convolution.
fn circuit(design: &mut Design) -> Result<(Id<Module>, Id<Module>), BuildError> {
    // The TIA inverts, so a weight is a conductance of the other sign.
    let siemens = |weight: f64| -weight / R_F.get();
    let convolution = Convolution {
        kernels: Kernels {
            g: Conductance::from_fn(|tap, channel| {
                siemens(CHANNELS[channel].kernel[tap] * CHANNELS[channel].scale())
            }),
        },
        bias: Bias { g: Conductance::from_fn(|_, channel| siemens(CHANNELS[channel].shift())) },
        tia: [Readout; 2],
        act: [Relu; 2],
    };
    let convolution = convolution.define(design)?;
    let v_ref = memloom::wire::rail(design, V_REF)?;

    let mut m = design.module("Image");
    m.doc("a frame memory and the convolution that reads it");
    let pixel = m.input("pixel", Nature::Voltage, 1);
    let one = m.input("one", Nature::Voltage, 1);
    let selects = ["wr_row", "wr_col", "rd_row", "rd_col"]
        .map(|name| (name, m.port(name, Direction::Input, Nature::Select, SIDE)));
    let y = m.output("y", Nature::Voltage, 2);
    let window = m.net("window", Nature::Voltage, 9);
    let select_bits = selects.map(|(name, net)| (name, m.all(net)));
    let mut store = m.instance("frame", Element::Store(frame())).net("inp", pixel).net("tap", window);
    for (name, bits) in select_bits {
        store = store.pin(name, bits);
    }
    store.pin("v_ref", vec![Slice::Supply(v_ref)]).add();
    m.instance("conv", Element::Module(convolution)).net("window", window).net("one", one).net("y", y).add();
    Ok((m.finish()?, convolution))
}

/// What the frame memory shows at each read tick, and the bias input: volts.
fn windows(image: &[f64]) -> Vec<Vec<f64>> {
    let store = frame();
    let tap = |tick, tap| store.pixel(tick, tap).map_or(0.0, |pixel| image[pixel as usize]);
    (0..store.read_ticks())
        .map(|tick| (0..store.taps()).map(|k| tap(tick, k)).chain([1.0]).map(|x| V_REF + UNIT * x).collect())
        .collect()
}

fn main() -> anyhow::Result<()> {
    let mut design = Design::new("conv_bn");
    let (whole, convolution) = circuit(&mut design)?;
    design.top = Some(whole);
    let outputs = evaluate_module(&design, convolution, &Options::default(), &windows(&image()))?;
    for (channel, name) in ["edges", "blur"].iter().enumerate() {
        println!("{name}:");
        for row in outputs.chunks(SIDE as usize) {
            let row: Vec<String> =
                row.iter().map(|y| format!("{:5.2}", (y[channel] - V_REF) / UNIT)).collect();
            println!("{}", row.join(" "));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use memloom_examples::{in_ngspice, largest_difference};

    /// The layer as it is trained: convolve, then normalise, then rectify. Volts.
    fn by_hand(image: &[f64]) -> Vec<Vec<f64>> {
        let side = SIDE as i64;
        let pixel = |y: i64, x: i64| {
            if (0..side).contains(&y) && (0..side).contains(&x) {
                image[(y * side + x) as usize]
            } else {
                0.0
            }
        };
        let output = |channel: &Channel, at: i64| {
            let (y, x) = (at / side, at % side);
            let sum: f64 =
                (0..9).map(|k| channel.kernel[k as usize] * pixel(y + k / 3 - 1, x + k % 3 - 1)).sum();
            let normal = (sum - channel.mean) / (channel.variance + EPSILON).sqrt();
            V_REF + UNIT * (channel.gamma * normal + channel.beta).max(0.0)
        };
        (0..side * side).map(|at| CHANNELS.iter().map(|channel| output(channel, at)).collect()).collect()
    }

    fn convolution() -> (Design, Id<Module>) {
        let mut design = Design::new("conv_bn");
        let (whole, convolution) = circuit(&mut design).expect("a good design");
        design.top = Some(whole);
        (design, convolution)
    }

    #[test]
    fn ideal_amplifiers_compute_the_trained_layer() {
        let (design, convolution) = convolution();
        let outputs =
            evaluate_module(&design, convolution, &Options::ideal(), &windows(&image())).expect("outputs");
        // What is left is the single precision of the conductances.
        let off = largest_difference(&outputs, &by_hand(&image()));
        assert!(off < 1e-7, "off by {off} V");
        let bright = outputs.iter().flatten().filter(|v| **v > V_REF + 1e-3).count();
        assert!(bright > 20, "{bright} outputs above zero: the image tests nothing");
    }

    #[test]
    fn real_amplifiers_stay_within_a_millivolt_and_ngspice_agrees() {
        let (design, convolution) = convolution();
        let vectors = windows(&image());
        let native = evaluate_module(&design, convolution, &Options::default(), &vectors).expect("outputs");
        let off = largest_difference(&native, &by_hand(&image()));
        assert!(off < 1e-3, "off by {off} V");
        if let Some(spice) = in_ngspice(&design, convolution, &vectors).expect("a run in ngspice") {
            let off = largest_difference(&native, &spice);
            assert!(off < 1e-6, "off by {off} V");
        }
    }
}
