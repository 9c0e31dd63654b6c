//! Images: PNG, JPEG, CIFAR-10 batches, and the built-in pattern.

mod common;

use std::io::Cursor;

use image::{DynamicImage, GrayImage, ImageFormat, RgbImage, RgbaImage};
use memloom_network::{cifar::Batch, graph::Shape, images::Image};
use pretty_assertions::assert_eq;

const TWO_BY_THREE: Shape = Shape::new(3, 2, 3);

fn encode(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn rgb() -> RgbImage {
    RgbImage::from_fn(3, 2, |x, y| image::Rgb([(10 * y + x) as u8, 100 + x as u8, 200 + y as u8]))
}

#[test]
fn a_png_becomes_planes() {
    let image = Image::decode("x.png", &encode(rgb(), ImageFormat::Png), TWO_BY_THREE).unwrap();
    let planes = [[0, 1, 2, 10, 11, 12], [100, 101, 102, 100, 101, 102], [200, 200, 200, 201, 201, 201]];
    assert_eq!(image.pixels, planes.concat());
}

#[test]
fn a_grey_png_and_a_jpeg_are_read() {
    let grey = encode(GrayImage::from_fn(3, 2, |x, y| image::Luma([(3 * y + x) as u8])), ImageFormat::Png);
    assert_eq!(Image::decode("x", &grey, Shape::new(1, 2, 3)).unwrap().pixels, [0, 1, 2, 3, 4, 5]);
    let flat = encode(RgbImage::from_pixel(3, 2, image::Rgb([200, 100, 50])), ImageFormat::Jpeg);
    let pixels = Image::decode("x.jpg", &flat, TWO_BY_THREE).unwrap().pixels;
    let near = |pixels: &[u8], value: u8| pixels.iter().all(|pixel| pixel.abs_diff(value) < 6);
    assert!(near(&pixels[..6], 200) && near(&pixels[6..12], 100) && near(&pixels[12..], 50), "{pixels:?}");
}

#[test]
fn what_cannot_be_used_is_told() {
    let error = |bytes: &[u8], shape| Image::decode("x.png", bytes, shape).unwrap_err().to_string();
    let png = encode(rgb(), ImageFormat::Png);
    let size = error(&png, Shape::new(3, 32, 32));
    assert_eq!(size, "`x.png` is 3x2 (width x height) but the network takes 32x32; resize it to 32x32");
    assert_eq!(error(b"GIF89a", TWO_BY_THREE), "`x.png` is neither PNG nor JPEG; convert it to one of them");
    assert!(error(&png[..40], TWO_BY_THREE).starts_with("`x.png` cannot be decoded: "));
    let glass = encode(RgbaImage::from_pixel(3, 2, image::Rgba([1, 2, 3, 4])), ImageFormat::Png);
    assert!(
        error(&glass, TWO_BY_THREE)
            .ends_with("transparent pixels, of no certain colour; flatten it onto a background")
    );
    assert!(error(&png, Shape::new(2, 2, 3)).contains("cannot be read into 2 channels"));
}

#[test]
fn a_batch_is_checked_and_read() {
    let record = |label: u8| [vec![label], (0..3072).map(|i| (i % 251) as u8).collect()].concat();
    let batch = Batch::parse("b", [record(3), record(9)].concat()).unwrap();
    assert_eq!((batch.len(), batch.images().len()), (2, 2));
    let image = batch.image(1).unwrap();
    assert_eq!((image.label, image.pixels[1025]), (Some(9), (1025 % 251) as u8));
    let text = batch.image(2).unwrap_err().to_string();
    assert_eq!(text, "CIFAR-10 batch `b` has no image `2`; write 0 to 1");
    let error = |bytes: Vec<u8>| Batch::parse("b", bytes).unwrap_err().to_string();
    let bad = error([record(0), record(10)].concat());
    assert_eq!(
        bad,
        "CIFAR-10 batch `b`: image 1 has label `10`; labels are 0 to 9, so give a CIFAR-10 batch"
    );
    let short = "CIFAR-10 batch `b` has 0 bytes, not a positive multiple of 3073; give a whole binary batch";
    assert_eq!(error(Vec::new()), short);
    assert_eq!(error(vec![0; 3074]), short.replace("has 0", "has 3074"));
}

#[test]
fn pixels_are_normalised_by_channel() {
    let settings = common::small().settings;
    let image = Image { shape: settings.input, pixels: vec![255; 3072], label: None };
    let x = image.normalised(&settings).unwrap();
    let expected = [(1.0 - 0.4914) / 0.2470, (1.0 - 0.4822) / 0.2435, (1.0 - 0.4465) / 0.2616];
    assert_eq!([x[0], x[1024], x[3071]], expected);
    assert_eq!(settings.input_range().iter().map(|(_, hi)| *hi).collect::<Vec<_>>(), expected);
    let error = Image::test_pattern(TWO_BY_THREE).normalised(&settings).unwrap_err().to_string();
    assert_eq!(
        error,
        "the image is 3x2x3 (channels x height x width) but the network takes 3x32x32; give one of that size"
    );
}

#[test]
fn the_pattern_is_colourful_and_always_the_same() {
    let pattern = Image::test_pattern(Shape::new(3, 32, 32));
    assert_eq!(pattern, Image::test_pattern(Shape::new(3, 32, 32)));
    let colours: std::collections::BTreeSet<_> =
        (0..1024).map(|i| [0, 1, 2].map(|c| pattern.pixels[c * 1024 + i])).collect();
    assert!(colours.len() > 300, "{} colours", colours.len());
    assert_eq!(Image::test_pattern(Shape::new(1, 5, 7)).pixels.len(), 35);
}

#[test]
fn variants_are_four_turns_per_channel_all_different() {
    let pattern = Image::test_pattern(Shape::new(3, 8, 10));
    let variants = pattern.variants();
    assert_eq!(variants.len(), 12);
    assert_eq!(variants[0], pattern);
    assert!((0..12).all(|a| (0..a).all(|b| variants[a].pixels != variants[b].pixels)));
    // Upside down and mirrored, first shift: the first pixel is the last of the next channel's plane.
    assert_eq!(variants[7].pixels[0], pattern.pixels[2 * 80 - 1]);
}
