//! No bytes make a reader panic: neither arbitrary ones nor a valid file with a few bytes changed.

mod common;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use memloom_network::{
    Network, Ranges,
    cifar::Batch,
    graph::Shape,
    images::Image,
    sidecar::Hints,
    stage::{Stage, stages},
};
use proptest::{collection::vec, prelude::*};

fn tiny() -> (Vec<u8>, Vec<Stage>, String) {
    let file = common::safetensors(&common::tiny(), &common::metadata("3x8x8"));
    let network = Network::parse("tiny", &file, Hints::default()).unwrap();
    let stages = stages(&network.graph).unwrap();
    let ranges = Ranges::from_bounds(&stages, &network.settings.input_range()).unwrap().to_json();
    (file, stages, ranges)
}

/// Changes a few bytes and perhaps cuts the end off.
fn mutated(
    mut bytes: Vec<u8>,
    changes: &[(prop::sample::Index, u8)],
    keep: Option<prop::sample::Index>,
) -> Vec<u8> {
    for (place, value) in changes {
        let place = place.index(bytes.len());
        bytes[place] = *value;
    }
    if let Some(keep) = keep {
        bytes.truncate(keep.index(bytes.len()));
    }
    bytes
}

fn png_and_jpeg() -> [Vec<u8>; 2] {
    let image =
        DynamicImage::from(RgbImage::from_fn(8, 8, |x, y| image::Rgb([x as u8 * 30, y as u8 * 30, 99])));
    [ImageFormat::Png, ImageFormat::Jpeg].map(|format| {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    })
}

fn changes() -> impl Strategy<Value = (Vec<(prop::sample::Index, u8)>, Option<prop::sample::Index>)> {
    (vec(any::<(prop::sample::Index, u8)>(), 0..6), prop::option::weighted(0.3, any::<prop::sample::Index>()))
}

/// Reads whatever it is as everything it might be.
fn read_all(bytes: &[u8], stages: &[Stage]) {
    let _ = Network::parse("x", bytes, Hints::default());
    let _ = Image::decode("x", bytes, Shape::new(3, 8, 8));
    let _ = Batch::parse("x", bytes.to_vec());
    let text = String::from_utf8_lossy(bytes);
    let _ = Ranges::from_json(&text, stages);
    let _ = Hints::from_json(&text);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..400)) {
        read_all(&bytes, &[]);
    }

    #[test]
    fn a_changed_header_never_panics((changes, keep) in changes()) {
        let (file, ..) = tiny();
        // The changes fall on the length and the header, where they do most harm.
        let header = 8 + u64::from_le_bytes(file[..8].try_into().unwrap()) as usize;
        let mut bytes = mutated(file[..header].to_vec(), &changes, keep);
        bytes.extend_from_slice(&file[header..]);
        read_all(&bytes, &[]);
    }

    #[test]
    fn changed_metadata_never_panic(key in 0usize..9, value in "[0-9x,.eE-]{0,12}|NaN|inf|18446744073709551615") {
        let keys = [
            "arch", "input", "stem_stride", "first_block_stride", "bn_eps", "mean", "std", "num_classes", "classes",
        ];
        let file = common::safetensors(&common::tiny(), &[(keys[key], value)]);
        read_all(&file, &[]);
    }

    #[test]
    fn changed_ranges_never_panic((changes, keep) in changes()) {
        let (_, stages, ranges) = tiny();
        read_all(&mutated(ranges.into_bytes(), &changes, keep), &stages);
    }

    #[test]
    fn changed_images_never_panic((changes, keep) in changes(), which in 0usize..2) {
        let file = png_and_jpeg()[which].clone();
        read_all(&mutated(file, &changes, keep), &[]);
    }

    #[test]
    fn changed_batches_are_read_or_refused((changes, keep) in changes()) {
        let bytes = mutated(vec![7; 2 * 3073], &changes, keep);
        let sound = !bytes.is_empty() && bytes.len().is_multiple_of(3073) && bytes.iter().step_by(3073).all(|label| *label < 10);
        prop_assert_eq!(Batch::parse("x", bytes).is_ok(), sound);
    }
}
