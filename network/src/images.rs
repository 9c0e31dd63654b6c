//! Images for a network: PNG and JPEG files, and a built-in test pattern. CIFAR-10 batches are in [`cifar`](crate::cifar).

use std::{
    io::{self, Cursor},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use image::error::{DecodingError, ImageFormatHint};
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, metadata::Orientation};

use crate::{files, graph::Shape, sidecar::Settings};

/// The longest PNG or JPEG file that is read, in bytes.
pub const LONGEST_FILE: u64 = 1 << 26;

/// The most memory that a decoder may use, in bytes.
const DECODER_MEMORY: u64 = 1 << 28;

/// Pixels of one image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Its size; 3 channels are red, green, blue.
    pub shape: Shape,
    /// `[C][H][W]`, 0 to 255.
    pub pixels: Vec<u8>,
    /// Its class, if known.
    pub label: Option<usize>,
}

/// An image that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImageError {
    /// The file cannot be read.
    #[error("`{file}` cannot be read: {error}")]
    Io {
        /// The file.
        file: String,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// Neither PNG nor JPEG.
    #[error("`{0}` is neither PNG nor JPEG; convert it to one of them")]
    Format(String),
    /// A broken file.
    #[error("`{file}` cannot be decoded: {error}; save it again as PNG or JPEG")]
    Decode {
        /// The file.
        file: String,
        /// Why.
        #[source]
        error: image::ImageError,
    },
    /// Another size than the network's.
    #[error("`{file}` is {found} (width x height) but the network takes {expected}; resize it to {expected}")]
    Size {
        /// The file.
        file: String,
        /// Its width and height.
        found: String,
        /// The network's.
        expected: String,
    },
    /// Transparent pixels.
    #[error("`{0}` has transparent pixels, of no certain colour; flatten it onto a background")]
    Transparent(String),
    /// A network that takes neither grey nor RGB.
    #[error("`{file}` cannot be read into {channels} channels; use a network of 1 or 3 input channels")]
    Channels {
        /// The file.
        file: String,
        /// The network's channels.
        channels: usize,
    },
    /// An image of another shape than the network's.
    #[error(
        "the image is {found} (channels x height x width) but the network takes {expected}; give one of that size"
    )]
    Shape {
        /// The image's.
        found: Shape,
        /// The network's.
        expected: Shape,
    },
    /// Not a whole number of records.
    #[error(
        "CIFAR-10 batch `{file}` has {bytes} bytes, not a positive multiple of 3073; give a whole binary batch"
    )]
    CifarLength {
        /// The file.
        file: String,
        /// Its length.
        bytes: usize,
    },
    /// A label above 9.
    #[error(
        "CIFAR-10 batch `{file}`: image {index} has label `{label}`; labels are 0 to 9, so give a CIFAR-10 batch"
    )]
    CifarLabel {
        /// The file.
        file: String,
        /// The image.
        index: usize,
        /// Its label.
        label: u8,
    },
    /// Beyond the end.
    #[error("CIFAR-10 batch `{file}` has no image `{index}`; write 0 to {}", .images - 1)]
    CifarIndex {
        /// The file.
        file: String,
        /// The index that was asked for.
        index: usize,
        /// How many images it has.
        images: usize,
    },
}

impl Image {
    /// Reads a PNG or JPEG file of the size that the network takes.
    ///
    /// # Errors
    /// As [`Image::decode`], or where the file cannot be read.
    pub fn read(path: &Path, input: Shape) -> Result<Self, ImageError> {
        let file = path.display().to_string();
        match files::read(path, LONGEST_FILE) {
            Ok(contents) => Self::decode(&file, &contents.bytes, input),
            Err(error) => Err(ImageError::Io { file, error }),
        }
    }

    /// Decodes a PNG or JPEG to the channels of `input`: 1 (grey) or 3 (RGB), 8 bits each; turned as its EXIF orientation
    /// says.
    ///
    /// # Errors
    /// Where it is neither, is broken or has transparent pixels, or its size is not that of `input`.
    pub fn decode(file: &str, bytes: &[u8], input: Shape) -> Result<Self, ImageError> {
        let file = file.to_owned();
        let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
        let mut reader = reader.map_err(|error| ImageError::Io { file: file.clone(), error })?;
        if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg)) {
            return Err(ImageError::Format(file));
        }
        let mut limits = Limits::default();
        limits.max_alloc = Some(DECODER_MEMORY);
        reader.limits(limits);
        // The size is known from the header: an image of another size is refused before it is decoded.
        let broken = |error| ImageError::Decode { file: file.clone(), error };
        let mut decoder = reader.into_decoder().map_err(broken)?;
        // As a viewer shows it: a camera stores its pixels as it was held, and says in the EXIF data how.
        let orientation = decoder.orientation().map_err(broken)?;
        let (width, height) = turned(orientation, decoder.dimensions());
        if (width as usize, height as usize) != (input.width, input.height) {
            let expected = format!("{}x{}", input.width, input.height);
            return Err(ImageError::Size { file, found: format!("{width}x{height}"), expected });
        }
        // The JPEG decoder has assertions that a broken file can fail.
        let decoded = catch_unwind(AssertUnwindSafe(|| DynamicImage::from_decoder(decoder)));
        let failed = |_| DecodingError::new(ImageFormatHint::Unknown, "the decoder gave it up");
        let decoded = decoded.map_err(failed).map_err(image::ImageError::Decoding).and_then(|found| found);
        let mut decoded = decoded.map_err(broken)?;
        decoded.apply_orientation(orientation);
        let pixels = planes(file, &decoded, input)?;
        Ok(Self { shape: input, pixels, label: None })
    }

    /// A picture that needs no file: gradients in each channel, a disc, stripes and a frame. Always the same.
    pub fn test_pattern(shape: Shape) -> Self {
        let Shape { channels, height, width } = shape;
        let pixel = |i: usize| pattern(i / (height * width), i / width % height, i % width, height, width);
        Self { shape, pixels: (0..channels * height * width).map(pixel).collect(), label: None }
    }

    /// The picture itself, then turned over up and down, left and right and both, each with its channels rotated:
    /// four pictures per channel.
    pub fn variants(&self) -> Vec<Self> {
        let Shape { channels, height, width } = self.shape;
        let turned = |shift: usize, flipped: bool, mirrored: bool| {
            let pixel = |i: usize| {
                let (c, y, x) = (i / (height * width), i / width % height, i % width);
                let y = if flipped { height - 1 - y } else { y };
                let x = if mirrored { width - 1 - x } else { x };
                self.pixels[((c + shift) % channels * height + y) * width + x]
            };
            Self { shape: self.shape, pixels: (0..self.pixels.len()).map(pixel).collect(), label: self.label }
        };
        let turns = [(false, false), (false, true), (true, false), (true, true)];
        (0..channels).flat_map(|shift| turns.map(|(y, x)| turned(shift, y, x))).collect()
    }

    /// What the network takes: `(pixel / 255 - mean) / std`, `[C][H][W]`.
    ///
    /// # Errors
    /// Where its shape is not the network's.
    pub fn normalised(&self, settings: &Settings) -> Result<Vec<f64>, ImageError> {
        if self.shape != settings.input {
            return Err(ImageError::Shape { found: self.shape, expected: settings.input });
        }
        let channels =
            self.pixels.chunks_exact(self.shape.plane()).zip(settings.mean.iter().zip(&settings.std));
        let normal = |(plane, (mean, std)): (&[u8], (&f64, &f64))| -> Vec<f64> {
            plane.iter().map(|&pixel| (f64::from(pixel) / 255.0 - mean) / std).collect()
        };
        Ok(channels.flat_map(normal).collect())
    }
}

/// Width and height of a picture after it is turned.
fn turned(orientation: Orientation, (width, height): (u32, u32)) -> (u32, u32) {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    let lies = matches!(orientation, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH);
    if lies { (height, width) } else { (width, height) }
}

/// Interleaved pixels as one plane per channel.
fn planes(file: String, decoded: &DynamicImage, input: Shape) -> Result<Vec<u8>, ImageError> {
    if decoded.color().has_alpha() && decoded.to_rgba8().pixels().any(|pixel| pixel.0[3] != u8::MAX) {
        return Err(ImageError::Transparent(file));
    }
    let interleaved = match input.channels {
        1 => decoded.to_luma8().into_raw(),
        3 => decoded.to_rgb8().into_raw(),
        channels => return Err(ImageError::Channels { file, channels }),
    };
    let plane = |channel: usize| interleaved.iter().skip(channel).step_by(input.channels).copied();
    Ok((0..input.channels).flat_map(plane).collect())
}

/// One pixel of the test pattern. The parts are in 64ths of the image, so that it looks alike at any size.
fn pattern(channel: usize, row: usize, column: usize, height: usize, width: usize) -> u8 {
    let (y, x) = ((row * 64 + 32) / height, (column * 64 + 32) / width);
    let from_centre = y.abs_diff(28).pow(2) + x.abs_diff(24).pow(2);
    let shade = match channel % 3 {
        0 => x * 4,
        1 => y * 4,
        _ => 255 - (x + y) * 2,
    };
    let disc = [230, 60, 90];
    let stripe = [40, 200, 250];
    match () {
        () if from_centre < 14 * 14 => disc[channel % 3],
        () if y > 48 && (x / 6) % 2 == 0 => stripe[channel % 3],
        () if x < 2 || y < 2 => 20,
        () => shade.min(255) as u8,
    }
}
