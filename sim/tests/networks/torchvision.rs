//! Networks as torchvision names and strides them, of few channels, on images that shrink to a pixel.

use super::common::{Row, metadata, safetensors, state_dict};
use super::judge::{Made, Unmade, make_graph};
use super::simulated::Simulators;
use memloom_network::graph::Op;
use memloom_network::images::Image;
use memloom_network::sidecar::Hints;
use memloom_network::{Network, technologies};

/// MobileNetV3 Small's kernels and squeezes, of a few channels.
const SMALL: [Row; 11] = [
    (3, 4, 4, 2),
    (3, 6, 5, 0),
    (3, 7, 5, 0),
    (5, 6, 4, 2),
    (5, 8, 4, 3),
    (5, 8, 4, 3),
    (5, 6, 5, 2),
    (5, 7, 5, 2),
    (5, 9, 6, 2),
    (5, 8, 6, 2),
    (5, 8, 6, 2),
];
/// Large's.
const LARGE: [Row; 15] = [
    (3, 4, 4, 0),
    (3, 6, 5, 0),
    (3, 7, 5, 0),
    (5, 6, 4, 2),
    (5, 8, 4, 3),
    (5, 8, 4, 3),
    (3, 6, 5, 0),
    (3, 7, 5, 0),
    (3, 9, 5, 0),
    (3, 8, 5, 0),
    (3, 8, 6, 2),
    (3, 7, 6, 2),
    (5, 8, 7, 2),
    (5, 9, 7, 2),
    (5, 9, 7, 2),
];

/// Reads a network of these blocks, and builds it by images of test patterns.
fn made(rows: &[Row], stem: (usize, usize), metadata: &[(&str, String)]) -> Made {
    let mut dict = state_dict(rows, stem.0, 7, 9, 3);
    if stem.1 == 1 {
        let (_, shape, values) = dict.iter_mut().find(|(name, ..)| name == "features.0.0.weight").unwrap();
        *shape = vec![stem.0, 3, 1, 1];
        values.truncate(3 * stem.0);
    }
    // A channel by itself has no others beside it that could be active, nor has a squeeze to very few.
    dict.iter_mut().filter(|(name, ..)| rows[0].1 == 1 || name.contains(".fc1.")).for_each(keep_awake);
    let network = Network::parse("made up", &safetensors(&dict, metadata), Hints::default()).unwrap();
    let settings = &network.settings;
    let images = Image::test_pattern(settings.input).variants().into_iter().take(3);
    let images = images.map(|image| image.normalised(settings).unwrap()).collect();
    let technology = technologies::all().swap_remove(0);
    match make_graph(network.graph, images, &technology, false) {
        Ok(made) => made,
        Err(Unmade::Refused { text, .. } | Unmade::Broken(text)) => panic!("{text}"),
    }
}

/// Makes every value of a tensor raise its layer's.
fn keep_awake((name, _, values): &mut (String, Vec<usize>, Vec<f32>)) {
    let awake = |value: f32| match name.as_str() {
        squeeze if squeeze.ends_with(".fc1.weight") => 0.1 * value,
        squeeze if squeeze.ends_with(".fc1.bias") => 1.0 + value.abs(),
        mean if mean.ends_with("running_mean") => -value.abs(),
        _ => value.abs(),
    };
    values.iter_mut().for_each(|value| *value = awake(*value));
}

/// Whether a stage's kernel is smaller than the network's: some of it never stands on the frame.
fn is_trimmed(made: &Made, at: usize) -> bool {
    let kernel = made.graph.nodes().iter().find_map(|node| match &node.op {
        Op::Conv(conv) if node.name == made.stages[at].name => Some(conv.kernel),
        _ => None,
    });
    made.stages[at].matrix().is_some_and(|matrix| kernel.is_some_and(|kernel| matrix.kernel < kernel))
}

#[test]
fn unmodified_small_and_large_run_on_32_by_32() {
    let input = [("input", "3x32x32".to_owned())];
    let simulators = Simulators::find();
    for (rows, trimmed) in [(&SMALL[..], 7), (&LARGE[..], 3)] {
        let made = made(rows, (4, 3), &input);
        made.judge().unwrap();
        let count = (0..made.stages.len()).filter(|at| is_trimmed(&made, *at)).count();
        assert_eq!(count, trimmed, "5x5 kernels on frames of 2x2 and 1x1");
        assert_eq!(simulators.agree(&made, |at| is_trimmed(&made, at)).unwrap(), trimmed);
    }
}

#[test]
fn kernels_of_one_step_over_frames() {
    let rows = [(1, 1, 1, 0); 11];
    for input in ["3x8x8", "3x2x2", "3x1x5", "3x1x1"] {
        let made = made(&rows, (1, 1), &metadata(input));
        made.judge().unwrap_or_else(|reason| panic!("{input}: {reason}"));
    }
}

#[test]
fn kernels_of_three_stand_on_a_pixel() {
    let rows = [(3, 1, 1, 0); 11];
    for input in ["3x8x8", "3x4x8", "3x1x1"] {
        let made = made(&rows, (1, 3), &metadata(input));
        made.judge().unwrap_or_else(|reason| panic!("{input}: {reason}"));
    }
}
