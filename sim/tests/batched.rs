//! The batched evaluator against the one in double precision, on the embedded network.

use memloom::technology::{SignScheme, TechnologySpec};
use memloom_network::images::Image;
use memloom_network::lower::Circuit;
use memloom_network::plan::plan;
use memloom_network::sidecar::Hints;
use memloom_network::stage::stages;
use memloom_network::{Network, Ranges, embedded, technologies};
use memloom_sim::chip::{Chip, Faults, NonIdealities, ProgrammingError, ReadNoise, Trim};
use memloom_sim::native::{Evaluator, Gain, Matrix, Options, Signals};

struct Net {
    network: Network,
    circuit: Circuit,
    images: Vec<Image>,
}

impl Net {
    fn new(change: impl FnOnce(&mut TechnologySpec)) -> Self {
        let (weights, ranges) = embedded();
        let network = Network::parse("embedded", weights, Hints::default()).unwrap();
        let stages = stages(&network.graph).unwrap();
        let ranges = Ranges::from_json(ranges, &stages).unwrap();
        let mut technology = technologies::all().swap_remove(0);
        change(&mut technology);
        let circuit = Circuit::new("test", &stages, &plan(&stages, &ranges, &technology).unwrap()).unwrap();
        let images = Image::test_pattern(network.settings.input).variants();
        Self { network, circuit, images }
    }

    fn signals(&self, k: usize) -> Signals {
        let first = &self.circuit.tensors[0];
        let (v_ref, scale) = (self.circuit.v_ref(), first.signal.volts());
        let image = self.images[k % self.images.len()].normalised(&self.network.settings).unwrap();
        let volts = image.iter().map(|x| v_ref + scale * x).collect();
        Signals::from_iter([(first.net.clone(), Matrix::new(first.shape.channels, volts))])
    }

    /// Worst difference of a logit between both evaluations of `count` images, over the span of the image's logits.
    fn worst(&self, evaluator: &Evaluator<'_>, count: usize) -> f64 {
        let batched = evaluator.batched(&self.signals(0)).unwrap();
        let fast = batched.run(0..count, |k| self.signals(k)).unwrap();
        let exact = evaluator.run_batch(count, |k| self.signals(k)).unwrap();
        let pairs =
            fast.iter().zip(&exact.outputs).map(|(a, b)| (a["logits"].values(), b["logits"].values()));
        pairs.map(|(a, b)| difference(a, b)).fold(0.0, f64::max)
    }
}

fn difference(a: &[f64], b: &[f64]) -> f64 {
    let (low, high) = b.iter().fold((f64::MAX, f64::MIN), |(l, h), x| (l.min(*x), h.max(*x)));
    assert!(high > low, "logits of one value");
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / (high - low)
}

const SPAN: f64 = 1e-5;

#[test]
fn both_precisions_agree_in_both_schemes() {
    for scheme in SignScheme::ALL {
        let net = Net::new(|technology| technology.signed = scheme);
        for options in
            [Options::ideal(), Options::default(), Options { gain: Gain::Value(100.0), ..Options::default() }]
        {
            let evaluator = Evaluator::new(&net.circuit.design, &options).unwrap();
            let batched = evaluator.batched(&net.signals(0)).unwrap();
            assert_eq!(
                batched.exact_blocks(),
                Vec::<&str>::new(),
                "{scheme:?}, {options:?}: every layer has a batched form"
            );
            let worst = net.worst(&evaluator, 3);
            assert!(worst < SPAN, "{scheme:?}, {options:?}: {worst:e}");
        }
    }
}

#[test]
fn a_chip_with_offsets_faults_and_wires_agrees_too() {
    let net = Net::new(|technology| technology.tile = (64, 64));
    let spec = NonIdealities {
        seed: 3,
        programming_error: Some(ProgrammingError::Relative { sigma: 0.05 }),
        faults: Faults { stuck_at_g_min: 0.001, stuck_at_g_max: 0.001, open: 0.002 },
        offset_sigma: 1e-3,
        resistor_sigma: 1e-3,
        fill_absent: true,
        ..NonIdealities::default()
    };
    let evaluator =
        Evaluator::on_chip(&net.circuit.design, &Chip::new(spec).unwrap(), &Options::default()).unwrap();
    let worst = net.worst(&evaluator, 3);
    assert!(worst < SPAN, "{worst:e}");
}

/// Root mean square of how far logits are from those of the design, over that of the logits.
fn apart(net: &Net, design: &[Signals], spec: NonIdealities) -> f64 {
    let chip = Chip::new(spec).unwrap();
    let evaluator = Evaluator::on_chip(&net.circuit.design, &chip, &Options::default()).unwrap();
    let outputs =
        evaluator.batched(&net.signals(0)).unwrap().run(0..design.len(), |k| net.signals(k)).unwrap();
    let pairs =
        outputs.iter().zip(design).flat_map(|(a, b)| a["logits"].values().iter().zip(b["logits"].values()));
    let v_ref = net.circuit.v_ref();
    let (error, signal) =
        pairs.fold((0.0, 0.0), |(e, s), (a, b)| (e + (a - b).powi(2), s + (b - v_ref).powi(2)));
    (error / signal).sqrt()
}

#[test]
fn a_trim_brings_a_network_with_offsets_back() {
    for scheme in SignScheme::ALL {
        let net = Net::new(|technology| technology.signed = scheme);
        let plain = Evaluator::new(&net.circuit.design, &Options::default()).unwrap();
        let design = plain.batched(&net.signals(0)).unwrap().run(0..4, |k| net.signals(k)).unwrap();
        let spec =
            NonIdealities { seed: 2, offset_sigma: 3e-3, block_offset_sigma: 1e-3, ..Default::default() };
        let before = apart(&net, &design, spec.clone());
        let after = apart(&net, &design, NonIdealities { trim: Some(Trim::default()), ..spec });
        println!("{scheme:?}: {before:.3} before, {after:.4} after");
        // Units of the embedded ranges are small: columns of 100 ohm have offsets beyond the reach of their bias cells.
        assert!(before > 0.5 && after < 0.6 * before, "{scheme:?}: {before} {after}");
    }
}

#[test]
fn a_chip_without_deviations_is_the_design_bit_for_bit() {
    let net = Net::new(|_| {});
    let chip = Chip::new(NonIdealities { seed: 99, ..NonIdealities::default() }).unwrap();
    let plain = Evaluator::new(&net.circuit.design, &Options::default()).unwrap();
    let on_chip = Evaluator::on_chip(&net.circuit.design, &chip, &Options::default()).unwrap();
    let run = |evaluator: &Evaluator<'_>| {
        evaluator.batched(&net.signals(0)).unwrap().run(0..2, |k| net.signals(k)).unwrap()
    };
    assert_eq!(run(&plain), run(&on_chip));
    assert_eq!(plain.run(&net.signals(0)).unwrap().outputs, on_chip.run(&net.signals(0)).unwrap().outputs);
}

#[test]
fn rails_that_bite_clip_alike() {
    let net = Net::new(|technology| technology.readout.spec.op_amp.spec.swing = (0.85, 0.95));
    let evaluator = Evaluator::new(&net.circuit.design, &Options::default()).unwrap();
    let clipped: u64 =
        evaluator.run(&net.signals(0)).unwrap().blocks.values().map(|tally| tally.clipped).sum();
    assert!(clipped > 1000, "{clipped} outputs clipped");
    let worst = net.worst(&evaluator, 3);
    assert!(worst < SPAN, "{worst:e}");
}

#[test]
fn read_noise_is_drawn_alike_and_anew_for_each_image() {
    let net = Net::new(|_| {});
    let noisy = |seed| {
        let read_noise = Some(ReadNoise::Relative { sigma: 0.05 });
        Chip::new(NonIdealities { seed, read_noise, ..NonIdealities::default() }).unwrap()
    };
    let evaluator = Evaluator::on_chip(&net.circuit.design, &noisy(1), &Options::default()).unwrap();
    let batched = evaluator.batched(&net.signals(0)).unwrap();
    assert_eq!(batched.exact_blocks(), Vec::<&str>::new());
    // Noise is drawn in single precision and passes through the whole network.
    let worst = net.worst(&evaluator, 3);
    assert!(worst < 10.0 * SPAN, "{worst:e}");
    let same = batched.run(0..2, |_| net.signals(0)).unwrap();
    let [a, b] = [0, 1].map(|k: usize| same[k]["logits"].values());
    assert!(difference(a, b) > 1e-3, "two reads of one image differ");
    let other = Evaluator::on_chip(&net.circuit.design, &noisy(2), &Options::default()).unwrap();
    let other = other.batched(&net.signals(0)).unwrap().run(0..1, |_| net.signals(0)).unwrap();
    assert!(difference(other[0]["logits"].values(), a) > 1e-3, "another seed draws other numbers");
}

/// Where one line alone reads what is held, its noise is drawn with that line's: other numbers than the exact evaluator's, of
/// the same distribution (`a_sample_and_hold` in `sim/tests/tile_ngspice` has its size).
#[test]
fn what_frame_memories_hold_is_drawn_anew_for_each_image() {
    let mut net = Net::new(|_| {});
    net.circuit.design.sample_hold.c_hold = 1e-14;
    // Op-amps have no noise of their own.
    let spec = NonIdealities { seed: 1, noise_density: Some(0.0), ..NonIdealities::default() };
    let chip = Chip::new(spec).unwrap();
    let evaluator = Evaluator::on_chip(&net.circuit.design, &chip, &Options::default()).unwrap();
    let batched = evaluator.batched(&net.signals(0)).unwrap();
    assert_eq!(batched.exact_blocks(), Vec::<&str>::new());
    let held = batched.run(0..2, |_| net.signals(0)).unwrap();
    assert!(difference(held[0]["logits"].values(), held[1]["logits"].values()) > 1e-4, "two holds differ");
}

#[test]
fn results_do_not_depend_on_threads_or_neighbours() {
    let net = Net::new(|_| {});
    let spec = NonIdealities {
        programming_error: Some(ProgrammingError::Absolute { sigma: 1e-6 }),
        read_noise: Some(ReadNoise::Absolute { sigma: 1e-7 }),
        ..NonIdealities::default()
    };
    let chip = Chip::new(spec).unwrap();
    let on = |threads: usize, count: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let evaluator = Evaluator::on_chip(&net.circuit.design, &chip, &Options::default()).unwrap();
            evaluator.batched(&net.signals(0)).unwrap().run(0..count, |k| net.signals(k)).unwrap()
        })
    };
    let (one, three) = (on(1, 35), on(3, 35));
    assert_eq!(one, three);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let evaluator = Evaluator::on_chip(&net.circuit.design, &chip, &Options::default()).unwrap();
    let batched = evaluator.batched(&net.signals(0)).unwrap();
    assert_eq!(one[5..22], pool.install(|| batched.run(5..22, |k| net.signals(k))).unwrap()[..]);
}

#[test]
fn fidelity_tells_how_far_each_layer_is_from_ideal_parts() {
    let net = Net::new(|_| {});
    let ideal = Evaluator::new(&net.circuit.design, &Options::ideal()).unwrap();
    let of = |evaluator: &Evaluator<'_>| {
        let wanted = |k: usize| ideal.run_with_nets(&net.signals(k)).map(|(_, nets)| nets);
        evaluator.fidelity(0..2, |k| net.signals(k), wanted).unwrap()
    };
    assert!(of(&ideal).values().all(|net| net.error == 0.0 && net.values > 0));
    let spec = |sigma| NonIdealities {
        programming_error: Some(ProgrammingError::Relative { sigma }),
        gain: Some(f64::INFINITY),
        // What saturates is off on any chip.
        ignore_rails: true,
        ..NonIdealities::default()
    };
    let [little, more] = [0.01, 0.04].map(|sigma| {
        let chip = Chip::new(spec(sigma)).unwrap();
        of(&Evaluator::on_chip(&net.circuit.design, &chip, &Options::default()).unwrap())
    });
    assert_eq!(little["image"].error, 0.0);
    // Errors of the first layer are linear in those of its cells: four times as many are 12 dB.
    let first = little["stem_y"].decibels() - more["stem_y"].decibels();
    assert!((first - 12.04).abs() < 0.5, "{first} dB");
    assert!(little["logits"].decibels() > more["logits"].decibels() + 3.0);
    let unknown = |_: usize| Ok(Signals::from_iter([("nowhere".to_string(), Matrix::new(1, vec![0.0]))]));
    let error = ideal.fidelity(0..1, |k| net.signals(k), unknown).unwrap_err().to_string();
    assert_eq!(error, "input `nowhere`: the circuit has no such net; leave it out");
}
