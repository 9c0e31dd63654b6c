//! Images: PNG, JPEG, CIFAR-10 batches, and the built-in pattern.

mod common;

use std::io::Cursor;

use image::codecs::{jpeg::JpegEncoder, png::PngEncoder};
use image::{DynamicImage, ExtendedColorType, GrayImage, ImageEncoder, ImageFormat, RgbImage, RgbaImage};
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

/// EXIF data of one tag, the orientation.
fn exif(orientation: u8) -> Vec<u8> {
    let tag = [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0];
    [&b"II*\0\x08\0\0\0\x01\0"[..], &tag, &[0; 4]].concat()
}

/// What a viewer shows at a place of a picture of 3 x 2 that is stored as [`rgb`], by the EXIF standard (CIPA DC-008, tag
/// 0x0112): where the stored first row and first column are.
fn shown(orientation: u8, x: u32, y: u32) -> (u32, u32) {
    let (right, bottom) = (2, 1);
    match orientation {
        2 => (right - x, y),
        3 => (right - x, bottom - y),
        4 => (x, bottom - y),
        5 => (y, x),
        6 => (y, bottom - x),
        7 => (right - y, bottom - x),
        8 => (right - y, x),
        _ => (x, y),
    }
}

#[test]
fn a_picture_is_turned_as_its_exif_orientation_says() {
    let stored = rgb();
    for orientation in 1..=8 {
        let png = |exif| {
            let mut bytes = Vec::new();
            let mut encoder = PngEncoder::new(&mut bytes);
            encoder.set_exif_metadata(exif).unwrap();
            encoder.write_image(&stored, 3, 2, ExtendedColorType::Rgb8).unwrap();
            bytes
        };
        let bytes = png(exif(orientation));
        let (width, height) = if orientation < 5 { (3, 2) } else { (2, 3) };
        let shape = Shape::new(3, height as usize, width as usize);
        let image = Image::decode("x.png", &bytes, shape).unwrap();
        let places = (0..3).flat_map(|c| (0..height).flat_map(move |y| (0..width).map(move |x| (c, x, y))));
        let wanted: Vec<u8> = places
            .map(|(c, x, y)| {
                let (x, y) = shown(orientation, x, y);
                stored.get_pixel(x, y).0[c]
            })
            .collect();
        assert_eq!(image.pixels, wanted, "orientation {orientation}");
    }
}

#[test]
fn the_size_of_a_jpeg_on_its_side_is_that_of_what_is_shown() {
    let flat = RgbImage::from_fn(24, 16, |x, _| image::Rgb([if x < 12 { 20 } else { 220 }; 3]));
    let jpeg = |exif| {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 100);
        encoder.set_exif_metadata(exif).unwrap();
        encoder.write_image(&flat, 24, 16, ExtendedColorType::Rgb8).unwrap();
        bytes
    };
    let bytes = jpeg(exif(6));
    let image = Image::decode("x.jpg", &bytes, Shape::new(3, 24, 16)).unwrap();
    // The left half is the upper one.
    assert!(
        image.pixels[..12 * 16].iter().all(|p| *p < 60)
            && image.pixels[12 * 16..24 * 16].iter().all(|p| *p > 180)
    );
    let error = Image::decode("x.jpg", &bytes, Shape::new(3, 16, 24)).unwrap_err().to_string();
    assert!(error.contains("is 16x24 (width x height)"), "{error}");
}
