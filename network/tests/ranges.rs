//! Calibration: the ranges that come with the network, and bounds from the weights.

mod common;

use memloom_network::{
    Network, Percentile, Ranges, Reference, embedded,
    plan::{LayerPlan, plan},
    sidecar::Hints,
    stage::{Stage, stages},
    technologies,
};

fn small() -> (Network, Vec<Stage>) {
    let network = common::small();
    let stages = stages(&network.graph).unwrap();
    (network, stages)
}

#[test]
fn the_embedded_ranges_are_those_of_the_calibration_batch() {
    let (network, stages) = small();
    let text = embedded().1;
    let embedded = Ranges::from_json(text, &stages).unwrap();
    let (images, _) = common::cifar("calibration_batch.bin", 1000);
    let percentile = Percentile::new(0.9997).unwrap();
    let measured =
        Ranges::measure_at(percentile, &network.graph, &stages, &images, &embedded.source).unwrap();
    assert_eq!(measured, embedded);
    assert_eq!(measured.to_json(), text);
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let (network, stages) = small();
    let (images, _) = common::cifar("calibration_batch.bin", 7);
    let measure = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| Ranges::measure(&network.graph, &stages, &images, "few").unwrap().to_json())
    };
    assert_eq!(measure(1), measure(3));
}

#[test]
fn a_percentile_leaves_outliers_out_and_draws_the_rest_larger() {
    let file = common::safetensors(&common::tiny(), &common::metadata("3x13x10"));
    let network = Network::parse("tiny", &file, Hints::default()).unwrap();
    let stages = stages(&network.graph).unwrap();
    let mut noise = common::Noise(5);
    let images: Vec<Vec<f64>> =
        (0..40).map(|_| (0..3 * 130).map(|_| noise.next().powi(5) * 3.0).collect()).collect();
    let at = |share| {
        let percentile = Percentile::new(share).unwrap();
        Ranges::measure_at(percentile, &network.graph, &stages, &images, "noise").unwrap()
    };
    let (all, most) = (at(1.0), at(0.98));
    assert_eq!(all, Ranges::measure(&network.graph, &stages, &images, "noise").unwrap());
    // Images are looked at once for all shares.
    let shares = [1.0, 0.98].map(|share| Percentile::new(share).unwrap());
    let together = Ranges::measure_all(&shares, &network.graph, &stages, &images, "noise").unwrap();
    assert_eq!(together, [all.clone(), most.clone()]);
    for (stage, range) in &most.stages {
        let whole = all.get(stage).unwrap();
        assert!(range.pre <= whole.pre && range.out <= whole.out && range.side <= whole.side, "{stage}");
        assert!(range.out >= range.max && -range.out <= range.min, "{stage}: {range:?}");
    }
    // The fifth power of a uniform number: 0.98^5 is 0.904.
    assert!(most.get("input").unwrap().out < 0.93 * all.get("input").unwrap().out);
    // Two of a hundred values of the image are beyond, and no more.
    let out = most.get("input").unwrap().out;
    let beyond = images.iter().flatten().filter(|x| x.abs() > out).count() as f64 / (40.0 * 390.0);
    assert!(beyond <= 0.02 && beyond > 0.015, "{beyond}");
    assert_eq!(Ranges::from_json(&most.to_json(), &stages).unwrap(), most);
    // A layer of this network is dead: it gets a range of its own, or there is no plan.
    let (mut all, mut most) = (all, most);
    for ranges in [&mut all, &mut most] {
        let dead = ranges.stages.get_mut("b10.se.fc1").unwrap();
        assert_eq!(dead.out, 0.0);
        (dead.pre, dead.side, dead.out) = (1.0, 1.0, 1.0);
    }
    let mut technology = technologies::all().swap_remove(0);
    technology.tile = (32, 32);
    let unit = |ranges: &Ranges| plan(&stages, ranges, &technology).unwrap();
    let (wide, narrow) = (unit(&most), unit(&all));
    for (wide, narrow) in wide.layers.iter().zip(&narrow.layers) {
        assert!(wide.output.unit >= narrow.output.unit, "{}", wide.name);
        let partial = |layer: &LayerPlan| layer.matrix.as_ref().map_or(1.0, |matrix| matrix.partial);
        assert!(partial(wide) >= partial(narrow), "{}", wide.name);
    }
    let refused = most.to_json().replace("\"share\": 0.98", "\"share\": 0.2");
    let error = Ranges::from_json(&refused, &stages).unwrap_err().to_string();
    assert_eq!(
        error,
        "the ranges hold `0.2` of the values; calibrate again, with a share from 50 % to 100 %"
    );
}

#[test]
fn bounds_hold_whatever_the_image() {
    let file = common::safetensors(&common::tiny(), &common::metadata("3x13x10"));
    let network = Network::parse("tiny", &file, Hints::default()).unwrap();
    let stages = stages(&network.graph).unwrap();
    let input = network.settings.input_range();
    let bounds = Ranges::from_bounds(&stages, &input).unwrap();
    let mut noise = common::Noise(3);
    let plane = network.settings.input.plane();
    let mut image = |extreme: bool| -> Vec<f64> {
        let place = |(lo, hi): (f64, f64), x: f64| {
            if extreme { [lo, hi][(x > 0.5) as usize] } else { lo + (hi - lo) * x }
        };
        (0..3 * plane).map(|i| place(input[i / plane], noise.next() / 2.0 + 0.5)).collect()
    };
    let images: Vec<_> = (0..40).map(|i| image(i % 2 == 0)).collect();
    let measured = Ranges::measure(&network.graph, &stages, &images, "noise").unwrap();
    for (stage, bound) in &bounds.stages {
        let found = measured.get(stage).unwrap();
        assert!(found.pre <= bound.pre && found.out <= bound.out, "{stage}: {found:?} beyond {bound:?}");
        assert!(found.min >= bound.min && found.max <= bound.max, "{stage}: {found:?} beyond {bound:?}");
    }
    // The first layer's bound is not only safe but tight: some image of extremes reaches it.
    let stem = &stages[1];
    let worst = worst_image(stem, &input, network.settings.input.plane(), network.settings.input.width);
    let pre = &Reference::new(&network.graph).trace(&worst)[stem.pre_node.index()];
    let reached = pre.iter().fold(0.0, |a: f64, x| a.max(x.abs()));
    let bound = bounds.get("stem").unwrap().pre;
    assert!((reached - bound).abs() < 1e-6 * bound, "reached {reached} of {bound}");
}

/// The image that drives the channel with the largest bound as far as it goes, at the second row and column.
fn worst_image(stem: &Stage, input: &[(f64, f64)], plane: usize, width: usize) -> Vec<f64> {
    let matrix = stem.matrix().unwrap();
    let extreme = |out: usize, sign: f64| {
        let mut image = vec![0.0; input.len() * plane];
        let mut sum = matrix.bias[out];
        for (t, weight) in matrix.row(out).iter().enumerate() {
            let (channel, ky, kx) = (t / 9, t % 9 / 3, t % 3);
            let (lo, hi) = input[channel];
            let x = if weight * sign > 0.0 { hi } else { lo };
            image[channel * plane + ky * width + kx] = x;
            sum += weight * x;
        }
        (sum.abs(), image)
    };
    let all = (0..matrix.out).flat_map(|out| [extreme(out, 1.0), extreme(out, -1.0)]);
    all.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap().1
}

fn error(text: &str) -> String {
    Ranges::from_json(text, &small().1).unwrap_err().to_string()
}

#[test]
fn ranges_of_another_network_are_refused() {
    let text = embedded().1;
    let missing = error(&text.replace("\"b3.se.fc1\"", "\"b3.fc1\""));
    assert_eq!(missing, "the ranges say nothing of stage `b3.se.fc1`; calibrate this network again");
    let (start, end) = text.split_once("\"stem\": {").unwrap();
    let extra = error(&format!(
        "{start}\"trunk\": {{\"pre\":1,\"side\":1,\"out\":1,\"min\":0,\"max\":1}}, \"stem\": {{{end}"
    ));
    assert_eq!(
        extra,
        "the ranges speak of stage `trunk`, which the network does not have; calibrate this network again"
    );
    let negative = error(&text.replacen("\"pre\": ", "\"pre\": -", 1));
    assert!(negative.starts_with("the range of stage `input` is Range { pre: -"), "{negative}");
    assert!(error("{").contains("calibrate again"));
}

#[test]
fn nothing_to_measure_is_an_error() {
    let (network, stages) = small();
    let error = Ranges::measure(&network.graph, &stages, &[], "none").unwrap_err();
    assert_eq!(error.to_string(), "there are no images to calibrate on; give at least one");
    let error = Ranges::from_bounds(&stages, &[(0.0, 1.0)]).unwrap_err();
    assert_eq!(error.to_string(), "the input has 3 channels but 1 bounds were given; give one per channel");
}
