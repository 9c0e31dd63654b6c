//! Frame memories, held values and hierarchy, against a convolution computed directly.

use crate::kit::{Kit, V_REF, assert_close, numbers, resistor, wire, wires};
use memloom::ir::{Element, FrameStore, Id, Module, ModuleBuilder, Nature, Net, Slice, Supply, siemens};
use memloom_sim::native::{Evaluator, Matrix, Options, Run, Signals};

const SIDE: usize = 4;
const PIXELS: usize = SIDE * SIDE;
const CHANNELS: usize = 3;
const R_F: f64 = 1e4;

fn frame(pixels: &[f64]) -> Matrix {
    Matrix::new(CHANNELS, pixels.iter().map(|x| V_REF + x).collect())
}

fn inputs(pixels: &[f64]) -> Signals {
    Signals::from_iter([("x".to_string(), frame(pixels))])
}

fn pixels(seed: u64) -> Vec<f64> {
    let mut next = numbers(seed);
    (0..CHANNELS * PIXELS).map(|_| 0.2 * (next() - 0.5)).collect()
}

/// Kernels in siemens, `[channel][tap]`, exact in `f32`.
fn kernels() -> Vec<f64> {
    let mut next = numbers(77);
    (0..CHANNELS * 9).map(|_| siemens((1e-6 + 2e-5 * next()) as f32)).collect()
}

/// Depthwise 3x3, stride 1, padding 1, through inverting TIAs: volts about `V_REF`.
fn convolve(x: &[f64], g: &[f64]) -> Vec<f64> {
    let at = |c: usize, y: isize, x_: isize| {
        let inside = (0..SIDE as isize).contains(&y) && (0..SIDE as isize).contains(&x_);
        if inside { x[c * PIXELS + y as usize * SIDE + x_ as usize] } else { 0.0 }
    };
    let mut out = Vec::new();
    for (c, y, x) in
        (0..CHANNELS).flat_map(|c| (0..SIDE).flat_map(move |y| (0..SIDE).map(move |x| (c, y, x))))
    {
        let tap = |k: usize| g[c * 9 + k] * at(c, (y + k / 3) as isize - 1, (x + k % 3) as isize - 1);
        out.push(-R_F * (0..9).map(tap).sum::<f64>());
    }
    out
}

/// The selects of a memory and the memory: `CHANNELS` channels of `store` from `inp` to taps.
fn memory(
    (name, v_ref): (&str, Id<Supply>),
    m: &mut ModuleBuilder<'_>,
    store: FrameStore,
    inp: Id<Net>,
) -> Id<Net> {
    let taps = m.net(format!("{name}_taps"), Nature::Voltage, CHANNELS as u32 * store.taps());
    let mut selects = vec![("wr_row", store.height), ("wr_col", store.width)];
    if !store.is_whole() {
        selects.extend([("rd_row", store.out_height()), ("rd_col", store.out_width())]);
    }
    let nets: Vec<_> = selects
        .iter()
        .map(|(pin, width)| (*pin, m.net(format!("{name}_{pin}"), Nature::Select, *width)))
        .collect();
    let mut instance = m.instance(name, Element::Store(store)).array(CHANNELS as u32);
    for (pin, net) in nets {
        instance = instance.net(pin, net);
    }
    instance.net("inp", inp).net("tap", taps).supply("v_ref", v_ref).add();
    taps
}

/// A depthwise layer: a column and a TIA per channel.
fn depthwise(kit: &mut Kit) -> Id<Module> {
    let tia = kit.tia(R_F);
    let arrays: Vec<_> = kernels().chunks(9).map(|g| kit.crossbar(9, 1, 0.0, g)).collect();
    kit.module("depthwise", |m| {
        let x = m.input("x", Nature::Voltage, 9 * CHANNELS as u32);
        let y = m.output("y", Nature::Voltage, CHANNELS as u32);
        let i = m.net("i", Nature::Current, CHANNELS as u32);
        for (c, array) in arrays.into_iter().enumerate() {
            let rows = wires(x, 9 * c as u32, 9);
            m.instance(format!("k{c}"), array).pin("row", rows).pin("col", wires(i, c as u32, 1)).add();
        }
        m.instance("tia", Element::Module(tia)).array(CHANNELS as u32).net("i", i).net("v", y).add();
    })
}

/// `y = depthwise(x)`; then, if `scaled`, the average of each channel scales it: a squeeze and excitation.
fn network(kit: &mut Kit, scaled: bool) -> Id<Module> {
    let layer = depthwise(kit);
    let (v_ref, multiplier) = (kit.v_ref, kit.multiplier);
    let average = kit.module("average", |m| {
        let x = m.input("x", Nature::Voltage, (CHANNELS * PIXELS) as u32);
        let y = m.output("y", Nature::Voltage, CHANNELS as u32);
        for k in 0..CHANNELS * PIXELS {
            resistor(m, &format!("r{k}"), 1e5, wire(x, k as u32), wire(y, (k / PIXELS) as u32));
        }
    });
    kit.module("network", |m| {
        let x = m.input("x", Nature::Voltage, CHANNELS as u32);
        let y = m.output("y", Nature::Voltage, CHANNELS as u32);
        let v = if scaled { m.net("v", Nature::Voltage, CHANNELS as u32) } else { y };
        let taps = memory(("frame", v_ref), m, FrameStore::window(4, 4, 3, 1, 1), x);
        m.instance("layer", Element::Module(layer)).net("x", taps).net("y", v).add();
        if scaled {
            let all = memory(("pool", v_ref), m, FrameStore::whole(4, 4), v);
            let s = m.net("s", Nature::Voltage, CHANNELS as u32);
            m.instance("average", Element::Module(average)).net("x", all).net("y", s).add();
            let product = m.instance("scale", Element::Behaviour(multiplier)).array(CHANNELS as u32);
            product.net("a", v).net("b", s).net("out", y).supply("v_ref", v_ref).add();
        }
    })
}

fn run(kit: &Kit, options: &Options, inputs: &Signals) -> Run {
    Evaluator::new(&kit.design, options).unwrap().run(inputs).unwrap()
}

fn about_v_ref(values: &[f64]) -> Vec<f64> {
    values.iter().map(|v| V_REF + v).collect()
}

#[test]
fn a_depthwise_layer_convolves() {
    let mut kit = Kit::new();
    network(&mut kit, false);
    let x = pixels(1);
    let got = run(&kit, &Options::ideal(), &inputs(&x));
    assert_eq!((got.outputs["y"].width(), got.outputs["y"].ticks()), (CHANNELS, PIXELS));
    assert_close(got.outputs["y"].values(), &about_v_ref(&convolve(&x, &kernels())), 1e-13);
    assert_eq!(got.blocks["layer"].outputs, (CHANNELS * PIXELS) as u64);
}

#[test]
fn a_stride_skips_pixels() {
    let mut kit = Kit::new();
    let layer = depthwise(&mut kit);
    let v_ref = kit.v_ref;
    kit.module("strided", |m| {
        let x = m.input("x", Nature::Voltage, CHANNELS as u32);
        let y = m.output("y", Nature::Voltage, CHANNELS as u32);
        let taps = memory(("frame", v_ref), m, FrameStore::window(4, 4, 3, 2, 1), x);
        m.instance("layer", Element::Module(layer)).net("x", taps).net("y", y).add();
    });
    let x = pixels(4);
    let full = convolve(&x, &kernels());
    let want: Vec<f64> =
        (0..CHANNELS).flat_map(|c| [0, 2, 8, 10].map(|p| full[c * PIXELS + p])).map(|v| V_REF + v).collect();
    assert_close(run(&kit, &Options::ideal(), &inputs(&x)).outputs["y"].values(), &want, 1e-13);
}

/// `v + v mean(v) / unit - v`, that is the product of each channel with its average.
fn scaled(x: &[f64]) -> Vec<f64> {
    let v = convolve(x, &kernels());
    let mean = |c: usize| v[c * PIXELS..][..PIXELS].iter().sum::<f64>() / PIXELS as f64;
    v.iter().enumerate().map(|(k, v)| v * mean(k / PIXELS) / 0.1).collect()
}

#[test]
fn a_held_value_scales_every_tick() {
    let mut kit = Kit::new();
    network(&mut kit, true);
    let x = pixels(2);
    let evaluator = Evaluator::new(&kit.design, &Options::ideal()).unwrap();
    let (got, nets) = evaluator.run_with_nets(&inputs(&x)).unwrap();
    assert_close(got.outputs["y"].values(), &about_v_ref(&scaled(&x)), 1e-13);
    assert_close(nets["v"].values(), &about_v_ref(&convolve(&x, &kernels())), 1e-13);
    assert_eq!((nets["s"].ticks(), nets["frame_taps"].width()), (1, CHANNELS * 9));
    // The first pixel's first tap lies on the padding, its middle one shows the pixel.
    assert_close(
        &[nets["frame_taps"].wire(0)[0], nets["frame_taps"].wire(4)[0]],
        &[V_REF, V_REF + x[0]],
        0.0,
    );
    assert_eq!(nets["x"], frame(&x));
}

#[test]
fn a_module_with_memory_inside_is_entered() {
    let mut flat = Kit::new();
    network(&mut flat, true);
    let mut nested = Kit::new();
    let inner = network(&mut nested, true);
    nested.module("outer", |m| {
        let x = m.input("x", Nature::Voltage, CHANNELS as u32);
        let y = m.output("z", Nature::Voltage, CHANNELS as u32);
        m.instance("net", Element::Module(inner)).net("x", x).net("y", y).add();
    });
    let x = inputs(&pixels(3));
    let options = Options::default();
    let got = run(&nested, &options, &x);
    assert_eq!(got.outputs["z"], run(&flat, &options, &x).outputs["y"]);
    assert!(got.blocks.contains_key("net.layer"), "{:?}", got.blocks);
}

#[test]
fn batches_and_threads_do_not_change_a_bit() {
    let mut kit = Kit::new();
    network(&mut kit, true);
    let evaluator = Evaluator::new(&kit.design, &Options::default()).unwrap();
    let batch = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| evaluator.run_batch(21, |image| inputs(&pixels(image as u64))).unwrap())
    };
    let one = batch(1);
    assert_eq!(one, batch(2));
    for (image, outputs) in one.outputs.iter().enumerate() {
        assert_eq!(*outputs, evaluator.run(&inputs(&pixels(image as u64))).unwrap().outputs);
    }
    assert_eq!(one.blocks["scale"].outputs, (21 * CHANNELS * PIXELS) as u64);
}

#[test]
fn parts_at_the_top_that_share_currents_are_one_block() {
    let mut kit = Kit::new();
    let tia = kit.tia(R_F);
    let array = kit.crossbar(2, 2, 0.0, &[1e-5, 2e-5, 3e-5, 4e-5]);
    let relu = kit.relu;
    let v_ref = kit.v_ref;
    let tile = kit.module("tile", |m| {
        let x = m.input("x", Nature::Voltage, 2);
        let i = m.output("i", Nature::Current, 2);
        m.instance("array", array).net("row", x).net("col", i).add();
    });
    kit.module("top", |m| {
        let x = m.input("x", Nature::Voltage, 4);
        let y = m.output("y", Nature::Voltage, 2);
        let (i, v) = (m.net("i", Nature::Current, 2), m.net("v", Nature::Voltage, 2));
        for (name, first) in [("upper", 0), ("lower", 2)] {
            m.instance(name, Element::Module(tile)).pin("x", wires(x, first, 2)).net("i", i).add();
        }
        m.instance("tia", Element::Module(tia)).array(2).net("i", i).net("v", v).add();
        let relus = m.instance("relu", Element::Behaviour(relu)).array(2);
        relus.net("inp", v).net("out", y).supply("v_ref", v_ref).add();
    });
    let x: Vec<f64> = [0.1, -0.2, 0.05, 0.02].iter().map(|x| V_REF + x).collect();
    let got = run(&kit, &Options::ideal(), &Signals::from_iter([("x".into(), Matrix::new(4, x))]));
    let column = |g0: f64, g1: f64| {
        let i = g0 * (0.1 + 0.05) + g1 * (-0.2 + 0.02);
        V_REF + (-R_F * i).max(0.0)
    };
    assert_close(got.outputs["y"].values(), &[column(1e-5, 3e-5), column(2e-5, 4e-5)], 1e-8);
    assert_eq!(got.blocks.keys().collect::<Vec<_>>(), ["upper", "relu"]);
}

#[test]
fn a_divider_is_solved_with_its_load() {
    let mut kit = Kit::new();
    let gnd = kit.gnd;
    let divider = kit.module("divider", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        resistor(m, "upper", 1e3, wire(x, 0), wire(y, 0));
    });
    kit.module("top", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        m.instance("divider", Element::Module(divider)).net("x", x).net("y", y).add();
        resistor(m, "load", 3e3, wire(y, 0), Slice::Supply(gnd));
    });
    let got =
        run(&kit, &Options::default(), &Signals::from_iter([("x".into(), Matrix::new(1, vec![1.0, 2.0]))]));
    assert_close(got.outputs["y"].values(), &[0.75, 1.5], 1e-15);
}

#[test]
fn ticks_that_do_not_meet_are_refused() {
    let mut kit = Kit::new();
    let (v_ref, multiplier) = (kit.v_ref, kit.multiplier);
    kit.module("mixed", |m| {
        let a = m.input("a", Nature::Voltage, 1);
        let b = m.input("b", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        let product = m.instance("mul", Element::Behaviour(multiplier));
        product.net("a", a).net("b", b).net("out", y).supply("v_ref", v_ref).add();
    });
    let evaluator = Evaluator::new(&kit.design, &Options::default()).unwrap();
    let ticks = |a: usize, b: usize| {
        let signal = |ticks| Matrix::new(1, vec![V_REF + 0.1; ticks]);
        evaluator.run(&Signals::from_iter([("a".into(), signal(a)), ("b".into(), signal(b))]))
    };
    assert_close(ticks(3, 1).unwrap().outputs["y"].values(), &[V_REF + 0.1; 3], 1e-14);
    let message = "net `a` has 2 ticks, net `b` 3; put a frame memory between them";
    assert_eq!(ticks(2, 3).unwrap_err().to_string(), message);
    let missing = evaluator.run(&Signals::from_iter([("a".into(), Matrix::new(1, vec![1.0]))])).unwrap_err();
    assert_eq!(missing.to_string(), "input `b`: has no values; give `width x ticks` of them");
}

#[test]
fn a_frame_of_a_wrong_size_is_refused() {
    let mut kit = Kit::new();
    network(&mut kit, false);
    let evaluator = Evaluator::new(&kit.design, &Options::default()).unwrap();
    let x = Signals::from_iter([("x".into(), Matrix::new(CHANNELS, vec![V_REF; 9 * CHANNELS]))]);
    let message = "net `x[0]` has 9 ticks, net `frame[0].inp` 16; put a frame memory between them";
    assert_eq!(evaluator.run(&x).unwrap_err().to_string(), message);
}

#[test]
fn a_loop_through_a_memory_is_refused() {
    let mut kit = Kit::new();
    let (v_ref, relu) = (kit.v_ref, kit.relu);
    kit.module("ring", |m| {
        let y = m.output("y", Nature::Voltage, CHANNELS as u32);
        let taps = memory(("frame", v_ref), m, FrameStore::whole(1, 1), y);
        let relus = m.instance("relu", Element::Behaviour(relu)).array(CHANNELS as u32);
        relus.net("inp", taps).net("out", y).supply("v_ref", v_ref).add();
    });
    let error = Evaluator::new(&kit.design, &Options::default()).err().unwrap();
    let message =
        "feedback through `frame[0]` is not feed-forward; close loops through op-amps and resistors only";
    assert_eq!(error.to_string(), message);
}

#[test]
fn an_error_inside_names_its_block() {
    let mut kit = Kit::new();
    let (relu, v_ref) = (kit.relu, kit.v_ref);
    let loose = kit.module("loose", |m| {
        m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        let a = m.net("a", Nature::Voltage, 1);
        m.instance("f", Element::Behaviour(relu)).net("inp", a).net("out", y).supply("v_ref", v_ref).add();
    });
    kit.module("top", |m| {
        let x = m.input("x", Nature::Voltage, 1);
        let y = m.output("y", Nature::Voltage, 1);
        m.instance("stage", Element::Module(loose)).net("x", x).net("y", y).add();
    });
    let error = Evaluator::new(&kit.design, &Options::default()).err().unwrap();
    let message = "in `stage`: net `a` floats; drive it, or tie it to a driven net through a resistor";
    assert_eq!(error.to_string(), message);
}
